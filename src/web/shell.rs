//! What surrounds a signed-in page: who asks, the menu, the message of what was just done. Plain data, read by
//! `templates/layout.html` as `shell`. Who may see which menu item is decided where it is filled, not here.

/// The frame of a signed-in page.
#[derive(Debug, Clone)]
pub struct Shell {
    /// "Granviks kommun".
    pub municipality: String,
    /// The user's own name.
    pub name: String,
    /// The user's role, in Swedish.
    pub role: String,
    pub menu: Vec<MenuItem>,
    /// What does not fit in one row of the menu, behind *Mer*.
    pub more: Vec<MenuItem>,
    /// What the user's last act led to. Static on purpose: a text that cannot be put together cannot name a person.
    pub flash: Option<&'static str>,
    pub theme: Theme,
    /// Shows the search field, which sends a POST to `/sok`: a person number must never stand in an address.
    pub may_search: bool,
    /// Who prints and when; stands first on paper, together with the ground for secrecy.
    pub printed: String,
    /// How long the session lasts without a request; the script warns two minutes before.
    pub session_seconds: u32,
    /// Whether what is confirmed on the page is confirmed with a key.
    pub has_key: bool,
    /// Whether single-key shortcuts work (WCAG 2.1.4 asks for a way to switch them off).
    pub shortcuts: bool,
}

impl Shell {
    /// Whether the page is one of those behind *Mer*.
    pub fn is_in_more(&self) -> bool {
        self.more.iter().any(|item| item.current)
    }
}

/// One item of the main menu.
#[derive(Debug, Clone)]
pub struct MenuItem {
    pub href: String,
    pub label: &'static str,
    pub current: bool,
}

/// The user's choice of light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// The value of `data-theme`; `system` matches no rule in the style sheet, so the computer's own setting holds.
    pub fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        [Self::System, Self::Light, Self::Dark].into_iter().find(|theme| theme.code() == code)
    }
}

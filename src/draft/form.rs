//! What an open form sends beside its own fields: which draft it goes on with, where it is going, and where it stands.

use uuid::Uuid;

use super::model::Hold;
use crate::identity::parked::{FIELD, Unsent, is_proof};
use crate::web::body::BY_HAND;

pub(super) const DRAFT: &str = "form_draft";
pub(super) const VERSION: &str = "form_version";
pub(super) const TAB: &str = "form_tab";
/// Where the form is sent: what a draft is found by.
pub(super) const ADDRESS: &str = "form_address";
/// Where the form stands: where a draft is given back.
pub(super) const PAGE: &str = "form_page";

const OURS: [&str; 7] = [DRAFT, VERSION, TAB, ADDRESS, PAGE, BY_HAND, FIELD];

/// The addresses of our own pages are no longer than this.
const LONGEST: usize = 300;

/// An open form as it came.
pub(super) struct Typed {
    pub hold: Hold,
    pub address: String,
    pub page: String,
    pub by_hand: bool,
    pub fields: Vec<(String, String)>,
}

impl Typed {
    /// Nothing where it is no form that is kept. The address is its own where it says so, else the one that it came to.
    pub(super) fn read(sent: Vec<(String, String)>, came_to: Option<&str>) -> Option<Self> {
        let said = |name: &str| sent.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str());
        let hold = Hold {
            draft: Uuid::try_parse(said(DRAFT)?).ok()?,
            version: said(VERSION)?.parse().ok().filter(|version| *version >= 0)?,
            tab: Uuid::try_parse(said(TAB)?).ok()?,
        };
        let address = came_to.or_else(|| said(ADDRESS)).filter(|path| is_ours(path))?.to_owned();
        let page = said(PAGE).filter(|path| is_ours(path))?.to_owned();
        let by_hand = said(BY_HAND).is_some();
        let is_typed = |(name, _): &(String, String)| !OURS.contains(&name.as_str()) && !is_proof(name);
        Some(Self { hold, address, page, by_hand, fields: sent.into_iter().filter(is_typed).collect() })
    }

    /// The record that the form makes. One that changes a record says which version it has seen, and its room sees to it.
    pub(super) fn record(&self) -> Option<Uuid> {
        let said = |name: &str| self.fields.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str());
        if said("version").and_then(|version| version.parse().ok()).is_some_and(|version: i32| version > 0) {
            return None;
        }
        Uuid::try_parse(said("id")?).ok()
    }

    /// All that was typed in one text, to be told from another.
    pub(super) fn whole(&self) -> String {
        self.fields.iter().fold(String::new(), |whole, (name, value)| format!("{whole}{name}\u{1f}{value}\u{1e}"))
    }
}

/// A path of this house, and nowhere else.
fn is_ours(path: &str) -> bool {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    path.starts_with('/') && !path.starts_with("//") && plain && path.len() <= LONGEST
}

/// Addresses of a case begin with `/arenden/` and its reference.
pub(super) fn case_in(path: &str) -> Option<&str> {
    let reference = path.strip_prefix("/arenden/")?.split(['/', '?']).next()?;
    reference.starts_with("AVH-").then_some(reference)
}

/// The fields of a draft, to be put back where they were typed.
pub(super) fn given_back(unsent: &Unsent) -> Vec<(String, String)> {
    unsent.fields.iter().map(|(name, text)| (name.clone(), text.reveal().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0193f000-0000-7000-8000-000000000001";

    fn sent(more: &[(&str, &str)]) -> Vec<(String, String)> {
        let ours = [(DRAFT, ID), (VERSION, "0"), (TAB, ID), (ADDRESS, "/boenden/ny"), (PAGE, "/boenden/ny")];
        ours.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_is_kept_is_what_was_typed_and_no_proof() {
        let typed = [("id", ID), ("name", "Fyren"), ("password", "hemligt"), ("code", "123456"), ("by_hand", "1")];
        let read = Typed::read(sent(&typed), None).unwrap();
        assert_eq!(read.whole(), format!("id\u{1f}{ID}\u{1e}name\u{1f}Fyren\u{1e}"));
        assert!(read.by_hand && read.record().is_some());
        for (version, makes) in [("3", false), ("0", true), ("", true)] {
            let read = Typed::read(sent(&[("id", ID), ("version", version)]), None).unwrap();
            assert_eq!(read.record().is_some(), makes, "{version}");
        }
        assert_eq!(Typed::read(sent(&[]), Some("/arenden/ny")).unwrap().address, "/arenden/ny");
    }

    #[test]
    fn what_leads_elsewhere_is_not_kept() {
        for page in ["https://exempel.se", "//exempel.se", "/\\exempel.se", "boenden", "", "/a b", "/å"] {
            let fields = sent(&[]).into_iter().map(|(name, value)| match &*name {
                PAGE => (name, page.to_owned()),
                _ => (name, value),
            });
            assert!(Typed::read(fields.collect(), None).is_none(), "{page}");
        }
        assert!(Typed::read(sent(&[]), Some("//exempel.se")).is_none());
        assert!(Typed::read(vec![("name".to_owned(), "Fyren".to_owned())], Some("/boenden/ny")).is_none());
    }

    #[test]
    fn an_address_says_which_case_it_is_about() {
        assert_eq!(case_in("/arenden/AVH-7KQ2-M4X/planer?typ=x"), Some("AVH-7KQ2-M4X"));
        assert_eq!(case_in("/arenden/AVH-7KQ2-M4X"), Some("AVH-7KQ2-M4X"));
        for other in ["/arenden/ny", "/aktualiseringar/AVH-7KQ2-M4X"] {
            assert_eq!(case_in(other), None, "{other}");
        }
    }
}

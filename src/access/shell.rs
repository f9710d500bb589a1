//! The frame of a signed-in page, filled from who asks. Which menu items are there is asked of the policy.

use super::actor::Actor;
use super::policy;
use super::right::Permission;
use super::visitor::{Flashed, Visitor};
use crate::calendar;
use crate::clock::Clock;
use crate::vocabulary;
use crate::web::shell::{MenuItem, Shell, Theme};

/// So many stand in the row that a screen of 1,280 px has beside the search field; what else one may see is behind *Mer*.
const IN_A_ROW: usize = 5;

/// The main menu, what is used most first: address, label, and what one must be allowed to do to see it.
const MENU: [(&str, &str, Permission); 17] = [
    ("/", "Min dag", Permission::ReadStart),
    ("/samordning", "Översikt", Permission::ReadCoordination),
    ("/bevakningar", "Bevakningar", Permission::ListAlarms),
    ("/arenden", "Ärenden", Permission::ListCases),
    ("/aktualiseringar", "Aktualiseringar", Permission::ReadIntakes),
    ("/placeringar", "Placeringar", Permission::ListPlacements),
    ("/ekonomi", "Ekonomi", Permission::ReadEconomy),
    ("/namnd", "Nämndrapport", Permission::ReadBoardReport),
    ("/boenden", "Boenden", Permission::ReadProviders),
    ("/lasningar", "Läsningar", Permission::ReviewLooks),
    ("/nodoppningar", "Nödöppningar", Permission::ReviewGlass),
    ("/logggranskning", "Logggranskning", Permission::ReadLogReview),
    ("/exponering", "Exponering", Permission::ReadExposure),
    ("/konton", "Konton", Permission::ReadAccounts),
    ("/aterstallningar", "Återställningar", Permission::ReadRecoveries),
    ("/polis", "Utlämnat till polisen", Permission::ReadReleased),
    ("/installningar", "Inställningar", Permission::ReadSettings),
];

pub(super) fn fill(actor: &Actor, clock: &Clock, municipality: &str, visitor: &Visitor) -> Shell {
    let current = |href: &str| visitor.path == href || (href != "/" && visitor.path.starts_with(&format!("{href}/")));
    let mut menu: Vec<MenuItem> = MENU
        .iter()
        .filter(|(_, _, permission)| policy::allows(actor, *permission))
        .map(|(href, label, _)| MenuItem { href: (*href).to_owned(), label, current: current(href) })
        .collect();
    // One alone is not worth a menu.
    let more = if menu.len() > IN_A_ROW + 1 { menu.split_off(IN_A_ROW) } else { Vec::new() };
    Shell {
        municipality: municipality.to_owned(),
        name: actor.name.clone(),
        role: actor.role.label().to_owned(),
        menu,
        more,
        flash: match visitor.flash {
            Flashed::Cookie(Some(flash)) => Some(flash.sentence()),
            Flashed::Cookie(None) | Flashed::Nothing => None,
        },
        theme: match actor.theme {
            vocabulary::Theme::System => Theme::System,
            vocabulary::Theme::Light => Theme::Light,
            vocabulary::Theme::Dark => Theme::Dark,
        },
        may_search: policy::allows(actor, Permission::SearchCases),
        printed: format!("Utskrivet {} av {}.", calendar::moment(clock.now()), actor.name),
        session_seconds: actor.seconds_left,
        has_key: actor.has_key(),
        shortcuts: actor.shortcuts,
    }
}

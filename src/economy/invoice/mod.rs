//! Invoices (domain 2.8): what was invoiced for days of a placement, held against what the days cost by the rule that every
//! cost is reckoned by. Entered by the controller, by pseudonym and alias alone; approved by a manager. The year is that of
//! the days, whenever the invoice came.

mod form;
pub mod model;
pub(super) mod pages;
pub mod store;

pub mod paths {
    //! The addresses of this room.

    use time::Date;
    use uuid::Uuid;

    pub const LIST: &str = "/ekonomi/fakturor";
    pub const NEW: &str = "/ekonomi/fakturor/ny";

    pub fn year(year: i32, only_open: bool) -> String {
        if only_open { format!("{LIST}?ar={year}&visa=oppna") } else { format!("{LIST}?ar={year}") }
    }

    /// A month is named by its first day.
    pub fn new(month: Date) -> String {
        format!("{NEW}?manad={month}")
    }

    pub fn show(invoice: Uuid) -> String {
        format!("{LIST}/{invoice}")
    }

    pub fn dispute(invoice: Uuid) -> String {
        show(invoice) + "/bestridande"
    }

    pub fn approve(invoice: Uuid) -> String {
        show(invoice) + "/godkannande"
    }
}

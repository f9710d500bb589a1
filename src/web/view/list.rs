//! What stands around a list: sort links and the pages. Reading page and order from the address is not done here.

/// A column's heading that sorts the list. A plain link: works without a script, and the address can be shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortLink {
    pub label: &'static str,
    pub href: String,
    /// The value of `aria-sort`: `ascending`, `descending`, or empty when another column decides the order.
    pub direction: &'static str,
}

impl SortLink {
    /// `ascending` is `None` when the list is sorted by something else.
    pub fn new(label: &'static str, href: impl Into<String>, ascending: Option<bool>) -> Self {
        let direction = match ascending {
            Some(true) => "ascending",
            Some(false) => "descending",
            None => "",
        };
        Self { label, href: href.into(), direction }
    }
}

/// Which part of a list is shown, and the way to the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pager {
    pub first: i64,
    pub last: i64,
    pub total: i64,
    /// "ärenden": what is counted.
    pub noun: &'static str,
    pub steps: Vec<PagerStep>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// A page's number in the pager, or the gap where numbers are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PagerStep {
    Page { number: i64, href: String, current: bool },
    Gap,
}

impl Pager {
    /// `page` counts from 1; `href` gives the address of a page with the filter kept. A page outside the list is taken
    /// as its last.
    pub fn new(page: i64, per_page: i64, total: i64, noun: &'static str, href: impl Fn(i64) -> String) -> Self {
        let per_page = per_page.max(1);
        let pages = ((total + per_page - 1) / per_page).max(1);
        let page = page.clamp(1, pages);
        let mut steps = Vec::new();
        let mut before = 0;
        for number in (1..=pages).filter(|number| *number == 1 || *number == pages || (number - page).abs() <= 2) {
            if number > before + 1 {
                steps.push(PagerStep::Gap);
            }
            steps.push(PagerStep::Page { number, href: href(number), current: number == page });
            before = number;
        }
        Self {
            first: if total == 0 { 0 } else { (page - 1) * per_page + 1 },
            last: (page * per_page).min(total),
            total,
            noun,
            steps: if pages == 1 { Vec::new() } else { steps },
            previous: (page > 1).then(|| href(page - 1)),
            next: (page < pages).then(|| href(page + 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pager(page: i64, total: i64) -> Pager {
        Pager::new(page, 50, total, "ärenden", |number| format!("?sida={number}"))
    }

    fn numbers(pager: &Pager) -> Vec<i64> {
        pager.steps.iter().map(|step| if let PagerStep::Page { number, .. } = step { *number } else { 0 }).collect()
    }

    #[test]
    fn a_list_on_one_page_has_no_page_numbers() {
        let one = pager(1, 12);
        assert_eq!((one.first, one.last, one.steps.len(), one.previous, one.next), (1, 12, 0, None, None));
        let empty = pager(1, 0);
        assert_eq!((empty.first, empty.last), (0, 0));
    }

    #[test]
    fn a_long_list_leaves_numbers_out() {
        let middle = pager(10, 1000);
        assert_eq!(numbers(&middle), [1, 0, 8, 9, 10, 11, 12, 0, 20]);
        assert_eq!((middle.first, middle.last, middle.next.as_deref()), (451, 500, Some("?sida=11")));
    }

    #[test]
    fn a_page_after_the_end_is_the_last_one() {
        let last = pager(99, 120);
        assert_eq!((last.first, last.last, last.next), (101, 120, None));
    }
}

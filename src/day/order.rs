//! What is to be done, under the headings that say when: what is late first, then today, the rest of the week, and later.

use time::Date;

use crate::alarm::model::{HEADINGS, when};
use crate::web::view::Todo;

/// Things with the same heading, in the order in which they came.
pub(super) struct Group {
    pub heading: &'static str,
    pub todos: Vec<Todo>,
}

/// Groups without anything are left out.
pub(super) fn by_when(todos: Vec<Todo>, today: Date) -> Vec<Group> {
    let mut groups = HEADINGS.map(|heading| Group { heading, todos: Vec::new() });
    for todo in todos {
        groups[when(todo.due.day, today)].todos.push(todo);
    }
    groups.into_iter().filter(|group| !group.todos.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::web::view::Due;

    /// A Friday.
    const TODAY: Date = date!(2026 - 11 - 20);

    fn todo(day: Date) -> Todo {
        Todo { href: String::new(), label: day.to_string(), due: Due::on(day, TODAY), note: String::new() }
    }

    #[test]
    fn each_day_stands_under_its_heading_and_the_week_ends_on_sunday() {
        let days = [date!(2026 - 11 - 23), date!(2026 - 11 - 22), TODAY, date!(2026 - 11 - 19), TODAY];
        let groups = by_when(days.map(todo).into(), TODAY);
        let said: Vec<_> = groups.iter().map(|group| (group.heading, group.todos.len())).collect();
        assert_eq!(said, [("Försenat", 1), ("I dag", 2), ("Denna vecka", 1), ("Senare", 1)]);
        assert_eq!(groups[2].todos[0].label, "2026-11-22");
    }

    #[test]
    fn a_sunday_has_no_rest_of_the_week() {
        assert_eq!(when(date!(2026 - 11 - 23), date!(2026 - 11 - 22)), 3);
        assert!(by_when(Vec::new(), TODAY).is_empty());
    }
}

//! `/komponenter`: every component in every state, on one page, made of the same macros as all other pages. Looked at when
//! the look is changed, and read by the tests below. Only in development: it shows nothing about anybody.

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use time::macros::{date, datetime};

use super::form::Faults;
use super::shell::{MenuItem, Shell, Theme};
use super::view::{Action, CaseBar, Choice, Crumb, Due, Field, Meter, Moment, Pager, SortLink, Tab, ThreatTag, Todo};

pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/komponenter", get(show))
}

async fn show() -> Result<Html<String>, StatusCode> {
    page(Theme::System).map(Html).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

#[derive(Template)]
#[template(path = "komponenter.html")]
struct ComponentsPage {
    shell: Shell,
    case: CaseBar,
    typed: Typed,
    clean: Faults,
    faults: Faults,
    agreements: Vec<Choice>,
    threats: Vec<Choice>,
    needs: Vec<Choice>,
    consent: Vec<Choice>,
    sorts: [SortLink; 3],
    due: [Due; 3],
    todos: Vec<Todo>,
    seen_at: Moment,
    meters: [Meter; 2],
    short_list: Pager,
    long_list: Pager,
}

/// What stands in the fields of the sample form.
struct Typed {
    starts_on: String,
    amount: String,
    reason: String,
    hostile: String,
}

#[expect(clippy::disallowed_methods, reason = "shows invented samples only: there is nothing to write in the log")]
fn page(theme: Theme) -> Result<String, askama::Error> {
    let today = date!(2026 - 11 - 20);
    let mut faults = Faults::none();
    faults.add("starts_on", "Skriv datumet som ÅÅÅÅ-MM-DD");
    faults.add("agreement", "Välj avtal");
    faults.add("threat", "Välj hotbild");
    faults.add("reason", "Skriv en motivering");
    let todo = |label: &str, day| Todo {
        href: "#innehall".into(),
        label: label.into(),
        due: Due::on(day, today),
        note: "Malin Ek".into(),
    };
    let agreements = [("ram", "Ramavtal"), ("utanfor", "Utanför ramavtal")];
    let mut threats = Choice::one("threat", [("hog", "Hög"), ("forhojd", "Förhöjd"), ("lag", "Låg")], "");
    for (choice, hint) in threats.iter_mut().zip(["Uttalat hot och förmåga.", "Tecken på hot, men inget konkret.", ""])
    {
        choice.hint = hint.into();
    }
    let page = ComponentsPage {
        shell: shell(theme),
        case: case_bar(),
        typed: Typed {
            starts_on: "20/11".into(),
            amount: "3 400".into(),
            reason: "\nTvå rader\nav text".into(),
            hostile: "\"><script>alert(1)</script>".into(),
        },
        clean: Faults::none(),
        faults,
        agreements: Choice::one("agreement", agreements, "utanfor"),
        threats,
        needs: Choice::several("needs", [("boende", "Boende"), ("arbete", "Arbete och studier")], &["arbete".into()]),
        consent: Choice::yes("consent", "Den enskilde har lämnat samtycke", true),
        sorts: [
            SortLink::new("Ärende", "#innehall", None),
            SortLink::new("Nästa åtgärd", "#innehall", Some(true)),
            SortLink::new("Dygnskostnad", "#innehall", Some(false)),
        ],
        due: [date!(2026 - 11 - 16), today, date!(2026 - 12 - 07)].map(|day| Due::on(day, today)),
        todos: vec![
            todo("Ny hotbedömning", date!(2026 - 11 - 16)),
            todo("Möte med polisen", today),
            todo("Ompröva placeringen", date!(2026 - 11 - 30)),
        ],
        seen_at: Moment(datetime!(2026-11-18 09:15)),
        meters: [
            Meter::new(166, 183, "564 400 kr hittills, 166 av 183 dygn", "Beslutat 622 200 kr"),
            Meter::new(640, 622, "640 000 kr hittills", "Beslutat 622 200 kr"),
        ],
        short_list: Pager::new(1, 50, 12, "ärenden", |_| "#innehall".into()),
        long_list: Pager::new(5, 50, 700, "anteckningar", |page| format!("?sida={page}")),
    };
    page.render()
}

fn shell(theme: Theme) -> Shell {
    let item = |href: &str, label, current| MenuItem { href: href.into(), label, current };
    Shell {
        municipality: "Granviks kommun".into(),
        name: "Karin Holm".into(),
        role: "Samordnare".into(),
        menu: vec![
            item("/oversikt", "Översikt", false),
            item("/arenden", "Ärenden", true),
            item("/placeringar", "Placeringar", false),
        ],
        more: vec![item("/installningar", "Inställningar", false)],
        flash: Some("Hotbedömningen är sparad."),
        theme,
        may_search: true,
        printed: "Utskriven 2026-11-20 kl. 10.42 av Karin Holm, samordnare.".into(),
        session_seconds: 900,
        has_key: false,
        shortcuts: true,
    }
}

fn case_bar() -> CaseBar {
    let tab = |label, current, count| Tab { href: "#innehall".into(), label, current, count };
    CaseBar {
        reference: "AVH-7K4Q-X2M".into(),
        code_name: "Lind".into(),
        age: Some(23),
        status: "Placerad",
        threat: Some(ThreatTag { key: "hog", label: "Hög".into(), step: 3 }),
        responsible: Some("Malin Ek".into()),
        deputy: None,
        coordinator: Some("Karin Holm".into()),
        protection: Some("Skyddad folkbokföring"),
        reveal: Some("#innehall".into()),
        tabs: vec![
            tab("Översikt", true, None),
            tab("Placering och kostnad", false, Some(2)),
            tab("Tilldelning", false, Some(3)),
            tab("Logg", false, None),
        ],
        primary: Some(Action::new("#innehall", "Ny placering")),
        actions: vec![Action::new("#innehall", "Byt handläggare"), Action::new("#innehall", "Skriv ut ärendet")],
        closed: true,
        died_on: None,
        glass_until: None,
        crumbs: vec![Crumb::to("/arenden", "Ärenden"), Crumb::here("AVH-7K4Q-X2M")],
    }
}

#[cfg(test)]
mod tests {
    use scraper::{Html, Selector};

    use super::*;
    use crate::web::markup;

    fn html() -> String {
        page(Theme::Dark).unwrap()
    }

    fn count(selector: &str) -> usize {
        Html::parse_document(&html()).select(&Selector::parse(selector).unwrap()).count()
    }

    #[test]
    fn every_component_is_sound_markup() {
        assert_eq!(markup::faults(&html()), Vec::<String>::new());
    }

    #[test]
    fn what_was_typed_is_shown_and_not_run() {
        assert!(!html().contains("<script>alert"));
        let document = Html::parse_document(&html());
        let field = document.select(&Selector::parse("#hostile").unwrap()).next().unwrap();
        assert_eq!(field.attr("value"), Some("\"><script>alert(1)</script>"));
    }

    #[test]
    fn a_password_that_was_sent_is_not_sent_back() {
        assert_eq!(count("input[type=password]"), 1);
        assert_eq!(count("input[type=password][value]"), 0);
    }

    #[test]
    fn the_search_field_never_puts_its_words_in_the_address() {
        assert_eq!(count("form[role=search][method=post]"), 1);
        assert_eq!(count("form[role=search]:not([method=post])"), 0);
    }

    #[test]
    fn a_case_without_a_deputy_says_so() {
        let document = Html::parse_document(&html());
        let texts: Vec<String> =
            document.select(&Selector::parse(".idfacts .tag-warn").unwrap()).map(|tag| tag.text().collect()).collect();
        assert_eq!(texts, ["Ersättare saknas"]);
    }

    #[test]
    fn an_empty_line_first_in_a_text_is_kept() {
        // HTML drops one line break after <textarea>; the macro gives it one to drop.
        let document = Html::parse_document(&html());
        let area = document.select(&Selector::parse("#reason").unwrap()).next().unwrap();
        assert_eq!(area.text().collect::<String>(), "\nTvå rader\nav text");
    }

    #[test]
    fn the_users_choice_of_theme_reaches_the_page() {
        assert_eq!(count("html[data-theme=dark]"), 1);
    }

    #[derive(Template)]
    #[template(path = "error.html")]
    struct ErrorSample {
        title: &'static str,
        paragraphs: Vec<&'static str>,
        way_on: (&'static str, &'static str),
        incident: Option<&'static str>,
    }

    #[derive(Template)]
    #[template(
        source = r#"{% extends "print.html" %}{% block title %}Ärende{% endblock %}{% block main %}<h1>Ärende</h1>{% endblock %}"#,
        ext = "html"
    )]
    struct PrintSample {
        shell: Shell,
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "shows invented samples only: there is nothing to write in the log")]
    fn pages_without_a_menu_are_sound_markup() {
        let error = ErrorSample {
            title: "Något gick fel",
            paragraphs: vec!["Inget är sparat. Försök igen om en stund."],
            way_on: ("/", "Gå till startsidan"),
            incident: Some("X7K2-91AF"),
        };
        let paper = PrintSample { shell: shell(Theme::System) };
        for html in [error.render().unwrap(), paper.render().unwrap()] {
            assert_eq!(markup::faults(&html), Vec::<String>::new());
            assert!(!html.contains("<nav"));
        }
    }
}

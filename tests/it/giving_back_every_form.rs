//! Every form of the house that takes a text is kept, and gives back all that was typed in it: whoever adds one cannot
//! forget it.

use std::collections::BTreeMap;

use scraper::{ElementRef, Html, Selector};

use crate::access_matrix::World;
use crate::support::open_forms::OpenForm;
use crate::support::page::{Page, form};
use crate::support::routes;

/// The responsible one, the coordinator, the manager.
const SENDERS: [usize; 3] = [0, 2, 4];

/// Forms with a text that are none to be kept: asking to see what is protected, where nothing is saved but the look, and
/// a note of the journal, which keeps itself. A glass is broken, and an account locked, at once or not at all.
const NOT_KEPT: [&str; 7] =
    ["/visning", "/vistelseort", "/tillsammans", "/journal", "/rattelse", "/nodoppning", "/las"];

/// Something else in each field: a text, or the last choice.
fn typed(page: &Page, address: &str) -> Vec<(String, String)> {
    let document = Html::parse_document(&page.body);
    let controls = Selector::parse("input, textarea, select").unwrap();
    let (options, forms) = (Selector::parse("option").unwrap(), Selector::parse("form[data-draft]").unwrap());
    let form = document.select(&forms).find(|form| form.attr("action") == Some(address)).unwrap();
    let mut fields: Vec<(String, String)> = Vec::new();
    for (at, element) in form.select(&controls).enumerate() {
        let Some(name) = element.attr("name").map(str::to_owned) else { continue };
        let value = element.attr("value").unwrap_or_default().to_owned();
        let kind = element.attr("type").unwrap_or_default();
        match (element.value().name(), kind) {
            ("textarea", _) => fields.push((name, format!("Rad {at} & <b>\"text\"</b>\r\noch en till, åäö 👩‍👧"))),
            ("select", _) => {
                let last = element.select(&options).last().and_then(|option: ElementRef<'_>| option.attr("value"));
                fields.push((name, last.unwrap_or_default().to_owned()));
            }
            (_, "radio") => {
                fields.retain(|(one, _)| *one != name);
                fields.push((name, value));
            }
            (_, "checkbox" | "hidden") => fields.push((name, value)),
            (_, "password" | "submit") => {}
            _ => fields.push((name, format!("Text {at} & 'åäö'"))),
        }
    }
    fields
}

fn told(fields: &[(String, String)]) -> Vec<(String, String)> {
    let typed = fields.iter().filter(|(name, _)| !name.starts_with("form_") && name != "code" && name != "password");
    let mut told: Vec<_> = typed.map(|(name, value)| (name.clone(), value.replace("\r\n", "\n"))).collect();
    told.sort();
    told
}

#[tokio::test]
async fn every_form_that_takes_a_text_is_kept_and_gives_back_all_of_it() {
    let mut world = World::new().await;
    let mut cookies = Vec::new();
    for who in SENDERS {
        cookies.push(world.cookie(who).await);
    }
    let areas = Selector::parse("form textarea").unwrap();
    let mut found: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for route in routes::all().into_iter().filter(|route| route.method == "GET" && route.path != "/komponenter") {
        let address = world.address(&route, &world.found.reference);
        for (at, cookie) in cookies.iter().enumerate() {
            let page = world.get(cookie, &address).await;
            let document = Html::parse_document(&page.body);
            for area in document.select(&areas) {
                let form =
                    area.ancestors().filter_map(ElementRef::wrap).find(|one| one.value().name() == "form").unwrap();
                let action = form.attr("action").unwrap_or_default();
                let is_excused = NOT_KEPT.iter().any(|end| action.ends_with(end));
                assert!(form.attr("data-draft").is_some() || is_excused, "{address}: {action} loses what is typed");
            }
            for one in OpenForm::all_on(&page) {
                found.entry(one.address).or_insert((at, address.clone()));
            }
        }
    }
    assert!(found.len() > 35, "only {} forms were found: {found:?}", found.len());
    for (action, (at, address)) in &found {
        let page = world.get(&cookies[*at], address).await;
        let fields = typed(&page, action);
        let sent: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = world.app.send(form("/utkast", &sent, Some(&cookies[*at]))).await;
        assert_eq!(answer.status, 200, "{action}: {}", answer.words());
        let page = world.get(&cookies[*at], address).await;
        page.is_ok().shows("Utkast från");
        let back = OpenForm::all_on(&page).into_iter().find(|one| one.address == *action).unwrap();
        assert_eq!(told(&back.fields), told(&fields), "{address}: {action}");
    }
    println!("{} forms give back what was typed", found.len());
}

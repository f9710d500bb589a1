//! What must hold on every page, whoever it is for: rules of accessibility and of the content security policy that can be
//! read from the markup alone. Contrast is measured in `tests/contrast.rs`; what a browser does is not looked at here.

use scraper::{ElementRef, Html, Selector};

/// Everything that is wrong with a rendered page, in words. Empty when it is sound.
pub(crate) fn faults(html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let mut found = Vec::new();
    frame(&page, &mut found);
    policy(&page, &mut found);
    fields(&page, &mut found);
    tables(&page, &mut found);
    references(&page, &mut found);
    found
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn frame(page: &Html, found: &mut Vec<String>) {
    if all(page, "html[lang=sv]").is_empty() {
        found.push("the page does not say that it is Swedish".into());
    }
    if all(page, "title").len() != 1 || words(all(page, "title")[0]).starts_with('–') {
        found.push("the page has no title of its own".into());
    }
    if all(page, "h1").len() != 1 {
        found.push(format!("{} h1", all(page, "h1").len()));
    }
    if all(page, "main#innehall h1").is_empty() {
        found.push("the h1 stands outside main".into());
    }
    for element in all(page, "a, button, summary, h1, h2, h3, legend, label") {
        if words(element).is_empty() {
            found.push(format!("no words in {}", element.html()));
        }
    }
}

/// The CSP would stop these in the browser; here they stop the build.
fn policy(page: &Html, found: &mut Vec<String>) {
    for element in all(page, "*") {
        for (name, value) in element.value().attrs() {
            if name == "style" || name.starts_with("on") {
                found.push(format!("the attribute {name} in {}", element.value().name()));
            }
            let elsewhere = value.starts_with("//") || value.contains("://") || value.starts_with("data:");
            if matches!(name, "src" | "href" | "action") && (elsewhere || value.starts_with("javascript:")) {
                found.push(format!("{name}={value} leads elsewhere"));
            }
        }
    }
    if !all(page, "style, script:not([src]), iframe, base").is_empty() {
        found.push("style, script or frame within the page".into());
    }
    for form in all(page, "form[method=get] input[type=text]:not([inputmode=numeric]), form:not([method]) input") {
        found.push(format!("free text would stand in an address: {}", form.html()));
    }
}

fn fields(page: &Html, found: &mut Vec<String>) {
    for field in all(page, "input:not([type=hidden]), select, textarea") {
        let labelled = field.attr("id").is_some_and(|id| all(page, &format!("label[for=\"{id}\"]")).len() == 1);
        if !labelled {
            found.push(format!("no label, or more than one: {}", field.html()));
        }
        if field.attr("placeholder").is_some() {
            found.push(format!("a placeholder instead of a hint: {}", field.html()));
        }
    }
    if all(page, "fieldset").len() != all(page, "fieldset > legend:first-child").len() {
        found.push("a fieldset does not begin with its legend".into());
    }
    for link in all(page, "#felsammanfattning a") {
        let field = link.attr("href").and_then(|href| href.strip_prefix('#')).unwrap_or_default();
        let error = all(page, &format!("[id=\"{field}-fel\"]"));
        let said = error.first().map(|error| words(*error));
        if all(page, &format!("[id=\"{field}\"]")).len() != 1 || said != Some(format!("Fel: {}", words(link))) {
            found.push(format!("the fault at {field} is not said at the field"));
        }
    }
}

fn tables(page: &Html, found: &mut Vec<String>) {
    if all(page, "table").len() != all(page, "table > caption").len() {
        found.push("a table without caption".into());
    }
    for heading in all(page, "th:not([scope])") {
        found.push(format!("a heading without scope: {}", heading.html()));
    }
    if !all(page, ".table-cards :is(tr, td, th, thead, tbody, tfoot):not([role])").is_empty() {
        found.push("a card table loses its roles on a narrow screen".into());
    }
}

fn references(page: &Html, found: &mut Vec<String>) {
    let mut ids: Vec<_> = all(page, "[id]").iter().filter_map(|element| element.attr("id")).collect();
    ids.sort_unstable();
    for pair in ids.windows(2).filter(|pair| pair[0] == pair[1]) {
        found.push(format!("two elements are called {}", pair[0]));
    }
    for attribute in ["aria-describedby", "aria-labelledby", "aria-controls"] {
        for element in all(page, &format!("[{attribute}]")) {
            for id in element.attr(attribute).unwrap_or_default().split(' ') {
                if ids.binary_search(&id).is_err() {
                    found.push(format!("{attribute} points at {id}, which is not there"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> String {
        format!("<html lang=sv><title>Prov</title><main id=innehall><h1>Prov</h1>{body}</main></html>")
    }

    #[test]
    fn a_sound_page_has_no_faults() {
        assert_eq!(faults(&page("<p>Text</p>")), Vec::<String>::new());
    }

    #[test]
    fn each_planted_fault_is_found() {
        for body in [
            "<h1>Två</h1>",
            "<p style='color:red'>Text</p>",
            "<button onclick='x()'>Spara</button>",
            "<img src='https://exempel.se/bild.png' alt=''>",
            "<script>alert(1)</script>",
            "<input id=namn>",
            "<label for=namn>Namn</label><input id=namn placeholder=Namn>",
            "<fieldset><input type=hidden></fieldset>",
            "<table><tr><td>1</td></tr></table>",
            "<table><caption>T</caption><tr><th>1</th></tr></table>",
            "<table class=table-cards><caption>T</caption><tr><td>1</td></tr></table>",
            "<p id=a></p><p id=a></p>",
            "<p aria-describedby=saknas>Text</p>",
            "<div id=felsammanfattning><a href='#saknas'>Skriv ett namn</a></div>",
            "<a href='/'><svg></svg></a>",
            "<form><label for=q>Namn</label><input id=q></form>",
        ] {
            assert_ne!(faults(&page(body)), Vec::<String>::new(), "{body}");
        }
        assert_ne!(faults("<html lang=sv><title>T</title><h1>Prov</h1></html>"), Vec::<String>::new());
        assert_ne!(faults(&page("").replace("lang=sv", "")), Vec::<String>::new());
    }
}

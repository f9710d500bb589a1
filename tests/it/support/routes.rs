//! Every route of the house, read from its source: what a router knows cannot be asked for, and a list kept by hand
//! would be forgotten. So routes are written out, with their address as a literal and their methods beside it.

#[path = "../../tidy/source.rs"]
#[expect(dead_code, reason = "tidy.rs uses the rest")]
mod source;

use source::{first_word, is_word, shipped, sources};

/// A method and an address with its parameters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub path: String,
    pub method: &'static str,
}

const METHODS: [(&str, &str); 6] =
    [("get", "GET"), ("post", "POST"), ("put", "PUT"), ("patch", "PATCH"), ("delete", "DELETE"), ("any", "ANY")];
/// Ways to make a route that cannot be read here.
const UNREADABLE: [&str; 5] = [".nest(", ".route_service(", ".nest_service(", "MethodRouter", "MethodFilter"];

/// All of them, in the order of their addresses.
pub fn all() -> Vec<Route> {
    let texts = sources();
    let mut routes = Vec::new();
    for (path, code) in shipped(&texts) {
        for way in UNREADABLE {
            assert!(!code.contains(way), "{path}: write `.route(\"…\", get(…).post(…))` instead of `{way}`");
        }
        // Lines stay where they are when literals are blanked out, columns do not.
        for (number, line) in code.lines().enumerate() {
            for turn in 0..line.matches(".route(").count() {
                let read = nth_call(&texts[&path], number, turn).and_then(methods);
                let read = read.unwrap_or_else(|fault| panic!("{path}:{}: {fault}", number + 1));
                routes.extend(read);
            }
        }
    }
    routes.sort();
    routes
}

/// What stands after the opening bracket.
fn nth_call(text: &str, line: usize, turn: usize) -> Result<&str, String> {
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let (at, call) = text[start..].match_indices(".route(").nth(turn).ok_or("the call was not found")?;
    Ok(&text[start + at + call.len()..])
}

fn methods(call: &str) -> Result<Vec<Route>, String> {
    let literal = call.trim_start().strip_prefix('"').ok_or("write the address of a route as a literal")?;
    let (path, mut rest) = literal.split_once('"').ok_or("the address does not end")?;
    let (mut depth, mut found) = (1_usize, Vec::new());
    while let Some(next) = rest.chars().next() {
        if depth == 1 && next.is_alphabetic() {
            let word = first_word(rest);
            let known = METHODS.iter().find(|(name, _)| *name == word);
            if let (Some((_, method)), true) = (known, rest[word.len()..].starts_with('(')) {
                found.push(Route { path: path.to_owned(), method });
            }
            rest = rest.trim_start_matches(is_word);
            continue;
        }
        match next {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let named = !found.is_empty() && found.iter().all(|route| route.method != "ANY");
            return if named {
                Ok(found)
            } else {
                Err(format!("{path}: name its methods here, with get(…) or post(…)"))
            };
        }
        rest = &rest[next.len_utf8()..];
    }
    Err(format!("{path}: the call does not end"))
}

#[test]
fn routes_are_read_as_they_are_written() {
    let read = |text| methods(text).map(|routes| routes.iter().map(|one| one.method).collect::<Vec<_>>());
    assert_eq!(read("\"/a\", get(list))"), Ok(vec!["GET"]));
    assert_eq!(
        read("\n  \"/a/{b}\",\n  get(show)\n .post(f::save),\n)\n.route(\"/c\", put(d))"),
        Ok(vec!["GET", "POST"])
    );
    assert_eq!(read("\"/a\", axum::routing::delete(|x| async { x.get(1) }))"), Ok(vec!["DELETE"]));
    for unreadable in ["paths::LIST, get(list))", "\"/a\", any(f))", "\"/a\", from_elsewhere)", "\"/a\", get(f)"] {
        assert!(read(unreadable).is_err(), "{unreadable}");
    }
    assert_eq!(nth_call("a\nb.route(c).route(d)\n", 1, 1), Ok("d)\n"));
}

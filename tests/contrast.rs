//! Measures every pair of colours in `static/css/tokens.css`, light and dark, by the formula of WCAG 2.2; and how far apart
//! neighbouring threat levels and chart series are for those who do not see all colours. A municipality that changes its
//! five colours learns here whether they can be read.

use std::collections::HashMap;

type Colour = [f64; 3];

/// Text on a surface needs 4.5 (1.4.3); edges, icons and focus rings need 3 (1.4.11).
const TEXT: f64 = 4.5;
const SHAPE: f64 = 3.0;

const MODES: [&str; 2] = ["light", "dark"];

#[rustfmt::skip]
const PAIRS: [(&str, &str, f64); 41] = [
    ("ink", "surface", TEXT), ("ink", "canvas", TEXT), ("ink-2", "surface", TEXT), ("ink-2", "canvas", TEXT),
    ("ink-2", "surface-2", TEXT), ("ink-2", "surface-3", TEXT), ("ink-3", "surface", TEXT), ("ink-3", "canvas", TEXT),
    ("link", "surface", TEXT), ("link", "canvas", TEXT), ("link", "brand-tint", TEXT), ("link", "surface-3", TEXT),
    ("ink", "brand-tint", TEXT), ("on-brand", "brand", TEXT), ("on-brand", "brand-strong", TEXT),
    ("band-ink", "band", TEXT), ("band-mark", "band", SHAPE),
    ("danger", "surface", TEXT), ("danger", "danger-tint", TEXT), ("ink", "danger-tint", TEXT),
    ("on-danger", "danger-fill", TEXT), ("on-danger", "danger-strong", TEXT),
    ("warn", "surface", TEXT), ("warn", "warn-tint", TEXT), ("ink", "warn-tint", TEXT), ("link", "warn-tint", TEXT),
    ("ok", "ok-tint", TEXT), ("ink", "ok-tint", TEXT),
    ("edge", "surface", SHAPE), ("edge", "canvas", SHAPE), ("focus", "surface", SHAPE), ("focus", "canvas", SHAPE),
    ("hot-0-ink", "hot-0", TEXT), ("hot-1-ink", "hot-1", TEXT), ("hot-2-ink", "hot-2", TEXT),
    ("hot-3-ink", "hot-3", TEXT), ("hot-4-ink", "hot-4", TEXT),
    ("chart-1", "surface", SHAPE), ("chart-2", "surface", SHAPE), ("chart-ref", "surface", SHAPE),
    ("brand", "surface", SHAPE),
];

/// Linear RGB as seen without one kind of cone (Machado, Oliveira and Fernandes 2009, full strength).
#[rustfmt::skip]
const SIGHTS: [(&str, [Colour; 3]); 4] = [
    ("all colours", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ("deuteranopia", [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]]),
    ("protanopia", [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]]),
    ("tritanopia", [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]]),
];

#[test]
fn every_pair_of_colours_can_be_read() {
    let tokens = tokens();
    for (front, back, needed) in PAIRS {
        for (mode, (front_colour, back_colour)) in MODES.iter().zip(tokens[front].into_iter().zip(tokens[back])) {
            let measured = contrast(front_colour, back_colour);
            assert!(measured >= needed, "{front} on {back} is {measured:.2} in {mode} mode, and needs {needed}");
        }
    }
}

#[test]
fn neighbouring_colours_differ_whatever_one_sees() {
    let tokens = tokens();
    let neighbours =
        [("hot-1", "hot-2", 20.0), ("hot-2", "hot-3", 20.0), ("hot-3", "hot-4", 20.0), ("chart-1", "chart-2", 50.0)];
    for (one, other, needed) in neighbours {
        for (mode, (one_colour, other_colour)) in MODES.iter().zip(tokens[one].into_iter().zip(tokens[other])) {
            for (sight, cones) in SIGHTS {
                let measured = distance(seen(one_colour, &cones), seen(other_colour, &cones));
                assert!(measured >= needed, "{one} and {other} are {measured:.0} apart with {sight} in {mode} mode");
            }
        }
    }
}

#[test]
fn black_on_white_is_twenty_one() {
    let measured = contrast([0.0; 3], [1.0; 3]);
    assert!((measured - 21.0).abs() < 1e-9);
    assert!((contrast(linear("#777777"), linear("#ffffff")) - 4.48).abs() < 0.01);
}

#[test]
fn colours_stand_in_the_tokens_only() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/static/css");
    for sheet in std::fs::read_dir(folder).unwrap() {
        let path = sheet.unwrap().path();
        // Paper is always black on white.
        if path.ends_with("tokens.css") || path.ends_with("print.css") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let hex = text.match_indices('#').find(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_ascii_hexdigit()));
        assert_eq!(hex, None, "{}", path.display());
    }
}

/// Every colour of the token sheet, light and dark, in linear RGB.
fn tokens() -> HashMap<String, [Colour; 2]> {
    let sheet = include_str!("../static/css/tokens.css");
    let mut found = HashMap::new();
    for part in sheet.split("--").skip(1) {
        let Some((name, value)) = part.split_once(';').and_then(|(token, _)| token.split_once(':')) else { continue };
        let hexes = value.split(|c: char| !c.is_ascii_hexdigit() && c != '#');
        let colours: Vec<Colour> = hexes.filter(|hex| hex.len() == 7 && hex.starts_with('#')).map(linear).collect();
        match colours[..] {
            [both] => found.insert(name.to_owned(), [both, both]),
            [light, dark] => found.insert(name.to_owned(), [light, dark]),
            _ => None,
        };
    }
    found
}

fn linear(hex: &str) -> Colour {
    [1, 3, 5].map(|at| {
        let value = u8::from_str_radix(&hex[at..at + 2], 16).map_or(f64::NAN, f64::from) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

fn dot(a: Colour, b: Colour) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn contrast(a: Colour, b: Colour) -> f64 {
    let luminance = |colour| dot(colour, [0.2126, 0.7152, 0.0722]) + 0.05;
    let (a, b) = (luminance(a), luminance(b));
    a.max(b) / a.min(b)
}

fn seen(colour: Colour, cones: &[Colour; 3]) -> Colour {
    cones.map(|row| dot(row, colour).clamp(0.0, 1.0))
}

/// CIE 1976 distance in L*a*b*.
fn distance(one: Colour, other: Colour) -> f64 {
    let lab = |colour| {
        let bend = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let x = bend(dot(colour, [0.412_456_4, 0.357_576_1, 0.180_437_5]) / 0.950_47);
        let y = bend(dot(colour, [0.212_672_9, 0.715_152_2, 0.072_175]));
        let z = bend(dot(colour, [0.019_333_9, 0.119_192, 0.950_304_1]) / 1.088_83);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    };
    let (a, b) = (lab(one), lab(other));
    (0..3).map(|at| (a[at] - b[at]).powi(2)).sum::<f64>().sqrt()
}

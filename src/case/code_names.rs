//! Code names: neutral words of Swedish nature, by which cases are spoken of instead of names. Drawn, not dealt in order,
//! so that a name tells nothing of when a case was opened.

use crate::crypto::random;
use crate::error::Result;

/// Names to try, in the order of the draw: more than enough when most are free, and a numbered one when none is.
pub fn candidates() -> Result<Vec<String>> {
    let mut left: Vec<&str> = WORDS.to_vec();
    let mut drawn = Vec::with_capacity(WORDS.len() + NUMBERED);
    while !left.is_empty() {
        drawn.push(left.swap_remove(draw(left.len())?).to_owned());
    }
    for _ in 0..NUMBERED {
        drawn.push(format!("{} {}", WORDS[draw(WORDS.len())?], 2 + draw(998)?));
    }
    Ok(drawn)
}

/// Tried when every plain word is taken.
const NUMBERED: usize = 20;

/// A number below the given one. That some are a hair likelier than others does not matter to a name.
fn draw(below: usize) -> Result<usize> {
    Ok(usize::from(u16::from_le_bytes(random()?)) % below)
}

#[rustfmt::skip]
const WORDS: &[&str] = &[
    "Abborre", "Akleja", "Alfågel", "Alkekung", "Alm", "Anemon", "Apel", "Arnika", "Ask", "Asp", "Aster", "Avenbok",
    "Backsippa", "Backsvala", "Backtimjan", "Basilika", "Bergand", "Bergfink", "Bergsyra", "Berguv", "Bivråk",
    "Björk", "Björnbär", "Bladvass", "Blåbär", "Blåhake", "Blåklint", "Blåklocka", "Blåmes", "Blåsippa", "Blåsuga",
    "Blåtåtel", "Bläsand", "Bofink", "Bok", "Bolltistel", "Borsttåg", "Brakved", "Braxen", "Brudbröd", "Brudsporre",
    "Brunand", "Brunört", "Bäcköring", "Bäver", "Cikoria", "Citronfjäril", "Dagg", "Daggkåpa", "Dalripa", "Dill",
    "Domherre", "Dopping", "Druvfläder", "Dubbeltrast", "Duva", "Dvärgbjörk", "Dvärgmås", "Ejder", "Ek", "Ekbock",
    "Ekorre", "Ekoxe", "Elritsa", "Enbär", "Enkelbeckasin", "Falk", "Fettört", "Fibbla", "Fiskgjuse", "Fiskmås",
    "Fjord", "Fjäll", "Fjällbjörk", "Fjällgås", "Fjällklocka", "Fjällräv", "Fjällsippa", "Fjällvråk", "Flinta",
    "Flodkräfta", "Flugsnappare", "Flundra", "Fläder", "Fors", "Forsärla", "Fräken", "Fura", "Fältspat", "Glimmer",
    "Gluttsnäppa", "Gnejs", "Gran", "Granbarr", "Granit", "Gransångare", "Gråal", "Gråhäger", "Gråsiska", "Gråsparv",
    "Gråtrut", "Gräsand", "Grönbena", "Grönfink", "Grönling", "Grönsiska", "Grönsångare", "Gullris", "Gullviva",
    "Gulmåra", "Gulsparv", "Gädda", "Gärdsmyg", "Gök", "Göktyta", "Gökärt", "Gös", "Hackspett", "Hagtorn", "Hallon",
    "Hare", "Harsyra", "Hassel", "Havstrut", "Havsörn", "Havtorn", "Hedblomster", "Hermelin", "Hjortron", "Holme",
    "Hornuggla", "Humla", "Humle", "Hundkex", "Häger", "Hägg", "Hämpling", "Härfågel", "Hökuggla", "Iller", "Islom",
    "Isop", "Jolster", "Jordhumla", "Jungfrulin", "Järnek", "Järnsparv", "Järpe", "Järv", "Kabbeleka", "Kaja",
    "Kalksten", "Kalmus", "Kamomill", "Kanelros", "Kaprifol", "Karp", "Kattfot", "Kattuggla", "Klippa", "Klöver",
    "Knipa", "Knärot", "Knölsvan", "Koltrast", "Konvalj", "Kornknarr", "Kornsparv", "Korp", "Kovall", "Krasse",
    "Kricka", "Krokus", "Kråka", "Kråkbär", "Kråkvicker", "Kungsfågel", "Kungsljus", "Kungsörn", "Kvarts", "Källa",
    "Kärrhök", "Kärrsilja", "Kärrviol", "Körsbär", "Lake", "Lappuggla", "Lavendel", "Lavskrika", "Lax", "Lejongap",
    "Lilja", "Liljekonvalj", "Lin", "Lind", "Lingon", "Linnea", "Lodjur", "Lom", "Luktviol", "Lundsångare",
    "Lundviva", "Lunnefågel", "Lupin", "Lärka", "Lärkfalk", "Lärkträd", "Lönn", "Lövgroda", "Lövsångare", "Malva",
    "Malört", "Mandelblom", "Marmor", "Maskros", "Mattlumra", "Mejram", "Mes", "Mistel", "Mjölkört", "Mjölon",
    "Morkulla", "Mosippa", "Mossa", "Mullvad", "Murgröna", "Myrlilja", "Myrspov", "Myskmadra", "Måra", "Mård", "Mås",
    "Mört", "Nate", "Nattskärra", "Nattviol", "Nejlika", "Nejlikrot", "Nejonöga", "Nors", "Nypon", "Nyponros",
    "Näbbmus", "Näckros", "Näktergal", "Nötskrika", "Nötväcka", "Odon", "Olvon", "Orkidé", "Ormbär", "Ormrot",
    "Ormvråk", "Orre", "Oxel", "Oxtunga", "Paddfot", "Piggvar", "Pil", "Pilfink", "Pilgrimsfalk", "Pion", "Piplärka",
    "Plommon", "Pors", "Primula", "Prästkrage", "Puktörne", "Pärluggla", "Päron", "Rapphöna", "Ren", "Renfana",
    "Renlav", "Revlumra", "Ringduva", "Ringtrast", "Ripa", "Rosenfink", "Rosling", "Rosmarin", "Rova", "Räv",
    "Rödbena", "Rödhake", "Röding", "Rödklöver", "Rödstjärt", "Rödvingetrast", "Rölleka", "Rönn", "Rörsångare",
    "Safsa", "Salvia", "Sandbi", "Sandlilja", "Sandsten", "Selja", "Sidensvans", "Sik", "Silltrut", "Silvergran",
    "Siska", "Sjögräs", "Skarv", "Skata", "Skatnäva", "Skiffer", "Skogsduva", "Skogsstjärna", "Skogsviol", "Skrake",
    "Skrattmås", "Skräntärna", "Skvattram", "Slån", "Slånbär", "Smultron", "Smålom", "Smörblomma", "Smörbult", "Snö",
    "Snöbär", "Snödroppe", "Snöripa", "Snösparv", "Solros", "Solvända", "Sommarlind", "Sparris", "Sparvuggla",
    "Spenört", "Spigg", "Spillkråka", "Spov", "Springkorn", "Stare", "Starr", "Steglits", "Stenbit", "Stenbräcka",
    "Stenfrö", "Stenknäck", "Stenros", "Stenskvätta", "Storlom", "Storspov", "Strand", "Strandaster", "Strandloka",
    "Strandskata", "Strömstare", "Styvmorsviol", "Sutare", "Svala", "Svalört", "Svan", "Svartmes", "Syren", "Syrsa",
    "Sälg", "Säv", "Sävsparv", "Sötvedel", "Talgoxe", "Tall", "Tallbit", "Tallkotte", "Talltita", "Tamarisk",
    "Teveronika", "Tibast", "Timjan", "Tistel", "Tjäder", "Tobisgrissla", "Tofsmes", "Tofsvipa", "Topas", "Tordmule",
    "Tornfalk", "Tornsvala", "Tornuggla", "Trana", "Trast", "Trift", "Trolldruva", "Trollslända", "Trädgårdssångare",
    "Trädlärka", "Träjon", "Tulpan", "Tussilago", "Tuva", "Tåg", "Tång", "Tårpil", "Tärna", "Törne", "Törnros",
    "Törnskata", "Uggla", "Ullört", "Utter", "Uv", "Vaktel", "Vallmo", "Vass", "Vattenmåra", "Vattenpest",
    "Vattenrall", "Veketåg", "Videsparv", "Vinbär", "Vinda", "Vintergäck", "Vinterlind", "Viol", "Vipa", "Visent",
    "Vitklöver", "Vitmossa", "Vitsippa", "Vråk", "Våtarv", "Vädd", "Vänderot", "Vätteros", "Åkerbär", "Åkermynta",
    "Åkervinda", "Ål", "Ålgräs", "Årta", "Älg", "Älggräs", "Älväxing", "Ängsklocka", "Ängslärka", "Ängsnycklar",
    "Ängspiplärka", "Ängssyra", "Ängsull", "Ängsviol", "Ängsvädd", "Ärenpris", "Ärtsångare", "Ögontröst", "Öring",
    "Örn", "Örnbräken",
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn there_are_several_hundred_different_names_of_one_word() {
        assert!(WORDS.len() > 300);
        assert_eq!(WORDS.iter().collect::<HashSet<_>>().len(), WORDS.len());
        for word in WORDS {
            let mut letters = word.chars();
            assert!(letters.next().is_some_and(char::is_uppercase), "{word}");
            assert!(letters.all(char::is_lowercase), "{word}");
        }
    }

    #[test]
    fn every_word_is_drawn_once_and_then_numbered_ones() {
        let drawn = candidates().unwrap();
        let plain: HashSet<_> = drawn.iter().take(WORDS.len()).map(String::as_str).collect();
        assert_eq!(plain, WORDS.iter().copied().collect());
        assert!(drawn[WORDS.len()..].iter().all(|name| name.contains(' ')));
        assert_ne!(drawn, candidates().unwrap());
    }
}

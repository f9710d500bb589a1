//! Which passwords may be chosen: long, hard to guess, and not made of words that lie near at hand. No rule about
//! kinds of characters, and never an end date. How they are kept is in `password`.

use zxcvbn::{Score, zxcvbn};

const SHORTEST: usize = 15;
const LONGEST: usize = 128;
const LONGEST_IN_BYTES: usize = 512;
/// Shorter words, such as the name Bo, stand in too many good passwords by chance.
const SHORTEST_CONTEXT_WORD: usize = 4;
const ALWAYS_NEAR: [&str; 4] = ["avhoppar", "avhopp", "utväg", "utvag"];

/// Whether the password may be chosen; if not, what to do. The context is what an attacker would try first: the
/// municipality, the unit, the user name and the person's own names.
pub fn acceptable(password: &str, context: &[&str]) -> Result<(), &'static str> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err("Välj ett lösenord med minst 15 tecken, till exempel fyra ord som inte hör ihop.");
    }
    if length > LONGEST || password.len() > LONGEST_IN_BYTES {
        return Err("Välj ett kortare lösenord, högst 128 tecken.");
    }
    let words: Vec<String> = context
        .iter()
        .flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()))
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() >= SHORTEST_CONTEXT_WORD)
        .collect();
    let lower = password.to_lowercase();
    if words.iter().map(String::as_str).chain(ALWAYS_NEAR).any(|word| lower.contains(word)) {
        return Err("Välj ett lösenord utan ditt namn, kommunens namn eller verksamhetens namn.");
    }
    let near: Vec<&str> = words.iter().map(String::as_str).chain(ALWAYS_NEAR).collect();
    if zxcvbn(password, &near).score() < Score::Three {
        return Err("Välj ett lösenord som är svårare att gissa, till exempel fyra ord som inte hör ihop.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEXT: [&str; 3] = ["Granviks kommun", "karin.holm", "Karin Holm"];

    #[test]
    fn words_that_do_not_belong_together_are_fine() {
        for password in ["sadel molnig trappa kvast", "lamporna7gurkan vinthund", "Å i åa ä e ö under broarna"] {
            assert_eq!(acceptable(password, &CONTEXT), Ok(()), "{password}");
        }
    }

    #[test]
    fn fifteen_characters_are_enough_and_fourteen_are_not() {
        assert_eq!(acceptable("vq7xjm2kzw9rth4", &[]), Ok(()));
        assert!(acceptable("vq7xjm2kzw9rth", &[]).is_err());
        assert!(acceptable("åäöåäöåäöåäöåä", &[]).unwrap_err().contains("minst 15"), "bytes were counted");
    }

    #[test]
    fn a_page_of_text_is_too_long() {
        let long = "sadel molnig trappa kvast ".repeat(5);
        assert_eq!(acceptable(&long[..128], &[]), Ok(()));
        assert!(acceptable(&long[..129], &[]).is_err());
        assert!(acceptable(&"𝔸".repeat(129), &[]).unwrap_err().contains("högst 128"));
    }

    #[test]
    fn the_obvious_is_refused() {
        for password in
            ["aaaaaaaaaaaaaaa", "123456789012345", "passwordpassword", "qwertyuiopasdfgh", "abcabcabcabcabcabc"]
        {
            assert!(acceptable(password, &[]).is_err(), "{password}");
        }
    }

    #[test]
    fn words_near_at_hand_are_refused() {
        for password in [
            "GRANVIKS molnig trappa kvast",
            "sadel holm trappa kvast molnig",
            "sadel molnig avhoppare kvast",
            "utväg sadel molnig trappa",
            "sadelkarintrappakvast",
        ] {
            assert!(acceptable(password, &CONTEXT).unwrap_err().contains("utan ditt namn"), "{password}");
        }
        assert_eq!(acceptable("sadel robot trappa kvast", &["Bo Ek"]), Ok(()), "two letters are no clue");
    }
}

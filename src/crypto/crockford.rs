//! Crockford's base 32: what people read out on the telephone and type off paper. No I, L, O or U.

pub(super) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The character for the lowest five bits.
pub(super) fn letter(value: u8) -> char {
    char::from(ALPHABET[usize::from(value & 31)])
}

/// The value of a typed character: lower case is fine, O is read as 0, and I and L as 1.
pub(super) fn value(letter: char) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|known| char::from(*known) == letter).and_then(|at| u8::try_from(at).ok())
}

/// All typed characters as values; hyphens and spaces are only there to be read.
pub(super) fn values(typed: &str) -> Option<Vec<u8>> {
    typed.chars().filter(|letter| !matches!(letter, '-' | ' ')).map(value).collect()
}

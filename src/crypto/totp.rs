//! One-time codes (RFC 6238: SHA-1, six digits, thirty seconds), and the picture an authenticator reads its seed from.
//! Does not know which steps were used: the caller keeps the highest one and refuses it and all before.

use qrcode::{Color, EcLevel, QrCode};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use totp_rs::{Builder, Totp};

use super::random;
use crate::error::{Error, Result};

/// How long a code holds.
pub const STEP_SECONDS: i64 = 30;
const ISSUER: &str = "Utväg";

/// The secret shared with one authenticator: 160 bits.
pub struct Seed(SecretBox<[u8; 20]>);

impl Seed {
    pub fn draw() -> Result<Self> {
        Ok(Self(SecretBox::new(Box::new(random()?))))
    }

    /// From what [`super::KeyRing::open_seed`] gave.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let bytes = bytes.try_into().map_err(|_| Error::internal("a one-time code seed has the wrong length"))?;
        Ok(Self(SecretBox::new(Box::new(bytes))))
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.0.expose_secret()
    }

    /// For those who cannot scan.
    pub fn base32(&self) -> SecretString {
        data_encoding::BASE32_NOPAD.encode(self.as_bytes()).into()
    }

    /// The `otpauth:` address. A colon would split the account from the issuer, so it is left out.
    pub fn address(&self, account: &str) -> Result<SecretString> {
        let builder = self.builder().with_issuer(Some(ISSUER)).with_account_name(account.replace(':', " "));
        Ok(builder.build().and_then(|totp| totp.to_url()).map_err(Error::internal)?.into())
    }

    /// The address as a picture.
    pub fn picture(&self, account: &str) -> Result<Picture> {
        Picture::of(self.address(account)?.expose_secret())
    }

    fn builder(&self) -> Builder {
        Builder::new().with_secret(*self.0.expose_secret()).with_skew(0)
    }

    fn totp(&self) -> Totp {
        self.builder().build_noncompliant()
    }
}

/// What the authenticator shows at this second. For tests and demo data; the house itself only compares.
pub fn code_at(seed: &Seed, unix: i64) -> String {
    format!("{:06}", seed.totp().generate(unix.max(0).unsigned_abs()))
}

/// The step a code belongs to if it is the present one. Neither the step before nor the one after is let through.
pub fn matching_step(seed: &Seed, code: &str, unix: i64) -> Option<i64> {
    let typed: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
    let right = code_at(seed, unix);
    let same: bool = subtle::ConstantTimeEq::ct_eq(right.as_bytes(), typed.as_bytes()).into();
    same.then(|| unix.max(0) / STEP_SECONDS)
}

/// A QR code as one SVG path, one unit a module, with the quiet zone of four in its sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width and height of the `viewBox`.
    pub side: usize,
    /// The `d` of the path to fill.
    pub path: String,
}

impl Picture {
    const QUIET: usize = 4;

    fn of(text: &str) -> Result<Self> {
        use std::fmt::Write;
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(Error::internal)?;
        let width = code.width();
        let mut path = String::new();
        for (at, _) in code.to_colors().iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
            let (column, row) = (at % width + Self::QUIET, at / width + Self::QUIET);
            write!(path, "M{column} {row}h1v1h-1z").map_err(Error::internal)?;
        }
        Ok(Self { side: width + 2 * Self::QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seed of RFC 6238, appendix B; its codes have eight digits, ours are the last six.
    fn published() -> Seed {
        Seed::from_bytes(b"12345678901234567890").unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for (unix, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(code_at(&published(), unix), code);
        }
    }

    #[test]
    fn only_the_present_code_is_right() {
        let seed = published();
        for unix in [1_111_111_110, 1_111_111_139] {
            assert_eq!(matching_step(&seed, &code_at(&seed, unix), unix), Some(37_037_037));
        }
        let code = code_at(&seed, 1_111_111_110);
        assert_eq!(matching_step(&seed, &code, 1_111_111_109), None);
        assert_eq!(matching_step(&seed, &code, 1_111_111_140), None);
        assert_eq!(matching_step(&seed, &code[..5], 1_111_111_110), None);
        assert_eq!(matching_step(&seed, "", 1_111_111_110), None);
    }

    #[test]
    fn a_code_may_be_typed_with_a_space() {
        let seed = published();
        assert_eq!(matching_step(&seed, " 287 082", 59), Some(1));
    }

    #[test]
    fn the_address_names_us_and_carries_the_seed() {
        let address = published().address("karin:holm").unwrap();
        let address = address.expose_secret();
        assert!(address.starts_with("otpauth://totp/Utv%C3%A4g:karin%20holm?"), "{address}");
        assert!(address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{address}");
        assert_eq!(published().base32().expose_secret(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn the_picture_has_its_finder_corner_and_a_quiet_zone() {
        let picture = published().picture("karin.holm").unwrap();
        assert!(picture.path.starts_with("M4 4h1v1h-1z"));
        assert!(picture.path.contains("M10 4h1v1h-1z") && !picture.path.contains("M11 4h1"));
        let dark = picture.path.matches('M').count();
        let modules = (picture.side - 8) * (picture.side - 8);
        assert!(dark * 3 > modules && dark * 3 < modules * 2, "{dark} of {modules}");
        assert!(picture.path.chars().all(|letter| "Mhvz-0123456789 ".contains(letter)));
    }

    #[test]
    fn seeds_differ() {
        assert_ne!(Seed::draw().unwrap().as_bytes(), Seed::draw().unwrap().as_bytes());
        assert!(Seed::from_bytes(b"short").is_err());
    }
}

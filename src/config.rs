//! What the operator has decided, read from the environment once, before anything is started. What cannot be read is
//! said in one sentence that names the setting and never its value: some of them are secrets.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use sqlx::postgres::PgConnectOptions;

/// Where the program listens when nothing else is said: a proxy with TLS stands in front of it on the same machine.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// The settings of a program that serves from a database of the municipality's own.
#[derive(Clone)]
pub struct Settings {
    /// `DATABASE_URL`, with the password of `UTVAG_DATABASE_PASSWORD_FILE` where that is set.
    pub database: PgConnectOptions,
    /// `UTVAG_KEYS`: the folder with the key files.
    pub keys: PathBuf,
    /// `UTVAG_LISTEN`.
    pub listen: SocketAddr,
    /// `UTVAG_ORIGIN`: what stands in the address bar, such as `https://utvag.example.se`.
    pub origin: Option<Origin>,
    /// `UTVAG_SEAL_FILE`: where hashes of the log's seals are written, to be kept on another machine.
    pub seal_file: Option<PathBuf>,
    /// `UTVAG_KEYS_REQUIRED`: whether those who see a person sign in with a key alone. They do where nothing is said.
    pub keys_required: bool,
    /// `UTVAG_PROXIES`, as it was typed: whose `X-Forwarded-For` is believed.
    pub proxies: Vec<String>,
}

/// Scheme and host, in lower case, without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches('/').to_lowercase();
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        (!host.is_empty() && host.chars().all(plain)).then_some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A setting that cannot be used. Read by an operator at start, so it is English, like the verbs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingFault {
    #[error("{0} is not set: {1}")]
    Missing(&'static str, &'static str),
    #[error("{0} cannot be read: {1}")]
    Unreadable(&'static str, &'static str),
    #[error("the file that {0} names cannot be read: {1}")]
    File(&'static str, String),
}

/// How a setting is looked up; the environment, or a list in a test.
pub type Lookup<'l> = &'l dyn Fn(&str) -> Option<String>;

/// The environment. A variable that is empty counts as not set, as compose leaves those that nobody filled in.
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// Whether a database of one's own is named.
pub fn names_a_database(lookup: Lookup<'_>) -> bool {
    lookup("DATABASE_URL").is_some()
}

impl Settings {
    pub fn read(lookup: Lookup<'_>) -> Result<Self, SettingFault> {
        Ok(Self {
            database: database(lookup)?,
            keys: keys(lookup)?,
            listen: listen(lookup)?,
            origin: origin(lookup)?,
            keys_required: keys_required(lookup)?,
            seal_file: lookup("UTVAG_SEAL_FILE").map(PathBuf::from),
            proxies: lookup("UTVAG_PROXIES")
                .map(|list| list.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect())
                .unwrap_or_default(),
        })
    }
}

/// The address of the database, under the program's own login.
pub fn database(lookup: Lookup<'_>) -> Result<PgConnectOptions, SettingFault> {
    const NAME: &str = "DATABASE_URL";
    let url = lookup(NAME).ok_or(SettingFault::Missing(
        NAME,
        "write postgres://utvag_app@host:5432/database, or start with --data-dir for a private database",
    ))?;
    with_password(address(NAME, &url)?, "UTVAG_DATABASE_PASSWORD_FILE", lookup)
}

/// The owner's address of the database, for migrations alone.
pub fn owners_database(lookup: Lookup<'_>) -> Result<PgConnectOptions, SettingFault> {
    const NAME: &str = "UTVAG_OWNER_DATABASE_URL";
    let url = lookup(NAME).ok_or(SettingFault::Missing(NAME, "write postgres://owner@host:5432/database"))?;
    with_password(address(NAME, &url)?, "UTVAG_OWNER_PASSWORD_FILE", lookup)
}

/// The folder with the key files.
pub fn keys(lookup: Lookup<'_>) -> Result<PathBuf, SettingFault> {
    lookup("UTVAG_KEYS").map(PathBuf::from).ok_or(SettingFault::Missing(
        "UTVAG_KEYS",
        "name the folder with data.key, vault.key and audit.key; utvag create-keys makes one",
    ))
}

/// Where the program listens.
pub fn listen(lookup: Lookup<'_>) -> Result<SocketAddr, SettingFault> {
    let typed = lookup("UTVAG_LISTEN").map(|text| text.trim().parse());
    typed.transpose().map(|said| said.unwrap_or(LISTEN)).map_err(|_| {
        SettingFault::Unreadable("UTVAG_LISTEN", "write an address and a port, such as 127.0.0.1:8080 or [::1]:8080")
    })
}

/// Whether keys are demanded. They belong to an address, so it has to be said, and be a name.
fn keys_required(lookup: Lookup<'_>) -> Result<bool, SettingFault> {
    const NAME: &str = "UTVAG_KEYS_REQUIRED";
    let required = match lookup(NAME).map(|typed| typed.trim().to_lowercase()).as_deref() {
        None | Some("yes") => true,
        Some("no") => false,
        Some(_) => return Err(SettingFault::Unreadable(NAME, "write yes or no")),
    };
    if required && origin(lookup)?.is_none() {
        let why = "passkeys belong to an address: write it, or say UTVAG_KEYS_REQUIRED=no to let codes do";
        return Err(SettingFault::Missing("UTVAG_ORIGIN", why));
    }
    Ok(required)
}

pub fn origin(lookup: Lookup<'_>) -> Result<Option<Origin>, SettingFault> {
    let Some(text) = lookup("UTVAG_ORIGIN") else { return Ok(None) };
    Origin::parse(&text).map(Some).ok_or(SettingFault::Unreadable(
        "UTVAG_ORIGIN",
        "write what stands in the address bar, such as https://utvag.example.se",
    ))
}

/// The text of a secret's file, without the line's end.
pub fn secret_file(name: &'static str, path: &str) -> Result<String, SettingFault> {
    let text = std::fs::read_to_string(path).map_err(|error| SettingFault::File(name, error.to_string()))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn address(name: &'static str, url: &str) -> Result<PgConnectOptions, SettingFault> {
    // The driver takes any scheme for its own.
    let ours = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let parsed = if ours { url.parse().ok() } else { None };
    parsed.ok_or(SettingFault::Unreadable(name, "write postgres://user@host:5432/database"))
}

fn with_password(
    options: PgConnectOptions,
    name: &'static str,
    lookup: Lookup<'_>,
) -> Result<PgConnectOptions, SettingFault> {
    Ok(match lookup(name) {
        Some(path) => options.password(&secret_file(name, &path)?),
        None => options,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Settings, SettingFault> {
        let set: Vec<(String, String)> = set.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Settings::read(&move |name| set.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
    }

    const LEAST: [(&str, &str); 3] = [
        ("DATABASE_URL", "postgres://utvag_app:hemligt@db/utvag"),
        ("UTVAG_KEYS", "/keys"),
        ("UTVAG_ORIGIN", "https://utvag.example.se"),
    ];

    #[test]
    fn the_least_is_a_database_and_keys_and_an_address() {
        let settings = read(&LEAST).unwrap();
        assert_eq!((settings.listen, settings.keys_required), (LISTEN, true));
        for left_out in LEAST {
            let rest: Vec<_> = LEAST.into_iter().filter(|one| *one != left_out).collect();
            let missing = read(&rest).err().unwrap().to_string();
            assert!(missing.starts_with(left_out.0), "{missing}");
        }
    }

    #[test]
    fn where_codes_do_no_address_is_needed() {
        let codes = [LEAST[0], LEAST[1], ("UTVAG_KEYS_REQUIRED", "no")];
        let settings = read(&codes).unwrap();
        assert_eq!((settings.keys_required, settings.origin), (false, None));
        let unsure = [LEAST[0], LEAST[1], ("UTVAG_KEYS_REQUIRED", "kanske")];
        assert!(matches!(read(&unsure), Err(SettingFault::Unreadable("UTVAG_KEYS_REQUIRED", _))));
    }

    #[test]
    fn a_setting_that_cannot_be_read_is_named_and_not_repeated() {
        for (name, typed) in [
            ("DATABASE_URL", "mysql://hemligt"),
            ("UTVAG_LISTEN", "hemligt"),
            ("UTVAG_ORIGIN", "hemligt.example.se"),
            ("UTVAG_DATABASE_PASSWORD_FILE", "/finns/inte/hemligt"),
        ] {
            let rest: Vec<_> = LEAST.into_iter().filter(|(known, _)| *known != name).chain([(name, typed)]).collect();
            let said = read(&rest).err().unwrap().to_string();
            assert!(said.contains(name) && !said.contains("hemligt"), "{said}");
        }
    }

    #[test]
    fn an_origin_is_scheme_and_host() {
        let parse = |text| Origin::parse(text).map(|origin| origin.to_string());
        assert_eq!(parse(" https://Utvag.Example.se/ ").as_deref(), Some("https://utvag.example.se"));
        assert_eq!(parse("http://localhost:8080").as_deref(), Some("http://localhost:8080"));
        for wrong in ["utvag.example.se", "https://", "https://a/b", "ftp://a", "https://a b"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}

//! Settings: from the command line, else the environment (`MIKOMI_…`), else a configuration file, else the default.

use std::path::Path;

use config::{Config, ConfigError, Environment, File, Map};
use serde::Deserialize;

use crate::oidc::Section;

/// What can be set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where to listen, as `HOST:PORT`.
    pub listen: String,
    /// The database: `sqlite:PATH` or `postgres://…`.
    pub database: String,
    /// What to log, in the syntax of `RUST_LOG`: `info`, `mikomi=debug,warn`.
    pub log: String,
    /// How to log: `text` or `json`.
    pub log_format: LogFormat,
    /// How many database connections to read with.
    pub connections: usize,
    /// Whether adopted and closed plans can be read without a key.
    pub public_reading: bool,
    /// How many requests a second each key, each person who has signed in, and each address without either may send, and
    /// twice as many at once; 0 for any number.
    pub rate_limit: u32,
    /// The proxies in front, whose `X-Forwarded-For` or `Forwarded` is believed: addresses and networks, with commas between.
    pub trusted_proxies: String,
    /// The sites whose pages may read answers: `https://example.jp`, with commas between.
    pub cors_origins: String,
    /// Whether TLS ends in front, so that browsers are told never to come without.
    pub behind_tls: bool,
    /// The identity provider whose tokens are taken beside keys.
    pub oidc: Option<Section>,
    /// For benchmarks only: serves `/bench/memory`, the answers of the API from memory, to compare with.
    pub bench: bool,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

impl TryFrom<String> for LogFormat {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        match word.as_str() {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(format!("`{word}` is no format of the log: use `text` or `json`")),
        }
    }
}

/// What the command line says; `None` leaves it to the others.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// `--listen`
    pub listen: Option<String>,
    /// `--database`
    pub database: Option<String>,
}

impl Settings {
    /// Puts the sources together. `environment` is the process's ([`environment`]), or a test's.
    ///
    /// # Errors
    /// A file that is not there or not TOML, a name that cannot be set, a value of the wrong kind.
    pub fn load(given: Given, file: Option<&Path>, environment: [Environment; 2]) -> Result<Self, ConfigError> {
        let mut builder = Config::builder()
            .set_default("listen", "127.0.0.1:8080")?
            .set_default("database", "sqlite:mikomi.sqlite")?
            .set_default("log", "info")?
            .set_default("log_format", "text")?
            .set_default("connections", 4)?
            .set_default("public_reading", false)?
            .set_default("rate_limit", 50)?
            .set_default("trusted_proxies", "")?
            .set_default("cors_origins", "")?
            .set_default("behind_tls", false)?
            .set_default("bench", false)?;
        if let Some(file) = file {
            builder = builder.add_source(File::from(file));
        }
        let [words, texts] = environment;
        builder
            .add_source(words)
            .add_source(texts)
            .set_override_option("listen", given.listen)?
            .set_override_option("database", given.database)?
            .build()?
            .try_deserialize()
    }
}

/// What can be set by the environment, after `MIKOMI_`. Others may use the prefix for what is not ours: Kubernetes sets
/// `MIKOMI_PORT` beside a service of that name.
const NAMES: [&str; 11] = [
    "LISTEN",
    "DATABASE",
    "LOG",
    "LOG_FORMAT",
    "CONNECTIONS",
    "PUBLIC_READING",
    "RATE_LIMIT",
    "TRUSTED_PROXIES",
    "CORS_ORIGINS",
    "BEHIND_TLS",
    "BENCH",
];

/// What of the section `oidc` can be set by the environment, after `MIKOMI_OIDC_`: all but who gets which role.
const OF_OIDC: [&str; 5] = ["ISSUER", "AUDIENCE", "JWKS_URI", "JWKS_FILE", "NAME_CLAIM"];

/// The process's environment, as far as it is ours: first what may be a number or a truth, then what is a text whatever it
/// looks like.
pub fn environment() -> [Environment; 2] {
    let variables =
        std::env::vars_os().filter_map(|(name, value)| name.into_string().ok().zip(value.into_string().ok()));
    environment_of(variables)
}

fn environment_of(variables: impl Iterator<Item = (String, String)>) -> [Environment; 2] {
    let (mut words, mut texts) = (Map::new(), Map::new());
    for (name, value) in variables {
        let Some(ours) = name.strip_prefix("MIKOMI_") else { continue };
        match ours.strip_prefix("OIDC_") {
            Some(of_oidc) if OF_OIDC.contains(&of_oidc) => drop(texts.insert(format!("MIKOMI_oidc.{of_oidc}"), value)),
            None if NAMES.contains(&ours) => drop(words.insert(name, value)),
            _ => {}
        }
    }
    let [words, texts] =
        [words, texts].map(|source| Environment::with_prefix("MIKOMI").prefix_separator("_").source(Some(source)));
    [words.try_parsing(true), texts.ignore_empty(true)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> [Environment; 2] {
        environment_of(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn the_command_line_wins_over_the_environment_and_that_over_the_default() {
        let environment = environment(&[
            ("MIKOMI_LISTEN", "0.0.0.0:1"),
            ("MIKOMI_DATABASE", "sqlite:a"),
            ("MIKOMI_CONNECTIONS", "2"),
        ]);
        let given = Given { database: Some("sqlite:b".to_owned()), ..Given::default() };
        let settings = Settings::load(given, None, environment).unwrap();
        assert_eq!((settings.listen.as_str(), settings.database.as_str()), ("0.0.0.0:1", "sqlite:b"));
        assert_eq!((settings.log.as_str(), settings.connections), ("info", 2));
    }

    #[test]
    fn variables_that_are_not_ours_are_left_alone() {
        let environment = environment(&[
            ("MIKOMI_CONFIG", "mikomi.toml"),
            ("MIKOMI_PORT", "tcp://10.0.0.1:80"),
            ("MIKOMI_TEST_POSTGRES", "postgres://x"),
            ("LOG", "debug"),
        ]);
        assert_eq!(Settings::load(Given::default(), None, environment).unwrap().log, "info");
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_refused() {
        let environment = self::environment(&[("MIKOMI_CONNECTIONS", "many")]);
        assert!(Settings::load(Given::default(), None, environment).is_err());
        let environment = self::environment(&[("MIKOMI_LOG_FORMAT", "yaml")]);
        let said = Settings::load(Given::default(), None, environment).unwrap_err().to_string();
        assert!(said.contains("`yaml`") && said.contains("`text` or `json`"), "{said}");
    }

    #[test]
    fn the_identity_provider_is_described_in_a_file_and_the_environment_wins_over_it() {
        let file = std::env::temp_dir().join(format!("mikomi-settings-{}.toml", std::process::id()));
        let text = r#"
            [oidc]
            issuer = "https://login.example.jp"
            audience = "mikomi"
            [[oidc.grants]]
            claim = "groups"
            value = "minato-planners"
            role = "planner"
            organization = "271071"
        "#;
        std::fs::write(&file, text).unwrap();
        let environment = environment(&[
            ("MIKOMI_OIDC_AUDIENCE", "0012"),
            ("MIKOMI_OIDC_JWKS_URI", ""),
            ("MIKOMI_OIDC_SECRET", "not ours"),
        ]);
        let oidc = Settings::load(Given::default(), Some(&file), environment).unwrap().oidc.unwrap();
        assert_eq!((oidc.issuer.as_str(), oidc.audience.as_str()), ("https://login.example.jp", "0012"));
        assert_eq!((oidc.jwks_uri, oidc.grants[0].organization.as_deref()), (None, Some("271071")));
        std::fs::write(&file, text.replace("organization", "organisation")).unwrap();
        let said = Settings::load(Given::default(), Some(&file), self::environment(&[])).unwrap_err().to_string();
        assert!(said.contains("organisation"), "{said}");
        std::fs::remove_file(file).unwrap();
    }
}

//! What the server puts up with: from whom, how much, how long; and which other sites' pages may talk to it.

use std::str::FromStr;
use std::time::Duration;

use actix_cors::Cors;
use actix_web::http::Uri;
use actix_web::http::header::{
    ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, IF_NONE_MATCH,
    LINK, LOCATION, RETRY_AFTER,
};

use super::answer::REQUEST_ID;
use super::proxies::Proxies;
use super::session::REASON;

/// What a server puts up with.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// How many requests a second each key, each person who has signed in, and each address without either may send; 0 for
    /// any number.
    pub a_second: u32,
    /// Whose word on where a request comes from is believed.
    pub proxies: Proxies,
    /// The sites whose pages may read answers.
    pub origins: Origins,
    /// Whether TLS ends in front of it, so that browsers can be told never to come without (RFC 6797).
    pub behind_tls: bool,
    /// How long it waits for its clients.
    pub times: Times,
}

/// How long a server waits for slow clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// For the head of a connection's first request.
    pub head: Duration,
    /// For a body: the default is [`super::app::MAX_BODY`] at some 2 Mbit/s.
    pub body: Duration,
    /// For the first byte of the next request on an open connection.
    pub idle: Duration,
    /// For an answer to be taken and all of the next request's head to come; twice as long at most.
    pub turn: Duration,
    /// For the end of a connection that is being closed.
    pub goodbye: Duration,
}

impl Default for Times {
    fn default() -> Self {
        let [head, body, idle, turn, goodbye] = [10, 30, 15, 60, 3].map(Duration::from_secs);
        Self { head, body, idle, turn, goodbye }
    }
}

/// The sites whose pages may read answers, as browsers name them: `https://example.jp`.
///
/// ```
/// use mikomi::api::Origins;
///
/// assert!("https://example.jp, http://localhost:3000".parse::<Origins>().is_ok());
/// assert!("https://example.jp/".parse::<Origins>().is_err());
/// assert!("*".parse::<Origins>().is_err());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins(Vec<String>);

/// What is no site as browsers name it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no origin: write https://HOST or https://HOST:PORT without a path, several with commas between")]
pub struct NotAnOrigin(String);

impl FromStr for Origins {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let origin = |word: &str| {
            let known = word.parse::<Uri>().ok().filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
            let same = known.and_then(|uri| Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?)));
            let plain = same.filter(|same| same.eq_ignore_ascii_case(word) && !same.contains(['@', '*']));
            plain.map(|origin| origin.to_ascii_lowercase()).ok_or_else(|| NotAnOrigin(word.to_owned()))
        };
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        words.map(origin).collect::<Result<_, _>>().map(Self)
    }
}

impl Origins {
    /// Whether there is none, as long as nobody names one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What answers browsers that ask whether a page may do something. Without cookies there is nothing that a browser
    /// would send by itself, so credentials need no allowance.
    pub(super) fn cors(&self) -> Cors {
        let sent = [ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH];
        let own = ["idempotency-key", REASON];
        let cors = Cors::default()
            .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
            .allowed_headers(sent)
            .allowed_headers(own)
            .expose_headers([CONTENT_LANGUAGE, ETAG, LINK, LOCATION, RETRY_AFTER, REQUEST_ID] as [HeaderName; 6])
            .max_age(3600);
        self.0.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_named_as_browsers_do_and_nothing_stands_for_all_sites() {
        let origins: Origins = "https://Example.JP, http://localhost:3000,,http://[::1]:80".parse().unwrap();
        assert_eq!(origins.0, ["https://example.jp", "http://localhost:3000", "http://[::1]:80"]);
        for text in [
            "*",
            "null",
            "example.jp",
            "https://",
            "https://a/b",
            "https://a/",
            "ftp://a",
            "https://*.a",
            "https://u@a",
            "https://a?b",
        ] {
            assert_eq!(text.parse::<Origins>(), Err(NotAnOrigin(text.to_owned())), "{text}");
        }
    }
}

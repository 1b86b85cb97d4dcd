//! Japanese or English, by `Accept-Language` (RFC 9110, section 12.5.4).

use actix_web::http::header::HeaderMap;

use crate::domain::Bilingual;

/// The language of an answer's sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Japanese, also for those who ask for nothing: the users are Japanese offices.
    Ja,
    /// English.
    En,
}

impl Language {
    /// The preferred one of the two.
    pub fn asked(headers: &HeaderMap) -> Self {
        let asked = headers.get("accept-language").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut best = (Self::Ja, 0.0);
        for range in asked.split(',') {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).unwrap_or(0.0);
            let language = match tag.trim().split('-').next().map(str::to_ascii_lowercase).as_deref() {
                Some("ja") => Self::Ja,
                Some("en") => Self::En,
                _ => continue,
            };
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }

    /// The language tag (RFC 5646).
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// The sentence in this language.
    pub fn of(self, text: &Bilingual) -> &str {
        match self {
            Self::Ja => &text.ja,
            Self::En => &text.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderValue};

    #[test]
    fn the_preferred_language_is_taken_and_japanese_where_none_is_asked_for() {
        for (asked, expected) in [
            ("", Language::Ja),
            ("en", Language::En),
            ("en-GB,en;q=0.9", Language::En),
            ("ja,en;q=0.8", Language::Ja),
            ("fr, en;q=0.3, ja;q=0.7", Language::Ja),
            ("de", Language::Ja),
            ("en;q=nonsense", Language::Ja),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(asked));
            assert_eq!(Language::asked(&headers), expected, "{asked}");
        }
    }
}

//! Units: what may be counted, in the spelling that is kept.

use std::sync::LazyLock;

use super::Source;
use super::unit_words::{SPELLINGS, UNITS};

/// What is counted in ranks: the first is the best, so that 以上 may mean a smaller number.
pub(in crate::domain::phrase) fn is_rank(unit: &str) -> bool {
    matches!(unit, "位" | "級" | "等" | "等級" | "番" | "番目" | "着")
}

/// Whether a unit is one that the vocabulary knows, so that it can be written directly behind a number.
pub(in crate::domain::phrase) fn is_known(unit: &str) -> bool {
    let first = unit.chars().next().unwrap_or(' ').to_ascii_lowercase();
    KNOWN.get(super::bucket(first)).is_some_and(|known| known.iter().any(|known| known.eq_ignore_ascii_case(unit)))
}

/// What may be written directly behind a number, by the first character in lower case.
static KNOWN: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let mut table: Vec<Vec<&str>> = (0..super::BUCKETS).map(|_| Vec::new()).collect();
    let latin = SPELLINGS.iter().map(|(_, kept)| *kept).filter(|kept| kept.is_ascii());
    for unit in UNITS.iter().copied().chain(["円"]).chain(latin) {
        let first = unit.chars().next().unwrap_or(' ').to_ascii_lowercase();
        if let Some(place) = table.get_mut(super::bucket(first)) {
            place.push(unit);
        }
    }
    table
});

/// Every spelling and the unit that is kept, by the first character.
static BY_FIRST: LazyLock<Vec<Vec<(&'static str, &'static str)>>> = LazyLock::new(|| {
    let mut table: Vec<Vec<(&str, &str)>> = (0..super::BUCKETS).map(|_| Vec::new()).collect();
    for (written, kept) in SPELLINGS.iter().copied().chain(UNITS.iter().map(|unit| (*unit, *unit))) {
        if let Some(place) = table.get_mut(super::bucket(written.chars().next().unwrap_or(' '))) {
            place.push((written, kept));
        }
    }
    table
});

/// The unit that stands at a position, and where it ends: the longest of the vocabulary and the indicator's own.
pub(super) fn unit(source: &Source<'_>, at: usize, own: Option<&str>) -> Option<(Option<&'static str>, usize)> {
    let mut best: Option<(Option<&'static str>, usize)> = None;
    let mut offer = |unit: Option<&'static str>, end: usize| {
        if best.is_none_or(|(_, longest)| end > longest) {
            best = Some((unit, end));
        }
    };
    let first = source.at(at);
    for (written, kept) in BY_FIRST.get(super::bucket(first)).map_or(&[][..], Vec::as_slice) {
        if let Some(end) = source.has(at, written)
            && ends_a_word(source, end)
        {
            offer(Some(kept), end);
        }
    }
    if let Some(own) = own
        && let Some(end) = has_own(source, at, own)
    {
        offer(None, end);
    }
    best
}

/// Whether the indicator's own unit stands at a position: it is written by the same hands as the text.
fn has_own(source: &Source<'_>, at: usize, own: &str) -> Option<usize> {
    let own = Source::new(own);
    let same = (0..own.len()).all(|offset| source.at(at + offset) == own.at(offset));
    (same && own.len() > 0 && ends_a_word(source, at + own.len())).then(|| at + own.len())
}

/// Whether a word in Latin letters ends at a position: `m` is no unit in `more`.
pub(super) fn ends_a_word(source: &Source<'_>, end: usize) -> bool {
    let before = source.at(end.saturating_sub(1));
    !(before.is_ascii_alphabetic() && source.at(end).is_ascii_alphanumeric())
}

/// One unit in two languages: what an English text calls the Japanese unit of an indicator.
const ENGLISH: [(&str, &[&str]); 22] = [
    ("件", &["case", "cases", "item", "items", "consultations", "incidents", "accidents", "complaints"]),
    ("人", &["person", "persons", "people", "residents", "participants", "users", "members", "visitors", "名"]),
    ("名", &["person", "persons", "people", "residents", "participants", "users", "members", "人"]),
    ("回", &["time", "times", "meetings", "sessions", "events"]),
    ("校", &["school", "schools"]),
    ("区", &["ward", "wards"]),
    ("地域", &["district", "districts", "area", "areas", "communities"]),
    ("団体", &["group", "groups", "organizations", "organisations"]),
    ("施設", &["facility", "facilities"]),
    ("点", &["point", "points"]),
    ("箇所", &["place", "places", "site", "sites", "location", "locations", "か所", "カ所", "ヶ所"]),
    ("社", &["company", "companies"]),
    ("世帯", &["household", "households"]),
    ("日", &["day", "days"]),
    ("時間", &["hour", "hours"]),
    ("分", &["minute", "minutes"]),
    ("年", &["year", "years"]),
    ("か月", &["month", "months"]),
    ("台", &["unit", "units", "vehicles"]),
    ("冊", &["book", "books"]),
    ("棟", &["building", "buildings"]),
    ("講座", &["course", "courses"]),
];

/// Whether two units are one: the same spelling, or the English word for the Japanese one.
pub(in crate::domain::phrase) fn same(stated: &str, own: &str) -> bool {
    use crate::domain::criterion::unit_factor;
    let english = |japanese: &str, english: &str| {
        ENGLISH
            .iter()
            .any(|(unit, words)| *unit == japanese && words.iter().any(|word| word.eq_ignore_ascii_case(english)))
    };
    stated.eq_ignore_ascii_case(own)
        || unit_factor(stated, own) == Some(crate::domain::Decimal::from(1))
        || english(own, stated)
        || (own == "箇所" || stated == "箇所") && unit_factor(stated, own).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_unit_is_taken_in_the_spelling_that_is_kept() {
        for (text, own, expected) in [
            ("％以上", None, Some((Some("%"), 1))),
            ("ヶ所", None, Some((Some("箇所"), 2))),
            ("か月以内", None, Some((Some("か月"), 2))),
            ("団体・個人以上", Some("団体・個人"), Some((None, 5))),
            ("more", None, None),
            ("m", None, Some((Some("m"), 1))),
            ("以上", None, None),
        ] {
            assert_eq!(unit(&Source::new(text), 0, own), expected, "{text}");
        }
        assert!(same("cases", "件") && same("か所", "箇所") && !same("件", "人"));
    }
}

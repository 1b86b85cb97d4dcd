//! Numbers in English words, and fractions: `seventy-five`, `two thirds`, 3分の2.

use super::Source;
use super::number::{begins_in_kanji, number};
use super::units::ends_a_word;
use crate::domain::Decimal;

const ONES: [(&str, i64); 21] = [
    ("nil", 0),
    ("zero", 0),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
];

const TENS: [(&str, i64); 8] = [
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];

/// What a whole is parted into.
const PARTS: [(&str, i64); 12] = [
    ("quarters", 4),
    ("quarter", 4),
    ("thirds", 3),
    ("third", 3),
    ("fifths", 5),
    ("fifth", 5),
    ("sixths", 6),
    ("sixth", 6),
    ("eighths", 8),
    ("eighth", 8),
    ("tenths", 10),
    ("tenth", 10),
];

/// A share of a whole.
pub(super) struct Fraction {
    /// The share in percent, as far as decimals reach.
    pub(super) percent: Option<Decimal>,
    /// The position after it.
    pub(super) end: usize,
}

/// `a quarter`, `a third`, behind `by` or in front of a change: so large a share, unless it goes on as a name (a third party).
pub(super) fn one_part(source: &Source<'_>, at: usize, behind_by: bool) -> Option<Fraction> {
    const ENDS: [&str; 10] =
        ["by ", "from ", "compared ", "on ", "against ", "over ", "relative ", "or ", "in ", "since "];
    const CHANGES: [&str; 11] = [
        "fewer ",
        "less ",
        "more ",
        "lower ",
        "higher ",
        "below ",
        "above ",
        "reduction ",
        "increase ",
        "cut ",
        "rise ",
    ];
    let start = source.has(at, "a ")?;
    let (end, whole) = [("quarter", 4), ("third", 3), ("fifth", 5), ("tenth", 10)]
        .iter()
        .find_map(|(word, whole)| source.has(start, word).map(|end| (end, *whole)))?;
    let next = source.skip_space(end);
    let any = |words: &[&str]| words.iter().any(|word| source.has(next, word).is_some());
    let ends = matches!(source.at(next), '\0' | ',' | '.' | ';' | '(' | ')') || any(&ENDS);
    ((behind_by && ends || any(&CHANGES)) && ends_a_word(source, end))
        .then(|| Fraction { percent: Decimal::from(100).over(Decimal::from(whole)), end })
}

/// A number in English words, in front of a space or a hyphen: `three schools`, `three-year`; `zero` anywhere.
pub(super) fn english(source: &Source<'_>, at: usize) -> Option<(i64, usize)> {
    // Zero to nine, ten to ninety begin with one of these.
    if !matches!(source.at(at), 'e' | 'f' | 'n' | 'o' | 's' | 't' | 'z') {
        return None;
    }
    let word = |words: &[(&str, i64)], at: usize| {
        words.iter().find_map(|(word, value)| {
            source.has(at, word).filter(|end| ends_a_word(source, *end)).map(|end| (*value, end))
        })
    };
    let (value, end) = match word(&TENS, at) {
        Some((tens, end)) => {
            let joined = matches!(source.at(end), ' ' | '-').then_some(end + 1);
            match joined.and_then(|next| word(&ONES, next)).filter(|(ones, _)| (1..10).contains(ones)) {
                Some((ones, end)) => (tens + ones, end),
                None => (tens, end),
            }
        }
        None => word(&ONES, at)?,
    };
    let next = source.at(end);
    // zero-emission buses, a one-stop shop: a word of its own.
    let joined = |words: &[&str]| next == '-' && words.iter().any(|word| source.has(end + 1, word).is_some());
    if value == 0 && next == '-' && source.at(end + 1).is_ascii_alphabetic()
        || value <= 2 && joined(&["stop", "way", "off", "to-", "tier", "storey"])
    {
        return None;
    }
    (matches!(next, ' ' | '-' | '\0' | '.' | ',') || value == 0 && !next.is_alphanumeric()).then_some((value, end))
}

/// `often = ( once | twice ) ( a | per | each | every | in )`: so many times in a stretch of time.
pub(super) fn often(source: &Source<'_>, at: usize) -> Option<(i64, usize)> {
    let (times, end) = match source.at(at) {
        'o' => (1, source.has(at, "once")?),
        't' => (2, source.has(at, "twice")?),
        _ => return None,
    };
    let over_time = |link: &str| {
        source.has(end, link).is_some_and(|end| {
            ["week", "month", "quarter", "year", "day", "term"].iter().any(|time| source.has(end, time).is_some())
        })
    };
    const OVER: [&str; 7] = [" a ", " per ", " each ", " every ", " or more a ", " or more per ", " or more each "];
    OVER.iter().any(|link| over_time(link)).then_some((times, end))
}

/// `fraction = number-word ( " " | "-" ) part | number 分の number | number " in " number`, where `word` is the number word that was read here.
pub(super) fn fraction(source: &Source<'_>, at: usize, word: Option<(i64, usize)>) -> Option<Fraction> {
    if word.is_none() && source.at(at).is_ascii_digit() {
        let mut end = at;
        while source.at(end).is_ascii_digit() {
            end += 1;
        }
        // 80%, 1,200件: nothing behind the digits that makes them a part of a fraction.
        if !matches!(source.at(end), '分' | ' ' | ',' | '.')
            && (source.at(end).is_ascii()
                || !begins_in_kanji(source.at(end)) && !matches!(source.at(end), '万' | '億' | '兆'))
        {
            return None;
        }
    }
    let (parts, whole, end) = if let Some(shared) = one_in(source, at, word) {
        shared
    } else if let Some((parts, end)) = word {
        let (_, whole, end) = PARTS
            .iter()
            .find_map(|(word, whole)| source.has(end + 1, word).map(|end| (word, *whole, end)))
            .filter(|(_, _, end)| ends_a_word(source, *end))?;
        (Decimal::from(parts), Decimal::from(whole), end)
    } else {
        let whole = number(source, at)?;
        let parts = number(source, source.has(whole.end, "分の")?)?;
        (parts.value?, whole.value?, parts.end)
    };
    let percent = parts.times(100.into()).and_then(|hundred| hundred.over(whole));
    Some(Fraction { percent, end })
}

/// `3 in 4 residents`, `one in five`: so many of every so many; not 10 in 30 days, 2 in 2026.
fn one_in(source: &Source<'_>, at: usize, word: Option<(i64, usize)>) -> Option<(Decimal, Decimal, usize)> {
    let written = |at: usize| {
        let spelt = english(source, at).map(|(value, end)| (Decimal::from(value), end));
        spelt.or_else(|| number(source, at).and_then(|found| Some((found.value?, found.end))))
    };
    let (parts, end) = match word {
        Some((parts, end)) => (Decimal::from(parts), end),
        None if source.at(at).is_ascii_digit() => written(at)?,
        None => return None,
    };
    let (whole, end) = written(source.has(end, " in every ").or_else(|| source.has(end, " in "))?)?;
    let small = parts > Decimal::ZERO && parts < whole && whole <= Decimal::from(1_000) && whole.scale() == 0;
    let next = source.skip_space(end);
    let time = ["day", "week", "month", "year", "hour", "minute", "working"];
    let bare = matches!(source.at(end), ' ' | '\0' | '.' | ',' | ')') && source.at(next).to_digit(10).is_none();
    // 1 in 5 Year 6 pupils
    let pupils = source.has(next, "year ").is_some_and(|number| source.at(number).is_ascii_digit());
    let timed = !pupils && time.iter().any(|word| source.has(next, word).is_some());
    (small && bare && !timed).then_some((parts, whole, end))
}

/// `majority = 過半数 | 半数`, the latter in front of a bound: where it ends, and whether it is more than half.
pub(super) fn majority(source: &Source<'_>, at: usize) -> Option<(usize, bool)> {
    if let Some(end) = source.has(at, "過半数") {
        return Some((end, true));
    }
    let end = source.has(at, "半数")?;
    ["以上", "を超", "超", "以下", "未満", "を上回"]
        .iter()
        .any(|word| source.has(end, word).is_some())
        .then_some((end, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_shares_in_words_are_read() {
        for (text, value) in [
            ("seventy percent", Some(70)),
            ("sixteen schools", Some(16)),
            ("twenty-five ", Some(25)),
            ("often", None),
            ("zero", Some(0)),
        ] {
            assert_eq!(english(&Source::new(text), 0).map(|found| found.0), value, "{text}");
        }
        for (text, value) in
            [("three quarters", Some("75")), ("one-fifth", Some("20")), ("4分の3", Some("75")), ("3分", None)]
        {
            let source = Source::new(text);
            let found = fraction(&source, 0, english(&source, 0)).and_then(|found| found.percent);
            assert_eq!(found.map(|value| value.to_string()).as_deref(), value, "{text}");
        }
    }
}

//! Numbers: `4,400`, `12.9`, `１億５千万`, `千二百`, `ゼロ`.

use super::Source;
use crate::domain::Decimal;

/// How many digits after the point the arithmetic below keeps: as many as a [`Decimal`] does.
const SCALE: u32 = crate::domain::decimal::MAX_SCALE;

/// A number as it stands in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::domain::phrase) struct Numeral {
    /// Its value; `None` when it is not written as numbers are (`4,40`, `1.2.3`), or has too many digits.
    pub(in crate::domain::phrase) value: Option<Decimal>,
    /// Whether a multiplier (千, 万, 億) was used, so that what was written is not the plain value.
    pub(in crate::domain::phrase) scaled: bool,
    /// Whether it is written in kanji or as a word.
    pub(in crate::domain::phrase) worded: bool,
    /// The position after it.
    pub(in crate::domain::phrase) end: usize,
}

/// `number = digits { multiplier [ digits ] } | kanji-digits { multiplier [ kanji-digits ] }`
pub(super) fn number(source: &Source<'_>, start: usize) -> Option<Numeral> {
    let first = source.at(start);
    if first.is_ascii_digit() {
        let digits = digits(source, start);
        let next = source.at(digits.end);
        if power_of(next).is_none() && kanji_digit(next).is_none() {
            let value = digits.mantissa.and_then(|mantissa| decimal(mantissa, digits.scale));
            return Some(Numeral { value, scaled: false, worded: false, end: digits.end });
        }
    } else if kanji_digit(first).is_none() && power_of(first).is_none() {
        return None;
    }
    let mut at = start;
    // Fixed point: everything below is counted in units of ten to the minus twelve.
    let one: i128 = 10_i128.pow(SCALE);
    let (mut total, mut section): (Option<i128>, Option<i128>) = (Some(0), Some(0));
    let mut digits: Option<i128> = None;
    let (mut scaled, mut worded) = (false, false);
    loop {
        let c = source.at(at);
        if c.is_ascii_digit() {
            if digits.is_some() {
                break;
            }
            let (value, end) = arabic(source, at);
            let Some(value) = value else { return Some(bad(end)) };
            digits = Some(value);
            at = end;
        } else if let Some(digit) = kanji_digit(c) {
            worded = true;
            digits = Some(digits.and_then(|so_far| so_far.checked_mul(10)).unwrap_or(0) + digit * one);
            at += 1;
        } else if let Some((power, large)) = power_of(c) {
            if digits.is_none() && (large && section == Some(0) || at != start && !worded && !scaled) {
                break;
            }
            scaled |= at > start || large;
            worded |= at == start;
            let base = digits.take().unwrap_or(if large { 0 } else { one });
            if large {
                let whole = section.and_then(|section| section.checked_add(base));
                let value = whole.and_then(|whole| whole.checked_mul(10_i128.pow(power)));
                total = total.zip(value).and_then(|(total, value)| total.checked_add(value));
                section = Some(0);
            } else {
                let value = base.checked_mul(10_i128.pow(power));
                section = section.zip(value).and_then(|(section, value)| section.checked_add(value));
            }
            at += 1;
        } else {
            break;
        }
    }
    if at == start {
        return None;
    }
    let rest = section.and_then(|section| section.checked_add(digits.unwrap_or(0)));
    let value =
        total.zip(rest).and_then(|(total, rest)| total.checked_add(rest)).and_then(|value| decimal(value, SCALE));
    let plain_kanji = worded && !source.at(start).is_ascii_digit();
    Some(Numeral { value, scaled: scaled && !plain_kanji, worded: plain_kanji, end: at })
}

/// Digits as they stand: the number without its point, and how many of its digits stand behind the point.
struct Digits {
    /// `None` when they are not written as numbers are, or are too many.
    mantissa: Option<i128>,
    scale: u32,
    end: usize,
}

/// `digits = group { "," group-of-three } [ "." fraction ]`
fn digits(source: &Source<'_>, start: usize) -> Digits {
    let mut at = start;
    let (mut mantissa, mut length, mut scale) = (0_u64, 0_u32, 0_u32);
    let (mut in_group, mut groups, mut pointed, mut sound) = (0_u32, 0_u32, false, true);
    loop {
        let c = source.at(at);
        if let Some(digit) = c.to_digit(10) {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
            length += u32::from(length > 0 || digit > 0);
            if pointed {
                scale += 1;
            } else {
                in_group += 1;
            }
        } else if c == ',' && source.at(at + 1).is_ascii_digit() && !pointed {
            // A group that is not of three digits is no number: 4,40.
            sound &= if groups == 0 { in_group <= 3 && source.at(start) != '0' } else { in_group == 3 };
            groups += 1;
            in_group = 0;
        } else if c == '.' && source.at(at + 1).is_ascii_digit() {
            sound &= !pointed;
            pointed = true;
        } else {
            break;
        }
        at += 1;
    }
    sound &= (groups == 0 || in_group == 3) && length < 20 && scale <= SCALE;
    Digits { mantissa: sound.then_some(i128::from(mantissa)), scale, end: at }
}

/// The same in units of ten to the minus twelve.
fn arabic(source: &Source<'_>, start: usize) -> (Option<i128>, usize) {
    let Digits { mantissa, scale, end } = digits(source, start);
    (mantissa.and_then(|value| value.checked_mul(10_i128.pow(SCALE.saturating_sub(scale)))), end)
}

fn bad(end: usize) -> Numeral {
    Numeral { value: None, scaled: false, worded: false, end }
}

fn decimal(mut value: i128, mut scale: u32) -> Option<Decimal> {
    while scale > 0 && value % 10 == 0 {
        value /= 10;
        scale -= 1;
    }
    if let (0, Ok(whole)) = (scale, i64::try_from(value))
        && whole < 1_000_000_000_000_000_000
    {
        return Some(Decimal::from(whole));
    }
    rust_decimal::Decimal::try_from_i128_with_scale(value, scale).ok().and_then(|value| Decimal::new(value).ok())
}

/// The value of one kanji digit.
fn kanji_digit(c: char) -> Option<i128> {
    Some(match c {
        '〇' | '零' => 0,
        '一' | '壱' => 1,
        '二' | '弐' => 2,
        '三' | '参' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// What the multipliers behind the digits of an amount come to: a thousand for `150千円`. Nothing when it is written in several parts.
pub(in crate::domain::phrase) fn multiplier(source: &Source<'_>, start: usize) -> Option<Decimal> {
    let (_, mut at) = arabic(source, start);
    let mut power = 0;
    while let Some((more, _)) = power_of(source.at(at)) {
        power += more;
        at += 1;
    }
    (power > 0 && power <= 12 && !source.at(at).is_ascii_digit()).then(|| Decimal::from(10_i64.pow(power)))
}

/// `15 million`: the number times its English multiplier.
pub(super) fn times_english(source: &Source<'_>, found: Numeral) -> Numeral {
    const WORDS: [(&str, i64); 5] = [
        ("hundred", 100),
        ("thousand", 1_000),
        ("million", 1_000_000),
        ("billion", 1_000_000_000),
        ("trillion", 1_000_000_000_000),
    ];
    let next = source.skip_space(found.end);
    match WORDS.iter().find_map(|(word, by)| source.has(next, word).map(|end| (*by, end))) {
        Some((by, end)) if super::units::ends_a_word(source, end) => {
            let value = found.value.and_then(|value| value.times(by.into()));
            Numeral { value, scaled: true, end, ..found }
        }
        _ => found,
    }
}

/// `£1.5m`, `$20k`, `£2bn`: the letter directly behind an amount of money.
pub(super) fn times_suffix(source: &Source<'_>, found: Numeral) -> Numeral {
    const LETTERS: [(&str, i64); 5] =
        [("bn", 1_000_000_000), ("mn", 1_000_000), ("b", 1_000_000_000), ("m", 1_000_000), ("k", 1_000)];
    match LETTERS.iter().find_map(|(letter, by)| source.has(found.end, letter).map(|end| (*by, end))) {
        Some((by, end)) if !source.at(end).is_alphanumeric() => {
            let value = found.value.and_then(|value| value.times(by.into()));
            Numeral { value, scaled: true, end, ..found }
        }
        _ => found,
    }
}

/// The power of ten of 十 百 千 (which add up) and 万 億 兆 (which close a section).
fn power_of(c: char) -> Option<(u32, bool)> {
    Some(match c {
        '十' => (1, false),
        '百' => (2, false),
        '千' => (3, false),
        '万' => (4, true),
        '億' => (8, true),
        '兆' => (12, true),
        _ => return None,
    })
}

/// Whether a number written in kanji may begin with this character.
pub(super) fn begins_in_kanji(c: char) -> bool {
    kanji_digit(c).is_some() || matches!(c, '十' | '百' | '千')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (text, value, rest) in [
            ("55%", Some("55"), "%"),
            ("4,400件", Some("4400"), "件"),
            ("１２．９％", Some("12.9"), "％"),
            ("15,000千円", Some("15000000"), "円"),
            ("1億5千万円", Some("150000000"), "円"),
            ("3百万円", Some("3000000"), "円"),
            ("1.5億円", Some("150000000"), "円"),
            ("千二百件", Some("1200"), "件"),
            ("二十人", Some("20"), "人"),
            ("二〇二四", Some("2024"), ""),
            ("十", Some("10"), ""),
            ("12万3,456人", Some("123456"), "人"),
            ("4,40件", None, "件"),
            ("1.2.3", None, ""),
            ("12.", Some("12"), "."),
            ("1,234,567", Some("1234567"), ""),
            ("1,2", None, ""),
            ("1234567890123456789", None, ""),
            ("0.1234567890123", None, ""),
            ("9999999999999999兆", None, ""),
        ] {
            let source = Source::new(text);
            let found = number(&source, 0).expect("a number");
            assert_eq!(found.value.map(|value| value.to_string()).as_deref(), value, "{text}");
            assert_eq!(source.written(found.end, source.len()), rest, "{text}");
        }
        assert_eq!(number(&Source::new("件"), 0), None);
        assert_eq!(number(&Source::new("万"), 0), None);
    }
}

//! A stretch of time in two units: 8分30秒, 1時間半, 2年6か月, `1 hour 30 minutes`. One exact amount, in the smaller unit.

use super::super::answer::Note;
use super::super::lex::{Kind, is_western, same_unit};
use super::cursor::Parser;
use super::figure::{Amount, Sign, Unit};
use crate::domain::Decimal;

/// What is how many of the next smaller unit. 日 is not among them: 1日8時間 is so many hours a day.
const UNITS: [(&str, &str, i64); 4] = [("時間", "分", 60), ("分", "秒", 60), ("年", "か月", 12), ("年間", "か月", 12)];

/// The same in English, in the singular.
const ENGLISH: [(&str, &str, i64); 3] = [("hour", "minute", 60), ("minute", "second", 60), ("year", "month", 12)];

impl<'a> Parser<'a> {
    /// `duration = number unit number smaller-unit | number unit 半`, behind its first number and unit.
    pub(super) fn duration(&mut self, first: Amount<'a>) -> Option<Amount<'a>> {
        // Behind most amounts stands neither a number nor a word that may be half of the unit.
        let next = self.tokens.get(self.at).map(|token| token.kind);
        let goes_on = match (first.unit, next) {
            (Unit::Said(unit), Some(Kind::Number { .. })) => unit.ends_with(['間', '分', '年', 's', 'r', 'e']),
            (Unit::Said(unit), Some(Kind::Text)) => unit.ends_with(['間', '年']),
            (Unit::Unsaid, Some(Kind::Text)) => {
                matches!(self.tokens.get(self.at + 1).map(|token| token.kind), Some(Kind::Number { .. }))
            }
            _ => false,
        };
        if !goes_on || matches!(first.sign, Sign::Minus | Sign::Triangle) || first.scaled || self.at >= self.end {
            return None;
        }
        if first.value.normalize().scale() != 0 {
            return None;
        }
        let mark = self.mark();
        let found = match first.unit {
            Unit::Said(unit) if !is_western(unit) => self.in_japanese(first, unit),
            _ if matches!(self.peek(0), Kind::Text | Kind::Number { .. }) => self.in_english(first),
            _ => None,
        };
        let Some((value, unit, half)) = found else {
            self.back(mark);
            return None;
        };
        let whole = Amount { value, unit: Unit::Said(unit), end: self.ends(self.at - 1), ..first };
        let amount = self.in_own_time(first, whole, half);
        let shown = match amount.unit {
            Unit::Said(unit) => unit,
            Unit::Unsaid => "",
        };
        self.say(
            Note::new(
                format!("二つの単位で書かれた時間を、{}{shown}としました。", amount.value),
                format!("The time is written in two units; it is kept as {} {shown}.", amount.value),
            )
            .at(amount.start, amount.end),
        );
        Some(amount)
    }

    fn in_japanese(&mut self, first: Amount<'a>, unit: &str) -> Option<(Decimal, &'a str, i64)> {
        let (_, smaller, times) = UNITS.iter().find(|(larger, ..)| *larger == unit)?;
        let larger = first.value.times((*times).into())?;
        // 1時間半
        if self.peek(0) == Kind::Text && self.written(self.at) == "半" && self.starts(self.at) == first.end {
            self.at += 1;
            return Some((larger.plus((*times / 2).into())?, smaller, *times));
        }
        let Kind::Number { value, scaled: false } = self.peek(0) else { return None };
        let same = self.peek(1) == Kind::Unit(Some(smaller)) && value < Decimal::from(*times);
        // 3年6か月平均 and the like name no duration, but neither is a number glued to the unit in front of it a second amount.
        if !same || self.starts(self.at) != first.end {
            return None;
        }
        self.at += 2;
        Some((larger.plus(value)?, smaller, *times))
    }

    fn in_english(&mut self, first: Amount<'a>) -> Option<(Decimal, &'a str, i64)> {
        // "1 hour" in front of a number was read without its unit.
        let unit = match first.unit {
            Unit::Said(unit) => unit,
            Unit::Unsaid if self.peek(0) == Kind::Text => {
                self.at += 1;
                self.written(self.at - 1)
            }
            Unit::Unsaid => return None,
        };
        let singular = |word: &str| word.to_ascii_lowercase().trim_end_matches('s').to_owned();
        let (_, smaller, times) = ENGLISH.iter().find(|(larger, ..)| *larger == singular(unit))?;
        let Kind::Number { value, scaled: false } = self.peek(0) else { return None };
        let named =
            matches!(self.peek(1), Kind::Text | Kind::Unit(_)) && singular(self.written(self.at + 1)) == *smaller;
        if !named || value >= Decimal::from(*times) {
            return None;
        }
        self.at += 2;
        Some((first.value.times((*times).into())?.plus(value)?, self.written(self.at - 1), *times))
    }

    /// The same in the indicator's unit, where that is the larger one and the value stays exact.
    fn in_own_time(&self, first: Amount<'a>, whole: Amount<'a>, times: i64) -> Amount<'a> {
        let Unit::Said(larger) = first.unit else { return whole };
        let own = self.own_unit().filter(|own| same_unit(larger, own));
        let value = own.and_then(|_| whole.value.over(times.into()));
        match value.filter(|value| value.times(times.into()) == Some(whole.value)) {
            Some(value) => Amount { value, unit: first.unit, ..whole },
            None => whole,
        }
    }
}

/// Whether a unit is one of age or time.
pub(super) fn is_time(unit: &str) -> bool {
    matches!(
        unit,
        "歳" | "年"
            | "か月"
            | "ヶ月"
            | "カ月"
            | "日"
            | "時間"
            | "分"
            | "秒"
            | "週"
            | "年間"
            | "日間"
            | "週間"
            | "年以上"
    )
}

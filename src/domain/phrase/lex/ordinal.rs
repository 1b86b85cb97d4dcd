//! Numbers that name something: 第2次, 3rd place, 9時, 24時間365日, ISO 14001.

use super::dates::Time;
use super::number::{self, Numeral};
use super::vocabulary::Word;
use super::{Kind, Lexer, dates, english_dates, quarter};
use crate::domain::Decimal;

impl Lexer<'_, '_> {
    /// `in autumn 2025`, `by early 2026`: only about when.
    fn season(&self, c: char) -> Option<(Time, usize)> {
        let opens = matches!(c, 's' | 'a' | 'w' | 'e' | 'm' | 'l') && self.text.is_none();
        let when =
            opens && matches!(self.last(), Kind::Word(Word::By | Word::Of) | Kind::Comma | Kind::Colon | Kind::Open);
        if when { quarter::season(self.source, self.at) } else { None }
    }

    /// `by Q3`, `in Q4`, `by the third quarter`, `by Q3 2026`: a quarter whose year another has to know, behind a word that says by when.
    pub(super) fn quarter(&self, c: char) -> Option<(Time, usize)> {
        if let Some(season) = self.season(c) {
            return Some(season);
        }
        let opens = matches!(c, 'q' | 't' | 'f' | 's') && self.text.is_none();
        let when = opens && matches!(self.last(), Kind::Word(Word::By | Word::Of));
        let found = if opens { quarter::bare_quarter(self.source, self.at) } else { None };
        // Depot relocation complete Q3 2026
        found.filter(|(time, _)| when || matches!(time, Time::Quarter(..)))
    }

    /// `by 2030`, `from 2019 levels`: four digits behind such a word, and nothing that they may count behind them, are a year.
    pub(super) fn bare_year(&mut self) -> bool {
        let opens = matches!(self.last(), Kind::Word(Word::By | Word::Of | Word::Than));
        let latin = self.tokens.last().is_some_and(|token| self.source.at(token.start).is_ascii_alphabetic());
        // (2023 actual: 57%)
        let actual = self.last() == Kind::Open && {
            let next = self.source.skip_space(self.at + 4);
            self.source.at(self.at + 4) == ')'
                || ["actual", "result", "baseline"].iter().any(|word| self.source.has(next, word).is_some())
        };
        // from the 2019 baseline, below 2005 levels
        let levelled = latin
            && matches!(
                self.last(),
                Kind::Word(
                    Word::Particle
                        | Word::Above
                        | Word::Below
                        | Word::Of
                        | Word::Than
                        | Word::Result
                        | Word::Least(_)
                        | Word::Keep
                )
            )
            && ["baseline", "level", "figure", "result"]
                .iter()
                .any(|word| self.source.has(self.source.skip_space(self.at + 4), word).is_some());
        // 60% lower than 2010 by 2030
        let below = matches!(self.tokens.as_slice(), [.., unit, word]
            if matches!(unit.kind, Kind::Unit(_)) && matches!(word.kind, Kind::Word(Word::Above | Word::Below)));
        if self.text.is_some() || !actual && !levelled && (!(opens || below) || !latin) {
            return false;
        }
        let Some((year, end)) = dates::bare_year(self.source, self.at) else { return false };
        self.push(Kind::Time(year), end);
        true
    }

    /// 9時, 17時30分, 24時間365日, 24/7, ISO 14001: a time of the day or a name, not an amount. Where it ends.
    fn names_a_time_or_standard(&self, c: char) -> Option<usize> {
        if !c.is_ascii_digit() {
            return None;
        }
        for (written, words) in
            [("24時間", ["365日", "体制", "対応", "営業", "受付"]), ("365日", ["24時間", "対応", "営業", "体制", "開"])]
        {
            if let Some(end) = self.source.has(self.at, written)
                && let Some(end) = words.iter().find_map(|word| self.source.has(self.source.skip_space(end), word))
            {
                return Some(end);
            }
        }
        if let Some(end) = self.source.has(self.at, "24/7").filter(|end| !self.source.at(*end).is_alphanumeric()) {
            return Some(end);
        }
        // 基幹20業務: the systems that every municipality has to standardize.
        if self.at >= 2 && self.source.has(self.at - 2, "基幹20業務").is_some() {
            return self.source.has(self.at, "20業務");
        }
        let number = self.numeral_at(self.at)?;
        let before = self.source.at(self.at.saturating_sub(1));
        let spaced = usize::from(before == ' ');
        let latin = self.source.at(self.at.wrapping_sub(1 + spaced)).is_ascii_alphabetic();
        let standard = latin
            && ["iso", "jis", "jas", "iec", "pas", "bs"].iter().any(|word| {
                let from = self.at.checked_sub(word.len() + spaced);
                from.is_some_and(|from| {
                    self.source.has(from, word).is_some()
                        && !self.source.at(from.wrapping_sub(1)).is_ascii_alphanumeric()
                })
            });
        if standard {
            return Some(number.end);
        }
        let hour = number.value.is_some_and(|value| value <= Decimal::from(24)) && self.source.at(number.end) == '時';
        let clock = hour && !matches!(self.source.at(number.end + 1), '間' | '点' | '期' | '短' | '代');
        clock.then_some(number.end + 1)
    }

    /// 第2次, 2次, 3期: a name, not an amount.
    pub(super) fn ordinal(&mut self, c: char) -> bool {
        let from = if c == '第' { self.at + 1 } else { self.at };
        let named = if c.is_ascii_digit() { self.number_in_a_name() } else { None };
        if let Some(end) = named.or_else(|| self.names_a_time_or_standard(c)) {
            self.text.get_or_insert(self.at);
            self.at = end;
            return true;
        }
        if c != '第' && !c.is_ascii_digit() && !number::begins_in_kanji(c) {
            return false;
        }
        if c == '第' && dates::time(self.source, self.at).is_some() {
            return false;
        }
        let Some(Numeral { end, .. }) = self.numeral_at(from) else { return false };
        let ordinal = c == '第'
            || matches!(self.source.at(end), '次' | '期' | '号' | '版')
            || self.source.has(end, "丁目").is_some()
            || self.source.has(end, "年生").is_some()
            // 3rd place, but 31st March
            || english_dates::ordinal_suffix(self.source, end).is_some_and(|after| !english_dates::month_follows(self.source, after));
        if ordinal {
            self.text.get_or_insert(self.at);
            self.at = end + usize::from(c != '第');
        }
        ordinal
    }
}

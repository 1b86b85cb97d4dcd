//! From characters to tokens.
//!
//! A token is a number, a unit behind a number, a time, a mark, a word of the vocabulary, or a stretch of other text. Every token knows
//! where it stands, so that whatever is said of it points at the characters. One pass, no backtracking beyond the longest word: linear.

mod around;
mod dates;
mod english;
mod english_dates;
mod english_forms;
mod japanese;
mod marks;
mod number;
mod ordinal;
mod place;
mod quarter;
mod source;
mod spelt;
mod table;
mod titles;
mod turns;
mod unit_words;
mod units;
mod vocabulary;
mod when;

use std::cell::Cell;

pub(super) use self::dates::Time;
pub(super) use self::english_dates::is_month;
pub(super) use self::english_forms::may_be_month_first;
pub(super) use self::number::multiplier;
pub(super) use self::source::{Source, is_western};
#[cfg(test)]
pub(super) use self::table::words;
pub(super) use self::units::{is_known as is_known_unit, is_rank, same as same_unit};
pub(super) use self::vocabulary::{Label, Word};

use self::number::Numeral;
use self::table::{BUCKETS, Entry, bucket, candidates};
use crate::domain::Decimal;
use crate::domain::criterion::Comparator;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// A number that can be kept exactly.
    Number {
        /// Its value.
        value: Decimal,
        /// Whether it is written with 千, 万, 億: then what was written is not the plain value.
        scaled: bool,
    },
    /// A number that is not written as numbers are, or is too long.
    BadNumber,
    /// A unit behind a number: the spelling that is kept, or `None` for the indicator's own, as it stands.
    Unit(Option<&'static str>),
    /// A year or a day.
    Time(Time),
    /// A word of the vocabulary.
    Word(Word),
    /// A stretch of text that is none of these.
    Text,
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// 「…」 or "…", with its content.
    Quoted,
    /// 、 or a comma.
    Comma,
    /// 。, ; or the end of a line.
    Stop,
    /// `:`.
    Colon,
    /// ①, (1), ア, ・ at the head of an item.
    Item,
    /// `~`.
    Tilde,
    /// → .
    Arrow,
    /// `±`.
    PlusMinus,
    /// `+`.
    Plus,
    /// `-`.
    Minus,
    /// ▲ or △.
    Triangle,
    /// `/`.
    Slash,
    /// Past the end.
    End,
}

/// A token and the characters that it covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Cuts a text into tokens. `own` is the indicator's unit, which the text may use although the vocabulary does not know it;
/// `fiscal_year` is the target's, before which a year is rather a part of a name.
pub(super) fn tokens(source: &Source<'_>, own: Option<&str>, fiscal_year: Option<i32>) -> Vec<Token> {
    let mut lexer = Lexer {
        source,
        own,
        fiscal_year,
        at: 0,
        tokens: Vec::with_capacity(source.len() / 2 + 4),
        text: None,
        item: 0,
        numeral: Cell::new(None),
        noted: false,
    };
    lexer.run();
    lexer.tokens
}

struct Lexer<'a, 's> {
    source: &'a Source<'s>,
    own: Option<&'a str>,
    fiscal_year: Option<i32>,
    at: usize,
    tokens: Vec<Token>,
    text: Option<usize>,
    item: u32,
    /// The numeral that was read last, and where: several rules look at the same one.
    numeral: Cell<Option<(usize, Option<Numeral>)>>,
    /// Whether a remark is open that ※ began.
    noted: bool,
}

impl Lexer<'_, '_> {
    fn run(&mut self) {
        while self.at < self.source.len() {
            let c = self.source.at(self.at);
            if self.noted && matches!(c, '\n' | ')') {
                self.close_note();
            }
            if c == ' ' {
                self.flush();
                self.at += 1;
            } else if !(self.list_mark(c)
                || self.ordinal(c)
                || self.time(c)
                || self.number(c)
                || self.word()
                || self.mark(c))
            {
                self.text.get_or_insert(self.at);
                self.at += 1;
                if source::is_latin_letter(c) {
                    // A word in Latin letters is one piece, so that none is found inside another.
                    if self.acidity() {
                        continue;
                    }
                    while self.goes_on_in_word() {
                        self.at += 1;
                    }
                }
            }
        }
        self.flush();
        self.close_note();
    }

    pub(super) fn flush(&mut self) {
        if let Some(start) = self.text.take() {
            self.tokens.push(Token { kind: Kind::Text, start, end: self.at });
        }
    }

    pub(super) fn push(&mut self, kind: Kind, end: usize) {
        self.flush();
        self.tokens.push(Token { kind, start: self.at, end });
        self.at = end;
    }

    pub(super) fn last(&self) -> Kind {
        self.tokens.last().map_or(Kind::End, |token| token.kind)
    }

    /// Whether the running text ends in a character that a Japanese compound may run on from.
    fn in_compound(&self) -> bool {
        self.text.is_some() && is_kanji(self.source.at(self.at.saturating_sub(1)))
    }

    fn time(&mut self, c: char) -> bool {
        let before = self.source.at(self.at.saturating_sub(1));
        let inside_a_word = self.text.is_some()
            && (before.is_ascii_alphanumeric() || is_kanji(before) && is_kanji(c) && before != '対');
        if inside_a_word || matches!(self.last(), Kind::Number { .. }) && c == '年' {
            return false;
        }
        if matches!(c, '1' | '2')
            && let Some(end) = self.titled_years()
        {
            self.text.get_or_insert(self.at);
            self.at = end;
            return true;
        }
        let found = dates::time(self.source, self.at).or_else(|| self.quarter(c)).or_else(|| self.year_that_ends());
        match found {
            Some((time, end)) => {
                if titles::names(self.source, self.at, time, end, self.fiscal_year) {
                    self.text.get_or_insert(self.at);
                    self.at = end;
                } else {
                    let vague = quarter::season(self.source, self.at) == Some((time, end));
                    self.push(Kind::Time(time), end);
                    if vague {
                        self.push(Kind::Word(Word::Vague), end);
                    }
                }
                true
            }
            None => c.is_ascii_digit() && (self.bare_year() || self.year_of_the_era() || self.short_time()),
        }
    }

    /// 6年度45％、7年度50％: a year of the era that is not named, near the target's own; a person is asked which.
    fn year_of_the_era(&mut self) -> bool {
        // 令和6年度50％、7年度60％: of the era of the year in front.
        let before = self.tokens.iter().rev().take(12).find_map(|token| match token.kind {
            Kind::Time(Time::FiscalYear(year)) if year > 2018 => Some(year),
            _ => None,
        });
        let Some(own) = before.or(self.fiscal_year) else { return false };
        let Some((year, end)) = dates::whole(self.source, self.at, 2) else { return false };
        let Some(behind) = self.source.has(end, "年度") else { return false };
        let year = 2018 + i32::try_from(year).unwrap_or(0);
        let marked = matches!(self.source.at(behind), '0'..='9' | ' ' | ':' | 'に' | 'は' | '末' | 'ま');
        let spans = matches!(self.last(), Kind::Tilde | Kind::Minus | Kind::Number { .. });
        let marked = marked || before.is_some() && self.source.at(behind).is_alphabetic();
        if !marked
            || spans && self.text.is_none()
            || (year - own).abs() > 6
            || before.is_some_and(|before| year <= before)
        {
            return false;
        }
        self.push(Kind::Time(Time::FiscalYear(year)), behind);
        true
    }

    fn number(&mut self, c: char) -> bool {
        let kanji = number::begins_in_kanji(c);
        let mut word = None;
        if self.text.is_none() {
            if matches!(c, 'a' | 'o' | 't') && (self.one_part() || self.often()) {
                return true;
            }
            if c.is_ascii_alphabetic() {
                word = spelt::english(self.source, self.at);
            }
            if (word.is_some() || c.is_ascii_digit() || kanji)
                && let Some(fraction) = spelt::fraction(self.source, self.at, word)
            {
                return self.fraction(fraction);
            }
        }
        match c {
            // ゼロカーボン is a word of its own.
            'ゼ' => {
                let end = self.source.has(self.at, "ゼロ").filter(|end| !matches!(self.source.at(*end), 'ァ'..='ヶ'));
                word = end.map(|end| (0, end));
            }
            '過' | '半' if !self.of_last_year() => {
                if let Some((end, over)) = spelt::majority(self.source, self.at) {
                    return self.majority(end, over);
                }
            }
            _ => {}
        }
        if let Some((unit, digits)) = self.currency(c) {
            return self.money(unit, digits);
        }
        if !c.is_ascii_digit() && !kanji && word.is_none() {
            return false;
        }
        let before = self.source.at(self.at.saturating_sub(1));
        if self.text.is_some()
            && (before.is_ascii_alphabetic()
                || kanji && is_kanji(before) && !self.so_many_of_each() && !self.bounded_behind_noun())
        {
            return false;
        }
        let found = match word {
            Some((value, end)) => Numeral { value: Some(Decimal::from(value)), scaled: false, worded: true, end },
            None => match self.numeral_at(self.at) {
                Some(found) => found,
                None => return false,
            },
        };
        if let Some((time, end)) = english_dates::english_day(self.source, &found) {
            self.push(Kind::Time(time), end);
            return true;
        }
        if kanji && !self.counts(found.end) {
            return false;
        }
        self.amount(found);
        true
    }

    /// The numeral that begins at a position.
    fn numeral_at(&self, at: usize) -> Option<Numeral> {
        if let Some((place, known)) = self.numeral.get()
            && place == at
        {
            return known;
        }
        let found = number::number(self.source, at);
        self.numeral.set(Some((at, found)));
        found
    }

    /// The currency that stands in front of digits, and where they begin.
    fn currency(&self, c: char) -> Option<(&'static str, usize)> {
        let (unit, digits) = match c {
            '¥' => ("円", self.at + 1),
            '$' => ("$", self.at + 1),
            '€' => ("€", self.at + 1),
            '£' => ("£", self.at + 1),
            'j' if self.text.is_none() => ("円", self.source.has(self.at, "jpy ")?),
            _ => return None,
        };
        self.source.at(digits).is_ascii_digit().then_some((unit, digits))
    }

    /// `¥15,000`, `$1.2 million`
    fn money(&mut self, unit: &'static str, digits: usize) -> bool {
        let Some(found) = number::number(self.source, digits) else { return false };
        let found = number::times_suffix(self.source, number::times_english(self.source, found));
        let kind = found.value.map_or(Kind::BadNumber, |value| Kind::Number { value, scaled: found.scaled });
        self.push(kind, found.end);
        // The mark stands in front; its token covers nothing behind the number.
        self.tokens.push(Token { kind: Kind::Unit(Some(unit)), start: found.end, end: found.end });
        true
    }

    /// Three quarters, 3分の2: a share, so that its unit is the percentage.
    fn fraction(&mut self, fraction: spelt::Fraction) -> bool {
        let kind = fraction.percent.map_or(Kind::BadNumber, |value| Kind::Number { value, scaled: false });
        self.push(kind, fraction.end);
        self.tokens.push(Token { kind: Kind::Unit(Some("%")), start: fraction.end, end: fraction.end });
        true
    }

    /// 前年度の半数以下: half of that, and no share.
    fn of_last_year(&self) -> bool {
        let last = |from_end: usize| self.tokens.len().checked_sub(from_end).and_then(|at| self.tokens.get(at));
        self.text.is_none()
            && last(1).is_some_and(|link| link.kind == Kind::Word(Word::Particle))
            && last(2).is_some_and(|year| year.kind == Kind::Word(Word::PreviousYear))
    }

    /// 半数以上, 過半数: a share, like a fraction.
    fn majority(&mut self, end: usize, over: bool) -> bool {
        self.push(Kind::Number { value: Decimal::from(50), scaled: false }, end);
        self.tokens.push(Token { kind: Kind::Unit(Some("%")), start: end, end });
        if over {
            self.tokens.push(Token { kind: Kind::Word(Word::Compare(Comparator::Gt)), start: end, end });
        }
        true
    }

    /// Whether what follows a number in kanji shows that it is one: 七割, 三校以上, 二倍; not 一般, 三者.
    fn counts(&self, end: usize) -> bool {
        if matches!(self.source.at(end), '割' | '倍' | '%' | '\0' | '以' | '未' | '超' | '円') {
            return true;
        }
        let Some((_, after)) = units::unit(self.source, end, self.own) else {
            // 二十五サークル: of several characters it is a number.
            return end > self.at + 1 && matches!(self.source.at(end), 'ァ'..='ヶ');
        };
        let next = self.source.at(after);
        // 一部の, 一時的, 三者協議会: words. Behind an amount stands a word that can stand there.
        let short = end == self.at + 1 && matches!(self.source.at(end), '部' | '時' | '度' | '種' | '組' | '団');
        let per = next == '対' && self.source.at(self.source.skip_space(after + 1)).is_ascii_digit()
            || next == '一' && self.source.at(after + 1) == '日'; // 一人一日
        per || !(short || is_kanji(next)) || BEHIND_AMOUNTS.contains(next)
    }

    /// 有効求人倍率1.0倍: behind a name that counts in 倍, that is a unit and no change.
    fn behind_ratio(&self) -> bool {
        let start = match (self.text, self.tokens.last()) {
            (Some(start), _) => start,
            (None, Some(Token { kind: Kind::Text, start, .. })) => *start,
            _ => return false,
        };
        let name = self.source.written(start, self.at).trim_end();
        ["倍率", "倍率は", "倍率を", "倍率が"].iter().any(|end| name.ends_with(end))
    }

    /// A number, 割 folded in, and the unit behind it.
    fn amount(&mut self, found: Numeral) {
        // 45k followers
        let thousands = self.source.at(found.end) == 'k' && !self.source.at(found.end + 1).is_alphanumeric();
        let found = if thousands { number::times_suffix(self.source, found) } else { found };
        let Numeral { value, scaled, end, .. } = number::times_english(self.source, found);
        let wari = self.source.at(end) == '割' && !matches!(self.source.at(end + 1), '合' | '引' | '当');
        let (value, unit, end) = if wari {
            let tenths = value.and_then(|value| value.times(10.into()));
            let minor = number::number(self.source, end + 1).filter(|minor| self.source.at(minor.end) == '分');
            match minor {
                Some(minor) => {
                    let sum = tenths.zip(minor.value).and_then(|(tenths, minor)| tenths.plus(minor));
                    (sum, Some((Some("%"), minor.end + 1)), end)
                }
                None => (tenths, Some((Some("%"), end + 1)), end),
            }
        } else {
            let next = self.source.skip_space(end);
            // 倍 and 割 are read as words of their own.
            (value, units::unit(self.source, next, self.own).map(|found| (found.0, found.1)), end)
        };
        let kind = value.map_or(Kind::BadNumber, |value| Kind::Number { value, scaled });
        let times = self.source.at(end) == '倍' && self.behind_ratio();
        self.push(kind, end);
        if times {
            return self.push(Kind::Unit(Some("倍")), end + 1);
        }
        if let Some((unit, after)) = unit {
            self.at = if wari { end } else { self.source.skip_space(end) };
            self.push(Kind::Unit(unit), after);
        }
    }
}

/// The kanji with which begins what may stand behind an amount: 以上, 未満, 超, 程度, 増加, 削減, 当たり.
const BEHIND_AMOUNTS: &str = "又及並且若以未超程前内当満中増減削低向改達実開全合維半倍縮短圧上引";

fn is_kanji(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '々')
}

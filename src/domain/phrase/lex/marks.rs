//! Marks: brackets, quotation marks, list marks, signs.

use super::english_forms::rated;
use super::source::is_western;
use super::vocabulary::Word;
use super::{Kind, Lexer};
use crate::domain::criterion::Comparator;

impl Lexer<'_, '_> {
    pub(super) fn mark(&mut self, c: char) -> bool {
        let kind = match c {
            '(' => {
                if let Some(end) = self.numbered_item() {
                    self.push(Kind::Item, end);
                    return true;
                }
                Kind::Open
            }
            ')' if self.labels_in_brackets() => return true,
            ')' => Kind::Close,
            '「' | '"' => {
                let Some(end) = self.closing_quote(c) else { return false };
                self.push(Kind::Quoted, end);
                return true;
            }
            '※' if self.text.is_none() => return self.note_mark(),
            '、' | ',' => Kind::Comma,
            '\n' if self.goes_on_below() => {
                self.flush();
                self.at += 1;
                return true;
            }
            '。' | ';' | '\n' | '|' => Kind::Stop,
            '.' if !self.source.at(self.at + 1).is_alphanumeric() => Kind::Stop,
            ':' => Kind::Colon,
            '\u{2460}'..='\u{2487}' | '\u{3251}'..='\u{325F}' | '\u{32D0}'..='\u{32FE}' => Kind::Item,
            'ア'..='オ' if self.heads_item() => {
                let marked = matches!(self.source.at(self.at + 1), '.' | ')' | ':' | '、');
                self.push(Kind::Item, self.at + 1 + usize::from(marked));
                return true;
            }
            // 40%以上・55%未満
            '・' if self.text.is_none() && matches!(self.last(), Kind::Word(Word::Compare(_))) => Kind::Comma,
            '・' | '•' | '●' | '○' | '■' | '□' | '◆' | '◇' | '◎' if self.at_head() => Kind::Item,
            '~' => Kind::Tilde,
            '至' if self.text.is_none()
                && matches!(self.last(), Kind::Number { .. } | Kind::Unit(_))
                && self.source.at(self.at + 1).is_ascii_digit() =>
            {
                Kind::Tilde
            }
            // （至令和9年3月31日）: by then
            '至' if self.text.is_none()
                && let Some((time, end)) = super::dates::time(self.source, self.source.skip_space(self.at + 1)) =>
            {
                self.push(Kind::Time(time), end);
                self.tokens.push(super::Token { kind: Kind::Word(Word::By), start: end, end });
                return true;
            }
            'プ' if self.signs("プラスマイナス") => {
                self.push(Kind::PlusMinus, self.at + 7);
                return true;
            }
            'プ' if self.signs("プラス") => {
                self.push(Kind::Plus, self.at + 3);
                return true;
            }
            'マ' if self.signs("マイナス") => {
                self.push(Kind::Minus, self.at + 4);
                return true;
            }
            'ー' if self.text.is_none() && matches!(self.last(), Kind::Number { .. } | Kind::Unit(_)) => Kind::Minus,
            '→' => Kind::Arrow,
            '-' if self.parts_a_name() => Kind::Colon,
            '-' if self.source.at(self.at + 1) == '>' => {
                self.push(Kind::Arrow, self.at + 2);
                return true;
            }
            '±' => Kind::PlusMinus,
            '+' if self.source.has(self.at, "+/-").is_some() => {
                self.push(Kind::PlusMinus, self.at + 3);
                return true;
            }
            '+' => Kind::Plus,
            '-' => Kind::Minus,
            '▲' => Kind::Triangle,
            '/' => Kind::Slash,
            '≥' => Kind::Word(Word::Least(Comparator::Gte)),
            '≤' => Kind::Word(Word::Least(Comparator::Lte)),
            '>' | '<' => {
                let or_equal = self.source.at(self.at + 1) == '=';
                let comparator = match (c, or_equal) {
                    ('>', true) => Comparator::Gte,
                    ('>', false) => Comparator::Gt,
                    (_, true) => Comparator::Lte,
                    (_, false) => Comparator::Lt,
                };
                self.push(Kind::Word(Word::Least(comparator)), self.at + 1 + usize::from(or_equal));
                return true;
            }
            // 取組件数＝25件以上
            '=' if self.text.is_some() && !self.source.at(self.at - 1).is_ascii() => Kind::Colon,
            '=' => Kind::Word(Word::Exactly),
            _ => return false,
        };
        if matches!(kind, Kind::Minus | Kind::Slash | Kind::Tilde)
            && self.text.is_some()
            && self.source.at(self.at + 1).is_alphabetic()
            && !(self.source.written(self.at, self.at + 1) == "／"
                && super::dates::time(self.source, self.at + 1).is_some())
            && !(kind == Kind::Slash && rated(self.source, self.at + 1))
        {
            // A hyphen or a slash inside a name: t-CO2, 受診者数/定員.
            return false;
        }
        self.push(kind, self.at + 1);
        true
    }

    /// 【現状値】58％ 【目標値】65％, （現状）58％→（目標）65％: the brackets of a label say nothing that the label does not. The one that closes them stands here.
    fn labels_in_brackets(&mut self) -> bool {
        let [.., open, label] = self.tokens.as_slice() else { return false };
        let label = *label;
        let found = self.text.is_none()
            && open.kind == Kind::Open
            && matches!(label.kind, Kind::Word(Word::TargetLabel | Word::Present | Word::Label(_)))
            && matches!(self.source.written(open.start, open.end), "【" | "（" | "(")
            && self.source.at(self.source.skip_space(self.at + 1)).is_ascii_digit();
        if found {
            self.tokens.truncate(self.tokens.len() - 2);
            self.tokens.push(label);
            self.at += 1;
        }
        found
    }

    /// 70％ at the end of a line, and below it 以上, or a bracket that goes on with it.
    fn goes_on_below(&self) -> bool {
        let ended = self.text.is_none()
            && matches!(self.last(), Kind::Unit(_) | Kind::Number { .. } | Kind::Word(Word::Compare(_)));
        if !ended {
            return false;
        }
        let next = self.source.skip_space(self.at);
        if self.source.at(next) == '(' {
            let inner = self.source.at(next + 1);
            let item = self.source.at(next + 2) == ')' || self.source.at(next + 3) == ')';
            return !(item && (inner.is_ascii_digit() || matches!(inner, 'ア'..='ン')))
                && self.source.written(next, next + 1) != "【";
        }
        !matches!(self.last(), Kind::Word(_))
            && ["以上", "以下", "以内", "未満", "超", "を超え", "を上回", "を下回", "程度", "を維持"]
                .iter()
                .any(|word| self.source.has(next, word).is_some())
    }

    /// `separator = " – " | " - " | "—"`, behind a Western name or a year: `Visits — 250,000 or more`, `2025/26 – 60%`.
    ///
    /// Behind a figure it leads to the other end of a range, and between two years it is a span.
    fn parts_a_name(&self) -> bool {
        let written = self.source.written(self.at, self.at + 1);
        let before = self.source.at(self.at.wrapping_sub(1));
        let spaced = before == ' ' && self.source.at(self.at + 1) == ' ' && written != "−";
        if !spaced && !matches!(written, "—" | "―") {
            return false;
        }
        let next = self.source.skip_space(self.at + 1);
        let named = match self.last() {
            _ if self.text.is_some() => true,
            Kind::Text | Kind::Close | Kind::Quoted => true,
            // Key Stage 2 – 65% or above: which of several.
            Kind::Number { .. } => self.tells_which_stage(),
            Kind::Time(_) => {
                let year = (next..next + 4).all(|at| self.source.at(at).is_ascii_digit())
                    && !matches!(self.source.at(next + 4), ',' | '%' | '0'..='9');
                !year && !matches!(self.source.at(next), 'f' | 'r' | 'h')
            }
            Kind::Word(word) => !matches!(
                word,
                Word::Least(_) | Word::Above | Word::Below | Word::Between | Word::By | Word::Exactly | Word::Roughly
            ),
            _ => false,
        };
        let mut end = self.at;
        while end > 0 && self.source.at(end - 1) == ' ' {
            end -= 1;
        }
        named && is_western(self.source.written(end.saturating_sub(1), end))
    }

    /// Whether the last token is a number that says which of several the word in front of it means: stage 2, band 4.
    fn tells_which_stage(&self) -> bool {
        let [.., name, _] = self.tokens.as_slice() else { return false };
        let name = self.source.written(name.start, name.end);
        let last = name.rsplit(' ').next().unwrap_or(name);
        ["stage", "level", "grade", "band", "tier", "phase", "class", "category", "zone", "ward"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(last))
    }

    /// ※ opens a remark, as a bracket does, which reaches to the end of the line; at the head of a line or a bracket it says nothing.
    fn note_mark(&mut self) -> bool {
        if matches!(self.last(), Kind::End | Kind::Stop | Kind::Open | Kind::Item) {
            self.at += 1;
            return true;
        }
        self.close_note();
        self.push(Kind::Open, self.at + 1);
        self.noted = true;
        true
    }

    /// Closes the remark that ※ opened.
    pub(super) fn close_note(&mut self) {
        if std::mem::take(&mut self.noted) {
            self.push(Kind::Close, self.at);
        }
    }

    /// `1. `, `1)`, `a)`, `Ⅰ ` at the head of an item; a later one wherever the one before it went in front.
    pub(super) fn list_mark(&mut self, c: char) -> bool {
        if self.text.is_some() || !self.at_head() {
            return false;
        }
        let (number, end) = match c {
            '\u{2160}'..='\u{216B}' => {
                let end = self.at + 1;
                let parted = matches!(self.source.at(end), ' ' | '.' | '、' | ':');
                if parted {
                    self.push(Kind::Item, end + usize::from(self.source.at(end) != ' '));
                }
                return parted;
            }
            'a'..='h' => (u32::from(c) - u32::from('a') + 1, self.at + 1),
            '1'..='9' => match (c.to_digit(10), self.source.at(self.at + 1).to_digit(10)) {
                (Some(first), Some(second)) => (first * 10 + second, self.at + 2),
                (Some(first), None) => (first, self.at + 1),
                _ => return false,
            },
            _ => return false,
        };
        let parted = match self.source.at(end) {
            ')' => true,
            '.' => c.is_ascii_digit() && !self.source.at(end + 1).is_ascii_digit(),
            _ => false,
        };
        let opens = self.tokens.is_empty() || matches!(self.last(), Kind::Stop);
        let goes_on = number > 1 && number == self.item + 1;
        // （0；1））: a figure in front of the end of its bracket.
        let more = !matches!(self.source.at(self.source.skip_space(end + 1)), '\0' | ')' | ';');
        let marks = parted && more && (opens && number <= 20 || goes_on);
        if marks {
            self.item = number;
            self.push(Kind::Item, end + 1);
        }
        marks
    }

    /// Whether a sign in words stands in front of a number: プラス5%.
    pub(super) fn signs(&self, word: &str) -> bool {
        self.text.is_none() && self.source.has(self.at, word).is_some_and(|end| self.source.at(end).is_ascii_digit())
    }

    /// Whether nothing stands before this on its line, or a mark that parts items.
    pub(super) fn at_head(&self) -> bool {
        self.text.is_none() && matches!(self.last(), Kind::End | Kind::Stop | Kind::Comma | Kind::Open)
            || self.source.at(self.at.wrapping_sub(1)) == ' ' && !matches!(self.last(), Kind::Item)
    }

    /// `ア `, `イ.`, `ウ)` at the head of an item.
    pub(super) fn heads_item(&self) -> bool {
        self.at_head() && matches!(self.source.at(self.at + 1), ' ' | '.' | ')' | ':' | '、')
    }

    /// `(1)`, `(ア)`, `(a)` at the head of an item; `(2)` wherever `(1)` went before.
    pub(super) fn numbered_item(&mut self) -> Option<usize> {
        // any of (1): a condition in brackets, not an item.
        if matches!(self.last(), Kind::Word(Word::AnyOf | Word::Every | Word::Each | Word::Yearly)) {
            return None;
        }
        let inner = self.at + 1;
        let (number, end) = match self.source.at(inner) {
            'ア'..='オ' => (0, inner + 1),
            c @ 'a'..='h' => (u32::from(c) - u32::from('a') + 1, inner + 1),
            c => {
                let first = c.to_digit(10)?;
                match self.source.at(inner + 1).to_digit(10) {
                    Some(second) => (first * 10 + second, inner + 2),
                    None => (first, inner + 1),
                }
            }
        };
        let follows = number > 1 && number == self.item + 1;
        let item = self.source.at(end) == ')' && (follows || self.at_head());
        if item {
            self.item = number;
        }
        item.then_some(end + 1)
    }

    /// Behind the quotation mark that closes the one here, within a bounded distance.
    pub(super) fn closing_quote(&self, open: char) -> Option<usize> {
        let close = if open == '"' { '"' } else { '」' };
        let mut depth = 0_usize;
        for at in self.at..self.source.len().min(self.at + LONGEST_QUOTE) {
            let c = self.source.at(at);
            if c == close && at > self.at {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            } else if c == open {
                depth += 1;
            }
        }
        None
    }
}

/// How far a quotation may reach: what is longer is read as text, so that unclosed marks cost no more than their place.
const LONGEST_QUOTE: usize = 200;

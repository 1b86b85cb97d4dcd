//! A condition on one figure, from its first modifier to its last bracket.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::cursor::Parser;
use super::figure::{Amount, Core, Doubt, Figure, Sign, Unit};
use crate::domain::Polarity;
use crate::domain::criterion::{Change, Comparator, Reference};

/// What may stand behind a figure without saying anything of it.
const DONE: [&str; 24] = [
    "実施", "開催", "設置", "達成", "参加", "作成", "発行", "発信", "配布", "確保", "指定", "登録", "利用", "開設",
    "実現", "完了", "策定", "導入", "整備", "取得", "公表", "受講", "回答", "訪問",
];

impl<'a> Parser<'a> {
    /// `condition = modifiers ( relation | universe | range | progression | comparison | zero ) tail`
    pub(super) fn condition(&mut self) -> Option<Figure<'a>> {
        let mut figure = Figure::empty();
        self.modifiers(&mut figure);
        let mark = self.mark();
        let found = self.relation(&mut figure)
            || self.retry(mark, |rules| rules.implied_relation(&mut figure))
            || self.retry(mark, |rules| rules.between(&mut figure))
            || self.retry(mark, |rules| rules.labelled_progression(&mut figure))
            || self.retry(mark, |rules| rules.comparison(&mut figure))
            || self.retry(mark, |rules| rules.universe(&mut figure))
            || self.retry(mark, |rules| rules.none_at_all(&mut figure));
        if !found {
            return None;
        }
        self.tail(&mut figure);
        Some(figure)
    }

    fn retry(&mut self, mark: super::cursor::Mark, rule: impl FnOnce(&mut Self) -> bool) -> bool {
        self.back(mark);
        rule(self)
    }

    /// `comparison = amount [ brackets ] [ comparator | 程度 | 維持 | range-end | → amount ]`
    fn comparison(&mut self, figure: &mut Figure<'a>) -> bool {
        let Some(amount) = self.amount() else { return false };
        // 24区全区, 11地域すべて
        if self.all_of_them(figure, &amount) {
            return true;
        }
        figure.core = Core::Constant(amount);
        self.brackets(figure);
        if self.range_end(figure, amount) || self.progression(figure, amount) {
            return true;
        }
        self.about(figure);
        if figure.comparator.is_none() {
            figure.comparator = self.comparator();
            self.signed_amount(figure, amount);
        }
        if figure.comparator.is_some() && !figure.keep {
            let _ = self.take(Word::Keep);
            self.second_bound(figure, amount);
        } else if figure.comparator.is_none() && self.take(Word::Keep) {
            figure.keep = true;
        }
        if figure.keep {
            self.keep(figure);
        }
        true
    }

    fn about(&mut self, figure: &mut Figure<'a>) {
        let mark = self.mark();
        self.particles();
        if self.take(Word::About) {
            figure.about = true;
        } else {
            self.back(mark);
        }
    }

    /// A figure below zero: 以内 and the like may speak of the loss rather than of the figure.
    fn signed_amount(&mut self, figure: &mut Figure<'a>, amount: Amount<'a>) {
        let within = self.written(self.at.saturating_sub(1)) == "以内";
        let loss = amount.sign == Sign::Triangle || amount.sign == Sign::Minus && within;
        if loss && figure.comparator.is_some() && figure.doubt.is_none() {
            figure.doubt = Some(Doubt::Sign);
            self.ask(
                Note::new(
                    "負の数への「以内・以下・以上」は、赤字の大きさのことか数値そのもののことか、二通りに読めます。",
                    "A bound on a negative figure may be one on the size of the loss or on the figure itself.",
                )
                .at(amount.start, amount.end),
            );
        }
    }

    /// `range-end = ( ~ | - | から | "to" ) amount [ comparator ]`
    fn range_end(&mut self, figure: &mut Figure<'a>, min: Amount<'a>) -> bool {
        let mark = self.mark();
        let first = self.comparator();
        let _ = first.is_some() && self.take_kind(Kind::Comma);
        let link = match self.peek(0) {
            Kind::Tilde => Link::Dash,
            Kind::Minus if first.is_none() => Link::Dash,
            Kind::Word(Word::Than) if self.written(self.at) == "から" => Link::From,
            Kind::Word(Word::Filler) if self.written(self.at).eq_ignore_ascii_case("to") => Link::Dash,
            _ => {
                self.back(mark);
                return false;
            }
        };
        self.at += 1;
        let mut min = min;
        let unsigned = |amount: &Amount<'_>| amount.sign == Sign::None || amount.sign == Sign::Minus && first.is_some();
        let Some(max) = self.amount().filter(unsigned) else {
            self.back(mark);
            return false;
        };
        if max.scaled
            && !min.scaled
            && min.unit == Unit::Unsaid
            && let Some(scaled) =
                super::super::lex::multiplier(self.source, max.start).and_then(|power| min.value.times(power))
        {
            // 100〜150千円: both are in thousands.
            min.value = scaled;
            min.scaled = true;
        }
        let (Some(min), true) = (share_unit(min, max), matches!(first, None | Some(Comparator::Gte | Comparator::Gt)))
        else {
            self.back(mark);
            return false;
        };
        let arrow = link == Link::From && {
            let ahead = self.mark();
            // 40%から55%へ, 40%から55%に引き上げる: from where to where.
            let goes = self.take(Word::Particle)
                && matches!(self.peek(0), Kind::End | Kind::Word(Word::Up | Word::Down | Word::Better));
            self.back(ahead);
            goes
        };
        if arrow || link == Link::From && matches!(self.peek(0), Kind::Word(Word::Up | Word::Down)) {
            self.back(mark);
            return false;
        }
        let last = self.comparator();
        let _ = self.take(Word::By);
        if min.signed() > max.signed() || matches!(last, Some(Comparator::Gte | Comparator::Gt)) {
            self.back(mark);
            return false;
        }
        self.about(figure);
        if link == Link::From && first.is_none() && last.is_none() {
            self.ask(
                Note::new(
                    "「から」は範囲と読みましたが、現状から目標への変化とも読めます。",
                    "Read as a range; the text may also mean a change from the one to the other.",
                )
                .at(min.start, max.end),
            );
        }
        figure.core = Core::Range {
            min,
            min_inclusive: first != Some(Comparator::Gt),
            max,
            max_inclusive: last != Some(Comparator::Lt),
        };
        figure.comparator = None;
        true
    }

    /// The second half of 40%以上55%未満.
    fn second_bound(&mut self, figure: &mut Figure<'a>, first: Amount<'a>) {
        let mark = self.mark();
        let _ = self.take_kind(Kind::Comma);
        let second = self.amount().filter(|second| second.sign == Sign::None);
        if let Some(second) = second
            && let Some(first) = share_unit(first, second)
            && let Some(comparator) = self.comparator()
        {
            use Comparator::{Gt, Gte, Lt, Lte};
            let (min, low, max, high) = match (figure.comparator, comparator) {
                (Some(low @ (Gte | Gt)), high @ (Lte | Lt)) => (first, low, second, high),
                (Some(high @ (Lte | Lt)), low @ (Gte | Gt)) => (second, low, first, high),
                _ => return self.back(mark),
            };
            if min.signed() <= max.signed() {
                figure.core = Core::Range { min, min_inclusive: low == Gte, max, max_inclusive: high == Lte };
                figure.comparator = None;
                return;
            }
        }
        self.back(mark);
    }

    /// `between = "between" amount "and" amount`
    fn between(&mut self, figure: &mut Figure<'a>) -> bool {
        if !self.take(Word::Between) {
            return false;
        }
        let Some(min) = self.amount() else { return false };
        if !self.take(Word::And) {
            return false;
        }
        let Some(max) = self.amount() else { return false };
        let Some(min) = share_unit(min, max).filter(|min| min.signed() <= max.signed()) else { return false };
        figure.core = Core::Range { min, min_inclusive: true, max, max_inclusive: true };
        true
    }

    /// `labelled-progression = ( 現状 | 前年度 | year ) [ 実績 ] [ : ] amount progression`
    fn labelled_progression(&mut self, figure: &mut Figure<'a>) -> bool {
        if !matches!(self.peek(0), Kind::Time(_) | Kind::Word(Word::Present | Word::PreviousYear | Word::Result)) {
            return false;
        }
        self.at += 1;
        for _ in 0..3 {
            let _ = self.take(Word::Result) || self.take(Word::Particle) || self.take_kind(Kind::Colon);
        }
        let Some(amount) = self.amount() else { return false };
        self.progression(figure, amount)
    }

    /// `progression = amount ( → | から ) [ 目標値 ] amount [ comparator ] [ へ | に引き上げる ]`: 現状値→目標値.
    fn progression(&mut self, figure: &mut Figure<'a>, from: Amount<'a>) -> bool {
        let mark = self.mark();
        let arrow =
            self.take_kind(Kind::Arrow) || self.peek(1) == Kind::Word(Word::TargetLabel) && self.take_kind(Kind::Comma);

        if !arrow && !self.take(Word::Than) && !(self.take(Word::Filler) && self.written(self.at - 1) == "to") {
            return false;
        }
        let _ = self.take(Word::TargetLabel) && self.take_kind(Kind::Colon);
        let to = self.amount().filter(|to| to.sign == Sign::None);
        let Some((to, from)) = to.and_then(|to| share_unit(from, to).map(|from| (to, from))) else {
            self.back(mark);
            return false;
        };
        let comparator = self.comparator();
        let verb = self.take(Word::Particle) || self.take(Word::By);
        let direction = match self.peek(0) {
            Kind::Word(word @ (Word::Up | Word::Down | Word::Better)) => Some(word),
            _ => None,
        };
        self.at += usize::from(direction.is_some());
        if !arrow && !verb && direction.is_none() && comparator.is_none() {
            self.back(mark);
            return false;
        }
        let rising = to.signed() >= from.signed();
        if direction == Some(Word::Up) && !rising || direction == Some(Word::Down) && rising {
            self.back(mark);
            return false;
        }
        let against = match self.context.polarity {
            Some(Polarity::HigherIsBetter) => !rising,
            Some(Polarity::LowerIsBetter) => rising,
            None => false,
        };
        if comparator.is_none() {
            let note = Note::new(
                "現状から目標への向きから、以上・以下を定めました。",
                "At least or at most is taken from the direction between the present figure and the target.",
            )
            .at(from.start, to.end);
            if against { self.ask(note) } else { self.say(note) }
        }
        figure.comparator = comparator.or(Some(if rising { Comparator::Gte } else { Comparator::Lte }));
        figure.stated = Some(from);
        figure.core = Core::Constant(to);
        true
    }

    /// `universe = 全 [ number ] unit | ( すべての | 全ての ) unit | unit の すべて`
    fn universe(&mut self, figure: &mut Figure<'a>) -> bool {
        if self.take(Word::Everyone) {
            let unit = self.own_unit().unwrap_or("人");
            figure.core = Core::Universe { total: None, unit: Unit::Said(unit) };
            self.brackets(figure);
            return true;
        }
        let all = self.take(Word::AllOf) || self.take(Word::Every);
        if !all {
            return false;
        }
        let _ = self.take(Word::Particle);
        if let Some(amount) = self.amount() {
            if amount.sign != Sign::None || amount.is_percent() {
                return false;
            }
            figure.core = Core::Universe { total: Some(amount.value), unit: amount.unit };
        } else {
            let Some(unit) = self.counted_word() else { return false };
            figure.core = Core::Universe { total: None, unit };
        }
        self.brackets(figure);
        true
    }

    /// What is counted behind 全: a unit, or one short word.
    fn counted_word(&mut self) -> Option<Unit<'a>> {
        let unit = match self.peek(0) {
            Kind::Unit(Some(unit)) => unit,
            Kind::Unit(None) => self.written(self.at).trim(),
            Kind::Quoted => super::amount::unquoted(self.written(self.at)),
            Kind::Text => {
                let mut written = self.written(self.at);
                // 全小学校で実施
                if let Some((noun, done)) = written.split_once('で').or_else(|| written.split_once("において"))
                    && is_done(done)
                {
                    written = noun;
                }
                let plain =
                    |c: char| matches!(c, '\u{4E00}'..='\u{9FFF}' | 'ァ'..='ヶ' | 'ー' | '・' | 'a'..='z' | 'A'..='Z');
                if written.is_empty() || written.chars().count() > 20 || !written.chars().all(plain) {
                    return None;
                }
                written
            }
            Kind::End | Kind::Open | Kind::Comma | Kind::Stop => return Some(Unit::Unsaid),
            _ => return None,
        };
        self.at += 1;
        Some(Unit::Said(unit))
    }

    /// `no accidents`: zero of them.
    fn none_at_all(&mut self, figure: &mut Figure<'a>) -> bool {
        let place = self.at;
        if !self.take(Word::No) {
            return false;
        }
        let from = self.at;
        while self.at < from + 3 && self.peek(0) == Kind::Text {
            self.at += 1;
        }
        if self.at == from {
            return false;
        }
        let (start, end) = (self.starts(place), self.ends(self.at - 1));
        self.ask(Note::new("「ない」ことを、0件とみなしました。", "\"No\" is read as zero.").at(start, end));
        let unit = Unit::Said(self.span(from, self.at));
        let zero = crate::domain::Decimal::ZERO;
        figure.core = Core::Constant(Amount { value: zero, unit, scaled: false, sign: Sign::None, start, end });
        true
    }

    /// 24区全区, 11地域すべて.
    fn all_of_them(&mut self, figure: &mut Figure<'a>, amount: &Amount<'a>) -> bool {
        if amount.sign != Sign::None || amount.is_percent() {
            return false;
        }
        let mark = self.mark();
        let _ = self.take(Word::Particle);
        let all = self.take(Word::Every)
            || self.take(Word::AllOf) && {
                let unit = self.counted_word();
                unit.is_some_and(|unit| unit == amount.unit || unit == Unit::Unsaid)
            };
        if all {
            figure.core = Core::Universe { total: Some(amount.value), unit: amount.unit };
        } else {
            self.back(mark);
        }
        all
    }

    /// `tail = { brackets | deadline | done | 維持 | filler }`: what may follow a condition.
    fn tail(&mut self, figure: &mut Figure<'a>) {
        for _ in 0..6 {
            let before = self.at;
            match self.peek(0) {
                Kind::Open => self.brackets(figure),
                Kind::Word(Word::Filler | Word::Particle | Word::Total) => self.at += 1,
                Kind::Word(Word::Period(period)) if figure.period.is_none() => {
                    figure.period = Some(period);
                    self.at += 1;
                }
                Kind::Word(Word::By) if matches!(self.peek(1), Kind::Time(_)) => {
                    self.at += 1;
                    self.time_limit(figure);
                }
                Kind::Word(Word::Of) if matches!(self.peek(1), Kind::Time(_)) => {
                    self.at += 1;
                    self.time_limit(figure);
                }
                Kind::Word(Word::Per) if figure.per.is_none() => {
                    self.at += 1;
                    match self.amount() {
                        Some(amount) => {
                            if let Unit::Said(unit) = amount.unit {
                                figure.per = Some(crate::domain::criterion::Quantity {
                                    value: amount.value,
                                    unit: unit.to_owned(),
                                });
                            } else {
                                self.at = before;
                            }
                        }
                        None => self.at = before,
                    }
                }
                Kind::Word(Word::OutOf | Word::Of)
                    if figure.out_of.is_none() && matches!(figure.core, Core::Constant(_)) =>
                {
                    self.at += 1;
                    let _ = self.take(Word::Particle);
                    let _ = self.take(Word::AllOf);
                    match self.amount() {
                        Some(amount) if !amount.is_percent() => self.english_out_of(figure, amount),
                        _ => self.at = before,
                    }
                }
                Kind::Word(Word::Counted(aggregation)) if figure.aggregation.is_none() => {
                    figure.aggregation = Some(aggregation);
                    self.at += 1;
                }
                // 10件以下に抑える
                Kind::Word(Word::Compare(comparator)) if figure.comparator == Some(comparator) => {
                    self.at += usize::from(self.written(self.at).starts_with('に'));
                }
                Kind::Word(Word::Each) if self.source.at(self.starts(self.at)).is_ascii_alphabetic() => {
                    self.at += 1;
                    while self.peek(0) == Kind::Text {
                        self.at += 1;
                    }
                    figure.each = true;
                }
                Kind::Text => {
                    self.at += usize::from(is_done(self.written(self.at)));
                }
                _ => {}
            }
            if self.at == before {
                return;
            }
        }
    }

    /// `10 out of 12 schools`, `10 of 12 schools`: the unit stands behind the second number.
    fn english_out_of(&mut self, figure: &mut Figure<'a>, of: Amount<'a>) {
        figure.out_of = Some(of);
        if let Core::Constant(amount) = &mut figure.core
            && amount.unit == Unit::Unsaid
        {
            amount.unit = of.unit;
        }
    }

    /// `by 31 March 2022`, `by FY2025`: the preposition has been taken.
    pub(super) fn time_limit(&mut self, figure: &mut Figure<'a>) {
        if let Kind::Time(time) = self.peek(0) {
            self.at += 1;
            match time.last_day(self.context.fiscal_year) {
                Some(day) if figure.deadline.is_none() => figure.deadline = Some(day),
                _ if time == Time::YearEnd => {}
                _ => self.ask(Note::new("期限を補ってください。", "The deadline has to be filled in.")),
            }
        }
    }

    /// What 維持 asks of a figure: not to get worse. Which way that is, the polarity says.
    pub(super) fn keep(&mut self, figure: &mut Figure<'a>) {
        if figure.comparator.is_some() {
            return;
        }
        let zero = matches!(&figure.core, Core::Constant(amount) if amount.value.is_zero());
        match (zero, self.context.polarity) {
            (true, _) => figure.comparator = Some(Comparator::Eq),
            (_, Some(Polarity::HigherIsBetter)) => figure.comparator = Some(Comparator::Gte),
            (_, Some(Polarity::LowerIsBetter)) => figure.comparator = Some(Comparator::Lte),
            (_, None) => {}
        }
    }

    /// A relation to what the text does not name: 2ポイント向上, 10%削減, 半減, 2倍. Last year's result, as far as one can tell.
    fn implied_relation(&mut self, figure: &mut Figure<'a>) -> bool {
        let from = self.at;
        if !self.change(figure, super::relation::Link::Implied) {
            return false;
        }
        if let Core::Reference(Reference::PreviousYear { change: Some(change) }) = &figure.core
            && matches!(
                change,
                Change::Factor { .. } | Change::Relative { .. } | Change::Points { .. } | Change::Absolute { .. }
            )
        {
            let place = (self.starts(from), self.ends(self.at.saturating_sub(1)));
            self.ask(no_reference().at(place.0, place.1));
        }
        true
    }
}

/// Said of a change that is counted from nothing that the text names.
pub(super) fn no_reference() -> Note {
    Note::new(
        "何と比べた変化かが書かれていないため、前年度の実績からの変化とみなしました。",
        "The text does not say from what the change is counted; last year's result is assumed.",
    )
}

/// Whether a text says only that something is done: 実施, 開催する.
fn is_done(text: &str) -> bool {
    let stem = text.trim_end_matches("する").trim_end_matches("できる").trim_end_matches("した");
    DONE.contains(&stem)
}

#[derive(Clone, Copy, PartialEq)]
enum Link {
    Dash,
    From,
}

/// The lower bound with the unit of the upper one where it has none of its own; `None` when they count different things.
fn share_unit<'a>(mut min: Amount<'a>, max: Amount<'a>) -> Option<Amount<'a>> {
    if min.unit == Unit::Unsaid {
        min.unit = max.unit;
    }
    (min.unit == max.unit || max.unit == Unit::Unsaid).then_some(min)
}

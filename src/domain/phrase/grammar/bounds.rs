//! Two amounts: a range, and a change from one to the other.

use super::super::answer::Note;
use super::super::lex::{Kind, Label, Time, Word};
use super::cursor::Parser;
use super::figure::{Amount, Core, Figure, Sign, Unit};
use crate::domain::Polarity;
use crate::domain::criterion::Comparator;

impl<'a> Parser<'a> {
    /// `range-end = ( ~ | - | から | "to" ) amount [ comparator ]`
    pub(super) fn range_end(&mut self, figure: &mut Figure<'a>, min: Amount<'a>) -> bool {
        let mark = self.mark();
        let first = self.comparator();
        let _ = first.is_some() && self.take_kind(Kind::Comma);
        let link = match self.peek(0) {
            // increased from 18 to 30: from where to where.
            Kind::Word(Word::Filler) if self.led_by_from(min) || self.led_by_by(min) => {
                self.back(mark);
                return false;
            }
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
        // 18℃から28℃まで
        let until = self.take(Word::By)
            && matches!(max.unit, Unit::Said("℃" | "度" | "時" | "時間" | "分" | "日"))
            && self.context.polarity.is_none()
            && matches!(self.peek(0), Kind::End | Kind::Word(Word::Keep));
        let within = self.range_named() || until;
        if min.signed() > max.signed() || matches!(last, Some(Comparator::Gte | Comparator::Gt)) {
            self.back(mark);
            return false;
        }
        self.about(figure);
        if link == Link::From && first.is_none() && last.is_none() && !within {
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

    /// 70％台を維持: from 70 to below 80, or no lower than 70.
    pub(super) fn in_tens(&mut self, figure: &mut Figure<'a>, min: Amount<'a>) -> bool {
        if self.peek(0) != Kind::Text || !self.written(self.at).starts_with('台') {
            return false;
        }
        let ten = crate::domain::Decimal::from(10);
        let whole = min.value.over(ten).is_some_and(|tens| tens.normalize().scale() == 0);
        let tens =
            matches!(self.written(self.at), "台" | "台を維持" | "台の維持" | "台を維持する" | "台を確保" | "台を達成");
        if !tens || !min.is_percent() || !whole || min.value < ten || figure.comparator.is_some() {
            return false;
        }
        let Some(value) = min.value.plus(ten) else { return false };
        let place = (min.start, self.ends(self.at));
        self.at += 1;
        let _ = self.take(Word::Keep);
        self.ask(
            Note::new(
                "「台」を、その値から次の十の手前までとみなしました。",
                "Read as from there to below the next ten.",
            )
            .at(place.0, place.1),
        );
        figure.core = Core::Range { min, min_inclusive: true, max: Amount { value, ..min }, max_inclusive: false };
        true
    }

    /// の範囲内, の範囲とする, の間: behind two amounts, that they are the ends of a range.
    fn range_named(&mut self) -> bool {
        let mark = self.mark();
        let _ = self.take(Word::Particle);
        const ENDS: [&str; 12] = [
            "範囲",
            "範囲内",
            "範囲内とする",
            "範囲とする",
            "範囲内に収める",
            "範囲に収める",
            "範囲内に抑える",
            "範囲内を維持",
            "範囲を維持",
            "範囲内に",
            "間",
            "間とする",
        ];
        let named = self.peek(0) == Kind::Text && ENDS.contains(&self.written(self.at));
        if !named {
            self.back(mark);
            return false;
        }
        self.at += 1;
        let _ = self.take(Word::Keep);
        true
    }

    /// The second half of 40%以上55%未満.
    pub(super) fn second_bound(&mut self, figure: &mut Figure<'a>, first: Amount<'a>) {
        if self.second_bound_in_front(figure, first) {
            return;
        }
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
                self.range_named();
                return;
            }
        }
        self.back(mark);
    }

    /// `tolerance = [ "within" ] ± amount [ 以内 | 以下 ]`: a range on either side of zero.
    pub(super) fn tolerance(&mut self, figure: &mut Figure<'a>) -> bool {
        let bounded = matches!(figure.comparator, None | Some(Comparator::Lte));
        if !bounded || !self.take_kind(Kind::PlusMinus) {
            return false;
        }
        let Some(max) = self.amount().filter(|amount| amount.sign == Sign::None) else { return false };
        let last = self.comparator();
        if !matches!(last, None | Some(Comparator::Lte | Comparator::Lt)) {
            return false;
        }
        let inclusive = last != Some(Comparator::Lt);
        let min = Amount { sign: Sign::Minus, ..max };
        figure.core = Core::Range { min, min_inclusive: inclusive, max, max_inclusive: inclusive };
        figure.comparator = None;
        let _ = last.is_none() && self.range_named();
        true
    }

    /// `around = amount ± amount`: 20日±2日.
    pub(super) fn around(&mut self, figure: &mut Figure<'a>, middle: Amount<'a>) -> bool {
        let mark = self.mark();
        if figure.comparator.is_none()
            && self.take_kind(Kind::PlusMinus)
            && let Some(by) = self.amount().filter(|by| by.sign == Sign::None)
            && let Some(middle) = share_unit(middle, by)
            && let (Some(low), Some(high)) = (middle.signed().minus(by.value), middle.signed().plus(by.value))
            && low >= crate::domain::Decimal::ZERO
        {
            let _ = self.comparator().is_none_or(|last| last == Comparator::Lte) || {
                self.back(mark);
                return false;
            };
            let min = Amount { value: low, sign: Sign::None, ..middle };
            let max = Amount { value: high, sign: Sign::None, end: by.end, ..middle };
            figure.core = Core::Range { min, min_inclusive: true, max, max_inclusive: true };
            return true;
        }
        self.back(mark);
        false
    }

    /// `between = "between" amount "and" amount`
    pub(super) fn between(&mut self, figure: &mut Figure<'a>) -> bool {
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
    pub(super) fn labelled_progression(&mut self, figure: &mut Figure<'a>) -> bool {
        if !matches!(
            self.peek(0),
            Kind::Time(_)
                | Kind::Word(
                    Word::Present
                        | Word::PreviousYear
                        | Word::Result
                        | Word::OtherFigure
                        | Word::Label(Label::Baseline)
                )
        ) {
            return false;
        }
        self.at += 1;
        for _ in 0..3 {
            let _ = self.take(Word::Result)
                || self.take(Word::Particle)
                || self.take_kind(Kind::Colon)
                || self.year_in_brackets().is_some();
        }
        let Some(amount) = self.amount() else { return false };
        self.progression(figure, amount)
    }

    /// `progression = amount ( → | から ) [ 目標値 ] amount [ comparator ] [ へ | に引き上げる ]`: 現状値→目標値.
    pub(super) fn progression(&mut self, figure: &mut Figure<'a>, from: Amount<'a>) -> bool {
        let mark = self.mark();
        let dated = self.year_in_brackets().is_some()
            || self.present_in_brackets()
            || self.at > 0 && self.kind(self.at - 1) == Kind::Close;
        // ▲350人（令和5年度）を▲200人以上に改善
        let moves = dated
            && self.written(self.at) == "を"
            && matches!(self.kind(self.at + 1), Kind::Number { .. } | Kind::Triangle | Kind::Minus)
            && self.take(Word::Particle);
        let known = figure.deadline;
        // 現状：860件　目標：900件, R5実績860件、R6目標900件
        let labelled = |rules: &mut Self, at: usize| {
            let at = at + usize::from(matches!(rules.kind(at), Kind::Time(_)));
            rules.kind(at) == Kind::Word(Word::TargetLabel)
        };
        let arrow = self.take_kind(Kind::Arrow)
            || labelled(self, self.at + 1) && self.take_kind(Kind::Comma)
            || labelled(self, self.at) && self.source.at(self.ends(self.at.saturating_sub(1))) == ' ';

        let to = |rules: &mut Self| rules.take(Word::Filler) && rules.written(rules.at - 1) == "to";
        let linked = arrow || moves || self.take(Word::Than) || to(self);
        if !linked {
            self.back(mark);
            return false;
        }
        let mut year = match (self.peek(0), self.peek(1)) {
            (Kind::Time(time), Kind::Word(Word::TargetLabel)) => Some(time),
            _ => None,
        };
        self.at += usize::from(year.is_some());
        let labelled = self.take(Word::TargetLabel);
        year = year.or_else(|| if labelled { self.year_in_brackets() } else { None });
        let _ = labelled && self.take_kind(Kind::Colon);
        let to = self.amount().filter(|to| to.sign == Sign::None || from.sign == to.sign);
        let Some((to, from)) = to.and_then(|to| share_unit(from, to).map(|from| (to, from))) else {
            self.back(mark);
            return false;
        };
        let comparator = self.comparator();
        if moves
            && !(self.written(self.at) == "に"
                && matches!(self.peek(1), Kind::Word(Word::Up | Word::Down | Word::Better)))
        {
            self.back(mark);
            return false;
        }
        // 30%（現状値）から40%（目標値）へ, reduced from 40 to 20
        let aimed = labelled || self.target_in_brackets() || self.led_by_from(from);
        let until = !self.written(self.at).is_ascii();
        let verb = self.take(Word::Particle) || until && self.take(Word::By) || aimed;
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
        // The year in the bracket was that of the figure from which it moves.
        figure.deadline = if moves { None } else { known };
        year = year.or_else(|| self.year_in_brackets());
        if figure.deadline.is_none() {
            figure.deadline = year.and_then(|year| year.last_day(self.context.fiscal_year));
        }
        true
    }

    /// （現状値）behind a figure: where it is now.
    fn present_in_brackets(&mut self) -> bool {
        let present = matches!(self.peek(1), Kind::Word(Word::Present))
            || matches!(self.written(self.at + 1), "実績" | "実績値" | "現在");
        let closed = present && self.close_of(self.at) == Some(self.at + 2);
        self.at += if closed { 3 } else { 0 };
        closed
    }

    /// （目標値）behind a figure: where it shall be.
    fn target_in_brackets(&mut self) -> bool {
        let closed = self.peek(1) == Kind::Word(Word::TargetLabel) && self.close_of(self.at) == Some(self.at + 2);
        self.at += if closed { 3 } else { 0 };
        closed
    }

    /// Whether `from` stands in front of the present figure, behind a verb that moves it.
    fn led_by_from(&mut self, amount: Amount<'a>) -> bool {
        let number = (1..self.at).rev().take(6).find(|at| self.starts(*at) == amount.start);
        number.is_some_and(|at| at > 1 && self.written(at - 1) == "from" && self.is_moved(at - 2))
    }

    /// Whether `by` stands in front of an amount: by 10% to 440,000 is a change and its result.
    fn led_by_by(&mut self, amount: Amount<'a>) -> bool {
        let number = (1..self.at).rev().take(6).find(|at| self.starts(*at) == amount.start);
        number.is_some_and(|at| self.written(at - 1).eq_ignore_ascii_case("by"))
    }

    /// （令和7年度）behind a figure or its label: the year that it is for.
    pub(super) fn year_in_brackets(&mut self) -> Option<Time> {
        let Kind::Time(time) = self.peek(1) else { return None };
        (self.close_of(self.at)? == self.at + 2).then(|| self.at += 3)?;
        Some(time)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Link {
    Dash,
    From,
}

/// The lower bound with the unit of the upper one where it has none of its own; `None` when they count different things.
pub(super) fn share_unit<'a>(mut min: Amount<'a>, max: Amount<'a>) -> Option<Amount<'a>> {
    if min.unit == Unit::Unsaid {
        min.unit = max.unit;
    }
    (min.unit == max.unit || max.unit == Unit::Unsaid).then_some(min)
}

//! A condition on one figure, from its first modifier to its last bracket.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::{Amount, Core, Doubt, Figure, Sign, Unit};
use crate::domain::Polarity;
use crate::domain::criterion::{Change, Comparator, Reference};

impl<'a> Parser<'a> {
    /// `condition = modifiers ( relation | universe | range | progression | comparison | zero ) tail`
    pub(super) fn condition(&mut self) -> Option<Figure<'a>> {
        let mut figure = Figure::empty();
        self.modifiers(&mut figure);
        let mark = self.mark();
        let found = self.valued_label(&mut figure)
            || self.retry(mark, |rules| rules.relation(&mut figure))
            || self.retry(mark, |rules| {
                figure.based = false;
                rules.implied_relation(&mut figure)
            })
            || self.retry(mark, |rules| rules.between(&mut figure))
            || self.retry(mark, |rules| rules.labelled_progression(&mut figure))
            || self.retry(mark, |rules| rules.tolerance(&mut figure))
            || self.retry(mark, |rules| rules.comparison(&mut figure))
            || self.retry(mark, |rules| rules.half_of_them(&mut figure))
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
        let Some(mut amount) = self.amount() else { return false };
        self.counted_so(figure, &mut amount);
        self.so_many_more(figure, &mut amount);
        // 24区全区, 11地域すべて
        if self.all_of_them(figure, &amount) {
            return true;
        }
        figure.core = Core::Constant(amount);
        self.slash_per(figure);
        let before = figure.deadline;
        self.brackets(figure);
        let told = figure.deadline;
        if matches!(figure.core, Core::Reference(_)) {
            return true;
        }
        if self.in_tens(figure, amount) || self.range_end(figure, amount) {
            return true;
        }
        if self.progression(figure, amount) {
            // 62.1％（令和5年度末）→70％以上: when it was, and no deadline.
            if figure.deadline == told {
                figure.deadline = before;
            }
            return true;
        }
        if self.around(figure, amount) {
            return true;
        }
        self.about(figure);
        self.name_in_between(figure, amount);
        // 200+ volunteers, 80% or better
        let plus = self.peek(0) == Kind::Plus
            && self.starts(self.at) == amount.end
            && !matches!(self.peek(1), Kind::Number { .. });
        if figure.comparator.is_none() && plus {
            self.at += 1;
            figure.comparator = Some(Comparator::Gte);
        } else if figure.comparator.is_none() && self.take(Word::OrBetter) {
            figure.comparator = match self.context.polarity {
                Some(Polarity::HigherIsBetter) => Some(Comparator::Gte),
                Some(Polarity::LowerIsBetter) => Some(Comparator::Lte),
                None => self.reached_from_below(amount).then_some(Comparator::Gte),
            };
        } else if figure.comparator.is_none() {
            figure.comparator = self.comparator();
            self.signed_amount(figure, amount);
        }
        // 1,200 or more unique participants
        if let (Kind::Word(Word::Counted(aggregation)), Kind::Text) = (self.peek(0), self.peek(1))
            && figure.comparator.is_some()
            && figure.aggregation.is_none()
            && amount.unit == Unit::Unsaid
            && self.source.at(self.starts(self.at)).is_ascii_alphabetic()
        {
            figure.aggregation = Some(aggregation);
            self.at += 1;
        }
        // 5 or fewer collisions
        if figure.comparator.is_some()
            && amount.unit == Unit::Unsaid
            && self.peek(0) == Kind::Text
            && self.source.at(self.starts(self.at)).is_ascii_alphabetic()
            && let unit @ Unit::Said(_) = self.unknown_unit(self.at - 1)
        {
            figure.core = Core::Constant(Amount { unit, ..amount });
        }
        if figure.comparator.is_none() {
            self.moved_to(figure);
        }
        if figure.comparator.is_some() && !figure.keep {
            let _ = self.take(Word::Keep);
            self.second_bound(figure, amount);
            // 18℃以上28℃以下に保つ
            let mark = self.mark();
            self.particles();
            if !(matches!(figure.core, Core::Range { .. }) && self.take(Word::Keep)) {
                self.back(mark);
            }
        } else if figure.comparator.is_none() && self.take(Word::Keep) {
            figure.keep = true;
        }
        if figure.keep {
            self.keep(figure);
        }
        true
    }

    pub(super) fn about(&mut self, figure: &mut Figure<'a>) {
        let mark = self.mark();
        self.particles();
        if self.take(Word::About) {
            figure.about = true;
        } else {
            self.back(mark);
        }
    }

    /// A figure below zero: 以内 and the like may speak of the loss rather than of the figure.
    pub(super) fn signed_amount(&mut self, figure: &mut Figure<'a>, amount: Amount<'a>) {
        let within = self.written(self.at.saturating_sub(1)) == "以内";
        let at_least = matches!(figure.comparator, Some(Comparator::Gte | Comparator::Gt));
        if at_least && amount.sign == Sign::Triangle && figure.doubt.is_none() {
            // △50人以上: the figure itself comes first, since 以上 of a loss is seldom a target.
            let strict = figure.comparator == Some(Comparator::Gt);
            figure.doubt = Some(if strict {
                Doubt::Direction(Comparator::Gt, Comparator::Lt)
            } else {
                Doubt::Direction(Comparator::Gte, Comparator::Lte)
            });
            return self.ask(bound_on_a_loss().at(amount.start, amount.end));
        }
        let loss = amount.sign == Sign::Triangle || amount.sign == Sign::Minus && within;
        if loss && figure.comparator.is_some() && figure.doubt.is_none() {
            figure.doubt = Some(Doubt::Sign);
            self.ask(bound_on_a_loss().at(amount.start, amount.end));
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
        self.stated_result(figure);
        // 毎年5％以上増加: from year to year.
        let yearly = figure.period == Some(crate::domain::criterion::CriterionPeriod::Year)
            && matches!(self.written(from.saturating_sub(1)), "毎年" | "毎年度" | "各年" | "各年度");
        if yearly {
            figure.period = None;
            figure.based = true;
        }
        if !figure.based
            && let Core::Reference(Reference::PreviousYear { change: Some(change) }) = &figure.core
            && matches!(
                change,
                Change::Factor { .. } | Change::Relative { .. } | Change::Points { .. } | Change::Absolute { .. }
            )
        {
            let (change, place) = (change.clone(), (self.starts(from), self.ends(self.at.saturating_sub(1))));
            let reference = self.assumed_reference(place.0, place.1);
            figure.core = Core::Reference(super::change::with_change(reference, change));
        }
        true
    }
}

fn bound_on_a_loss() -> Note {
    Note::new(
        "負の数への「以内・以下・以上」は、赤字の大きさのことか数値そのもののことか、二通りに読めます。",
        "A bound on a negative figure may be one on the size of the loss or on the figure itself.",
    )
}

/// Said of a change that is counted from nothing that the text names.
pub(super) fn no_reference() -> Note {
    Note::new(
        "何と比べた変化かが書かれていないため、前年度の実績からの変化とみなしました。",
        "The text does not say from what the change is counted; last year's result is assumed.",
    )
}

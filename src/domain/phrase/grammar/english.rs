//! Relations in the order of English: the change stands in front of what it refers to.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::{Amount, Core, Doubt, Figure, Sign, Unit};
use super::relation::Way;
use crate::domain::criterion::{Change, Comparator, Reference};
use crate::domain::{Decimal, Polarity};

impl<'a> Parser<'a> {
    /// `english-relation = verb [ noun ] [ "by" ] amount [ reference ] | amount direction reference | amount "of" reference
    /// | ( "double" | "half" | "twice" ) reference | comparator reference`
    pub(super) fn english_relation(&mut self, figure: &mut Figure<'a>) -> bool {
        let mark = self.mark();
        let stated = (figure.stated, figure.result, figure.period);
        // What the first token may open.
        let rules: &[fn(&mut Self, &mut Figure<'a>) -> bool] = match self.peek(0) {
            Kind::Word(Word::No) => &[Self::no_change, Self::reference_last],
            Kind::Word(Word::Denial) => &[Self::not_moved, Self::reference_last],
            Kind::Word(Word::Better) => &[Self::improve_by, Self::improve_on, Self::improve_to, Self::reference_last],
            Kind::Word(Word::Up | Word::Down) => &[Self::verb_first, Self::reference_last],
            Kind::Word(Word::Halve | Word::Double) => {
                &[Self::multiple_first, Self::multiple_as, Self::multiple_of, Self::reference_last]
            }
            Kind::Text if self.written(self.at) == "as" => &[Self::multiple_as, Self::reference_last],
            Kind::Word(Word::Half) => &[Self::multiple_as, Self::multiple_of, Self::reference_last],
            Kind::Word(Word::Than) => &[Self::present_to_target],
            Kind::Word(Word::OtherFigure) => &[Self::baseline_and_change, Self::reference_last],
            Kind::Word(Word::Particle | Word::Result)
            | Kind::Number { .. }
            | Kind::Plus
            | Kind::Minus
            | Kind::Triangle => &[Self::amount_first, Self::multiple_as, Self::multiple_of, Self::reference_last],
            _ => &[Self::reference_last],
        };
        for rule in rules {
            let before = (figure.comparator, figure.core.clone(), figure.subject.clone(), figure.aggregation);
            if rule(self, figure) {
                return true;
            }
            (figure.comparator, figure.core, figure.subject, figure.aggregation) = before;
            (figure.stated, figure.result, figure.period) = stated;
            self.back(mark);
        }
        false
    }

    /// `halve the number of deaths from 2019`, `double membership from FY2022`
    fn multiple_first(&mut self, figure: &mut Figure<'a>) -> bool {
        let (factor, implied) = match self.peek(0) {
            Kind::Word(Word::Halve) => (Decimal::from(5).over(10.into()), Comparator::Lte),
            Kind::Word(Word::Double) => (Some(Decimal::from(2)), Comparator::Gte),
            _ => return false,
        };
        if !self.source.at(self.starts(self.at)).is_ascii_alphabetic() || figure.comparator.is_some() {
            return false;
        }
        self.at += 1;
        let from = self.at;
        // income from events compared with 2019/20
        while self.at < from + 8
            && (matches!(self.peek(0), Kind::Text | Kind::Word(Word::Of | Word::Particle))
                || self.at > from && self.says_from_where(Word::Than))
        {
            self.at += 1;
        }
        let noun = self.span(from, self.at).trim();
        if noun.is_empty() {
            return false;
        }
        let (start, end) = (self.starts(from - 1), self.ends(self.at - 1));
        let mut reference = None;
        for _ in 0..3 {
            if self.peek(0) == Kind::Word(Word::By) && matches!(self.peek(1), Kind::Time(_)) {
                self.at += 1;
                self.time_limit(figure);
            } else if reference.is_none() {
                reference = self.counted_on(figure);
            }
        }
        // double the number of charging points by 2026
        let reference = match self.peek(0) {
            Kind::End => reference.or_else(|| Some(self.assumed_reference(start, end))),
            _ => reference,
        };
        let (Some(factor), Some(reference)) = (factor, reference) else { return false };
        figure.subject = figure.subject.take().or_else(|| Some(super::english_name::bare(noun).to_owned()));
        figure.comparator = Some(implied);
        figure.core = Core::Reference(reference);
        self.changed(figure, Change::Factor { factor })
    }

    /// `10% above last year`, `40 fewer than in FY2024`, `a 10% increase over last year`, `110% of last year`
    fn amount_first(&mut self, figure: &mut Figure<'a>) -> bool {
        let _ = self.take(Word::Particle);
        let level = self.take(Word::Result);
        let Some(mut amount) = self.amount() else { return false };
        // a 5% year-on-year increase
        // a 2% annual increase
        let annual = matches!(self.written(self.at), "annual" | "yearly")
            && matches!(self.peek(1), Kind::Word(Word::Up | Word::Down));
        let yearly = annual
            || self.peek(0) == Kind::Word(Word::PreviousYear)
                && self.written(self.at).to_ascii_lowercase().starts_with('y');
        self.at += usize::from(yearly);
        // a 5% or more increase
        if let (Kind::Word(Word::Compare(comparator)), Kind::Word(Word::Up | Word::Down), None) =
            (self.peek(0), self.peek(1), figure.comparator)
        {
            figure.comparator = Some(comparator);
            self.at += 1;
        }
        let way = match self.peek(0) {
            Kind::Word(Word::Up) if yearly => Way::Up,
            Kind::Word(Word::Down) if yearly => Way::Down,
            // +3% YoY, -10% on 2023/24
            Kind::End | Kind::Open if yearly && amount.sign != Sign::None => {
                return self.signed_change(figure, amount, yearly);
            }
            Kind::Word(Word::Than) if !yearly && amount.sign != Sign::None => {
                return self.signed_change(figure, amount, yearly);
            }
            _ if yearly => return false,
            Kind::Word(Word::Above | Word::Up) => Way::Up,
            Kind::Word(Word::Below | Word::Down) => Way::Down,
            // 5% improvement on last year
            Kind::Word(Word::Better)
                if self.written(self.at).starts_with("improvement") || self.written(self.at) == "better than" =>
            {
                self.better_way()
            }
            // 105% or more of last year
            Kind::Word(Word::Compare(comparator))
                if amount.is_percent() && self.written(self.at + 1) == "of" && self.peek(1) == Kind::Word(Word::Of) =>
            {
                self.at += 2;
                let reference = self.english_reference();
                let factor = amount.value.over(100.into()).filter(|factor| *factor > Decimal::ZERO);
                let (Some(reference), Some(factor)) = (reference, factor) else { return false };
                figure.core = Core::Reference(reference);
                figure.comparator = figure.comparator.or(Some(comparator));
                return self.changed(figure, Change::Factor { factor });
            }
            Kind::Word(Word::Of) if amount.is_percent() && self.written(self.at) == "of" => {
                // within 5% of last year: on either side of it.
                if self.at >= 3 && self.written(self.at - 3).eq_ignore_ascii_case("within") {
                    return false;
                }
                self.at += 1;
                let Some(reference) = self.english_reference() else { return false };
                let Some(factor) = amount.value.over(100.into()).filter(|factor| *factor > Decimal::ZERO) else {
                    return false;
                };
                figure.core = Core::Reference(reference);
                self.owned_noun(figure);
                figure.comparator = figure.comparator.or_else(|| self.comparator());
                return self.changed(figure, Change::Factor { factor });
            }
            _ => return false,
        };
        if !self.source.at(self.starts(self.at)).is_ascii_alphabetic() {
            return false;
        }
        self.at += 1;
        self.more_than_before(figure, &mut amount);
        self.more_behind_reference(figure);
        let comparator = figure.comparator.take();
        if yearly {
            figure.core = Core::Reference(Reference::PreviousYear { change: None });
            return self.changed_by(figure, amount, way, comparator);
        }
        let found = self.against(figure, amount, way, comparator, false);
        if level {
            figure.comparator = comparator;
        }
        found
    }

    /// `1.5 times last year`, `twice last year's result`, `half of last year's`
    fn multiple_of(&mut self, figure: &mut Figure<'a>) -> bool {
        let level = self.take(Word::Result);
        let halved = self.peek(0) == Kind::Word(Word::Halve) && self.written(self.at).eq_ignore_ascii_case("halved");
        let (factor, implied) = match self.peek(0) {
            Kind::Word(Word::Double) => (Some(Decimal::from(2)), Comparator::Gte),
            Kind::Word(Word::Half | Word::Halve) => (Decimal::from(5).over(10.into()), Comparator::Lte),
            Kind::Number { value, .. } if self.peek(1) == Kind::Word(Word::Times) => {
                self.at += 1;
                (Some(value), if value >= Decimal::from(1) { Comparator::Gte } else { Comparator::Lte })
            }
            _ => return false,
        };
        self.at += 1;
        // halved by 2028 compared with 2024/25
        let limited = self.peek(0) == Kind::Word(Word::By)
            && matches!(self.peek(1), Kind::Time(_))
            && self.peek(2) == Kind::Word(Word::Than);
        if limited {
            self.at += 1;
            self.time_limit(figure);
        }
        let _ = self.take(Word::Of);
        let (Some(factor), Some(reference)) =
            (factor.filter(|factor| *factor > Decimal::ZERO), self.english_reference())
        else {
            return false;
        };
        let stated = figure.comparator.or_else(|| self.comparator());
        // at least halved: to half or less
        let stated = if halved { stated.map(super::change::mirrored) } else { stated };
        figure.comparator = stated.or((!level).then_some(implied));
        figure.core = Core::Reference(reference);
        self.figure_of_reference(figure);
        self.changed(figure, Change::Factor { factor })
    }

    /// `at least last year's result`, `no worse than last year`, `the level of last year`
    fn reference_last(&mut self, figure: &mut Figure<'a>) -> bool {
        let better = self.written(self.at).eq_ignore_ascii_case("better than") && self.take(Word::Better);
        if figure.comparator.is_none() && !figure.keep && !figure.roughly && !better {
            return false;
        }
        if self.kept_as_it_is(figure) {
            return true;
        }
        let Some(reference) = self.english_reference() else { return false };
        figure.core = Core::Reference(reference);
        if self.peek(0) != Kind::Open {
            // no worse than the 2023/24 figure
            self.figure_of_reference(figure);
        }
        if better {
            figure.comparator = match self.context.polarity {
                Some(Polarity::HigherIsBetter) => Some(Comparator::Gt),
                Some(Polarity::LowerIsBetter) => Some(Comparator::Lt),
                None => {
                    figure.doubt = Some(Doubt::Direction(Comparator::Gt, Comparator::Lt));
                    self.ask(Note::new("改善の向きがわかりません。", "Which direction is better is not known."));
                    Some(Comparator::Gt)
                }
            };
        }
        if let Some(found) = self.exceeded_by(figure) {
            return found;
        }
        self.owned_noun(figure);
        if figure.keep {
            self.keep(figure);
        }
        self.brackets(figure);
        true
    }

    /// A change by an amount from a reference; last year's result where none is named.
    pub(super) fn against(
        &mut self,
        figure: &mut Figure<'a>,
        amount: Amount<'a>,
        way: Way,
        comparator: Option<Comparator>,
        verb: bool,
    ) -> bool {
        self.object_and_limit(figure);
        let mark = self.mark();
        match self.english_reference() {
            Some(reference) => {
                figure.core = Core::Reference(reference);
                self.owned_noun(figure);
                self.figure_of_reference(figure);
            }
            None if self.base_in_brackets(figure) || verb && self.year_by_year(figure) => {}
            // from the current 58%
            None if self.counted_from_present(figure, mark) => {}
            None => {
                self.back(mark);
                if !verb && self.leading.is_none() || self.peek(0) != Kind::End {
                    return false;
                }
                let end = self.ends(self.at.saturating_sub(1));
                figure.core = Core::Reference(self.assumed_reference(amount.start, end));
            }
        }
        self.changed_by(figure, amount, way, comparator)
    }

    /// The change by an amount from the reference that the figure has.
    pub(super) fn changed_by(
        &mut self,
        figure: &mut Figure<'a>,
        amount: Amount<'a>,
        way: Way,
        comparator: Option<Comparator>,
    ) -> bool {
        let signed = if way == Way::Up { amount.value } else { amount.value.negated() };
        let change = match amount.unit {
            Unit::Said("%") => Change::Relative { percent: signed },
            Unit::Said("ポイント") => Change::Points { points: signed },
            Unit::Said("点") if self.points_of_a_percentage(amount) => Change::Points { points: signed },
            unit => {
                // 2 points above last year: of a score, or of a percentage.
                if self.points_of_something(amount) && figure.doubt.is_none() {
                    figure.doubt = Some(Doubt::Change(Change::Points { points: signed }));
                }
                figure.unit = unit;
                if amount.scaled {
                    figure.display = Some(self.source.written(amount.start, amount.end));
                }
                Change::Absolute { amount: signed }
            }
        };
        // a zero increase: no more than there was; not 0% above that
        let placed =
            (0..self.at).rev().take(8).any(|at| matches!(self.kind(at), Kind::Word(Word::Above | Word::Below)));
        let none = amount.value.is_zero() && !placed;
        figure.comparator = Some(match (way, comparator) {
            (Way::Up, None) if none => Comparator::Lte,
            (Way::Down, None) if none => Comparator::Gte,
            (Way::Up, None | Some(Comparator::Gte)) => Comparator::Gte,
            (Way::Down, None | Some(Comparator::Gte)) => Comparator::Lte,
            (Way::Up, Some(other)) => other,
            (Way::Down, Some(Comparator::Lte)) => Comparator::Gte,
            (Way::Down, Some(Comparator::Gt)) => Comparator::Lt,
            (Way::Down, Some(Comparator::Lt)) => Comparator::Gt,
            (Way::Down, Some(other)) => other,
        });
        self.changed(figure, change)
    }
}

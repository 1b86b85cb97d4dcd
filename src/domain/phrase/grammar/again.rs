//! A change that a bracket says once more, or that it says from which year it is counted: 40件減（△40件）, 倍増（R5年度：120人）.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::cursor::Parser;
use super::figure::{Amount, Core, Figure, Sign};
use crate::domain::criterion::{Change, Comparator, Reference};
use crate::domain::{Decimal, Polarity};

impl<'a> Parser<'a> {
    /// 前年度から40件減（△40件）, 10％減（▲20件）, 5％減（120件→114件）: the same change, said once more.
    pub(super) fn change_again(&mut self, figure: &mut Figure<'a>, open: usize, close: usize) -> bool {
        let Core::Reference(reference) = &figure.core else { return false };
        let Some(change) = reference.change().cloned() else { return false };
        let end = std::mem::replace(&mut self.end, close);
        self.at = open + 1;
        let first = self.amount();
        let found = first.is_some_and(|first| self.says_again(figure, &change, first));
        let whole = self.at == close;
        self.end = end;
        found && whole
    }

    fn says_again(&mut self, figure: &mut Figure<'a>, change: &Change, first: Amount<'a>) -> bool {
        if first.sign == Sign::None && self.take_kind(Kind::Arrow) {
            let Some(second) = self.amount().filter(|second| second.sign == Sign::None) else { return false };
            let reached = super::settle::apply(change, first.value);
            let near = reached
                .and_then(|reached| reached.minus(second.value))
                .is_some_and(|off| off < Decimal::from(1) && off > Decimal::from(-1));
            figure.stated = figure.stated.or(Some(first));
            if !near {
                self.ask_about_figures(first.start, second.end);
            }
            return true;
        }
        let signed = match self.peek(0) {
            Kind::Word(Word::Up) if first.sign == Sign::None => first.value,
            Kind::Word(Word::Down) if first.sign == Sign::None => first.value.negated(),
            _ if first.sign != Sign::None => first.signed(),
            _ => return false,
        };
        self.at += usize::from(first.sign == Sign::None);
        let Some(again) = self.change_of(first, signed) else { return false };
        let falls = |change: &Change| match change {
            Change::Relative { percent: by } | Change::Points { points: by } | Change::Absolute { amount: by } => {
                *by < Decimal::ZERO
            }
            Change::Factor { factor } => *factor < Decimal::from(1),
        };
        let alike = std::mem::discriminant(&again) == std::mem::discriminant(change);
        if alike && again != *change || falls(&again) != falls(change) {
            self.ask_about_figures(first.start, first.end);
        }
        true
    }

    fn ask_about_figures(&mut self, start: usize, end: usize) {
        self.ask(
            Note::new(
                "かっこ内の値が、前の増減と一致しません。",
                "The figures in brackets do not agree with the change in front.",
            )
            .at(start, end),
        );
    }

    /// 倍増（R5年度：120人）: a change that is counted from nothing else is one from the year that the bracket gives.
    pub(super) fn counted_from_year(
        &mut self,
        figure: &mut Figure<'a>,
        time: Option<Time>,
        amount: Amount<'a>,
    ) -> bool {
        if let (
            Core::Reference(Reference::PreviousYear { change: Some(change) }),
            false,
            Some(Time::FiscalYear(year)),
        ) = (&figure.core, figure.based, time)
        {
            let base = Reference::FiscalYear { fiscal_year: year, change: None };
            figure.core = Core::Reference(super::change::with_change(base, change.clone()));
            figure.based = true;
        }
        let free = figure.stated.is_none();
        figure.stated = figure.stated.or(Some(amount));
        if self.may_be_a_later_target(figure, amount) {
            self.ask(
                Note::new(
                    "かっこ内の値は目標をすでに満たしています。基準値か、後の年度の目標かを確かめてください。",
                    "The figure in brackets meets the target; it may be the target of a later year rather than what there was.",
                )
                .at(amount.start, amount.end),
            );
        }
        free
    }

    /// 50％以上（R9：55％）, of a year that is not known: what goes beyond the target is rather the target of a later year, unless the text says
    /// that it was reached.
    fn may_be_a_later_target(&self, figure: &Figure<'a>, amount: Amount<'a>) -> bool {
        const REACHED: [&str; 7] = ["実績", "現状", "基準", "actual", "outturn", "result", "baseline"];
        let Core::Constant(target) = &figure.core else { return false };
        if self.context.fiscal_year.is_some() {
            return false;
        }
        let beyond = match (figure.comparator, self.context.polarity) {
            (Some(Comparator::Gte | Comparator::Gt), _) | (None, Some(Polarity::HigherIsBetter)) => {
                amount.signed() > target.signed()
            }
            (Some(Comparator::Lte | Comparator::Lt), _) | (None, Some(Polarity::LowerIsBetter)) => {
                amount.signed() < target.signed()
            }
            _ => false,
        };
        let bracket = self.source.written(target.end, self.source.len()).split(['）', ')']).next().unwrap_or("");
        beyond && !REACHED.iter().any(|word| bracket.to_lowercase().contains(word))
    }
}

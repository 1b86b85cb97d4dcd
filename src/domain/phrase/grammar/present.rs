//! The present figure first, and behind it a target or several, each a part of its own: 現状64％（R5）、中間目標70％（R8）、最終目標75％（R12）.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::Part;
use super::bounds::share_unit;
use super::cursor::Parser;
use super::figure::{Core, Draft, Figure};
use crate::domain::criterion::{Comparator, Step};
use crate::domain::{Criterion, Polarity};

impl Parser<'_> {
    /// `from-present = [ name ] present-side separator target-side { separator target-side }`: one target with its date, or one for each year.
    pub(super) fn present_first(&mut self, parts: &[Part]) -> Option<Draft> {
        let (first, others) = parts.split_first().filter(|(_, others)| !others.is_empty())?;
        let start = (first.from..first.to.min(first.from + 8)).find(|at| {
            matches!(self.kind(*at), Kind::Word(Word::Present | Word::Label(_)))
                || self.kind(*at) == Kind::Word(Word::OtherFigure) && self.written(*at).starts_with("基準")
                || matches!(self.written(*at), "現況" | "現況値" | "基準")
        })?;
        let aimed = others.iter().all(|part| {
            let label = part.from + usize::from(self.year_behind(part.from));
            self.kind(label) == Kind::Word(Word::TargetLabel) || self.written(label).contains("目標")
        });
        if !aimed {
            return None;
        }
        let mark = self.mark();
        let found = self.targets_behind(start, first, others);
        if found.is_none() {
            self.back(mark);
        }
        found
    }

    fn targets_behind(&mut self, start: usize, first: &Part, others: &[Part]) -> Option<Draft> {
        self.at = start;
        let low = self.side(first.to).filter(|low| low.comparator.is_none())?;
        let subject = if start > first.from { self.subject(first.from, start) } else { None };
        let mut steps: Vec<(Option<Time>, Draft)> = Vec::new();
        for part in others {
            self.at = part.from;
            let high = self.side(part.to).filter(|high| high.labelled)?;
            let from = share_unit(low.amount, high.amount)?;
            let rising = high.amount.signed() >= from.signed();
            let against = match self.context.polarity {
                Some(Polarity::HigherIsBetter) => !rising,
                Some(Polarity::LowerIsBetter) => rising && high.amount.signed() > from.signed(),
                None => high.amount.signed() == from.signed(),
            };
            if against {
                self.ask(Note::new(
                    "現状から目標への向きが、指標の向きと合いません。",
                    "The target lies on the wrong side of the present figure.",
                ));
            }
            let mut figure = Figure::empty();
            figure.subject = subject.clone();
            figure.stated = Some(from);
            let toward = if rising { Comparator::Gte } else { Comparator::Lte };
            figure.comparator = high.comparator.or(if against { None } else { Some(toward) });
            if others.len() == 1 {
                figure.deadline = self.deadline_of_side(&high);
            }
            figure.core = Core::Constant(high.amount);
            steps.push((high.time, self.settle(figure)?));
        }
        self.say(Note::new(
            "初めの値を現状、後の値を目標とみなしました。",
            "The first figure is taken as the present one, what follows as the target.",
        ));
        if steps.len() == 1 {
            return steps.pop().map(|(_, draft)| draft);
        }
        let mut years = Vec::new();
        for (time, _) in &steps {
            match time {
                Some(Time::FiscalYear(year) | Time::Year(year)) if years.last().is_none_or(|last| last < year) => {
                    years.push(*year)
                }
                _ => return None,
            }
        }
        let drafts = steps.into_iter().map(|(_, draft)| draft).collect();
        Some(Draft::join(drafts, |criteria| Criterion::Schedule {
            steps: years.iter().zip(criteria).map(|(year, criterion)| Step { fiscal_year: *year, criterion }).collect(),
        }))
    }
}

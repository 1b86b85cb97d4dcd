//! The last look at a reading that would be certain: words that no rule reads, or that one may have taken for something else. A person is asked about the
//! first of them.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::Draft;
use crate::domain::Criterion;
use crate::domain::criterion::{Operand, Reference};

/// The characters of a text that are asked about: the first, and the one behind the last.
pub(super) type Place = (usize, usize);

impl Parser<'_> {
    /// Asks about the first words that may change what was read.
    pub(super) fn second_look(&mut self, draft: &Draft) {
        if matches!(draft.main, Criterion::None {}) {
            return;
        }
        self.end = self.tokens.len();
        let doubt = match (self.source.latin(), &draft.main) {
            (_, Criterion::Qualitative {}) => None,
            (true, criterion) => self.english_doubt(criterion),
            // +5%
            (false, criterion) => self.half_said(criterion, &[]),
        };
        if let Some((start, end)) = doubt.or_else(|| self.japanese_doubt(&draft.main)) {
            let note = match self.source.written(start, end).trim() {
                // All of it.
                said if end - start >= self.source.len() || said.is_empty() => Note::new(
                    "読み方を変えるかもしれない語が含まれています。",
                    "The text holds a word that may change how it is to be read.",
                ),
                said => Note::new(
                    format!("「{said}」は、目標の読み方を変えるかもしれません。"),
                    format!("\"{said}\" may change how the target is to be read."),
                ),
            };
            self.ask(note.at(start, end));
        }
    }

    /// The characters from one token to the last one in front of another.
    pub(super) fn place(&self, from: usize, to: usize) -> Place {
        (self.starts(from), self.ends(to.max(from + 1) - 1))
    }

    /// All of the text: where no words of it can be named.
    pub(super) fn whole(&self) -> Place {
        (0, self.source.len())
    }

    /// The first token outside of brackets that is such a one.
    pub(super) fn first_outside(&mut self, such: impl Fn(&mut Self, usize) -> bool) -> Option<Place> {
        let mut behind = 0;
        (0..self.tokens.len()).find_map(|at| {
            behind = self.close_of(at).unwrap_or(behind).max(behind);
            (at >= behind && such(self, at)).then(|| self.place(at, at + 1))
        })
    }

    /// A bracket of no more than so many characters that holds one of some words, in lower case, and nothing else.
    pub(super) fn bracket_of(&mut self, words: &[&str], most: usize) -> Option<Place> {
        (0..self.tokens.len()).find_map(|open| {
            let close = self.close_of(open).filter(|close| self.starts(*close) - self.starts(open) <= most)?;
            let inner = self.span(open + 1, close).trim().to_lowercase();
            words.contains(&inner.as_str()).then(|| self.place(open, close + 1))
        })
    }

    /// The first word or comma that joins two conditions.
    pub(super) fn first_joint(&mut self) -> Option<Place> {
        (1..self.tokens.len())
            .find(|at| matches!(self.kind(*at), Kind::Word(Word::And | Word::Or) | Kind::Comma))
            .map(|at| self.place(at, at + 1))
    }
}

/// The conditions that stand side by side; none of a single one.
pub(super) fn side_by_side(criterion: &Criterion) -> Vec<&Criterion> {
    match criterion {
        Criterion::All { of } | Criterion::Any { of } => of.iter().collect(),
        Criterion::Schedule { steps } => steps.iter().map(|step| &step.criterion).collect(),
        _ => Vec::new(),
    }
}

/// What is said of one of several conditions beside its figure.
pub(super) struct Beside<'a> {
    /// It is something to be done.
    pub(super) deed: bool,
    pub(super) unit: Option<&'a str>,
    pub(super) bounded: bool,
    pub(super) dated: bool,
    pub(super) per: bool,
    pub(super) period: bool,
    pub(super) aggregated: bool,
}

/// The same of a condition on a constant, or of something to be done; `None` of any other.
pub(super) fn beside(criterion: &Criterion) -> Option<Beside<'_>> {
    match criterion {
        Criterion::Threshold {
            operand: Operand::Constant { .. },
            comparator,
            unit,
            deadline,
            per,
            period,
            aggregation,
            ..
        } => Some(Beside {
            deed: false,
            unit: unit.as_deref(),
            bounded: comparator.is_some(),
            dated: deadline.is_some(),
            per: per.is_some(),
            period: period.is_some(),
            aggregated: aggregation.is_some(),
        }),
        Criterion::Milestone { due, .. } => Some(Beside {
            deed: true,
            unit: None,
            bounded: false,
            dated: due.is_some(),
            per: false,
            period: false,
            aggregated: false,
        }),
        _ => None,
    }
}

/// Whether it is compared with a figure of the past.
pub(super) fn refers(leaf: &Criterion) -> bool {
    matches!(leaf, Criterion::Threshold { operand: Operand::Reference(_), .. })
}

/// Whether it is a change of one.
pub(super) fn changes(leaf: &Criterion) -> bool {
    matches!(leaf, Criterion::Threshold { operand: Operand::Reference(reference), .. } if reference.change().is_some())
}

/// Whether it is compared with the average of years.
pub(super) fn averages(leaf: &Criterion) -> bool {
    matches!(leaf, Criterion::Threshold { operand: Operand::Reference(Reference::AverageOfYears { .. }), .. })
}

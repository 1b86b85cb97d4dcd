//! The last look at a reading that would be certain: words that no rule reads, or that one may have taken for something else. A person is asked about the
//! first of them.

use super::super::answer::Note;
use super::cursor::Parser;
use super::figure::Draft;
use crate::domain::Criterion;

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
}

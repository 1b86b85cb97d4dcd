//! English milestones whose date stands behind a comma or nothing: `approved by Cabinet, September 2026`, `complete Q3 2026`.

use super::super::lex::{Kind, Time, Word, is_western};
use super::cursor::Parser;

impl Parser<'_> {
    /// Whether the comma stands between what is done and when: only a time behind it, and no figure in front.
    pub(super) fn parts_from_a_date(&mut self, start: usize, comma: usize) -> bool {
        let link = usize::from(matches!(self.kind(comma + 1), Kind::Word(Word::By | Word::Of)));
        if !matches!(self.kind(comma + 1 + link), Kind::Time(_)) || comma == start {
            return false;
        }
        let vague = usize::from(self.kind(comma + 2 + link) == Kind::Word(Word::Vague));
        let ends = matches!(self.kind(comma + 2 + link + vague), Kind::End | Kind::Stop | Kind::Word(Word::And));
        ends && is_western(self.written(comma - 1))
            && (start..comma)
                .all(|at| matches!(self.kind(at), Kind::Text | Kind::Quoted | Kind::Word(_) | Kind::Open | Kind::Close))
            && matches!(self.kind(start), Kind::Text | Kind::Word(Word::Particle | Word::AllOf))
    }

    /// Where an action ends that has its date behind it without a word between: behind what is done, a comma or a colon.
    pub(super) fn date_behind_deed(&mut self, from: usize, time: usize) -> Option<usize> {
        if time <= from || !self.source.at(self.starts(time)).is_ascii() {
            return None;
        }
        let parted = matches!(self.kind(time - 1), Kind::Comma | Kind::Colon);
        let to = time - usize::from(parted);
        let text = self.span(from, to).trim();
        let whole = matches!(
            self.kind(time),
            Kind::Time(Time::Day(_) | Time::FiscalYear(_) | Time::Year(_) | Time::Quarter(..) | Time::DayOfYear(..))
        );
        let done = || super::action::english_action(text, true);
        (whole && to > from && is_western(text) && !text.contains(|c: char| c.is_ascii_digit()) && done()).then_some(to)
    }
}

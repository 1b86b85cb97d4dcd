//! `and` in English: between two conditions, or within a name, as in `parks and open spaces`.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::Part;
use super::cursor::Parser;
use super::figure::{Draft, Joint};
use crate::domain::Criterion;

/// Verbs that are nouns or adjectives as well: `open data`, `complete records`, `launch events`.
const NOUNS_TOO: &[&str] = &["open", "complete", "hold", "launch", "set"];

/// Verbs that are nothing else.
const VERBS: &[&str] =
    &["adopt", "publish", "establish", "draw", "formulate", "introduce", "submit", "implement", "revise", "conclude"];

/// What opens the object of a verb, or the subject of a clause.
const DETERMINERS: &[&str] = &["a", "an", "the", "all", "our", "its", "their", "each", "every", "one", "two", "three"];

/// What makes of a verb in a name one that says who or what is counted: `businesses that adopt …`, `able to use …`.
const RELATIVES: &[&str] = &["to", "who", "that", "which", "can", "will", "by", "for", "in", "with", "from"];

/// Whether a word may be a verb that opens a clause.
pub(super) fn is_verb(word: &str) -> bool {
    VERBS.iter().chain(NOUNS_TOO).any(|verb| verb.eq_ignore_ascii_case(word))
}

impl Parser<'_> {
    /// `name = … "and" noun`: what looks like something to be done behind `and` belongs to the name in front of it unless it is
    /// clearly a clause of its own. Gives the one condition that both parts are; asks where they are no one condition.
    pub(super) fn goes_on(
        &mut self,
        last: Part,
        part: Part,
        draft: &Draft,
        previous: Option<&(Joint, Draft)>,
    ) -> Option<Draft> {
        if !matches!(draft.main, Criterion::Milestone { .. }) || part.from <= last.to {
            return None;
        }
        let and = part.joint == Joint::And && self.written(part.from - 1).eq_ignore_ascii_case("and");
        // projects designed, built and opened
        let listed = part.joint == Joint::Comma && self.source.at(self.starts(part.from)).is_ascii_alphabetic();
        let bare = super::amount::is_participle(self.written(part.from));
        let first = self.written(part.from).to_ascii_lowercase();
        let verb = VERBS.contains(&first.as_str());
        let either = NOUNS_TOO.contains(&first.as_str());
        let determined = |word: &str| DETERMINERS.iter().any(|known| known.eq_ignore_ascii_case(word));
        let second = part.from + 1 < part.to
            && (determined(self.written(part.from + 1)) || matches!(self.kind(part.from + 1), Kind::Number { .. }));
        if !(and || listed && (bare || either && !second)) {
            return None;
        }
        let comma = matches!(self.tokens.get(part.from.wrapping_sub(2)).map(|token| token.kind), Some(Kind::Comma));
        let clear = match previous.map(|(_, previous)| &previous.main) {
            Some(Criterion::Milestone { .. }) => !bare && (!either || second),
            _ if verb || either => {
                let relative = (last.from..last.to).rev().take(24).any(|at| self.relative(at));
                second && (comma || !relative) || verb && comma
            }
            // and a report published
            _ => determined(&first) || matches!(self.kind(part.from), Kind::Number { .. }),
        };
        // 80% or more and completion of the works: the name stands in front, so that nothing can be added to it.
        let before = self.tokens.get(last.to.saturating_sub(1)).map(|token| token.kind);
        let closed = match before {
            Some(Kind::Unit(unit)) => unit == Some("%"),
            before => !matches!(before, Some(Kind::Text | Kind::Quoted | Kind::Close)),
        };
        if clear || closed && !either && !bare {
            return None;
        }
        // and launch of the portal, and strategy adopted: a name for what is done, or a noun of its own.
        let nominal = self.written(part.from + 1) == "of"
            || !verb && !either && !bare
            || either && part.from + 1 < part.to && super::amount::is_participle(self.written(part.to - 1));
        let mark = self.mark();
        let deed = |draft: &Draft| matches!(draft.main, Criterion::Milestone { .. });
        let both = previous.is_some_and(|(_, previous)| deed(previous));
        let whole = self.clause(last.from, last.from, part.to).filter(|whole| deed(whole) == both && !nominal);
        if whole.is_none() {
            self.back(mark);
            let place = (self.starts(part.from), self.ends(part.to - 1));
            self.ask(
                Note::new(
                    "「and」の後は、別の目標とも、前の対象の続きとも読めます。",
                    "What stands behind \"and\" may be a target of its own, or a part of what is counted.",
                )
                .at(place.0, place.1),
            );
        }
        whole
    }

    /// Whether a word says of whom or what, so that a verb behind it belongs to the name.
    fn relative(&mut self, at: usize) -> bool {
        let written = self.written(at);
        RELATIVES.iter().any(|word| word.eq_ignore_ascii_case(written))
            && !(matches!(self.kind(at), Kind::Word(Word::By | Word::Of)) && matches!(self.kind(at + 1), Kind::Time(_)))
    }
}

//! What an English text counts, where several words or a joint in it name that: `reportable health and safety incidents`.

use super::super::answer::Note;
use super::super::lex::{Kind, Word, is_known_unit, is_western, same_unit};
use super::Part;
use super::cursor::Parser;
use super::figure::{Amount, Core, Doubt, Draft, Figure, Joint, Unit};
use crate::domain::criterion::{Aggregation, Comparator};

/// What is told by how far it is off, so that `within 2%` may be on either side.
const DEVIATIONS: &[&str] = &[
    "variance",
    "variances",
    "variation",
    "deviation",
    "difference",
    "outturn",
    "forecast",
    "spend",
    "spending",
    "expenditure",
    "budget",
    "tolerance",
    "accuracy",
    "fluctuation",
    "balance",
    "position",
    "estimate",
    "estimates",
];

/// What is numbered to tell one from another.
const NUMBERED: &[&str] = &[
    "phase", "stage", "route", "line", "block", "junction", "zone", "platform", "pier", "terminal", "plot", "lot",
    "section", "tranche", "package", "gate", "berth", "runway", "chapter", "wave", "module", "step", "lane", "highway",
    "unit",
];

/// Whether a word names what is numbered to tell one from another.
pub(super) fn is_numbered(word: &str) -> bool {
    NUMBERED.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Words by which a count says that it is one of new ones.
const MORE: &[&str] = &["additional", "extra", "further"];

impl<'a> Parser<'a> {
    /// `and` or `or` between two words of what is counted.
    pub(super) fn joins_nouns(&mut self, offset: usize) -> bool {
        matches!(self.peek(offset), Kind::Word(Word::And | Word::Or))
            && matches!(self.written(self.at + offset), "and" | "or")
            && self.peek(offset + 1) == Kind::Text
            && !super::english_joined::is_verb(self.written(self.at + offset + 1))
    }

    /// `emissions from city vehicles by 40%`: where what is counted comes from, in front of a word that goes on with the change.
    pub(super) fn says_from_where(&mut self, behind: Word) -> bool {
        self.written(self.at) == "from"
            && self.peek(1) == Kind::Text
            && (2..4).any(|next| self.peek(next) == Kind::Word(behind))
    }

    /// Text behind the last condition that is none: in English it goes on with what that one counts (`health and safety breaches`,
    /// `waste recycled, reused or composted`).
    pub(super) fn left_over(
        &mut self,
        last: Option<Part>,
        pending: Part,
        mut found: Vec<(Joint, Draft)>,
    ) -> Option<Draft> {
        let last = last.filter(|last| self.goes_on_in_words(last.to, pending.to))?;
        let (joint, _) = found.pop()?;
        let whole = self.clause(last.from, last.from, pending.to)?;
        found.push((joint, whole));
        self.joined(found)
    }

    /// Whether what stands between two places goes on with a name: only words and what joins them.
    pub(super) fn goes_on_in_words(&mut self, from: usize, to: usize) -> bool {
        let end = self.end;
        to <= from + 12
            && to <= end
            && (from..to).all(|at| match self.kind(at) {
                Kind::Text | Kind::Comma => is_western(self.written(at)),
                Kind::Word(Word::And | Word::Or | Word::Of | Word::Particle | Word::Filler) => {
                    is_western(self.written(at))
                }
                Kind::Word(Word::Than) => matches!(self.written(at), "on" | "from"),
                // on time and within budget
                Kind::Word(Word::Least(_)) => {
                    self.written(at) == "within"
                        && matches!(self.written(at + 1), "budget" | "target" | "timescale" | "deadline")
                }
                _ => false,
            })
    }

    /// `determined within 13 weeks or agreed extension: 88%`: in front of a colon, `or` behind a time belongs to the name.
    pub(super) fn or_in_a_name(&mut self, start: usize, at: usize) -> bool {
        if self.written(at) != "or" || at < start + 3 {
            return false;
        }
        // All schools rated good or outstanding
        if self.kind(start) == Kind::Word(Word::AllOf)
            && (start + 1..at)
                .all(|at| matches!(self.kind(at), Kind::Text | Kind::Number { .. } | Kind::Word(Word::And)))
            && (at + 1..at + 4)
                .find(|at| self.kind(*at) != Kind::Text)
                .is_some_and(|end| end > at + 1 && matches!(self.kind(end), Kind::End | Kind::Stop))
        {
            return true;
        }
        let timed = matches!(self.written(at - 3), "within" | "in" | "under")
            && matches!(self.kind(at - 2), Kind::Number { .. })
            && super::amount::is_english_time(self.written(at - 1));
        let colon =
            (at + 1..at + 12).find(|at| !matches!(self.kind(*at), Kind::Text | Kind::Word(Word::Of | Word::Particle)));
        const OTHERWISE: [&str; 10] =
            ["agreed", "agreement", "extension", "extended", "time", "date", "period", "deadline", "later", "sooner"];
        let otherwise = colon.is_some_and(|colon| {
            self.span(at + 1, colon)
                .split(' ')
                .any(|word| OTHERWISE.iter().any(|known| known.eq_ignore_ascii_case(word)))
        });
        timed
            && otherwise
            && colon
                .is_some_and(|colon| colon > at + 1 && matches!(self.kind(colon), Kind::Colon | Kind::End | Kind::Stop))
    }

    /// `95% of requests and complaints answered within 20 days`: what stands behind the joint is done within a time, and belongs to what
    /// the share is one of.
    pub(super) fn joins_in_a_share(&mut self, start: usize, at: usize) -> bool {
        if !matches!(self.written(at), "and" | "or") {
            return false;
        }
        let share = (start..at).take(8).any(|at| {
            matches!(self.kind(at), Kind::Unit(Some("%")))
                && (at + 1..at + 3).any(|of| self.kind(of) == Kind::Word(Word::Of) && self.written(of) == "of")
        });
        if !share {
            return false;
        }
        let end = (at + 1..at + 12)
            .find(|at| !matches!(self.kind(*at), Kind::Text | Kind::Word(Word::Of | Word::Particle | Word::Filler)));
        let Some(within) = end.filter(|end| *end > at + 2) else { return false };
        let done = (1..3).any(|back| super::amount::is_participle(self.written(within - back)));
        done && matches!(self.written(within), "within" | "under")
            && matches!(self.kind(within + 1), Kind::Number { .. })
            && (within + 2..within + 5).any(|at| super::amount::is_english_time(self.written(at)))
    }

    /// `16 and 17 year olds`: two ages of those who are counted.
    pub(super) fn joins_ages(&mut self, at: usize) -> bool {
        let numbers =
            matches!((self.kind(at.saturating_sub(1)), self.kind(at + 1)), (Kind::Number { .. }, Kind::Number { .. }));
        numbers && matches!(self.written(at + 2), "year" | "year-old" | "year-olds" | "year-olds'")
    }

    /// `Route 5 cycleway`, `Phase 1 of the tramway`: a number that tells which one of several, behind what those are.
    pub(super) fn numbered_name(&mut self, from: usize, at: usize) -> bool {
        at > from
            && matches!(self.kind(at), Kind::Number { .. })
            && self.kind(at - 1) == Kind::Text
            && is_numbered(self.written(at - 1))
    }

    /// Asks about a number in front of a noun in the singular, and behind a name: `Hall 4 roof replaced` may mean the fourth.
    pub(super) fn may_tell_which(&mut self, figure: &Figure<'a>, from: usize, at: usize) {
        let Core::Constant(Amount { unit: Unit::Said(unit), value, start, end, .. }) = figure.core else { return };
        let behind_name = at > from
            && self.kind(at - 1) == Kind::Text
            && self.written(at - 1).starts_with(|c: char| c.is_ascii_uppercase());
        let bare = figure.comparator.is_none() && !figure.keep && value > 1.into();
        if !behind_name || !bare || figure.stated.is_some() {
            return;
        }
        // staff in carbon literacy
        let counted =
            [" in ", " on ", " at ", " of ", " for ", " to ", " from "].iter().find_map(|link| unit.split_once(link));
        let head = counted.map_or(unit, |(head, _)| head);
        let last = head.rsplit(' ').next().unwrap_or(head);
        const MANY: [&str; 7] = ["people", "children", "men", "women", "staff", "sheep", "aircraft"];
        let singular = last.len() > 2
            && last.chars().all(|c| c.is_ascii_lowercase())
            && !last.ends_with('s')
            && !MANY.contains(&last)
            && !is_known_unit(last);
        if singular {
            self.ask(
                Note::new("数が、いくつ目かを示す名の一部かもしれません。", "The number may tell which one is meant.")
                    .at(start, end),
            );
        }
    }

    /// Whether a word stands here that makes of a count one of new ones.
    pub(super) fn more_of(&self, at: usize) -> bool {
        let written = self.written(at);
        MORE.iter().any(|word| word.eq_ignore_ascii_case(written))
    }

    /// `so-many-more = number ( "additional" | "extra" | "further" ) noun`: so many new ones, or so many more than there were.
    pub(super) fn so_many_more(&mut self, figure: &mut Figure<'a>, amount: &mut Amount<'a>) {
        if amount.unit != Unit::Unsaid
            || self.peek(0) != Kind::Text
            || !self.more_of(self.at)
            || self.peek(1) != Kind::Text
        {
            return;
        }
        self.at += 1;
        if let unit @ Unit::Said(_) = self.unknown_unit(self.at - 1) {
            amount.unit = unit;
            amount.end = self.ends(self.at - 1);
            figure.doubt = Some(Doubt::More);
        } else {
            self.at -= 1;
        }
    }

    /// `Budget variance within 2%`: of what may lie on either side of nothing.
    pub(super) fn either_side_of_nothing(&mut self, figure: &mut Figure<'a>) {
        let measured = matches!(&figure.core, Core::Constant(amount) if matches!(amount.unit, Unit::Said("%" | "£" | "$" | "€" | "円")));
        let deviates = figure.subject.as_deref().is_some_and(|name| {
            name.split(|c: char| !c.is_ascii_alphabetic())
                .any(|word| DEVIATIONS.iter().any(|known| known.eq_ignore_ascii_case(word)))
        });
        if measured && deviates && figure.comparator == Some(Comparator::Lte) && figure.doubt.is_none() {
            figure.doubt = Some(Doubt::Within);
        }
    }

    /// `0 deaths in custody`: the noun is the unit, and with the preposition and what stands behind it, it is what is counted.
    pub(super) fn noun_in_noun(&mut self, figure: &mut Figure<'a>, from: usize, to: usize) -> bool {
        let Core::Constant(amount) = &figure.core else { return false };
        let Unit::Said(unit) = amount.unit else { return false };
        let amount = *amount;
        let glued = self.ends(self.at.saturating_sub(1)) == amount.end && self.starts(self.at) > amount.end;
        let from = from.max(self.at + 1);
        let known = self.own_unit().is_some_and(|own| same_unit(unit, own));
        let words = unit.chars().count();
        let plain = (from..to)
            .all(|at| matches!(self.kind(at), Kind::Text | Kind::Word(Word::Particle | Word::Of | Word::And)));
        let measure = super::amount::is_english_time(unit) || is_known_unit(unit);
        let counts = (known || is_known_unit(unit)) && unit.ends_with('s') && !super::amount::is_english_time(unit);
        if !glued
            || (known || measure) && !counts
            || !plain
            || from >= to
            || to > from + 7
            || !unit.contains(char::is_alphabetic)
            || !is_western(unit)
        {
            return false;
        }
        let end = self.ends(to - 1);
        let whole = self.source.written(amount.end.saturating_sub(words), end);
        // visitors to the festival: the preposition bounds nothing.
        let behind = self.source.written(self.starts(from), end);
        let bounds = super::english_bounding::may_bound(unit) || super::english_bounding::may_bound(behind);
        if !whole.starts_with(unit) || bounds || whole.contains(',') {
            return false;
        }
        figure.subject = Some(whole.to_owned());
        self.at = to;
        true
    }

    /// aged 25 to 64, Years 7 and 8: whether a token is the second of two numbers that say of whom.
    fn ends_a_span(&mut self, at: usize) -> bool {
        let whose = self.written(at.saturating_sub(3)).rsplit(' ').next().unwrap_or("");
        at > 2
            && ["aged", "ages", "years"].iter().any(|word| whose.eq_ignore_ascii_case(word))
            && matches!(self.written(at - 1), "to" | "and")
            && [at, at - 2].iter().all(|at| matches!(self.kind(*at), Kind::Number { .. }))
    }

    /// `Operating cost per visit`, in front of `no more than`: where the text says the bound, what stands in front of that is the name.
    pub(super) fn names_in_front(&mut self, from: usize, to: usize, noun: &str) -> bool {
        const LINKS: [&str; 12] = ["on", "from", "to", "per", "for", "with", "times", "in", "of", "is", "are", "be"];
        const IN_FRONT_OF_FIGURES: [&str; 11] =
            ["within", "in", "under", "for", "aged", "ages", "years", "stage", "priority", "category", "level"];
        is_western(noun)
            && to <= from + 16
            && (self.ends_a_span(to - 1)
                || matches!(
                    self.kind(to - 1),
                    Kind::Text
                        | Kind::Close
                        | Kind::Unit(_)
                        | Kind::Word(Word::Compare(_) | Word::Times | Word::Result)
                ))
            && (from..to).all(|at| {
                let before = if at > from { self.written(at - 1).to_ascii_lowercase() } else { String::new() };
                let after_figure = at > from && matches!(self.kind(at - 1), Kind::Number { .. });
                let written = self.written(at);
                match self.kind(at) {
                    Kind::Text if at == from && matches!(written, "Total" | "Overall" | "Net") => true,
                    Kind::Text if after_figure && super::amount::is_english_time(written) => true,
                    // 75th percentile
                    Kind::Text if written == "percentile" && before.ends_with("th") => true,
                    Kind::Text => !super::guard::may_bind(written) && !super::english_bounding::may_bound(written),
                    Kind::Word(Word::Particle | Word::Of | Word::And) => true,
                    // on foot or by bike
                    Kind::Word(Word::Or) => at > from,
                    Kind::Word(Word::By) => at > from && self.kind(at + 1) == Kind::Text,
                    Kind::Word(Word::Result) => at > from,
                    // Gross rental yield
                    Kind::Word(Word::Counted(Aggregation::Gross)) => at == from,
                    Kind::Word(Word::Least(Comparator::Lte)) => {
                        written.eq_ignore_ascii_case("within") && matches!(self.kind(at + 1), Kind::Number { .. })
                    }
                    Kind::Word(Word::Per | Word::Than | Word::Filler | Word::Times) => {
                        LINKS.contains(&written) && at > from
                    }
                    Kind::Number { .. } if self.ends_a_span(at) => true,
                    Kind::Number { .. } => IN_FRONT_OF_FIGURES.contains(&before.rsplit(' ').next().unwrap_or("")),
                    Kind::Unit(unit) => unit != Some("%"),
                    // for 6 months or more
                    Kind::Word(Word::Compare(_)) => at > from && super::amount::is_english_time(self.written(at - 1)),
                    _ => false,
                }
            })
    }
}

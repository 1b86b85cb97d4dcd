//! What an English text puts around the name of what is counted, and what is no part of it: an article, a verb that says that it must be so,
//! the words that link a second condition to the first.

use super::super::answer::Note;
use super::super::lex::{Kind, Label, Word, is_western};
use super::Part;
use super::cursor::Parser;
use super::figure::{Amount, Core, Doubt, Draft, Figure, Joint, Unit};
use crate::domain::criterion::{Comparator, Operand};
use crate::domain::{Criterion, Polarity};

/// Verbs behind a name that say only that it is to be so.
const MODALS: [&str; 8] = ["should", "must", "shall", "will", "would", "can", "may", "could"];

/// The same, in front of `to`.
const MODALS_WITH_TO: [&str; 7] = ["needs", "need", "ought", "has", "have", "expected", "required"];

/// What is held, behind `be`: costs must be kept within so much.
const HELD: [&str; 7] = ["kept", "held", "maintained", "limited", "restricted", "capped", "contained"];

/// What names nothing in front of a verb.
const NOTHING: [&str; 6] = ["there", "it", "this", "they", "have", "having"];

/// Verbs that hold a figure where it is to be.
const HOLDING: [&str; 5] = ["hold", "limit", "cap", "restrict", "contain"];

/// Verbs that bring it there.
const BRINGING: [&str; 6] = ["bring", "lift", "drive", "push", "take", "get"];

/// What the share is one of, where the name in front says already what is measured: spend of 95% of budget.
const WHOLES: [&str; 3] = ["budget", "forecast", "plan"];

/// How often something is so.
const OFTEN: [&str; 4] = ["time", "occasions", "cases", "instances"];

/// A name without the article in front of it: `the number of fires`; The Hive keeps its own.
pub(super) fn bare(name: &str) -> &str {
    let behind = |article: &str| {
        let rest = name.get(article.len()..)?;
        let there = name.get(..article.len())?.eq_ignore_ascii_case(article);
        (there && begins_a_noun(rest)).then_some(rest)
    };
    ["the ", "an ", "a "].iter().find_map(|article| behind(article)).unwrap_or(name)
}

/// Whether what stands behind an article is a common noun; A roads are a kind of roads.
fn begins_a_noun(rest: &str) -> bool {
    let first = rest.split(' ').next().unwrap_or(rest);
    rest.starts_with(|c: char| c.is_ascii_lowercase())
        && !matches!(first, "roads" | "road" | "level" | "levels" | "and" | "or")
}

/// A name and what stands behind the figure, with the word that links the two: re-let time for standard voids.
pub(super) fn joined(outer: &str, link: &str, inner: &str, western: bool) -> String {
    match (link, western) {
        ("for" | "in" | "among" | "from" | "to", true) => format!("{outer} {link} {inner}"),
        (_, true) => format!("{outer} {inner}"),
        _ => format!("{outer}{inner}"),
    }
}

/// Whether a word in front of a verb names nothing: there, it.
pub(super) fn names_nothing(name: &str) -> bool {
    NOTHING.iter().any(|word| word.eq_ignore_ascii_case(name))
}

/// Whether a name says only of what whole a share is.
pub(super) fn is_whole(name: &str) -> bool {
    let mut words = name.rsplit(' ');
    let last = words.next().unwrap_or(name);
    OFTEN.contains(&name) || words.count() < 3 && WHOLES.contains(&last)
}

impl<'a> Parser<'a> {
    /// Where a name begins behind its article.
    pub(super) fn behind_article(&mut self, from: usize, to: usize) -> usize {
        let article = self.kind(from) == Kind::Word(Word::Particle)
            && from + 1 < to
            && self.source.at(self.starts(from)).is_ascii_alphabetic()
            && begins_a_noun(self.written(from + 1));
        from + usize::from(article)
    }

    /// `should`, `will`, `needs to`: behind a name, that it is to be so.
    pub(super) fn is_modal(&mut self, at: usize) -> bool {
        let lower = self.written(at).to_ascii_lowercase();
        let written = lower.as_str();
        // must always be, should total
        let before = self.written(at.saturating_sub(1));
        let behind_modal = at > 0
            && (matches!(written, "always" | "also" | "normally" | "total") && MODALS.contains(&before)
                || matches!(written, "remain" | "stay") && (before == "to" || MODALS.contains(&before)));
        self.kind(at) == Kind::Text
            && (behind_modal
                || MODALS.contains(&written)
                || MODALS_WITH_TO.contains(&written) && self.written(at + 1) == "to")
    }

    /// `at least one park shall be opened`, behind what is counted: that it is to be done.
    pub(super) fn must_be_done(&mut self, figure: &Figure<'a>) -> bool {
        // No more than 5% may be late: of a share, that says of whom.
        let counted = matches!(&figure.core, Core::Constant(amount) if !amount.is_percent());
        let modal = counted && self.is_modal(self.at);
        let mut words = 1;
        while modal && words < 4 && self.peek(words) == Kind::Word(Word::Filler) {
            words += 1;
        }
        let done = modal && words > 1 && super::amount::is_participle(self.written(self.at + words));
        let ends = matches!(
            self.peek(words + 1),
            Kind::End
                | Kind::Open
                | Kind::Word(Word::By | Word::Period(_) | Word::OtherPeriod | Word::Each | Word::Per)
        );
        self.at += if done && ends { words + 1 } else { 0 };
        done && ends
    }

    /// Where a name ends in front of the verb that says that it must be so: `Complaints per 1,000 residents` should be.
    pub(super) fn before_modal(&mut self, from: usize, at: usize) -> usize {
        let (mut to, mut verbs) = (at, false);
        while to > from {
            let held =
                to > from + 1 && HELD.contains(&self.written(to - 1)) && self.kind(to - 2) == Kind::Word(Word::Filler);
            let verb = held || self.is_modal(to - 1);
            if !verb && self.kind(to - 1) != Kind::Word(Word::Filler) {
                break;
            }
            verbs |= verb;
            to -= 1;
        }
        if verbs { to } else { at }
    }

    /// `Hold arrears at …`, `Bring the rate up to …`: a verb that holds what is named to its figure, or brings it there, as the word in front of
    /// the figure or the article behind the verb says; drive time and hold times are names. The name ends at `end`.
    pub(super) fn carries(&mut self, at: usize, end: usize) -> bool {
        let verb = self.written(at);
        let known = HOLDING.iter().chain(&BRINGING).any(|known| known.eq_ignore_ascii_case(verb));
        if !known || self.kind(at) != Kind::Text || end < at + 2 {
            return false;
        }
        let linked = matches!(self.written(end - 1), "to" | "at")
            || matches!(self.written(end), "to" | "at" | "up to" | "up" | "down");
        match self.kind(at + 1) {
            Kind::Word(Word::Particle) => true,
            Kind::Text => linked && self.written(at + 1).starts_with(|c: char| c.is_ascii_lowercase()),
            _ => false,
        }
    }

    /// `Bring the rate up to 98%`, `Limit overtime to £500,000`: what the verb in front of the name says of the figure.
    pub(super) fn carried(&mut self, figure: &mut Figure<'a>, from: usize, at: usize) {
        let verb = self.written(from);
        let is = |verbs: &[&str]| verbs.iter().any(|known| known.eq_ignore_ascii_case(verb));
        // Limit the increase in costs to 3%: the change itself is what is bounded.
        if at > from && is(&HOLDING) && matches!(self.kind(at), Kind::Word(Word::Up | Word::Down | Word::Better)) {
            self.ask(super::english_noun::against_the_change().at(self.starts(from), self.ends(at)));
            figure.comparator = figure.comparator.map(super::change::mirrored);
            return;
        }
        if at <= from || !matches!(figure.core, Core::Constant(_)) {
            return;
        }
        if !self.carries(from, at) {
            return self.up_to(figure, at);
        }
        let up = figure.comparator == Some(Comparator::Lte) && self.written(at).eq_ignore_ascii_case("up to");
        let linked = at > from + 1 && matches!(self.written(at - 1), "to" | "at");
        if is(&BRINGING) && up {
            figure.comparator = Some(Comparator::Gte);
        } else if is(&["limit", "cap", "restrict", "contain"]) && linked && figure.comparator.is_none() && !figure.keep
        {
            figure.comparator = Some(Comparator::Lte);
        }
    }

    /// `Share of rivers in good condition up to 45%`: no more than that, or raised to it, unless the polarity tells.
    fn up_to(&mut self, figure: &mut Figure<'a>, at: usize) {
        let behind_name = matches!(self.kind(at - 1), Kind::Text | Kind::Close);
        let lower = self.context.polarity == Some(Polarity::LowerIsBetter);
        if behind_name && !lower && figure.doubt.is_none() && self.written(at) == "up to" {
            figure.doubt = Some(Doubt::Direction(Comparator::Lte, Comparator::Gte));
            self.ask(
                Note::new(
                    "「up to」は、上限とも、そこまで上げることとも読めます。",
                    "\"Up to\" may mean no more than that, or raised to it.",
                )
                .at(self.starts(at), self.ends(at)),
            );
        }
    }

    /// `…, with no more than 5 complaints`, `…, i.e. 45 cases`: the words that link a second condition to the one in front of it. Gives where
    /// that begins.
    pub(super) fn behind_link(&mut self, from: usize, to: usize) -> usize {
        let second =
            from > 0 && self.tokens.get(from - 1).is_some_and(|token| matches!(token.kind, Kind::Comma | Kind::Open));
        if !second || self.kind(from) != Kind::Text {
            return from;
        }
        let behind = match self.written(from) {
            "with" | "ie" | "namely" | "meaning" => from + 1,
            "equivalent" | "equal" | "equating" if self.written(from + 1) == "to" => from + 2,
            "that" if self.written(from + 1) == "is" => from + 2,
            _ => from,
        };
        if behind < to { behind } else { from }
    }

    /// Whether `i.e.` stands in front, of which the last stop parts nothing.
    pub(super) fn is_abbreviated_link(&self, from: usize) -> bool {
        from > 1 && self.written(from - 2).eq_ignore_ascii_case("i.e") && self.written(from - 1) == "."
    }

    /// `80% of all` staff, `the share of all` staff.
    pub(super) fn shared_among_all(&mut self, at: usize) -> bool {
        let of = at > 1 && self.written(at - 1) == "of";
        let share = |written: &str| matches!(written, "share" | "percentage" | "proportion" | "number" | "total");
        of && (self.kind(at - 2) == Kind::Unit(Some("%")) || share(self.written(at - 2)))
    }

    /// How a part is joined to the one before, where it is linked to that: `…, i.e. 45 cases`, both of them.
    pub(super) fn linked(&mut self, part: Part, joint: Joint) -> Joint {
        let linked = self.behind_link(part.from, part.to) > part.from || self.is_abbreviated_link(part.from);
        if joint == Joint::Comma && linked { Joint::And } else { joint }
    }

    /// `Satisfaction of 85% or more, or at least 2 points above last year`: the conditions behind the first, each on the figure that it names.
    pub(super) fn under_one_name(&self, drafts: Vec<Draft>) -> Vec<Draft> {
        // A name in quotation marks is that of its own condition alone.
        let labelled = self
            .tokens
            .iter()
            .any(|token| matches!(token.kind, Kind::Quoted | Kind::Word(Word::Label(Label::Subject))));
        let western = is_western(self.source.written(0, self.source.len()));
        let first = match drafts.first().map(|draft| &draft.main) {
            Some(Criterion::Threshold { subject: Some(name), unit, comparator, .. }) if western && !labelled => {
                Some((name.clone(), unit.clone(), *comparator))
            }
            _ => None,
        };
        let Some((name, unit, first)) = first else { return drafts };
        let named = |mut criterion: Criterion| {
            if let Criterion::Threshold { subject: subject @ None, unit: own, operand, comparator, .. } = &mut criterion
            {
                // at least 400 and no more than 600: the two ends of one figure
                let ends = own.is_none() && *comparator != first && comparator.is_some() && first.is_some();
                let same = match operand {
                    Operand::Reference(_) => own.is_none() || *own == unit,
                    Operand::Constant { .. } => *own == unit && (own.is_some() || ends),
                };
                *subject = same.then(|| name.clone());
            }
            criterion
        };
        drafts.into_iter().map(|draft| draft.map(named)).collect()
    }

    /// `Fewer than 3 working days to process a change of address`: what takes so long.
    pub(super) fn time_to_do(&mut self, figure: &mut Figure<'a>, to: usize) -> bool {
        let Core::Constant(Amount { unit: Unit::Said(unit), .. }) = &figure.core else { return false };
        let timed = super::amount::is_english_time(unit.rsplit(' ').next().unwrap_or(unit));
        // The word itself may have been taken behind the time.
        let from = self.at + usize::from(self.written(self.at) == "to");
        let name =
            |kind: Kind| matches!(kind, Kind::Text | Kind::Word(Word::Of | Word::Particle | Word::And | Word::Or));
        if !timed
            || self.written(from.saturating_sub(1)) != "to"
            || self.kind(from) != Kind::Text
            || to > from + 10
            || !(from..to).all(|at| name(self.kind(at)))
        {
            return false;
        }
        figure.subject = Some(self.span(from, to).to_owned());
        self.at = to;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_is_no_part_of_a_name_and_may_be_one_of_a_proper_name() {
        for (name, without) in [
            ("the number of fires", "number of fires"),
            ("An occupancy rate", "occupancy rate"),
            ("A roads", "A roads"),
            ("The Hive", "The Hive"),
            ("theatre visits", "theatre visits"),
        ] {
            assert_eq!(bare(name), without);
        }
    }
}

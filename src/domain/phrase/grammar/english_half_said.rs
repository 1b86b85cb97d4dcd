//! English targets that leave half unsaid: a change without what it is counted from, a time without when it begins, a frequency in brackets.

use super::super::lex::{Kind, is_western};
use super::amount::{is_english_time, is_participle};
use super::cursor::Parser;
use super::english_words::{Said, first_row};
use super::misplaced::holds;
use super::second_look::{Place, refers};
use crate::domain::criterion::{Aggregation, Comparator, Operand};
use crate::domain::{Criterion, Decimal, Polarity};

/// How often something is, alone in a bracket: `12 meetings (monthly)`, or so many in each month.
const OFTEN: [&str; 10] =
    ["monthly", "weekly", "quarterly", "annual", "annually", "yearly", "daily", "fortnightly", "termly", "bi-monthly"];

impl Parser<'_> {
    /// Where an English target leaves half unsaid.
    pub(super) fn half_said(&mut self, criterion: &Criterion, words: &[Said]) -> Option<Place> {
        if !is_western(self.source.written(0, self.source.len())) {
            return None;
        }
        self.signed(criterion)
            .or_else(|| self.bracket_of(&OFTEN, 24))
            .or_else(|| self.range_to_what(criterion, words))
            .or_else(|| self.may_rise_to(criterion, words))
            .or_else(|| holds(criterion, &takes_a_time).then(|| self.whole()))
            .or_else(|| holds(criterion, &is_share_in_all).then(|| self.whole()))
            .or_else(|| self.how_many_in_all(criterion, words))
    }

    /// `+5%`, `-20 cases`, `60 (+15)`: a change from what is not said.
    fn signed(&mut self, criterion: &Criterion) -> Option<Place> {
        let constant =
            |leaf: &Criterion| matches!(leaf, Criterion::Threshold { operand: Operand::Constant { .. }, .. });
        if !holds(criterion, &constant) || holds(criterion, &refers) {
            return None;
        }
        (0..self.tokens.len()).find_map(|at| {
            let sign =
                matches!(self.kind(at), Kind::Plus | Kind::Minus) && matches!(self.kind(at + 1), Kind::Number { .. });
            let opens = at == 0 || self.kind(at - 1) == Kind::Open;
            (sign && opens).then(|| self.place(at, at + 2))
        })
    }

    /// `1,000 homes to 2030`, `Within 10 to 12 weeks`, `65% to 75%`: a range, or up to when, at most its end, from where to where.
    fn range_to_what(&mut self, criterion: &Criterion, words: &[Said]) -> Option<Place> {
        let Criterion::Range { max, unit, .. } = criterion else { return None };
        let timed = unit.as_deref().is_some_and(is_english_time);
        let year = *max >= Decimal::from(1990) && *max <= Decimal::from(2100) && max.scale() == 0;
        let within: &[&str] = if timed { &["within"] } else { &[] };
        let bounded = first_row(words, &["or less", "or fewer", "or more"]).or_else(|| first_row(words, within));
        if bounded.is_some() {
            return bounded;
        }
        let to = (1..self.tokens.len()).find(|at| self.written(*at) == "to")?;
        let moves = self.context.polarity.is_some()
            && matches!(self.kind(to - 1), Kind::Unit(_))
            && matches!(self.kind(0), Kind::Number { .. });
        (year || moves).then(|| self.place(to - 1, to + 2))
    }

    /// `Up to 75%`, where more is better: a ceiling, or how high it is to rise.
    fn may_rise_to(&self, criterion: &Criterion, words: &[Said]) -> Option<Place> {
        let most = |leaf: &Criterion| {
            matches!(
                leaf,
                Criterion::Threshold { comparator: Some(Comparator::Lte), operand: Operand::Constant { .. }, .. }
            )
        };
        let said = first_row(words, &["up to"])?;
        (self.context.polarity == Some(Polarity::HigherIsBetter) && holds(criterion, &most)).then_some(said)
    }

    /// `Each of the 24 wards`, or a figure in a bracket beside all of them: how many there are, and nothing else.
    fn how_many_in_all(&mut self, criterion: &Criterion, words: &[Said]) -> Option<Place> {
        let only = |leaf: &Criterion| matches!(leaf, Criterion::Each { of } if matches!(&**of, Criterion::Threshold { comparator: None, operand: Operand::Constant { .. }, .. }));
        let each = first_row(words, &["each of the", "every one of the"]);
        let unsaid = |leaf: &Criterion| matches!(leaf, Criterion::Universe { total: None, .. });
        let told = (1..self.tokens.len())
            .find(|at| self.kind(at - 1) == Kind::Open && matches!(self.kind(*at), Kind::Number { .. }));
        each.filter(|_| holds(criterion, &only))
            .or_else(|| told.filter(|_| holds(criterion, &unsaid)).map(|at| self.place(at, at + 1)))
    }
}

/// `At least 60% within five years`, `Adopt the plan within 12 months`: a time that begins nobody knows when, and no part of a name.
fn takes_a_time(leaf: &Criterion) -> bool {
    let Criterion::Threshold { subject: Some(name), unit, comparator, .. } = leaf else { return false };
    let words: Vec<&str> = name.split(' ').collect();
    let verb = words.first().is_some_and(|first| {
        let first = first.to_lowercase();
        super::english_done::DATED_VERBS.contains(&first.as_str())
            || matches!(
                first.as_str(),
                "adopt" | "publish" | "establish" | "implement" | "launch" | "produce" | "prepare"
            )
    });
    if *comparator == Some(Comparator::Lte) && unit.as_deref().is_some_and(is_english_time) && verb {
        return true;
    }
    let [front @ .., link, _, time] = words.as_slice() else { return false };
    matches!(*link, "within" | "in")
        && matches!(time.trim_end_matches('s'), "year" | "month")
        && !front.iter().any(|word| is_participle(word) || word.ends_with("ed"))
}

/// `80% over three years`: a share is not added up.
fn is_share_in_all(leaf: &Criterion) -> bool {
    matches!(leaf, Criterion::Threshold { aggregation: Some(Aggregation::Cumulative), unit: Some(unit), .. } if unit == "%")
}

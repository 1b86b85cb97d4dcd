//! English conditions that may have slipped: cut in two where the text is one, a figure without the magnitude of the one behind it, a name at the wrong one.

use super::super::lex::{Kind, Time, Word};
use super::amount::{is_english_time, is_participle};
use super::cursor::Parser;
use super::misplaced::holds;
use super::second_look::{Beside, Place, beside, changes, side_by_side};
use crate::domain::criterion::{Change, Operand, Reference};
use crate::domain::fiscal::Calendar;
use crate::domain::{Criterion, Decimal};

impl Parser<'_> {
    /// Where a condition may have slipped.
    pub(super) fn slipped(&mut self, criterion: &Criterion) -> Option<Place> {
        self.magnitude_behind(criterion)
            .or_else(|| self.cut_in_a_share(criterion))
            .or_else(|| self.names_behind(criterion))
            .or_else(|| self.near_another(criterion))
            .or_else(|| self.other_count_in_name(criterion))
            .or_else(|| self.slash_of_times(criterion))
            .or_else(|| self.between_changes(criterion))
            .or_else(|| self.dated_change(criterion))
            .or_else(|| self.said_of_one(criterion))
            .or_else(|| self.second_step(criterion))
            .or_else(|| self.lost_denominator(criterion))
    }

    /// `£10-£12m`, `20-25,000 visits`: a lower end that may be in the thousands or millions of the upper one.
    fn magnitude_behind(&mut self, criterion: &Criterion) -> Option<Place> {
        let wide = |leaf: &Criterion| match leaf {
            Criterion::Range { min, max, .. } => {
                *min > Decimal::ZERO && min.times(Decimal::from(100)).is_some_and(|far| far <= *max)
            }
            _ => false,
        };
        if !holds(criterion, &wide) {
            return None;
        }
        let at = self.tokens.iter().position(|token| matches!(token.kind, Kind::Number { .. }))?;
        Some(self.place(at, at + 1))
    }

    /// `At least 85% of assessments started and completed within 45 days`, `95% or more rated 3 or higher`: a share of those to whom it was
    /// done, and no two conditions.
    fn cut_in_a_share(&mut self, criterion: &Criterion) -> Option<Place> {
        let (Criterion::All { of } | Criterion::Any { of }) = criterion else { return None };
        let [
            Criterion::Threshold { operand: Operand::Constant { .. }, unit: first, .. },
            Criterion::Threshold { operand: Operand::Constant { .. }, unit: second, subject, period, per, .. },
        ] = of.as_slice()
        else {
            return None;
        };
        let done = |name: &str| {
            let mut words = name.split(' ');
            words.clone().count() <= 3 && words.next().is_some_and(|word| is_participle(word) || word.ends_with("ing"))
        };
        let share = first.as_deref() == Some("%") && second.as_deref() != Some("%");
        let timed = second.as_deref().is_some_and(is_english_time) || period.is_some() || per.is_some();
        let bare = subject.as_deref().is_some_and(done);
        let parted = (0..self.tokens.len())
            .find(|at| matches!(self.kind(*at), Kind::Comma | Kind::Stop | Kind::Colon | Kind::Item | Kind::Slash));
        if parted.is_some() {
            return None;
        }
        let joint = (0..self.tokens.len()).find(|at| matches!(self.kind(*at), Kind::Word(Word::And | Word::Or)));
        match joint {
            Some(at) if share && (timed || bare) => Some(self.place(at, at + 1)),
            None => Some(self.whole()),
            _ => None,
        }
    }

    /// `5 or fewer complaints, 10 or more compliments`: names stand behind their figures.
    fn names_behind(&mut self, criterion: &Criterion) -> Option<Place> {
        let (Criterion::All { .. } | Criterion::Any { .. }) = criterion else { return None };
        let unit = usize::from(matches!(self.kind(1), Kind::Unit(_)));
        let named = matches!(self.kind(0), Kind::Number { .. })
            && matches!(self.kind(1 + unit), Kind::Word(Word::Compare(_)))
            && self.kind(2 + unit) == Kind::Text
            && matches!(self.kind(3 + unit), Kind::Comma | Kind::Stop)
            && matches!(self.kind(4 + unit), Kind::Number { .. });
        named.then(|| self.place(2 + unit, 3 + unit))
    }

    /// `Within 5% of the sector average`, `+/-2% of 2024/25`: how far from another figure it may be.
    fn near_another(&mut self, criterion: &Criterion) -> Option<Place> {
        let constant = |leaf: &Criterion| {
            matches!(leaf, Criterion::Threshold { operand: Operand::Constant { .. }, .. } | Criterion::Range { .. })
        };
        if !holds(criterion, &constant) {
            return None;
        }
        let lower = self.source.written(0, self.source.len()).to_lowercase();
        let others = ["average", "mean", "median", "budget", "target", "baseline"];
        let last = others.iter().filter_map(|figure| lower.rfind(figure)).max()?;
        let last = lower.get(..last)?.chars().count();
        (1..self.tokens.len()).find_map(|at| {
            let near = self.kind(at - 1) == Kind::PlusMinus || self.written(at - 1).eq_ignore_ascii_case("within");
            if !near || !matches!(self.kind(at), Kind::Number { .. }) {
                return None;
            }
            let of = at + 1 + usize::from(self.written(at + 1) != "of");
            (self.written(of) == "of" && self.starts(of) < last).then(|| self.place(at - 1, of + 1))
        })
    }

    /// `95% or above in at least 3 quarters`: a second condition in a name.
    fn other_count_in_name(&mut self, criterion: &Criterion) -> Option<Place> {
        const COUNTED: [&str; 12] = [
            "quarters",
            "months",
            "weeks",
            "sites",
            "wards",
            "schools",
            "areas",
            "years",
            "locations",
            "centres",
            "teams",
            "districts",
        ];
        let counts = |leaf: &Criterion| {
            matches!(leaf, Criterion::Threshold { subject: Some(name), .. }
                if name.contains("at least ") && COUNTED.iter().any(|noun| name.contains(noun))
                    && ["in at least", "across at least", "for at least"].iter().any(|link| name.contains(link) || name.starts_with("at least")))
        };
        let period = || {
            (0..self.tokens.len()).rev().find(|at| {
                let said = self.tokens.get(*at).is_some_and(|token| matches!(token.kind, Kind::Word(Word::Least(_))));
                said && *at > 1
                    && matches!(self.written(*at).to_ascii_lowercase().as_str(), "at least")
                    && self.written(at - 1) == "for"
            })
        };
        match holds(criterion, &counts) {
            true => Some(self.whole()),
            false => period().map(|at| self.place(at - 1, at + 2)),
        }
    }

    /// `Within 24/48 hours`: one or the other, and not so many out of so many.
    fn slash_of_times(&mut self, criterion: &Criterion) -> Option<Place> {
        let out_of = |leaf: &Criterion| matches!(leaf, Criterion::Threshold { unit: Some(unit), out_of: Some(_), .. } if is_english_time(unit));
        let slash = self.tokens.iter().position(|token| token.kind == Kind::Slash);
        holds(criterion, &out_of).then(|| slash.map_or(self.whole(), |at| self.place(at.saturating_sub(1), at + 2)))
    }

    /// `Increase by 5% to 10% on 2023/24`, `by 5 to 10%`: from one change to another, or by the one to the other.
    fn between_changes(&mut self, criterion: &Criterion) -> Option<Place> {
        let Criterion::All { of } = criterion else { return None };
        let span = (1..self.tokens.len()).find(|at| match (self.kind(at - 1), self.kind(at + 1)) {
            (Kind::Number { value: low, .. }, Kind::Number { value: high, .. }) => {
                self.written(*at) == "to" && low.times(Decimal::from(5)).is_some_and(|far| high <= far)
            }
            _ => false,
        });
        if let Some(to) = span.filter(|_| holds(criterion, &changes)) {
            return Some(self.place(to - 1, to + 2));
        }
        let [
            Criterion::Threshold { operand: Operand::Reference(reference), .. },
            Criterion::Threshold { operand: Operand::Constant { value }, unit: Some(unit), .. },
        ] = of.as_slice()
        else {
            return None;
        };
        let percent = reference.change().and_then(|change| match change {
            Change::Relative { percent } => Some(percent.abs()),
            _ => None,
        })?;
        let near = unit == "%" && percent.times(Decimal::from(3)).is_some_and(|far| *value <= far);
        let to = (1..self.tokens.len()).find(|at| self.written(*at) == "to")?;
        (near && !matches!(reference, Reference::AverageOfYears { .. }))
            .then(|| self.place(to.saturating_sub(2), to + 3))
    }

    /// `5% reduction by March 2027`, `by 5% in 2025/26`: by when, and not from when.
    fn dated_change(&mut self, criterion: &Criterion) -> Option<Place> {
        let from = |year: i32| {
            holds(criterion, &|leaf| {
                matches!(leaf,
                Criterion::Threshold { operand: Operand::Reference(reference @ Reference::FiscalYear { fiscal_year, .. }), .. }
                    if *fiscal_year == year && reference.change().is_some())
            })
        };
        (1..self.tokens.len()).find_map(|at| {
            let Kind::Time(time) = self.kind(at) else { return None };
            let year = match time {
                Time::FiscalYear(year) | Time::Year(year) => year,
                Time::Day(day) => Calendar::default().fiscal_year(day),
                _ => return None,
            };
            let link = match self.kind(at - 1) {
                Kind::Word(_) if self.written(at - 1).ends_with("by") => true,
                Kind::Open => self.kind(at + 1) == Kind::Close,
                // fewer than in 2023/24, from 45 in 2024/25
                Kind::Word(Word::Of) => {
                    self.written(at - 1) == "in"
                        && !(at.saturating_sub(5)..at - 1).any(|front| {
                            self.kind(front) == Kind::Word(Word::Than)
                                || ["than", "as"].iter().any(|word| self.written(front).ends_with(word))
                        })
                }
                _ => false,
            };
            let western = self.source.at(self.starts(at)).is_ascii();
            (link && western && from(year)).then(|| self.place(at - 1, at + 1))
        })
    }

    /// `200 homes and 50 units by March 2027`, `40 placements a year`: what is said of one of several conditions may be said of all of them.
    fn said_of_one(&mut self, criterion: &Criterion) -> Option<Place> {
        let Criterion::All { of } = criterion else { return None };
        let joint = self.first_joint()?;
        let said: Option<Vec<Beside<'_>>> = of.iter().map(beside).collect();
        let said = said?;
        let (first, last) = (said.first()?, said.last()?);
        let shares = [first, last].iter().any(|one| one.unit == Some("%"));
        let led = matches!(self.kind(1), Kind::Time(_)) && said.iter().any(|one| !one.dated);
        let trailing = !first.dated && last.dated || !shares && !first.period && last.period;
        (first.deed == last.deed && (trailing || led && first.dated)).then_some(joint)
    }

    /// `50% reduction on 2010 levels by 2025 and 75% by 2030`: a second step of the change, or a level.
    fn second_step(&mut self, criterion: &Criterion) -> Option<Place> {
        let level = |part: &&Criterion| matches!(part, Criterion::Threshold { operand: Operand::Constant { .. }, comparator: None, unit: Some(unit), .. } if unit == "%");
        if matches!(criterion, Criterion::Any { .. }) {
            return None;
        }
        let parts = side_by_side(criterion);
        let (first, later) = parts.split_first()?;
        let joint = self.first_joint()?;
        (changes(first) && later.iter().any(level)).then_some(joint)
    }

    /// `No more than 20 incidents per 10,000`: of how many of whom is not said.
    fn lost_denominator(&mut self, criterion: &Criterion) -> Option<Place> {
        let counted = |leaf: &Criterion| matches!(leaf, Criterion::Threshold { per: None, unit: Some(unit), .. } | Criterion::Range { per: None, unit: Some(unit), .. } if unit != "%");
        let at = (2..self.tokens.len())
            .find(|at| self.written(at - 1) == "per" && matches!(self.kind(*at), Kind::Number { .. }))?;
        let figure = (0..at - 1).any(|at| matches!(self.kind(at), Kind::Number { .. }));
        (figure && holds(criterion, &counted)).then(|| self.place(at - 1, at + 1))
    }
}

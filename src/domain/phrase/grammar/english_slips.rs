//! English conditions that may have slipped: cut in two where the text is one, a figure without the magnitude of the one behind it, a name at the wrong one.

use super::super::lex::{Kind, Word};
use super::amount::{is_english_time, is_participle};
use super::cursor::Parser;
use super::misplaced::holds;
use super::second_look::Place;
use crate::domain::criterion::{Operand, Reference};
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
            None => Some((0, self.source.len())),
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
        (1..self.tokens.len()).find_map(|at| {
            let near = self.kind(at - 1) == Kind::PlusMinus || self.written(at - 1).eq_ignore_ascii_case("within");
            let of = at + 1 + usize::from(self.written(at + 1) != "of");
            let other = ["average", "mean", "median", "budget", "target", "baseline"]
                .iter()
                .any(|figure| self.span(of, self.tokens.len()).to_lowercase().contains(figure));
            (near && matches!(self.kind(at), Kind::Number { .. }) && self.written(of) == "of" && other)
                .then(|| self.place(at - 1, of + 1))
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
            true => Some((0, self.source.len())),
            false => period().map(|at| self.place(at - 1, at + 2)),
        }
    }

    /// `Within 24/48 hours`: one or the other, and not so many out of so many.
    fn slash_of_times(&mut self, criterion: &Criterion) -> Option<Place> {
        let out_of = |leaf: &Criterion| matches!(leaf, Criterion::Threshold { unit: Some(unit), out_of: Some(_), .. } if is_english_time(unit));
        let slash = self.tokens.iter().position(|token| token.kind == Kind::Slash);
        holds(criterion, &out_of)
            .then(|| slash.map_or((0, self.source.len()), |at| self.place(at.saturating_sub(1), at + 2)))
    }

    /// `Increase by 5% to 10% on 2023/24`: from one change to another, or by the one to the other.
    fn between_changes(&mut self, criterion: &Criterion) -> Option<Place> {
        let Criterion::All { of } = criterion else { return None };
        let [
            Criterion::Threshold { operand: Operand::Reference(reference), .. },
            Criterion::Threshold { operand: Operand::Constant { value }, unit: Some(unit), .. },
        ] = of.as_slice()
        else {
            return None;
        };
        let percent = reference.change().and_then(|change| match change {
            crate::domain::criterion::Change::Relative { percent } => Some(percent.abs()),
            _ => None,
        })?;
        let near = unit == "%" && percent.times(Decimal::from(3)).is_some_and(|far| *value <= far);
        let to = (1..self.tokens.len()).find(|at| self.written(*at) == "to")?;
        (near && !matches!(reference, Reference::AverageOfYears { .. })).then(|| self.place(to - 1, to + 2))
    }
}

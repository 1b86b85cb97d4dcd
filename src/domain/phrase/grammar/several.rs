//! From a range, or from all of something, as it was read to a criterion.

use super::super::answer::Note;
use super::super::lex::same_unit;
use super::cursor::Parser;
use super::figure::{Amount, Draft, Figure, Unit};
use super::settle::with_comparator;
use crate::domain::criterion::{Change, Comparator, Operand, Reference, yen};
use crate::domain::{Criterion, Decimal};

impl<'a> Parser<'a> {
    pub(super) fn range(
        &mut self,
        figure: Figure<'a>,
        low: Amount<'a>,
        min_inclusive: bool,
        high: Amount<'a>,
        max_inclusive: bool,
    ) -> Option<Draft> {
        let low = if low.unit == Unit::Unsaid { Amount { unit: high.unit, ..low } } else { low };
        let (min, unit, first) = self.kept(&low)?;
        let notes = self.notes.len();
        let (max, _, second) = self.kept(&high)?;
        self.notes.truncate(notes);
        let written = (first.is_some() || second.is_some()).then(|| self.source.written(low.start, high.end).trim());
        let out_of = self.out_of_value(&figure);
        if min > max || figure.stated.is_some() {
            return None;
        }
        // 年2～3回: two or three times, or at least twice.
        let written_range = self.source.written(low.start, high.end);
        let dash =
            written_range.contains(['～', '〜', '~']) && !written_range.contains('以') && figure.comparator.is_none();
        let often = dash && unit.as_deref() == Some("回");
        // 60～70％, of what is the better the higher it is: at least 60, as it may be.
        let bare =
            high.end + 1 >= self.source.len() || !self.source.written(high.end, self.source.len()).contains("範囲");
        let aims = dash && bare && self.context.polarity.is_some();
        let lower = self.context.polarity == Some(crate::domain::Polarity::LowerIsBetter);
        let (bound, value) = if lower && !often { (Comparator::Lte, max) } else { (Comparator::Gte, min) };
        let least = (often || aims).then(|| Criterion::Threshold {
            comparator: Some(bound),
            operand: crate::domain::criterion::Operand::Constant { value },
            unit: unit.clone(),
            aggregation: figure.aggregation,
            period: figure.period,
            per: figure.per.clone(),
            out_of,
            deadline: figure.deadline,
            subject: figure.subject.clone(),
            stated_reference: None,
            approximate: figure.rounded || figure.about || figure.roughly,
            display: None,
        });
        let range = Draft::sure(Criterion::Range {
            min,
            min_inclusive,
            max,
            max_inclusive,
            unit,
            aggregation: figure.aggregation,
            period: figure.period,
            per: figure.per,
            out_of,
            deadline: figure.deadline,
            subject: figure.subject,
            approximate: figure.rounded || figure.about || figure.roughly,
            display: figure.display.or(written).map(str::to_owned),
        });
        Some(match least {
            Some(least) => {
                self.ask(
                    Note::new(
                        "その範囲とも、下の値以上（低いほど良い場合は上の値以下）とも読めます。",
                        "Within the range and no more, or at least its lower end (at most its upper one).",
                    )
                    .at(low.start, high.end),
                );
                Draft::doubtful(range.main.clone(), range.main, least)
            }
            None => range,
        })
    }

    /// `5 additional centres`: so many new ones, or so many more than last year.
    pub(super) fn new_or_more(&mut self, criterion: Criterion, value: Decimal, place: (usize, usize)) -> Draft {
        self.ask(
            Note::new(
                "新たに増える数とも、前年度より増えた数とも読めます。",
                "The text may ask for so many new ones, or for so many more than last year.",
            )
            .at(place.0, place.1),
        );
        let mut more = with_comparator(&criterion, Some(Comparator::Gte));
        if let Criterion::Threshold { operand, display, .. } = &mut more {
            *display = None;
            let change = Some(Change::Absolute { amount: value });
            *operand = Operand::Reference(Reference::PreviousYear { change });
        }
        let stated = match &criterion {
            Criterion::Threshold { comparator: None, .. } => with_comparator(&criterion, Some(Comparator::Gte)),
            _ => criterion.clone(),
        };
        Draft::doubtful(criterion, stated, more)
    }

    /// `within 5% of budget`: between 5 % below and 5 % above, or at most 5 % of it.
    pub(super) fn either_side(&mut self, criterion: Criterion, value: Decimal, place: (usize, usize)) -> Draft {
        self.ask(
            Note::new(
                "上下どちらにもその幅以内とも、その割合以下とも読めます。",
                "The text may mean so much on either side, or at most so much of it.",
            )
            .at(place.0, place.1),
        );
        let Criterion::Threshold { unit, aggregation, period, per, deadline, subject, .. } = criterion.clone() else {
            return Draft::sure(criterion);
        };
        let range = Criterion::Range {
            min: value.negated(),
            min_inclusive: true,
            max: value,
            max_inclusive: true,
            unit,
            aggregation,
            period,
            per,
            out_of: None,
            deadline,
            subject,
            approximate: false,
            display: None,
        };
        Draft::doubtful(range.clone(), range, criterion)
    }

    pub(super) fn all(&mut self, figure: Figure<'a>, total: Option<Decimal>, unit: Unit<'a>) -> Option<Draft> {
        if figure.comparator.is_some_and(|comparator| comparator != Comparator::Gte) || figure.stated.is_some() {
            return None;
        }
        let own = self.own_unit();
        let unit = match (unit, own) {
            (Unit::Said(stated), Some(own)) if !same_unit(stated, own) => {
                self.ask(Note::new(
                    format!("「{stated}」が、指標の単位「{own}」と合いません。"),
                    format!("\"{stated}\" is not the indicator's unit, {own}."),
                ));
                Some(stated)
            }
            (Unit::Said(_), Some(own)) => Some(own),
            (Unit::Said(stated), None) => Some(stated),
            (Unit::Unsaid, own) => match figure.unit {
                Unit::Said(labelled) => Some(labelled),
                Unit::Unsaid => own.filter(|own| *own != "%" && yen(own).is_none()),
            },
        };
        if let (Some(stated), Some(known)) = (total, self.context.universe)
            && stated != known
        {
            self.ask(Note::new(
                format!("文では全部で{stated}、指標では{known}です。"),
                format!("The text says that there are {stated} in all, the indicator {known}."),
            ));
        }
        let total = total.or(self.context.universe);
        if total.is_none() {
            self.say(Note::new(
                "全部でいくつあるかが書かれていません。補うまで判定できません。",
                "The text does not say how many there are in all; until it is filled in, nothing can be decided.",
            ));
        }
        let out_of = self.out_of_value(&figure);
        Some(Draft::sure(Criterion::Universe {
            total,
            unit: unit.map(str::to_owned),
            aggregation: figure.aggregation,
            period: figure.period,
            per: figure.per,
            out_of,
            deadline: figure.deadline,
            subject: figure.subject,
            approximate: figure.rounded || figure.about || figure.roughly,
            display: figure.display.map(str::to_owned),
        }))
    }
}

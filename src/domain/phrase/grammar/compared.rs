//! From a relation as it was read to a criterion.

use super::super::answer::Note;
use super::super::lex::same_unit;
use super::change::with_change;
use super::cursor::Parser;
use super::figure::{Core, Doubt, Draft, Figure, Unit};
use super::nouns::is_indicator;
use super::settle::with_comparator;
use crate::domain::Criterion;
use crate::domain::criterion::{Change, Comparator, Operand, Reference, yen};

impl<'a> Parser<'a> {
    /// 前年度＋500 of an indicator in 千円: what has no unit is in the indicator's, and money is kept in yen.
    fn in_own_money(&mut self, figure: &mut Figure<'a>, change: Option<&Change>) {
        let scaled = |own: &&str| yen(own).is_some_and(|factor| factor != crate::domain::Decimal::from(1));
        let Some(own) = self.own_unit().filter(scaled) else { return };
        if let Some(stated) = figure.stated.as_mut().filter(|stated| stated.unit == Unit::Unsaid) {
            stated.unit = Unit::Said(own);
        }
        if matches!(change, Some(Change::Absolute { .. })) && figure.unit == Unit::Unsaid {
            figure.unit = Unit::Said(own);
            self.ask(Note::new(
                format!("単位が書かれていないため、指標の単位「{own}」とみなしました。"),
                format!("The text states no unit; the indicator's, {own}, is assumed."),
            ));
        }
    }

    pub(super) fn reference_to(&mut self, mut figure: Figure<'a>, reference: Reference) -> Option<Draft> {
        let change = reference.change().cloned();
        self.in_own_money(&mut figure, change.as_ref());
        let own = self.own_unit();
        let (mut reference, mut display) = (reference, figure.display);
        // What the text says; of a relative change the unit is the figure's own, whatever that is.
        let stated = match (figure.unit, figure.stated.map(|stated| stated.unit)) {
            (Unit::Said(unit), _) | (Unit::Unsaid, Some(Unit::Said(unit))) => Some(unit),
            _ => None,
        };
        let unit = match (&change, stated) {
            // （単位：千円）: what is referred to is kept in the indicator's unit, and no amount here has to be turned into yen.
            (change, Some(stated))
                if yen(stated).is_some()
                    && figure.unit == Unit::Said(stated)
                    && figure.stated.is_none_or(|amount| amount.unit == Unit::Unsaid)
                    && !matches!(change, Some(Change::Absolute { .. })) =>
            {
                Some(stated)
            }
            (_, Some(stated)) if yen(stated).is_some() => {
                if let (Some(Change::Absolute { amount }), Unit::Said(_)) = (&change, figure.unit) {
                    let amount = amount.times(yen(stated)?)?;
                    reference = with_change(reference, Change::Absolute { amount });
                } else {
                    display = figure.display;
                }
                Some("円")
            }
            (_, Some(stated)) => {
                if let Some(own) = own.filter(|own| !same_unit(stated, own)) {
                    let place = (0, self.source.len());
                    self.mismatch(stated, own, place);
                    Some(stated)
                } else {
                    Some(own.unwrap_or(stated))
                }
            }
            (Some(Change::Relative { .. } | Change::Factor { .. }), None) => None,
            (_, None) => own,
        };
        let ambiguous =
            matches!(change, Some(Change::Relative { .. })) && figure.doubt.is_none() && self.counts_percent(&figure);
        let approximately = (figure.about || figure.roughly) && figure.comparator.is_none() && !figure.no_comparator;
        let place = (0, self.source.len());
        let criterion = Criterion::Threshold {
            comparator: if approximately { Some(Comparator::Approximately) } else { figure.comparator },
            operand: Operand::Reference(reference.clone()),
            unit: unit.map(str::to_owned),
            aggregation: figure.aggregation,
            period: figure.period,
            per: figure.per.clone(),
            out_of: self.out_of_value(&figure),
            deadline: figure.deadline,
            subject: figure.subject.clone(),
            stated_reference: self.stated_value(&figure),
            approximate: figure.rounded || (figure.about || figure.roughly) && !approximately,
            display: display.map(str::to_owned),
        };
        if approximately {
            return Some(self.about_or_at_least(criterion, place));
        }
        if ambiguous && let Some(Change::Relative { percent }) = change {
            self.ask(
                Note::new(
                    "割合の増減が%で書かれているため、割合に対する増減（×）とも、ポイントの増減（±）とも読めます。",
                    "A change of a percentage by percent may be a share of it or percentage points.",
                )
                .at(place.0, place.1),
            );
            let other = with_operand(&criterion, with_change(reference, Change::Points { points: percent }), own);
            return Some(Draft::doubtful(criterion.clone(), criterion, other));
        }
        match figure.doubt {
            Some(Doubt::Change(other)) => {
                let other = with_operand(&criterion, with_change(reference, other), own);
                let (likelier, other) = (criterion.clone(), other);
                Some(Draft::doubtful(criterion, likelier, other))
            }
            Some(Doubt::Direction(first, second)) => {
                let (first, second) =
                    (with_comparator(&criterion, Some(first)), with_comparator(&criterion, Some(second)));
                Some(Draft::doubtful(first.clone(), first, second))
            }
            Some(Doubt::OtherChange(comparator, change)) => {
                let other = with_operand(&criterion, with_change(reference, change), own);
                let other = with_comparator(&other, Some(comparator));
                Some(Draft::doubtful(criterion.clone(), criterion, other))
            }
            _ => Some(self.directed_by_polarity(criterion, figure.no_comparator, place)),
        }
    }

    /// 利用者数の減少を前年度比10％以内にとどめる: how far a change may go that the name speaks of. `said` is what was said before the condition.
    pub(super) fn limited_change(&mut self, figure: &mut Figure<'a>, said: (usize, bool)) {
        const DOWN: [&str; 6] = ["の減少", "の減少幅", "の減少率", "の低下", "の落ち込み", "の減"];
        const UP: [&str; 7] = ["の増加", "の増加幅", "の増加率", "の伸び", "の上昇", "の増", "の伸び幅"];
        let Some(by) = figure.comparator else { return };
        let (percent, reference) = match (&figure.doubt, &figure.core) {
            (Some(Doubt::Change(Change::Relative { percent })), Core::Reference(reference)) => {
                (percent.abs(), Some(reference.clone()))
            }
            // 空き家率の上昇を0.5ポイント以内に抑える
            (None, Core::Constant(amount)) if matches!(by, Comparator::Lte | Comparator::Lt) => (amount.value, None),
            _ => return,
        };
        let Some(name) = figure.subject.as_deref().map(|name| name.trim_end_matches(['を', 'は', 'が'])) else {
            return;
        };
        let ends = |words: &[&str]| words.iter().find_map(|word| name.strip_suffix(word)).map(str::to_owned);
        // 人口の減少率を1％以内に: the rate is a figure of its own.
        if reference.is_none() && name.ends_with(['率', '幅', '数', '量', '額']) {
            return;
        }
        let (name, change, comparator) = match (ends(&DOWN), ends(&UP)) {
            (Some(name), _) => (name, percent.negated(), super::change::mirrored(by)),
            (None, Some(name)) => (name, percent, by),
            _ => return,
        };
        if name.is_empty() {
            return;
        }
        let Some(reference) = reference else { return self.limited_since_last_year(figure, name, change, comparator) };
        figure.core = Core::Reference(with_change(reference, Change::Relative { percent: change }));
        figure.comparator = Some(comparator);
        figure.doubt = None;
        figure.subject = Some(name);
        // What was asked is answered by the name.
        if self.notes.len() == said.0 + 1 {
            self.notes.truncate(said.0);
            self.review = said.1;
        }
    }

    /// How far a change may go that is counted from nothing that the text names.
    fn limited_since_last_year(
        &mut self,
        figure: &mut Figure<'a>,
        name: String,
        by: crate::domain::Decimal,
        comparator: Comparator,
    ) {
        let Core::Constant(amount) = figure.core else { return };
        let Some(change) = self.change_of(amount, by) else { return };
        if matches!(change, Change::Absolute { .. }) {
            figure.unit = amount.unit;
        }
        figure.core = Core::Reference(with_change(Reference::PreviousYear { change: None }, change));
        figure.comparator = Some(comparator);
        figure.subject = Some(name);
        self.ask(super::condition::no_reference().at(amount.start, amount.end));
    }

    /// Whether the figure is a percentage, as far as one can tell.
    pub(super) fn counts_percent(&self, figure: &Figure<'a>) -> bool {
        self.own_unit() == Some("%")
            || figure.stated.is_some_and(|stated| stated.is_percent())
            || self.own_unit().is_none() && figure.subject.as_deref().is_some_and(is_share_in_english)
            || self.own_unit().is_none()
                && figure.subject.as_deref().is_some_and(|subject| {
                    is_indicator(subject)
                        && (subject.ends_with('率') || subject.ends_with("割合") || subject.ends_with(" rate"))
                })
    }
}

/// Whether an English name is that of a share: the proportion of residents who cycle, occupancy rate.
fn is_share_in_english(name: &str) -> bool {
    const SHARES: [&str; 4] = ["proportion of", "percentage of", "share of", "rate of"];
    name.is_ascii() && {
        let lower = name.to_ascii_lowercase();
        lower.ends_with(" rate")
            || SHARES.iter().any(|share| {
                lower.starts_with(share)
                    || lower.contains(&format!(" {share} "))
                    || lower.contains(&format!("the {share}"))
            })
    }
}

fn with_operand(criterion: &Criterion, reference: Reference, own: Option<&str>) -> Criterion {
    let mut criterion = criterion.clone();
    if let Criterion::Threshold { operand, unit, .. } = &mut criterion {
        if matches!(reference.change(), Some(Change::Points { .. })) && unit.is_none() {
            *unit = own.map(str::to_owned);
        }
        *operand = Operand::Reference(reference);
    }
    criterion
}

//! From a figure as it was read to a criterion, with what is known of the indicator: its unit, its polarity, how many there are.

use super::super::answer::Note;
use super::super::lex::{is_western, same_unit};
use super::clause::each_of;
use super::cursor::Parser;
use super::figure::{Amount, Core, Doubt, Draft, Figure, Joint, Unit};
use crate::domain::criterion::{Change, Comparator, Operand, yen};
use crate::domain::{Criterion, Decimal, Measure, Polarity};

/// Units of measure, which another word makes other ones: nautical miles, square metres.
const MEASURES: [&str; 12] = [
    "miles",
    "metres",
    "meters",
    "kilometres",
    "tonnes",
    "tons",
    "litres",
    "hectares",
    "acres",
    "degrees",
    "points",
    "units",
];

impl<'a> Parser<'a> {
    /// The indicator's unit, if it has one.
    pub(super) fn own_unit(&self) -> Option<&'a str> {
        self.context.unit.map(str::trim).filter(|unit| !unit.is_empty()).map(|unit| match unit {
            "％" | "パーセント" => "%",
            "yen" | "JPY" => "円",
            other => other,
        })
    }

    /// The criterion that a figure comes to, with the conditions that its brackets add.
    pub(super) fn settle(&mut self, mut figure: Figure<'a>) -> Option<Draft> {
        let more = std::mem::take(&mut figure.more);
        let result = figure.result.take();
        if figure.no_comparator {
            figure.comparator = None;
        }
        let each = figure.each && !matches!(figure.core, Core::Universe { .. });
        if more.is_empty() && result.is_none() {
            let draft = self.criterion(figure)?;
            return Some(if each { draft.map(each_of) } else { draft });
        }
        // 65歳以上（利用率30％以上）: of whom, rather than a condition.
        if let Core::Constant(Amount { unit: Unit::Said("歳"), start, end, .. }) = &figure.core
            && figure.subject.is_none()
        {
            self.ask(says_of_whom().at(*start, *end));
        }
        let stated = figure.stated;
        let relation = match &figure.core {
            Core::Reference(reference) => reference.change().cloned(),
            _ => None,
        };
        let comparator = figure.comparator;
        let (subject, period, deadline) = (figure.subject.clone(), figure.period, figure.deadline);
        let mut drafts = vec![self.criterion(figure)?];
        if each {
            drafts = drafts.into_iter().map(|draft| draft.map(each_of)).collect();
        }
        if let Some((amount, own)) = result {
            self.agreement(relation.as_ref(), stated, amount);
            let mut second = Figure::empty();
            second.core = Core::Constant(amount);
            second.comparator = own.or(comparator);
            second.subject = subject;
            second.period = period;
            second.deadline = deadline;
            drafts.push(self.criterion(second)?);
        }
        let any = more.iter().any(|(joint, _)| *joint == Joint::Or);
        for (_, draft) in more {
            match draft {
                // （男性40％以上、女性45％以上）
                Draft { main: Criterion::All { of }, pair: None } if !any => {
                    drafts.extend(of.into_iter().map(Draft::sure))
                }
                draft => drafts.push(draft),
            }
        }
        if drafts.len() == 1 {
            return drafts.pop();
        }
        Some(Draft::join(drafts, |of| if any { Criterion::Any { of } } else { Criterion::All { of } }))
    }

    /// Says whether a stated result is what the relation comes to, where the text gives both.
    fn agreement(&mut self, change: Option<&Change>, stated: Option<Amount<'a>>, result: Amount<'a>) {
        let (start, end) = (result.start, result.end);
        let reached = stated.and_then(|stated| apply(change?, stated.signed()));
        let Some(reached) = reached else {
            return self.say(
                Note::new(
                    "比較の条件と、その結果の値の両方が書かれています。両方を条件としました。",
                    "The text states a relation and the value that it comes to; both are kept as conditions.",
                )
                .at(start, end),
            );
        };
        // The stated result is rounded, up or down, to its last digit.
        let unit = last_digit(result.value);
        let off = reached.minus(result.signed()).unwrap_or(Decimal::ZERO);
        if off > unit.negated() && off < unit {
            self.say(
                Note::new(
                    "比較の条件と、その結果の値が一致しています。両方を条件としました。",
                    "The relation and the value that it comes to agree; both are kept as conditions.",
                )
                .at(start, end),
            );
        } else {
            self.ask(
                Note::new(
                    format!(
                        "比較の条件から計算した値{reached}と、書かれた値{}が一致しません。両方を残しました。",
                        result.value
                    ),
                    format!("The relation comes to {reached}, but the text states {}. Both are kept.", result.value),
                )
                .at(start, end),
            );
        }
    }

    fn criterion(&mut self, mut figure: Figure<'a>) -> Option<Draft> {
        let core = std::mem::replace(&mut figure.core, Core::Universe { total: None, unit: Unit::Unsaid });
        match core {
            Core::Constant(amount) => self.constant(figure, amount),
            Core::Range { min, min_inclusive, max, max_inclusive } => {
                self.range(figure, min, min_inclusive, max, max_inclusive)
            }
            Core::Reference(reference) => self.reference_to(figure, reference),
            Core::Universe { total, unit } => {
                // 37地区のうち全地区: the whole is how many there are.
                let whole = figure.out_of.filter(|whole| total.is_none_or(|total| total == whole.value));
                let Some(whole) = whole else { return self.all(figure, total, unit) };
                let unit = if unit == Unit::Unsaid { whole.unit } else { unit };
                self.all(Figure { out_of: None, ..figure }, Some(whole.value), unit)
            }
        }
    }

    /// An amount's value and unit as they are kept, and what was written where that differs: money is in yen.
    pub(super) fn kept(&mut self, amount: &Amount<'a>) -> Option<(Decimal, Option<String>, Option<&'a str>)> {
        let own = self.own_unit();
        let value = amount.signed();
        let (stated, place) = match amount.unit {
            Unit::Said(unit) => (unit, (amount.start, amount.end)),
            Unit::Unsaid => return self.unsaid(amount),
        };
        let written = self.source.written(amount.start, amount.end).trim();
        match (yen(stated), own) {
            (Some(factor), own) => {
                if let Some(own) = own.filter(|own| yen(own).is_none()) {
                    self.mismatch(stated, own, place);
                }
                let scaled = amount.scaled || factor != Decimal::from(1);
                Some((value.times(factor)?, Some("円".to_owned()), scaled.then_some(written)))
            }
            (None, Some(own)) if same_unit(stated, own) => Some((value, Some(own.to_owned()), None)),
            (None, Some(own)) => {
                self.mismatch(stated, own, place);
                Some((value, Some(stated.to_owned()), None))
            }
            (None, None) => Some((value, Some(stated.to_owned()), None)),
        }
    }

    /// An amount without a unit: it is in the indicator's.
    pub(super) fn unsaid(&mut self, amount: &Amount<'a>) -> Option<(Decimal, Option<String>, Option<&'a str>)> {
        let value = amount.signed();
        let Some(own) = self.own_unit() else { return Some((value, None, None)) };
        if amount.value.is_zero() {
            let unit = if yen(own).is_some() { "円" } else { own };
            return Some((value, Some(unit.to_owned()), None));
        }
        let note = Note::new(
            format!("単位が書かれていないため、指標の単位「{own}」とみなしました。"),
            format!("The text states no unit; the indicator's, {own}, is assumed."),
        )
        .at(amount.start, amount.end);
        let factor = yen(own);
        let share = own == "%" && amount.value <= Decimal::from(1);
        if share || factor.is_some_and(|factor| factor != Decimal::from(1)) {
            self.ask(note)
        } else {
            self.say(note)
        }
        match factor {
            Some(factor) => Some((value.times(factor)?, Some("円".to_owned()), None)),
            None => Some((value, Some(own.to_owned()), None)),
        }
    }

    pub(super) fn mismatch(&mut self, stated: &str, own: &str, place: (usize, usize)) {
        self.ask(
            Note::new(
                format!("「{stated}」が、指標の単位「{own}」と合いません。"),
                format!("\"{stated}\" is not the indicator's unit, {own}."),
            )
            .at(place.0, place.1),
        );
    }

    /// `2,000 street trees` of an indicator that counts trees: its unit, and beside it what the text counts.
    fn in_own_noun(&self, figure: &mut Figure<'a>, amount: Amount<'a>) -> Amount<'a> {
        let (Unit::Said(stated), Some(own)) = (amount.unit, self.own_unit()) else { return amount };
        let parted = |rest: Option<&str>, front: bool| {
            rest.is_some_and(|rest| if front { rest.ends_with(' ') } else { rest.starts_with(' ') })
        };
        let headed = parted(stated.strip_suffix(own), true) || parted(stated.strip_prefix(own), false);
        // 10 working days are not 10 days.
        if !headed || !is_western(stated) || super::amount::is_english_time(own) || MEASURES.contains(&own) {
            return amount;
        }
        figure.subject.get_or_insert_with(|| stated.to_owned());
        Amount { unit: Unit::Said(own), ..amount }
    }

    pub(super) fn constant(&mut self, mut figure: Figure<'a>, amount: Amount<'a>) -> Option<Draft> {
        let amount = self.in_own_noun(&mut figure, amount);
        let (value, unit, written) = self.kept(&amount)?;
        let zero =
            value.is_zero() && figure.comparator.is_none() && !figure.no_comparator && !figure.about && !figure.roughly;
        let comparator = if zero { Some(Comparator::Eq) } else { figure.comparator };
        let out_of = self.out_of_value(&figure);
        if let Some(universe) = self.reaches_all(&figure, value, unit.as_deref(), comparator, out_of) {
            return Some(universe);
        }
        let known = self.context.universe.filter(|total| {
            let counts = unit.as_deref().is_some_and(|unit| unit != "%" && yen(unit).is_none());
            counts && figure.aggregation.is_none() && figure.period.is_none() && *total >= value
        });
        let display = figure.display.or(written).map(str::to_owned);
        let doubt = figure.doubt.clone();
        let approximately = (figure.about || figure.roughly) && comparator.is_none() && !figure.no_comparator;
        let place = (amount.start, amount.end);
        let criterion = Criterion::Threshold {
            comparator: if approximately { Some(Comparator::Approximately) } else { comparator },
            operand: Operand::Constant { value },
            unit,
            aggregation: figure.aggregation,
            period: figure.period,
            per: figure.per.clone(),
            out_of: out_of.or(known),
            deadline: figure.deadline,
            subject: figure.subject.clone(),
            stated_reference: self.stated_value(&figure),
            approximate: figure.rounded || (figure.about || figure.roughly) && !approximately,
            display,
        };
        if approximately {
            return Some(self.about_or_at_least(criterion, place));
        }
        if doubt == Some(Doubt::Within) {
            return Some(self.either_side(criterion, value, place));
        }
        if doubt == Some(Doubt::More) {
            return Some(self.new_or_more(criterion, value, place));
        }
        if let Some(Doubt::Direction(first, second)) = doubt {
            let (first, second) = (with_comparator(&criterion, Some(first)), with_comparator(&criterion, Some(second)));
            return Some(Draft::doubtful(first.clone(), first, second));
        }
        if doubt == Some(Doubt::Sign) {
            let other = with_comparator(&criterion, comparator.map(turned));
            return Some(Draft::doubtful(other.clone(), other, criterion));
        }
        Some(self.directed_by_polarity(criterion, figure.no_comparator, place))
    }

    /// The value of a stated reference, in the criterion's unit.
    pub(super) fn stated_value(&self, figure: &Figure<'a>) -> Option<Decimal> {
        let stated = figure.stated?;
        match stated.unit {
            Unit::Said(unit) => yen(unit).map_or(Some(stated.signed()), |factor| stated.signed().times(factor)),
            Unit::Unsaid => Some(stated.signed()),
        }
    }

    pub(super) fn out_of_value(&self, figure: &Figure<'a>) -> Option<Decimal> {
        figure.out_of.map(|amount| amount.value)
    }

    /// As many as there are is all of them.
    pub(super) fn reaches_all(
        &mut self,
        figure: &Figure<'a>,
        value: Decimal,
        unit: Option<&str>,
        comparator: Option<Comparator>,
        out_of: Option<Decimal>,
    ) -> Option<Draft> {
        // 24か所中24か所: all of them.
        if let (Some(whole), None, None, None) = (out_of, self.context.universe, self.context.polarity, comparator)
            && !figure.no_comparator
            && whole == value
            && figure.aggregation.is_none()
            && figure.period.is_none()
            && figure.per.is_none()
            && figure.stated.is_none()
            && !figure.about
            && !figure.roughly
            && let Some(unit) = unit.filter(|unit| !matches!(*unit, "%" | "点") && unit.chars().all(|c| !c.is_ascii()))
        {
            let mut universe = Criterion::universe(Some(whole), Some(unit));
            if let Criterion::Universe { deadline, subject, .. } = &mut universe {
                *deadline = figure.deadline;
                *subject = figure.subject.clone();
            }
            return Some(Draft::sure(universe));
        }
        let total = self.context.universe?;
        let unit = unit.filter(|unit| *unit != "%" && yen(unit).is_none())?;
        let plain = figure.aggregation.is_none() && figure.period.is_none() && figure.per.is_none() && out_of.is_none();
        if value > total && plain {
            self.ask(Note::new(
                format!("目標の{value}{unit}は、全体の{total}{unit}より多くなっています。"),
                format!("The target of {value}{unit} is more than the {total}{unit} that there are."),
            ));
        }
        let reaches = matches!(comparator, None | Some(Comparator::Gte)) && !figure.about && !figure.roughly;
        if value != total || !plain || !reaches {
            return None;
        }
        let mut universe = Criterion::universe(Some(total), Some(unit));
        if let Criterion::Universe { deadline, subject, .. } = &mut universe {
            *deadline = figure.deadline;
            *subject = figure.subject.clone();
        }
        Some(Draft::sure(universe))
    }

    /// 約3,000人: about so many, or at least about so many.
    pub(super) fn about_or_at_least(&mut self, criterion: Criterion, place: (usize, usize)) -> Draft {
        self.ask(
            Note::new(
                "「約」「程度」だけでは、おおよそその値であることと、およそその値以上（以下）であることの、二通りに読めます。",
                "\"About\" alone may mean near the value, or at least or at most about the value.",
            )
            .at(place.0, place.1),
        );
        let mut other = with_comparator(&criterion, None);
        if let Criterion::Threshold { approximate, operand, comparator, .. } = &mut other {
            // 前年度並み: near last year's result, or no worse than it.
            match (operand, self.context.polarity) {
                (Operand::Reference(reference), polarity) if reference.change().is_none() => {
                    let lower = polarity == Some(Polarity::LowerIsBetter);
                    *comparator = Some(if lower { Comparator::Lte } else { Comparator::Gte });
                }
                _ => *approximate = true,
            }
        }
        Draft::doubtful(criterion.clone(), criterion, other)
    }

    /// A criterion without a comparator: the polarity decides, and where none is known a person does.
    pub(super) fn directed_by_polarity(&mut self, criterion: Criterion, said_so: bool, place: (usize, usize)) -> Draft {
        let Criterion::Threshold { comparator: None, .. } = criterion else { return Draft::sure(criterion) };
        if said_so {
            return Draft::sure(criterion);
        }
        let (ja, en) = match (self.context.polarity, self.context.measure) {
            (Some(Polarity::HigherIsBetter), _) => (
                "「以上・以下」の別がないため、指標の向き（高いほど良い）から「以上」とみなします。",
                "The text states no comparator; at least is assumed, because more is better for the indicator.",
            ),
            (Some(Polarity::LowerIsBetter), _) => (
                "「以上・以下」の別がないため、指標の向き（低いほど良い）から「以下」とみなします。",
                "The text states no comparator; at most is assumed, because less is better for the indicator.",
            ),
            (None, Some(Measure::Sum)) => (
                "「以上・以下」の別も指標の向きもないため、足し上げる指標として「以上」とみなします。",
                "Neither the text nor the indicator says which direction is good; at least is assumed of a sum.",
            ),
            (None, _) => {
                self.ask(
                    Note::new(
                        "「以上」か「以下」かが書かれておらず、指標の向きもわかりません。",
                        "The text does not say whether at least or at most, and which direction is good is not known.",
                    )
                    .at(place.0, place.1),
                );
                let likelier = with_comparator(&criterion, Some(Comparator::Gte));
                let other = with_comparator(&criterion, Some(Comparator::Lte));
                return Draft::doubtful(criterion, likelier, other);
            }
        };
        self.say(Note::new(ja, en).at(place.0, place.1));
        Draft::sure(criterion)
    }
}

/// Said of an age that stands where a condition does.
pub(super) fn says_of_whom() -> Note {
    Note::new("年齢は、対象を示すものかもしれません。", "The age may say of whom it is counted.")
}

/// One in the last digit that a value is written to.
pub(super) fn last_digit(value: Decimal) -> Decimal {
    (0..value.normalize().scale()).fold(Decimal::from(1), |unit, _| unit.over(10.into()).unwrap_or(unit))
}

/// What a relation comes to for a value.
pub(super) fn apply(change: &Change, value: Decimal) -> Option<Decimal> {
    match change {
        Change::Relative { percent } => value.times(percent.plus(100.into())?)?.over(100.into()),
        Change::Points { points } => value.plus(*points),
        Change::Absolute { amount } => value.plus(*amount),
        Change::Factor { factor } => value.times(*factor),
    }
}

fn turned(comparator: Comparator) -> Comparator {
    match comparator {
        Comparator::Gte => Comparator::Lte,
        Comparator::Gt => Comparator::Lt,
        Comparator::Lte => Comparator::Gte,
        Comparator::Lt => Comparator::Gt,
        other => other,
    }
}

pub(super) fn with_comparator(criterion: &Criterion, with: Option<Comparator>) -> Criterion {
    let mut criterion = criterion.clone();
    if let Criterion::Threshold { comparator, .. } = &mut criterion {
        *comparator = with;
    }
    criterion
}

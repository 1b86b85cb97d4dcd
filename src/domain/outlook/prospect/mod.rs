//! What is to be expected of a condition that the figures so far leave open.
//!
//! - A condition on one figure: the forecast of that figure.
//! - *All* of several: missed as soon as one is expected to be missed, achieved when all are expected to be achieved. The probability is the least of
//!   theirs. That is exact where they look at the same figure, and otherwise the most that it can be: conditions of one ward and one year rise and fall
//!   together, so their probabilities are not multiplied.
//! - *Any* of several: the other way round, with the greatest probability.
//! - Where nothing is known of a part, all of them can only be expected to be missed, any of them only to be met.

mod later;

use std::cmp::Ordering;

use chrono::NaiveDate;

use crate::domain::evaluation::{Comparison, EvaluatedPart, Evaluation, Facts, Limit, Outcome, PartFacts, Rule};
use crate::domain::forecast::{
    Asked, Band, End, Explained, Forecast, Input, Method, PROBABILITY, Question, Wanted, float, question_of, reason,
    verdict,
};
use crate::domain::result::{Standing, YearResult, gaps_of_sum};
use crate::domain::{Bilingual, Criterion, Decimal, Measure, MissingReason, Verdict};

/// What is to be expected.
#[derive(Debug, Clone)]
pub(super) struct Prospect {
    /// The probability that it is met; `None` where a part of it is not known.
    pub(super) probability: Option<f64>,
    pub(super) verdict: Verdict,
    pub(super) rule: Rule,
    /// The expected result, of the condition that decides.
    pub(super) band: Option<Band>,
    /// What it rests on. It is told only where somebody asks for it.
    pub(super) foretold: Vec<Foretold>,
    pub(super) reason: Option<Bilingual>,
}

/// A forecast of the figure at a day.
#[derive(Debug, Clone)]
pub(super) struct Foretold {
    label: Option<String>,
    forecast: Forecast,
    inputs: Vec<Input>,
    probability: f64,
    on: NaiveDate,
}

impl Foretold {
    /// Every number of it.
    pub(super) fn explained(self) -> Explained {
        let Self { label, forecast, inputs, probability, on } = self;
        Explained { label, inputs, ..forecast.explained(probability, on) }
    }
}

/// What is to be expected of the evaluation of a criterion that is not decided; `None` where nothing follows.
pub(super) fn prospect(
    facts: &Facts<'_>,
    criterion: &Criterion,
    evaluation: &Evaluation,
    as_of: NaiveDate,
) -> Option<Prospect> {
    match evaluation.outcome {
        Outcome::Met => return Some(Prospect::certain(Verdict::Achieve, evaluation.rule)),
        Outcome::Missed => return Some(Prospect::certain(Verdict::Miss, evaluation.rule)),
        Outcome::Open | Outcome::Unknown => {}
    }
    match (criterion, evaluation.rule, &evaluation.comparison) {
        // The step of the year. Its rule is that of the step.
        (Criterion::Schedule { steps }, ..) => {
            let (step, part) = steps.iter().zip(&evaluation.parts).find(|(_, part)| part.decides)?;
            prospect(facts, &step.criterion, &part.evaluation, as_of)
        }
        (Criterion::Each { of }, Rule::EachPart, _) => {
            let parts = evaluation.parts.iter().map(|part| (&**of, part));
            together(facts, evaluation, parts, as_of, false)
        }
        (Criterion::All { of }, ..) => together(facts, evaluation, of.iter().zip(&evaluation.parts), as_of, false),
        (Criterion::Any { of }, ..) => together(facts, evaluation, of.iter().zip(&evaluation.parts), as_of, true),
        (_, Rule::FigureSoFar | Rule::NoFigure | Rule::RoundingUndecided, Some(comparison)) => {
            // Of all that there are no more can come.
            let of_all = matches!(criterion, Criterion::Universe { .. });
            expected(facts, evaluation.rule, comparison, as_of, of_all)
        }
        _ => None,
    }
}

impl Prospect {
    fn certain(verdict: Verdict, rule: Rule) -> Self {
        let probability = Some(if verdict == Verdict::Achieve { 1.0 } else { 0.0 });
        Self { probability, verdict, rule, band: None, foretold: Vec::new(), reason: None }
    }
}

/// The forecast of one figure against what is asked of it by a day.
fn expected(
    facts: &Facts<'_>,
    rule: Rule,
    comparison: &Comparison,
    as_of: NaiveDate,
    of_all: bool,
) -> Option<Prospect> {
    let by = comparison.by?;
    let figure = comparison.figure.as_ref();
    if as_of < facts.calendar.first_day(facts.fiscal_year) || as_of >= by && is_in(facts, figure, as_of, by) {
        return None;
    }
    if figure.is_none() && is_never_reported(facts, as_of) {
        return None;
    }
    let rounding =
        [comparison.lower, comparison.upper].iter().flatten().filter_map(|it| float(it.rounding)).fold(0.0, f64::max);
    if by > facts.calendar.last_day(facts.fiscal_year) {
        return later::expected(facts, rule, comparison, rounding, as_of);
    }
    if by == facts.calendar.last_day(facts.fiscal_year) && figure.is_some() && is_measured(facts, as_of) {
        return measured(facts, comparison);
    }
    let Some(Asked { question, inputs }) = question_of(facts, figure, as_of, by) else {
        return unforeseen(facts, rule, comparison, as_of);
    };
    let Some(forecast) = Question { rounding: question.rounding.hypot(rounding), ..question }.forecast() else {
        return unforeseen(facts, rule, comparison, as_of);
    };
    let probability = forecast.chances.probability(wanted(comparison)?);
    let total = comparison.lower.filter(|_| of_all).and_then(|limit| float(limit.value));
    let forecast = match total {
        Some(total) => forecast.within(figure.and_then(|it| float(it.value)).unwrap_or(0.0), total),
        None => forecast,
    };
    let (verdict, rule) = match (forecast.method, verdict(&forecast, probability)) {
        (Method::PastYears, _) if facts.measurements(as_of).is_taken_once() => (Verdict::Undetermined, Rule::NotDue),
        (Method::PastYears, verdict) => (verdict, Rule::PastYearsOnly),
        (Method::Estimate, verdict) => (verdict, Rule::EstimateOnly),
        (_, Verdict::Undetermined) => (Verdict::Undetermined, Rule::StockTooEarly),
        (_, verdict) => (verdict, Rule::Forecast),
    };
    Some(Prospect::of(facts, forecast, inputs, (probability, verdict, rule), by))
}

impl Prospect {
    /// What a forecast of the figure at a day says.
    fn of(
        facts: &Facts<'_>,
        forecast: Forecast,
        inputs: Vec<Input>,
        (probability, verdict, rule): (f64, Verdict, Rule),
        on: NaiveDate,
    ) -> Self {
        let mut why = reason(&forecast, facts.unit.unwrap_or(""), probability, Verdict::Achieve);
        if let Some(note) = note(rule) {
            why.ja.push_str(&note.ja);
            why.en.push_str(&format!(" {}", note.en));
        }
        Self {
            probability: Some(probability),
            verdict,
            rule,
            band: Some(forecast.band(on)),
            foretold: vec![Foretold { label: None, forecast, inputs, probability, on }],
            reason: Some(why),
        }
    }

    /// Nothing can be expected, and why.
    fn unknown(rule: Rule, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            probability: None,
            verdict: Verdict::Undetermined,
            rule,
            band: None,
            foretold: Vec::new(),
            reason: Some(Bilingual::new(ja, en)),
        }
    }
}

/// Why nothing is expected of a year that may still change.
fn unforeseen(facts: &Facts<'_>, rule: Rule, comparison: &Comparison, as_of: NaiveDate) -> Option<Prospect> {
    let figure = comparison.figure.as_ref()?;
    let known_at = comparison.by.map_or(as_of, |by| as_of.min(by));
    let undated = || figure.gaps && gaps_of_sum(facts.calendar, facts.fiscal_year, facts.reported, known_at).is_none();
    let (ja, en) = match facts.measure {
        Measure::Maximum => (
            "最高値は上がることはあっても下がらず、過去の年度の結果がわからないため、どこまで動くかは見込めません。",
            "The highest figure can still rise and not fall; no earlier year is known, so nothing tells how far.",
        ),
        Measure::Minimum => (
            "最低値は下がることはあっても上がらず、過去の年度の結果がわからないため、どこまで動くかは見込めません。",
            "The lowest figure can still fall and not rise; no earlier year is known, so nothing tells how far.",
        ),
        // What was not reported is not zero, and a part of a sum is not the sum.
        Measure::Sum if undated() => (
            "どの期間の分かわからない実績が加えられており、ここまでの合計に漏れがないかわからないため、見込めません。",
            "Something is added at a mere date and not for a period, so nobody can tell whether the sum so far is whole and there is no forecast.",
        ),
        Measure::Sum if figure.value < Decimal::ZERO => (
            "過去の年度はマイナスになったことがないのに今年度はマイナスなので、この先は見込めません。",
            "It is negative, which no earlier year was, so nothing tells how it goes on and there is no forecast.",
        ),
        Measure::Sum | Measure::Average if figure.value == Decimal::ZERO => (
            "ここまで0で、過去の年度の結果もわからないため、この先は見込めません。",
            "It is zero so far and no earlier year is known, so nothing tells what is still to come and there is no forecast.",
        ),
        _ => (
            "過去の年度の結果もこれまでの進み方もわからないため、この先は見込めません。",
            "Neither an earlier year nor the pace up to now is known, so there is no forecast.",
        ),
    };
    Some(Prospect::unknown(rule, ja, en))
}

fn note(rule: Rule) -> Option<Bilingual> {
    match rule {
        Rule::NotDue => Some(Bilingual::new(
            "年に一度の調査がまだ行われていないため、過去の年度からの参考にとどめ、判定しません。",
            "It is measured once a year and not yet due; this is what earlier years suggest, and no verdict.",
        )),
        Rule::StockTooEarly => Some(Bilingual::new(
            "積み上がる水準（ストック）は、年度の4分の3まではよく予測できないため、判定しません。",
            "Before three quarters of its year a stock cannot be foretold well enough, so there is no verdict.",
        )),
        _ => None,
    }
}

fn wanted(comparison: &Comparison) -> Option<Wanted> {
    let end = |limit: Option<Limit>| match limit {
        Some(limit) => Some(Some(End { value: float(limit.value)?, inclusive: limit.inclusive })),
        None => Some(None),
    };
    let wanted = Wanted { lower: end(comparison.lower)?, upper: end(comparison.upper)? };
    (wanted.lower.is_some() || wanted.upper.is_some()).then_some(wanted)
}

/// Whether this year's reports say that there will be no figure to speak of.
fn is_never_reported(facts: &Facts<'_>, as_of: NaiveDate) -> bool {
    let own = facts.reported.iter().filter(|it| it.fiscal_year == facts.fiscal_year && it.as_of <= as_of);
    own.filter_map(|it| it.missing).any(|it| matches!(it, MissingReason::NotMeasurable | MissingReason::Suppressed))
}

/// Whether the result is there, so that nothing is left to expect: until then a verdict stands, on the last day and after it, too.
fn is_in(facts: &Facts<'_>, figure: Option<&YearResult>, as_of: NaiveDate, by: NaiveDate) -> bool {
    let year_end = facts.calendar.last_day(facts.fiscal_year);
    figure.is_some_and(|figure| match by.cmp(&year_end) {
        Ordering::Less => figure.as_of >= by && !figure.gaps,
        Ordering::Equal => figure.complete || facts.measurements(as_of).standing().is_some(),
        Ordering::Greater => false,
    })
}

/// Whether this year's figure is the one measurement of the year.
fn is_measured(facts: &Facts<'_>, as_of: NaiveDate) -> bool {
    facts.measurements(as_of).standing() == Some(Standing::OnceAYear)
}

/// What follows from the one measurement of a year before its end: itself. That nobody corrects it or measures again is all but certain, not certain.
fn measured(facts: &Facts<'_>, comparison: &Comparison) -> Option<Prospect> {
    let figure = comparison.figure.as_ref()?;
    let shown = format!("{}{}", figure.value.grouped(), facts.unit.unwrap_or(""));
    let Some(met) = comparison.accepts_its_figure() else {
        return Some(Prospect::unknown(
            Rule::RoundingUndecided,
            format!("年に一度の測定で、今年度の{shown}はすでに出ていますが、端数によって結果が変わります。"),
            format!(
                "It is measured once a year, and this year's {shown} is there, but rounding could change the answer."
            ),
        ));
    };
    let (verdict, probability) =
        if met { (Verdict::Achieve, *PROBABILITY.end()) } else { (Verdict::Miss, *PROBABILITY.start()) };
    let (ja, en) = if met { ("達成", "meets it") } else { ("未達成", "misses it") };
    Some(Prospect {
        probability: Some(probability),
        verdict,
        ..Prospect::unknown(
            Rule::MeasuredOnce,
            format!("年に一度の測定で、今年度の{shown}がすでに出ており、それによれば{ja}です。"),
            format!("It is measured once a year, and this year's {shown} is there and {en}."),
        )
    })
}

/// All of several, or `any` of them.
fn together<'a>(
    facts: &Facts<'_>,
    evaluation: &Evaluation,
    parts: impl Iterator<Item = (&'a Criterion, &'a EvaluatedPart)>,
    as_of: NaiveDate,
    any: bool,
) -> Option<Prospect> {
    let parts: Vec<(&EvaluatedPart, Option<Prospect>)> =
        parts.map(|(criterion, part)| (part, prospect_of_part(facts, criterion, part, as_of))).collect();
    let (settles, otherwise) = if any { (Verdict::Achieve, Verdict::Miss) } else { (Verdict::Miss, Verdict::Achieve) };
    let known = || parts.iter().filter_map(|(_, prospect)| prospect.as_ref());
    // A part may be told why nothing is expected of it; known it is with a probability.
    let is_known = |prospect: &Option<Prospect>| prospect.as_ref().is_some_and(|it| it.probability.is_some());
    let all_known = !parts.is_empty() && parts.iter().all(|(_, prospect)| is_known(prospect));
    let verdict = if known().any(|it| it.verdict == settles) {
        settles
    } else if all_known && known().all(|it| it.verdict == otherwise) {
        otherwise
    } else {
        Verdict::Undetermined
    };
    let order = |one: &&Prospect, other: &&Prospect| {
        let (one, other) = (one.probability.unwrap_or(0.5), other.probability.unwrap_or(0.5));
        if any { other.total_cmp(&one) } else { one.total_cmp(&other) }
    };
    // What decides is the part with the least probability, of any of them the greatest.
    let deciding = known().filter(|it| !it.foretold.is_empty() || it.rule == Rule::MeasuredOnce).min_by(order)?;
    let probability = deciding.probability.filter(|_| all_known || verdict == settles);
    let rule = match (verdict, deciding.rule) {
        (Verdict::Undetermined, rule @ (Rule::NotDue | Rule::StockTooEarly)) => rule,
        (Verdict::Undetermined, _) => evaluation.rule,
        (_, Rule::MeasuredOnce) => Rule::MeasuredOnce,
        _ => Rule::Forecast,
    };
    let mut reason = if any {
        Bilingual::new(
            "いずれかの条件の見込み（最も高い確率）による判定です。",
            "The condition with the greatest probability counts.",
        )
    } else {
        Bilingual::new(
            "全ての条件の見込み（最も低い確率）による判定です。",
            "The condition with the least probability counts.",
        )
    };
    for (index, (part, prospect)) in parts.iter().enumerate() {
        let Some(of) = prospect.as_ref().and_then(|it| it.reason.as_ref()) else { continue };
        let name = part.label.clone().unwrap_or_else(|| (index + 1).to_string());
        reason.ja.push_str(&format!("（{name}）{}", of.ja));
        reason.en.push_str(&format!(" ({name}) {}", of.en));
    }
    Some(Prospect {
        probability,
        verdict,
        rule,
        band: deciding.band.clone(),
        foretold: known().flat_map(|it| it.foretold.iter().cloned()).collect(),
        reason: Some(reason),
    })
}

fn prospect_of_part(
    facts: &Facts<'_>,
    criterion: &Criterion,
    part: &EvaluatedPart,
    as_of: NaiveDate,
) -> Option<Prospect> {
    let Some(label) = &part.label else { return prospect(facts, criterion, &part.evaluation, as_of) };
    let own: &PartFacts = facts.parts.iter().find(|it| it.label == *label)?;
    let own = Facts { reported: &own.reported, parts: &[], universe: None, stated_average: None, ..*facts };
    let mut found = prospect(&own, criterion, &part.evaluation, as_of)?;
    for foretold in &mut found.foretold {
        foretold.label = Some(label.clone());
    }
    Some(found)
}

/// A probability as it is told, to four digits.
pub(super) fn told(probability: f64) -> Option<Decimal> {
    crate::domain::forecast::rounded(probability, 4)
}

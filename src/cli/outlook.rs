//! `mikomi outlook`: forecasts of cases in a file, by the code that the service forecasts with.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Outcome, lines};
use crate::domain::forecast::{
    EarlierYear, End, Estimate, Forecast, Kind, Periods, Question, Wanted, one_of, question, reason, rounded, verdict,
};
use crate::domain::{Bilingual, Decimal, Verdict};

/// A forecasting task. Fields that are not named here, such as what came of it, are passed over.
#[derive(Debug, Deserialize)]
struct Case {
    case_id: String,
    aggregation: Aggregation,
    #[serde(default)]
    direction: Option<Direction>,
    #[serde(default)]
    comparator: Option<Comparator>,
    target: f64,
    #[serde(default)]
    unit: Option<String>,
    periods_per_year: usize,
    elapsed: usize,
    #[serde(default)]
    values: Vec<Option<f64>>,
    #[serde(default)]
    numerators: Vec<Option<f64>>,
    #[serde(default)]
    denominators: Vec<Option<f64>>,
    #[serde(default)]
    prior: Vec<Prior>,
    /// The department's own estimate of the year's result, made when the figures were.
    #[serde(default)]
    estimate: Option<f64>,
    #[serde(default)]
    usual_share: Option<f64>,
    #[serde(default)]
    approx_unit: Option<f64>,
}

/// An earlier year.
#[derive(Debug, Deserialize)]
struct Prior {
    fiscal_year: i32,
    #[serde(rename = "final")]
    result: f64,
    #[serde(default)]
    values: Vec<Option<f64>>,
    #[serde(default)]
    numerators: Vec<Option<f64>>,
    #[serde(default)]
    denominators: Vec<Option<f64>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Aggregation {
    Sum,
    Ratio,
    Mean,
    Latest,
    Maximum,
    Minimum,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Direction {
    Up,
    Down,
}

#[derive(Debug, Clone, Copy, Deserialize)]
enum Comparator {
    #[serde(rename = ">=")]
    Gte,
    #[serde(rename = ">")]
    Gt,
    #[serde(rename = "<=")]
    Lte,
    #[serde(rename = "<")]
    Lt,
}

/// What is answered of a case.
#[derive(Debug, Serialize)]
struct Answer {
    case_id: String,
    probability: Option<f64>,
    verdict: Verdict,
    forecast: Option<Band>,
    reason: Bilingual,
}

/// The expected result, and between which values it lies in four of five cases.
#[derive(Debug, Serialize)]
struct Band {
    year_end: Option<Decimal>,
    low: Option<Decimal>,
    high: Option<Decimal>,
}

/// A year has no more periods than days.
const MOST_PERIODS: usize = 366;

/// Answers each line of a file with the forecast of its case.
pub fn cases(file: &Path) -> Outcome {
    let shape = r#"{"case_id": …, "aggregation": …, "comparator": …, "target": …, "periods_per_year": …, "elapsed": …, "values": …, "prior": …}"#;
    lines::answer(file, shape, Some("case_id"), |case: Case| case.check().map(|()| case.answer()))
}

impl Case {
    /// Says what cannot be meant.
    fn check(&self) -> Result<(), String> {
        let Self { periods_per_year, elapsed, values, direction, comparator, .. } = self;
        if !(1..=MOST_PERIODS).contains(periods_per_year) || elapsed > periods_per_year {
            return Err(format!(
                "`elapsed` is {elapsed}, `periods_per_year` {periods_per_year}: give one to {MOST_PERIODS} periods, and no more elapsed ones than there are"
            ));
        }
        if values.len() > *elapsed {
            return Err(format!("`values` has {} periods, of which {elapsed} are over", values.len()));
        }
        if direction.is_none() && comparator.is_none() {
            return Err("neither `comparator` (>=, >, <=, <) nor `direction` (up, down) is given".to_owned());
        }
        Ok(())
    }

    fn wanted(&self) -> Wanted {
        let strictly = |mut wanted: Wanted| {
            for end in [&mut wanted.lower, &mut wanted.upper].into_iter().flatten() {
                end.inclusive = false;
            }
            wanted
        };
        match (self.comparator, self.direction) {
            (Some(Comparator::Gte), _) | (None, Some(Direction::Up) | None) => Wanted::at_least(self.target),
            (Some(Comparator::Gt), _) => strictly(Wanted::at_least(self.target)),
            (Some(Comparator::Lte), _) | (None, Some(Direction::Down)) => Wanted::at_most(self.target),
            (Some(Comparator::Lt), _) => strictly(Wanted::at_most(self.target)),
        }
    }

    fn question(&self) -> Question {
        let kind = match self.aggregation {
            Aggregation::Sum => Kind::Sum,
            Aggregation::Ratio => Kind::Ratio,
            Aggregation::Mean => Kind::Mean,
            Aggregation::Latest => Kind::Level,
            Aggregation::Maximum => Kind::Maximum,
            Aggregation::Minimum => Kind::Minimum,
        };
        let year = Periods {
            values: self.values.clone(),
            numerators: self.numerators.clone(),
            denominators: self.denominators.clone(),
        };
        let earlier: Vec<EarlierYear> = self.prior.iter().map(Prior::year).collect();
        let own = || self.values.iter().flatten().copied().filter(|_| self.prior.is_empty());
        let figures = || self.prior.iter().map(|year| year.result).chain(own());
        let is_percent = matches!(self.unit.as_deref().map(str::trim), Some("%" | "％" | "percent" | "パーセント"));
        let known = self.values.iter().flatten().count() as f64;
        // Each value is off by up to half a unit, in either direction.
        let errors = match kind {
            Kind::Sum => known.sqrt(),
            Kind::Mean | Kind::Ratio if known > 0.0 => 1.0 / known.sqrt(),
            _ => 1.0,
        };
        Question {
            percentage: is_percent || kind == Kind::Ratio,
            one: one_of(self.unit.as_deref(), figures())
                .filter(|_| matches!(kind, Kind::Sum | Kind::Maximum | Kind::Minimum)),
            usual_share: self.usual_share,
            estimate: self.estimate.map(|value| Estimate {
                value,
                elapsed: self.elapsed as f64 / self.periods_per_year as f64,
                rounding: 0.0,
            }),
            rounding: self.approx_unit.map_or(0.0, |unit| unit / 2.0 * errors),
            ..question(kind, &year, self.periods_per_year, self.elapsed, &earlier)
        }
    }

    fn answer(self) -> Answer {
        let question = self.question();
        if let Some((result, met)) = self.decided(&question) {
            return self.certain(result, met, question.elapsed >= 1.0 && question.filled.is_none());
        }
        let forecast = question.forecast();
        let Some(forecast) = forecast else {
            let reason = Bilingual::new(
                "見込みの根拠となる実績がありません。",
                "There is no figure that a forecast could be made from.",
            );
            return Answer {
                case_id: self.case_id,
                probability: None,
                verdict: Verdict::Undetermined,
                forecast: None,
                reason,
            };
        };
        let probability = forecast.chances.probability(self.wanted());
        let verdict = verdict(&forecast, probability);
        let reason = reason(&forecast, self.unit.as_deref().unwrap_or(""), probability, verdict);
        let Forecast { year_end, low, high, .. } = forecast;
        let shown = |number| rounded(number, 6);
        let band = Band { year_end: shown(year_end), low: shown(low), high: shown(high) };
        Answer { case_id: self.case_id, probability: Some(probability), verdict, forecast: Some(band), reason }
    }
}

impl Case {
    /// The figure that decides, and how: that of a year of which every period is known, and one that nothing later can undo. What is rounded may still turn out
    /// otherwise.
    fn decided(&self, question: &Question) -> Option<(f64, bool)> {
        let is_whole = question.elapsed >= 1.0 && question.filled.is_none();
        let figure = question.reported().filter(|_| question.rounding == 0.0)?;
        let Wanted { lower, upper } = self.wanted();
        // As floating point adds up what was reported in decimals.
        let at = |end: End| (figure - end.value).abs() <= 1e-9 * figure.abs().max(end.value.abs());
        let above = lower.is_none_or(|end| if at(end) { end.inclusive } else { figure > end.value });
        let below = upper.is_none_or(|end| if at(end) { end.inclusive } else { figure < end.value });
        let stays = match question.kind {
            _ if is_whole => true,
            Kind::Sum | Kind::Maximum if question.kind == Kind::Maximum || question.only_grows => {
                lower.is_some() && above || !below
            }
            Kind::Minimum => upper.is_some() && below || !above,
            _ => false,
        };
        stays.then_some((figure, above && below))
    }

    fn certain(self, figure: f64, met: bool, is_over: bool) -> Answer {
        let shown = rounded(figure, 6);
        let told = rounded(figure, 15).map(Decimal::grouped).unwrap_or_default();
        let unit = self.unit.as_deref().unwrap_or("");
        let (ja, en) = if met { ("達成", "meets") } else { ("未達成", "misses") };
        let (why_ja, why_en) = match is_over {
            true => ("全ての期間の実績があります。", "Every period is reported."),
            false => ("この後の実績では覆りません。", "Nothing later can undo that."),
        };
        Answer {
            case_id: self.case_id,
            probability: Some(if met { 1.0 } else { 0.0 }),
            verdict: if met { Verdict::Achieve } else { Verdict::Miss },
            forecast: is_over.then_some(Band { year_end: shown, low: shown, high: shown }),
            reason: Bilingual::new(
                format!("実績は{told}{unit}で、{ja}です。{why_ja}"),
                format!("The figure is {told}{unit}, which {en} the target. {why_en}"),
            ),
        }
    }
}

impl Prior {
    fn year(&self) -> EarlierYear {
        let Self { fiscal_year, result, values, numerators, denominators } = self;
        let periods =
            Periods { values: values.clone(), numerators: numerators.clone(), denominators: denominators.clone() };
        EarlierYear { fiscal_year: *fiscal_year, result: *result, periods }
    }
}

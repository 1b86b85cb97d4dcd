//! A figure against a threshold, a range or a universe.

use chrono::NaiveDate;

use super::Facts;
use super::answer::{Comparison, Evaluation, Limit, Missing, MissingKind, Outcome, Remark, Rule, SoFar};
use super::condition::{Condition, Refusal, condition, deadline, moves_with_the_moment};
use super::reference::Moment;
use crate::domain::achievement;
use crate::domain::criterion::Criterion;
use crate::domain::result::{Gap, Standing, YearResult, gaps_of_sum, year_result};
use crate::domain::{Bilingual, Decimal, Measure};

pub(super) fn evaluate(facts: &Facts<'_>, criterion: &Criterion, as_of: NaiveDate) -> Evaluation {
    let year_end = facts.calendar.last_day(facts.fiscal_year);
    let end = deadline(criterion).unwrap_or(year_end);
    let result = year_result(facts.measure, facts.calendar, facts.fiscal_year, facts.reported, as_of.min(end));
    // What is asked of an earlier moment's figure, where that differs from what is asked in the end.
    let earlier = result
        .as_ref()
        .filter(|result| moves_with_the_moment(criterion) && result.as_of < end)
        .and_then(|result| condition(facts, criterion, Moment { as_of, day: result.as_of }).ok());
    match (condition(facts, criterion, Moment { as_of, day: end }), result) {
        (Err(refusal), result) => refused(facts, *refusal, result, earlier, end),
        (Ok(condition), None) => unreported(facts, condition, end, as_of),
        (Ok(condition), Some(result)) => {
            let universe = matches!(criterion, Criterion::Universe { .. });
            Compared { facts, condition, earlier, result, end, as_of, universe }.evaluation()
        }
    }
}

/// A condition that cannot be compared: the figure is shown all the same, and how it stands to what was asked of its moment.
fn refused(
    facts: &Facts<'_>,
    refusal: Refusal,
    result: Option<YearResult>,
    earlier: Option<Condition>,
    end: NaiveDate,
) -> Evaluation {
    let Refusal { rule, reason, mut missing, known } = refusal;
    let holds_so_far = earlier.as_ref().zip(result.as_ref()).and_then(|(earlier, result)| earlier.holds(result));
    if result.is_none() && !missing.is_empty() {
        missing.push(no_figure(facts, end));
    }
    let measure = facts.measure;
    let rate = match (&earlier, &result) {
        (Some(earlier), Some(result)) => {
            achievement::of_figure(measure, result, earlier.lower.as_ref(), earlier.upper.as_ref(), true)
        }
        _ => achievement::AchievementRate::not_defined(rule),
    };
    let notes = known.notes.clone();
    Evaluation {
        holds_so_far,
        comparison: Some(comparison(facts, known, earlier, result, end)),
        notes: notes.clone(),
        missing,
        achievement_rate: rate,
        ..Evaluation::unknown(rule, with_notes(reason, &notes))
    }
}

fn unreported(facts: &Facts<'_>, condition: Condition, end: NaiveDate, as_of: NaiveDate) -> Evaluation {
    let words = condition.words.clone().unwrap_or_else(|| Bilingual::new("", ""));
    let reason = Bilingual::new(
        format!(
            "{as_of}までに報告された実績がありません。報告がないことはゼロではありません。目標は{}です。",
            words.ja
        ),
        format!("No figure is reported by {as_of}, which does not mean zero. The target is {}.", words.en),
    );
    let notes = condition.notes.clone();
    Evaluation {
        notes: notes.clone(),
        comparison: Some(comparison(facts, condition, None, None, end)),
        missing: vec![no_figure(facts, end)],
        ..Evaluation::unknown(Rule::NoFigure, with_notes(reason, &notes))
    }
}

fn no_figure(facts: &Facts<'_>, end: NaiveDate) -> Missing {
    let year = facts.fiscal_year;
    Missing::new(
        MissingKind::Figure,
        Some(year),
        format!("{year}年度の実績（{end}まで）"),
        format!("the figure of fiscal year {year}, up to {end}"),
    )
}

/// A period that nothing is reported of, before one that is.
fn unreported_period(facts: &Facts<'_>, gap: &Gap) -> Missing {
    let Bilingual { ja, en } = gap.name();
    let year = Some(facts.fiscal_year);
    Missing::new(MissingKind::Figure, year, format!("{ja}の実績"), format!("the figure of {en}"))
}

fn comparison(
    facts: &Facts<'_>,
    condition: Condition,
    earlier: Option<Condition>,
    figure: Option<YearResult>,
    by: NaiveDate,
) -> Comparison {
    let Condition { comparator, required, lower, upper, words: _, notes: _, reference } = condition;
    let so_far = earlier.map(|earlier| {
        let Condition { comparator: _, required, lower, upper, words: _, notes: _, reference } = earlier;
        SoFar { required, lower, upper, reference }
    });
    let unit = facts.unit.map(str::to_owned);
    Comparison { comparator, required, lower, upper, unit, by: Some(by), figure, reference, so_far }
}

/// A figure and what is asked of it.
struct Compared<'a> {
    facts: &'a Facts<'a>,
    condition: Condition,
    earlier: Option<Condition>,
    result: YearResult,
    end: NaiveDate,
    as_of: NaiveDate,
    universe: bool,
}

impl Compared<'_> {
    fn evaluation(self) -> Evaluation {
        let year_end = self.facts.calendar.last_day(self.facts.fiscal_year);
        let is_final = if self.end == year_end {
            self.as_of >= self.end && (self.result.complete || self.standing().is_some())
        } else {
            self.end < year_end && self.result.as_of >= self.end && !self.result.gaps
        };
        let met = self.answer(self.result.rounding, is_final);
        let provisional = self.result.provisional || self.condition.reference.as_ref().is_some_and(|it| it.provisional);
        let undecided_by_rounding = || is_final || self.answer(Decimal::ZERO, is_final).is_some();
        let rule = match met {
            _ if self.condition.lacks_direction() => Rule::DirectionUnknown,
            None if undecided_by_rounding() => Rule::RoundingUndecided,
            None => Rule::FigureSoFar,
            Some(_) if provisional => Rule::ProvisionalResult,
            Some(_) if is_final => Rule::FinalResult,
            Some(true) if self.universe => Rule::UniverseComplete,
            Some(true) => Rule::Reached,
            Some(false) => Rule::PastLimit,
        };
        let missing = self.missing(rule, is_final);
        let outcome = match met {
            Some(true) => Outcome::Met,
            Some(false) => Outcome::Missed,
            None if missing.is_empty() => Outcome::Open,
            None => Outcome::Unknown,
        };
        let gaps = self.gaps();
        let missing = gaps.iter().map(|gap| unreported_period(self.facts, gap)).chain(missing).collect();
        let reason = self.reason(rule, met, &gaps);
        let Self { facts, condition, earlier, result, end, as_of, universe: _ } = self;
        let asked = earlier.as_ref().unwrap_or(&condition);
        let comparable = is_final || earlier.is_some();
        let rate =
            achievement::of_figure(facts.measure, &result, asked.lower.as_ref(), asked.upper.as_ref(), comparable);
        Evaluation {
            outcome,
            rule,
            provisional: met.is_some() && provisional,
            is_final: met.is_some() && is_final && as_of >= year_end,
            holds_so_far: asked.holds(&result),
            notes: condition.notes.clone(),
            comparison: Some(comparison(facts, condition, earlier, Some(result), end)),
            missing,
            parts: Vec::new(),
            achievement_rate: rate,
            reason,
        }
    }

    /// The periods of a sum that nothing is reported of, as far as anybody can tell.
    fn gaps(&self) -> Vec<Gap> {
        let Self { facts, result, end, as_of, .. } = self;
        if facts.measure != Measure::Sum || !result.gaps {
            return Vec::new();
        }
        gaps_of_sum(facts.calendar, facts.fiscal_year, facts.reported, (*as_of).min(*end)).unwrap_or_default()
    }

    /// Why a figure that does not reach to the year's end is its result all the same.
    fn standing(&self) -> Option<Standing> {
        if self.result.complete { None } else { self.facts.measurements(self.as_of).standing() }
    }

    /// Whether every result that is still possible is accepted, or none; `None` when it depends.
    fn answer(&self, rounding: Decimal, is_final: bool) -> Option<bool> {
        meets(reach(self.facts, self.as_of, &self.result, rounding, is_final)?, &self.condition)
    }

    fn missing(&self, rule: Rule, is_final: bool) -> Vec<Missing> {
        let year = Some(self.facts.fiscal_year);
        match rule {
            Rule::DirectionUnknown => {
                vec![Missing::new(MissingKind::Direction, None, "「以上・以下」の別", "which direction is good")]
            }
            Rule::RoundingUndecided if is_final && self.result.rounding != Decimal::ZERO => {
                vec![Missing::new(MissingKind::ExactFigure, year, "端数まで正確な実績", "the exact figure")]
            }
            Rule::RoundingUndecided if is_final => {
                vec![Missing::new(MissingKind::ExactFigure, year, "端数まで正確な目標", "the exact required value")]
            }
            Rule::FigureSoFar if self.as_of >= self.end => vec![no_figure(self.facts, self.end)],
            _ => Vec::new(),
        }
    }

    fn reason(&self, rule: Rule, met: Option<bool>, gaps: &[Gap]) -> Bilingual {
        let Self { facts, condition, result, .. } = self;
        let unit = facts.unit.unwrap_or("");
        let about = if result.approximate { ("約", "about ") } else { ("", "") };
        let figure = format!("{}{unit}", result.value.grouped());
        let why = self.why(rule, met, &format!("{}{unit}", result.rounding.grouped()));
        let words = condition.words.clone().unwrap_or_else(|| Bilingual::new("", ""));
        let mut reason = Bilingual::new(
            format!("実績は{}{figure}（{}時点）、目標は{}です。{}", about.0, result.as_of, words.ja, why.ja),
            format!("The figure is {}{figure} as of {}; the target is {}. {}", about.1, result.as_of, words.en, why.en),
        );
        if let Some(words) = self.earlier.as_ref().and_then(|earlier| earlier.words.as_ref()) {
            reason.ja.push_str(&format!("この時点での目安は{}です。", words.ja));
            reason.en.push_str(&format!(" At this moment that would be {}.", words.en));
        }
        let standing = self.standing().filter(|_| rule == Rule::FinalResult);
        if let Some(words) = standing.map(words_of) {
            reason.ja.push_str(&words.ja);
            reason.en.push_str(&format!(" {}", words.en));
        }
        if gaps.is_empty() && result.gaps {
            reason.ja.push_str("報告のない期間があり、わかっている分だけの値です。");
            reason.en.push_str(" Some periods are not reported; the figure is what is known.");
        }
        if !gaps.is_empty() {
            let names = gaps.iter().map(Gap::name);
            let (ja, en): (Vec<String>, Vec<String>) = names.map(|name| (name.ja, name.en)).unzip();
            reason.ja.push_str(&format!("{}は報告がなく、わかっている分だけの値です。", ja.join("、")));
            reason.en.push_str(&format!(" Nothing is reported of {}; the figure is what is known.", en.join(", ")));
        }
        with_notes(reason, &condition.notes)
    }

    fn why(&self, rule: Rule, met: Option<bool>, rounding: &str) -> Bilingual {
        let (ja, en) = match (rule, met) {
            (Rule::DirectionUnknown, _) => (
                "目標にも指標にも「以上・以下」の別がないため、判定できません。",
                "Neither the text nor the indicator says which direction is good.",
            ),
            (Rule::RoundingUndecided, _) if self.result.rounding == Decimal::ZERO => (
                "目標が概数のため、端数によって結果が変わります。",
                "The target is rounded, and its rounding could change the answer.",
            ),
            (Rule::RoundingUndecided, _) => {
                return Bilingual::new(
                    format!("実績は概数（±{rounding}）で、端数によって結果が変わります。"),
                    format!("The figure is rounded (±{rounding}), and the rounding could change the answer."),
                );
            }
            (Rule::FigureSoFar, _) if self.as_of >= self.end => (
                "実績が期末まで揃っていないため、まだ決まりません。",
                "The figures do not reach to the end yet, so they do not decide.",
            ),
            (Rule::ProvisionalResult, Some(true)) => {
                ("速報値では達成です。確定していません。", "By provisional figures it is met; they may still change.")
            }
            (Rule::ProvisionalResult, _) => (
                "速報値では未達成です。確定していません。",
                "By provisional figures it is missed; they may still change.",
            ),
            (Rule::FinalResult, Some(true)) => ("期末の実績で達成です。", "The final result meets it."),
            (Rule::FinalResult, _) => ("期末の実績で未達成です。", "The final result misses it."),
            (Rule::UniverseComplete, _) => ("全て済んでいます。", "All of them are done."),
            (Rule::Reached, _) => {
                ("すでに達しており、この後の実績で覆りません。", "It is reached, and nothing later can undo that.")
            }
            (Rule::PastLimit, _) => (
                "すでに目標を外れており、この後の実績で戻りません。",
                "It is past the limit, and nothing later can undo that.",
            ),
            _ => ("ここまでの実績だけでは決まりません。", "The figure so far does not decide."),
        };
        Bilingual::new(ja, en)
    }
}

fn words_of(standing: Standing) -> Bilingual {
    match standing {
        Standing::OnceAYear => Bilingual::new(
            "年に一度の測定で、これがこの年度の結果です。",
            "It is measured once a year, and this is the year's result.",
        ),
        Standing::LastOfSeveral => Bilingual::new(
            "例年の最後の測定と同じ時期のもので、これがこの年度の結果です。",
            "It is from when the last figure of a year usually is, and is the year's result.",
        ),
    }
}

impl Comparison {
    /// Whether its figure, taken for the result, is accepted; `None` where there is none, or rounding makes the difference.
    pub(in crate::domain) fn accepts_its_figure(&self) -> Option<bool> {
        let Self { lower, upper, .. } = *self;
        Condition { lower, upper, ..Condition::default() }.holds(self.figure.as_ref()?)
    }
}

impl Condition {
    /// Whether the figure, taken for the result, would be accepted.
    fn holds(&self, result: &YearResult) -> Option<bool> {
        let (low, high) = (result.value.minus(result.rounding), result.value.plus(result.rounding));
        meets((Some(low?), Some(high?)), self)
    }
}

/// The values that the final result can still take: `None` for an end that is not known.
type Reach = (Option<Decimal>, Option<Decimal>);

fn reach(facts: &Facts<'_>, as_of: NaiveDate, result: &YearResult, rounding: Decimal, is_final: bool) -> Option<Reach> {
    let (low, high) = (result.value.minus(rounding)?, result.value.plus(rounding)?);
    let only_grows = match facts.measure {
        Measure::Sum => facts
            .reported
            .iter()
            .filter(|it| it.fiscal_year == facts.fiscal_year && it.as_of <= as_of)
            .all(|it| it.value.is_none_or(|value| value >= Decimal::ZERO)),
        Measure::Maximum => true,
        _ => false,
    };
    Some(match (is_final, only_grows, facts.measure) {
        (true, _, _) => (Some(low), Some(high)),
        (false, true, _) => (Some(low), None),
        (false, false, Measure::Minimum) => (None, Some(high)),
        _ => (None, None),
    })
}

/// Whether everything within reach is accepted, or nothing; `None` when it depends.
fn meets((low, high): Reach, condition: &Condition) -> Option<bool> {
    if condition.lacks_direction() {
        return None;
    }
    let Condition { lower, upper, .. } = condition;
    let judged = |value: Option<Decimal>, limit: &Limit, is_lower| value.map(|value| limit.judges(value, is_lower));
    let inside = lower.is_none_or(|it| judged(low, &it, true).is_some_and(|(inside, _)| inside))
        && upper.is_none_or(|it| judged(high, &it, false).is_some_and(|(inside, _)| inside));
    let outside = lower.is_some_and(|it| judged(high, &it, true).is_some_and(|(_, outside)| outside))
        || upper.is_some_and(|it| judged(low, &it, false).is_some_and(|(_, outside)| outside));
    match (inside, outside) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    }
}

fn with_notes(mut reason: Bilingual, notes: &[Remark]) -> Bilingual {
    for note in notes {
        reason.ja.push_str(&note.text.ja);
        reason.en.push(' ');
        reason.en.push_str(&note.text.en);
    }
    reason
}

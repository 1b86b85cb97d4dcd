//! Criteria that hold others: all, any, each part of a breakdown, a step for each year.
//!
//! The logic is Kleene's, of three values: met, missed, not known. All of several conditions are missed as soon as one is missed
//! and met when every one is met, whatever is not known of the others; any of them is met as soon as one is met. Where one thing is
//! not decided, the whole is `unknown` if anything is missing, else `open`.

use chrono::NaiveDate;

use super::answer::{EvaluatedPart, Evaluation, Missing, MissingKind, Outcome, Remark, RemarkKind, Rule};
use super::{Facts, evaluate};
use crate::domain::Bilingual;
use crate::domain::achievement::AchievementRate;
use crate::domain::criterion::{Criterion, Step};

/// All of the conditions, or any of them.
pub(super) fn several(facts: &Facts<'_>, of: &[Criterion], rule: Rule, as_of: NaiveDate) -> Evaluation {
    let part = |criterion| EvaluatedPart {
        label: None,
        fiscal_year: None,
        decides: true,
        evaluation: evaluate(facts, criterion, as_of),
    };
    combined(rule, of.iter().map(part).collect())
}

/// The condition, for every part of the breakdown.
pub(super) fn each(facts: &Facts<'_>, of: &Criterion, as_of: NaiveDate) -> Evaluation {
    if facts.parts.is_empty() {
        let year = facts.fiscal_year;
        let missing = Missing::new(MissingKind::Breakdown, Some(year), "内訳ごとの実績", "the figures of the parts");
        return Evaluation {
            missing: vec![missing],
            ..Evaluation::unknown(
                Rule::NoBreakdown,
                Bilingual::new(
                    "内訳ごとの実績が報告されていないため、判定できません。",
                    "The figures of the parts are not reported, so nothing can be decided.",
                ),
            )
        };
    }
    let parts = facts.parts.iter().map(|part| {
        // What is said of the whole is not said of its parts.
        let own = Facts { reported: &part.reported, parts: &[], universe: None, stated_average: None, ..*facts };
        let mut evaluation = evaluate(&own, of, as_of);
        for missing in evaluation.missing.iter_mut().filter(|missing| missing.part.is_none()) {
            let (label, Bilingual { ja, en }) = (&part.label, &missing.text);
            missing.text = Bilingual::new(format!("「{label}」の{ja}"), format!("{en}, of {label}"));
            missing.part = Some(label.clone());
        }
        EvaluatedPart { label: Some(part.label.clone()), fiscal_year: None, decides: true, evaluation }
    });
    let mut whole = combined(Rule::EachPart, parts.collect());
    whole.reason = reason_of_each(&whole.parts);
    if facts.parts.iter().any(|part| !part.expected) {
        let note = Remark::new(
            RemarkKind::PartsAsReported,
            "内訳は、報告されたものが全てとみなしました。",
            "The parts that are reported are taken for all that there are.",
        );
        whole.reason.ja.push_str(&note.text.ja);
        whole.reason.en.push_str(&format!(" {}", note.text.en));
        whole.notes.push(note);
    }
    whole
}

/// The step of the target's year decides; those of other years are shown beside it, each with the figures of its own year.
pub(super) fn schedule(facts: &Facts<'_>, steps: &[Step], as_of: NaiveDate) -> Evaluation {
    let year = facts.fiscal_year;
    let parts: Vec<EvaluatedPart> = steps
        .iter()
        .map(|step| EvaluatedPart {
            label: None,
            fiscal_year: Some(step.fiscal_year),
            decides: step.fiscal_year == year,
            evaluation: evaluate(&Facts { fiscal_year: step.fiscal_year, ..*facts }, &step.criterion, as_of),
        })
        .collect();
    let Some(own) = parts.iter().find(|part| part.decides).map(|part| part.evaluation.clone()) else {
        let years: Vec<String> = steps.iter().map(|step| step.fiscal_year.to_string()).collect();
        let missing = Missing::new(
            MissingKind::Step,
            Some(year),
            format!("{year}年度の目標"),
            format!("the target of fiscal year {year}"),
        );
        let reason = Bilingual::new(
            format!("{year}年度の目標が定められていません。定められているのは{}年度です。", years.join("、")),
            format!("The target sets nothing for fiscal year {year}; it does for {}.", years.join(", ")),
        );
        return Evaluation { missing: vec![missing], parts, ..Evaluation::unknown(Rule::NoStepThisYear, reason) };
    };
    Evaluation { comparison: None, notes: Vec::new(), parts, ..own }
}

/// What follows from the parts together.
fn combined(rule: Rule, parts: Vec<EvaluatedPart>) -> Evaluation {
    let any = rule == Rule::AnyCondition;
    let (settles, otherwise) = if any { (Outcome::Met, Outcome::Missed) } else { (Outcome::Missed, Outcome::Met) };
    let each = || parts.iter().map(|part| &part.evaluation);
    // What decides is the firmest and earliest part that settles it.
    let settled = each().filter(|part| part.outcome == settles).map(|part| (part.provisional, part.is_final)).min();
    let (outcome, provisional, is_final) = if let Some((provisional, is_final)) = settled {
        (settles, provisional, is_final)
    } else if !parts.is_empty() && each().all(|part| part.outcome == otherwise) {
        (otherwise, each().any(|part| part.provisional), each().any(|part| part.is_final))
    } else if each().any(|part| part.outcome == Outcome::Unknown) || parts.is_empty() {
        (Outcome::Unknown, false, false)
    } else {
        (Outcome::Open, false, false)
    };
    let so_far: Vec<Option<bool>> = each().map(|part| part.holds_so_far).collect();
    let holds_so_far = if so_far.contains(&Some(any)) {
        Some(any)
    } else {
        (!so_far.is_empty() && so_far.iter().all(Option::is_some)).then_some(!any)
    };
    let mut missing: Vec<Missing> = Vec::new();
    for one in each().flat_map(|part| &part.missing) {
        if !missing.contains(one) {
            missing.push(one.clone());
        }
    }
    let achievement_rate = AchievementRate::of_parts(any, each().map(|part| &part.achievement_rate));
    let reason = reason(rule, &parts);
    Evaluation {
        outcome,
        rule,
        provisional,
        is_final,
        holds_so_far,
        comparison: None,
        notes: Vec::new(),
        missing,
        parts,
        achievement_rate,
        reason,
    }
}

fn reason(rule: Rule, parts: &[EvaluatedPart]) -> Bilingual {
    let (ja, en) = match rule {
        Rule::AnyCondition => ("いずれかの条件が必要です。", "One of these has to hold."),
        _ => ("全ての条件が必要です。", "All of these have to hold."),
    };
    let mut reason = Bilingual::new(ja, en);
    for (index, part) in parts.iter().enumerate() {
        let of = &part.evaluation.reason;
        reason.ja.push_str(&format!("（{}）{}", index + 1, of.ja));
        reason.en.push_str(&format!(" ({}) {}", index + 1, of.en));
    }
    reason
}

/// How many parts meet it, and what keeps the others from it; of a part without a figure, its name is enough.
fn reason_of_each(parts: &[EvaluatedPart]) -> Bilingual {
    let met = parts.iter().filter(|part| part.evaluation.outcome == Outcome::Met).count();
    let mut reason = Bilingual::new(
        format!("内訳の全てで条件を満たす必要があります。{}件のうち{met}件が達成です。", parts.len()),
        format!("It has to hold for every part; {met} of {} meet it.", parts.len()),
    );
    let silent = |part: &&EvaluatedPart| part.evaluation.rule == Rule::NoFigure;
    let names: Vec<&str> = parts.iter().filter(silent).filter_map(|part| part.label.as_deref()).collect();
    if !names.is_empty() {
        reason.ja.push_str(&format!("実績の報告がない内訳：{}。", names.join("、")));
        reason.en.push_str(&format!(" No figure is reported of: {}.", names.join(", ")));
    }
    let unmet = parts.iter().filter(|part| !silent(part) && part.evaluation.outcome != Outcome::Met);
    for part in unmet {
        let (label, of) = (part.label.as_deref().unwrap_or_default(), &part.evaluation.reason);
        reason.ja.push_str(&format!("（{label}）{}", of.ja));
        reason.en.push_str(&format!(" ({label}) {}", of.en));
    }
    reason
}

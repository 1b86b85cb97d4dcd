//! What a document says that does not agree with itself or is not understood: kept as it is, and said.

use super::apply::for_each_initiative;
use super::document::{InitiativeDocument, PlanDocument, TargetDocument, Warning};
use crate::domain::criterion::{Criterion, Operand, unit_factor};
use crate::domain::{Bilingual, Decimal, Outlook, Progress, reading};

/// Everything noticed, in the document's order.
pub fn of(document: &PlanDocument) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for_each_initiative(document, &mut |place, initiative| initiative_warnings(&place, initiative, &mut warnings));
    warnings
}

fn initiative_warnings(place: &str, initiative: &InitiativeDocument, warnings: &mut Vec<Warning>) {
    let mut warn = |pointer: String, code: &str, ja: String, en: String| {
        warnings.push(Warning { pointer, code: code.to_owned(), message: Bilingual::new(ja, en) });
    };
    for (index, target) in initiative.targets.iter().flatten().enumerate() {
        let place = format!("{place}/targets/{index}");
        let read = understood(target);
        if read.needs_review {
            warn(
                format!("{place}/text"),
                "needs_review",
                format!("目標「{}」は人の確認が必要です。", target.text),
                format!("The target \"{}\" needs a person to look at it.", target.text),
            );
        }
        if let Some((parts, total)) = mismatch(target, read.criterion.as_ref()) {
            warn(
                format!("{place}/breakdown"),
                "breakdown_mismatch",
                format!("内訳の合計{parts}と全体の目標{total}が一致しません。どちらも残しました。"),
                format!("The parts add up to {parts}, but the total is {total}. Both are kept."),
            );
        }
    }
    for (index, actual) in initiative.actuals.iter().flatten().enumerate() {
        let parts = sum(actual.breakdown.iter().map(|part| part.value));
        if let (Some(parts), Some(total)) = (parts, actual.value)
            && parts != total
        {
            warn(
                format!("{place}/actuals/{index}/breakdown"),
                "breakdown_mismatch",
                format!("内訳の合計{parts}と実績{total}が一致しません。どちらも残しました。"),
                format!("The parts add up to {parts}, but the value is {total}. Both are kept."),
            );
        }
    }
    for (_, member, review) in initiative.all_reviews() {
        let bad_news = review.outlook == Some(Outlook::Miss) || review.progress == Some(Progress::Behind);
        if bad_news && review.issues_and_measures.as_deref().is_none_or(|text| text.trim().is_empty()) {
            warn(
                format!("{place}/{member}"),
                "issues_and_measures_missing",
                "未達成・遅れの申告には課題と改善策が必要です。".to_owned(),
                "A declared miss or delay needs its issue and the measure against it.".to_owned(),
            );
        }
    }
}

fn understood(target: &TargetDocument) -> reading::Reading {
    match &target.criterion {
        Some(given) => reading::Reading { criterion: Some(given.clone()), needs_review: false, notes: Vec::new() },
        None => reading::read(
            &target.text,
            &reading::Hints { unit: target.unit.as_deref(), measure: target.measure, universe: target.universe },
        ),
    }
}

/// The sum of the parts; `None` where there are none.
fn sum(parts: impl IntoIterator<Item = Decimal>) -> Option<Decimal> {
    parts.into_iter().try_fold(None, |sum: Option<Decimal>, part| match sum {
        None => Some(Some(part)),
        Some(sum) => sum.plus(part).map(Some),
    })?
}

/// The sum of a target's parts and its total in the indicator's unit, where they differ.
fn mismatch(target: &TargetDocument, criterion: Option<&Criterion>) -> Option<(Decimal, Decimal)> {
    let parts = sum(target.breakdown.iter().map(|part| part.target))?;
    let Some(Criterion::Threshold { operand: Operand::Constant { value }, unit, .. }) = criterion else { return None };
    let total = match (unit, &target.unit) {
        (Some(from), Some(to)) => value.times(unit_factor(from, to)?)?,
        _ => *value,
    };
    (parts != total).then_some((parts, total))
}

//! What a document says that does not agree with itself or is not understood: kept as it is, and said.

use super::apply::for_each_initiative;
use super::document::{InitiativeDocument, PlanDocument, TargetDocument, Warning};
use crate::domain::breakdown::{self, Mismatch};
use crate::domain::phrase::{self, Context, Parsed};
use crate::domain::{Bilingual, Outlook, Progress};

/// Everything noticed, in the document's order.
pub fn of(document: &PlanDocument) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for_each_initiative(document, &mut |place, initiative| {
        initiative_warnings(&place, initiative, document.fiscal_year, &mut warnings);
    });
    warnings
}

fn initiative_warnings(place: &str, initiative: &InitiativeDocument, fiscal_year: i32, warnings: &mut Vec<Warning>) {
    let mut warn = |pointer: String, code: &str, ja: String, en: String| {
        warnings.push(Warning { pointer, code: code.to_owned(), message: Bilingual::new(ja, en) });
    };
    for (index, target) in initiative.targets.iter().flatten().enumerate() {
        let place = format!("{place}/targets/{index}");
        let read = understood(target, fiscal_year);
        if read.needs_review {
            warn(
                format!("{place}/text"),
                "needs_review",
                format!("目標「{}」は人の確認が必要です。", target.text),
                format!("The target \"{}\" needs a person to look at it.", target.text),
            );
        }
        let unit = target.unit.as_deref();
        let parts = target.breakdown.iter().map(|part| part.target);
        if let Some(Mismatch { sum, total }) = breakdown::of_target(parts, &read.criterion, target.measure, unit) {
            warn(
                format!("{place}/breakdown"),
                "breakdown_mismatch",
                format!("内訳の合計{sum}と全体の目標{total}が一致しません。どちらも残しました。"),
                format!("The parts add up to {sum}, but the total is {total}. Both are kept."),
            );
        }
    }
    for (index, actual) in initiative.actuals.iter().flatten().enumerate() {
        let target = initiative.targets.as_ref().and_then(|targets| targets.get(actual.target));
        let (Some(target), Some(value)) = (target, actual.value) else { continue };
        let parts = actual.breakdown.iter().map(|part| part.value);
        let unit = target.unit.as_deref();
        if let Some(Mismatch { sum, total }) =
            breakdown::of_actual(parts, value, actual.approximate, target.measure, unit)
        {
            warn(
                format!("{place}/actuals/{index}/breakdown"),
                "breakdown_mismatch",
                format!("内訳の合計{sum}と実績{total}が一致しません。どちらも残しました。"),
                format!("The parts add up to {sum}, but the value is {total}. Both are kept."),
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

fn understood(target: &TargetDocument, fiscal_year: i32) -> Parsed {
    match &target.criterion {
        Some(given) => Parsed::given(given.clone()),
        None => {
            let context = Context {
                unit: target.unit.as_deref(),
                polarity: target.polarity,
                fiscal_year: Some(fiscal_year),
                measure: Some(target.measure),
                universe: target.universe,
            };
            phrase::parse(&target.text, &context)
        }
    }
}

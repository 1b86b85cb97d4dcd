//! Rules within one input that a schema cannot say, as `validator` finds them, in both languages.

use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::problem::Fault;
use crate::domain::Bilingual;

/// The rules by their codes: what each means.
const RULES: &[(&str, &str, &str)] = &[
    (
        "value_or_missing",
        "valueとmissingのどちらか一方を指定してください。",
        "Give either `value` or `missing`, not both and not neither.",
    ),
    ("period_or_day", "periodかas_ofが必要です。", "`period` or `as_of` is needed."),
    ("opens_after_closes", "opensはclosesより後にできません。", "`opens` must not be after `closes`."),
    (
        "not_a_time_zone",
        "IANAのタイムゾーン名ではありません。例: Asia/Tokyo",
        "It is not an IANA time zone name such as Asia/Tokyo.",
    ),
    ("denominator_not_positive", "分母は0より大きい数です。", "The denominator must be greater than zero."),
    ("ratio_needs_both", "分子と分母は両方指定してください。", "Give both the numerator and the denominator."),
    ("negative", "負の数は使えません。", "It must not be negative."),
    ("same_year_and_kind", "年度と種類が同じ行があります。", "Two lines have the same year and kind."),
];

/// Every rule that an input breaks.
pub fn broken(input: &impl Validate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Err(errors) = input.validate() {
        collect("", &errors, &mut faults);
    }
    faults
}

fn collect(pointer: &str, errors: &ValidationErrors, faults: &mut Vec<Fault>) {
    // validator keeps them in a hash map: the order would differ from one answer to the next.
    let mut fields: Vec<_> = errors.errors().iter().collect();
    fields.sort_by_key(|(field, _)| *field);
    for (field, kind) in fields {
        let place = if field.as_ref() == "__all__" { pointer.to_owned() } else { format!("{pointer}/{field}") };
        match kind {
            ValidationErrorsKind::Field(errors) => faults.extend(errors.iter().map(|error| {
                let known = RULES.iter().find(|(code, ..)| *code == error.code);
                let (code, ja, en) =
                    known.copied().unwrap_or(("invalid", "この値は使えません。", "The value cannot be used."));
                // A rule of several members names the one to change.
                let at = error.params.get("at").and_then(serde_json::Value::as_str);
                let fault = Fault {
                    message: Bilingual::new(ja, en),
                    ..Fault::at(at.map_or(place.clone(), |at| format!("{pointer}/{at}")), code, "", "")
                };
                match error.params.get("value") {
                    Some(value) if !value.is_null() => fault.received(value.clone()),
                    _ => fault,
                }
            })),
            ValidationErrorsKind::Struct(errors) => collect(&place, errors, faults),
            ValidationErrorsKind::List(items) => {
                items.iter().for_each(|(index, errors)| collect(&format!("{place}/{index}"), errors, faults));
            }
        }
    }
}

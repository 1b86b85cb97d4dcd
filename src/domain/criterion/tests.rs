use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::*;

/// Every form of the design's section 4, and the optional members.
fn examples() -> Vec<Value> {
    vec![
        json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "constant", "value": "55"}, "unit": "%"}),
        json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "reference", "to": "previous_year"}, "unit": "%"}),
        json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "reference", "to": "same_period_previous_year",
               "change": {"kind": "relative", "percent": "1"}}}),
        json!({"kind": "threshold", "comparator": "lte", "operand": {"kind": "reference", "to": "average_of_years", "years": 3,
               "change": {"kind": "relative", "percent": "-10"}}}),
        json!({"kind": "threshold", "comparator": "lte", "operand": {"kind": "reference", "to": "fiscal_year",
               "fiscal_year": 2024, "change": {"kind": "absolute", "amount": "-40"}}, "unit": "件"}),
        json!({"kind": "range", "min": "40", "min_inclusive": true, "max": "55", "max_inclusive": false, "unit": "%"}),
        json!({"kind": "all", "of": [{"kind": "none"}, {"kind": "qualitative"}]}),
        json!({"kind": "any", "of": [{"kind": "universe", "total": "11", "unit": "地域"}]}),
        json!({"kind": "universe", "total": "11", "unit": "地域"}),
        json!({"kind": "universe", "total": null}),
        json!({"kind": "each", "of": {"kind": "universe", "total": "11", "unit": "地域"}}),
        json!({"kind": "milestone", "action": "計画の策定", "due": "2022-03-31"}),
        json!({"kind": "schedule", "steps": [{"fiscal_year": 2024, "criterion": {"kind": "threshold", "comparator": "lte",
               "operand": {"kind": "reference", "to": "average_of_years", "years": 5}}}]}),
        json!({"kind": "qualitative"}),
        json!({"kind": "none"}),
        json!({"kind": "threshold", "comparator": null, "operand": {"kind": "constant", "value": "15000000"}, "unit": "円",
               "aggregation": "gross", "period": "month", "per": {"value": "1000", "unit": "人"}, "out_of": "5",
               "deadline": "2022-01-31", "subject": "75歳以上", "stated_reference": "860", "approximate": true,
               "display": "15,000千円"}),
        json!({"kind": "threshold", "comparator": "eq", "operand": {"kind": "reference", "to": "previous_year",
               "change": {"kind": "factor", "factor": "1.1"}}}),
        json!({"kind": "threshold", "comparator": "gt", "operand": {"kind": "reference", "to": "previous_year",
               "change": {"kind": "points", "points": "2.5"}}}),
    ]
}

/// The generated schema as a validator, with everything that it refers to.
fn validator() -> jsonschema::Validator {
    let mut parts: Vec<(String, RefOr<Schema>)> = vec![(Criterion::name().into_owned(), Criterion::schema())];
    Criterion::schemas(&mut parts);
    let schemas: serde_json::Map<String, Value> =
        parts.into_iter().map(|(name, schema)| (name, serde_json::to_value(schema).expect("a schema"))).collect();
    let root = json!({"$ref": "#/components/schemas/Criterion", "components": {"schemas": schemas}});
    jsonschema::validator_for(&root).expect("a complete schema")
}

#[test]
fn every_form_of_the_design_passes_unchanged_from_text_and_from_a_value() {
    let validator = validator();
    for example in examples() {
        let text = example.to_string();
        let from_text: Criterion = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let from_value: Criterion = serde_json::from_value(example.clone()).expect("a criterion");
        assert_eq!(from_text, from_value, "{text}");
        assert_eq!(serde_json::to_value(&from_text).expect("a value"), example);
        assert!(from_text.faults().is_empty(), "{text}");
        let errors: Vec<String> = validator.iter_errors(&example).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{text}: {errors:?}");
    }
}

#[test]
fn numbers_are_accepted_where_decimals_are_written_as_strings() {
    let number =
        r#"{"kind":"all","of":[{"kind":"threshold","comparator":"gte","operand":{"kind":"constant","value":50.30}}]}"#;
    let criterion: Criterion = serde_json::from_str(number).expect("a criterion");
    let string =
        r#"{"kind":"all","of":[{"kind":"threshold","comparator":"gte","operand":{"kind":"constant","value":"50.3"}}]}"#;
    assert_eq!(serde_json::to_string(&criterion).expect("a text"), string);
    assert!(validator().is_valid(&serde_json::from_str(number).expect("a value")));
}

#[test]
fn what_is_no_criterion_is_refused_by_the_type_and_by_the_schema() {
    let validator = validator();
    for wrong in [
        json!({"kind": "threshold", "comparator": "gte"}),
        json!({"kind": "threshold", "comparator": ">=", "operand": {"kind": "constant", "value": "55"}}),
        json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "constant", "value": "55"}, "units": "%"}),
        json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "constant", "value": "55", "change": null}}),
        json!({"kind": "threshold", "operand": {"kind": "reference", "to": "previous_year", "years": 3}}),
        json!({"kind": "threshold", "operand": {"kind": "reference", "to": "average_of_years"}}),
        json!({"kind": "threshold", "operand": {"kind": "reference", "to": "average_of_years", "years": "3"}}),
        json!({"kind": "threshold", "operand": {"kind": "reference", "to": "average_of_years", "years": 2.5}}),
        json!({"kind": "threshold", "operand": {"kind": "reference", "to": "previous_year",
               "change": {"kind": "relative", "percent": "1", "amount": "1"}}}),
        json!({"kind": "range", "min": "40", "max": "55"}),
        json!({"kind": "universe", "total": "eleven"}),
        json!({"kind": "universe", "total": "11", "stated_reference": "11"}),
        json!({"kind": "milestone", "due": "2022-03-31"}),
        json!({"kind": "qualitative", "note": "x"}),
        json!({"kind": "none", "of": []}),
        json!({"kind": "each", "of": {"kind": "nothing"}}),
        json!({"kind": "schedule", "steps": [{"fiscal_year": 2024, "criterion": {"kind": "none"}, "note": "x"}]}),
        json!({"comparator": "gte"}),
        json!([]),
        json!(null),
    ] {
        assert!(serde_json::from_value::<Criterion>(wrong.clone()).is_err(), "{wrong}");
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}

#[test]
fn what_the_shape_cannot_say_is_told_with_its_place() {
    let leaf = json!({"kind": "none"});
    let deep = |depth: usize| (1..depth).fold(leaf.clone(), |inner, _| json!({"kind": "each", "of": inner}));
    for (criterion, places) in [
        (json!({"kind": "range", "min": "5", "min_inclusive": true, "max": "4", "max_inclusive": true}), vec!["/max"]),
        (json!({"kind": "range", "min": "5", "min_inclusive": true, "max": "5", "max_inclusive": false}), vec!["/max"]),
        (json!({"kind": "range", "min": "5", "min_inclusive": true, "max": "5", "max_inclusive": true}), vec![]),
        (json!({"kind": "all", "of": []}), vec!["/of"]),
        (json!({"kind": "any", "of": [leaf, {"kind": "all", "of": []}]}), vec!["/of/1/of"]),
        (json!({"kind": "schedule", "steps": []}), vec!["/steps"]),
        (
            json!({"kind": "schedule", "steps": [
                {"fiscal_year": 2021, "criterion": leaf}, {"fiscal_year": 2021, "criterion": {"kind": "any", "of": []}},
                {"fiscal_year": 1, "criterion": leaf}]}),
            vec!["/steps/1/fiscal_year", "/steps/2/fiscal_year", "/steps/1/criterion/of"],
        ),
        (json!({"kind": "universe", "total": "0"}), vec!["/total"]),
        (json!({"kind": "milestone", "action": " "}), vec!["/action"]),
        (
            json!({"kind": "threshold", "operand": {"kind": "reference", "to": "average_of_years", "years": 0,
                   "change": {"kind": "factor", "factor": "0"}}, "out_of": "0", "per": {"value": "0", "unit": "人"}}),
            vec!["/per/value", "/out_of", "/operand/years", "/operand/change/factor"],
        ),
        (deep(MAX_DEPTH), vec![]),
        (deep(MAX_DEPTH + 1), vec!["/of/of/of/of/of/of/of/of"]),
    ] {
        let faults = serde_json::from_value::<Criterion>(criterion.clone()).expect("the right shape").faults();
        let found: Vec<&str> = faults.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(found, places, "{criterion}");
    }
}

#[test]
fn a_comparison_is_exact_to_the_last_digit() {
    let decimal = |text: &str| text.parse::<Decimal>().expect("a decimal");
    for (comparator, value, required, expected) in [
        (Comparator::Gte, "0.3", "0.3", true),
        (Comparator::Gte, "0.299999999999", "0.3", false),
        (Comparator::Gt, "50.3", "50.30", false),
        (Comparator::Lte, "12.9", "12.9", true),
        (Comparator::Lt, "12.9", "12.9", false),
        (Comparator::Eq, "100", "1e2", true),
        (Comparator::Eq, "123456789012345678", "123456789012345677", false),
        (Comparator::Approximately, "55", "60", true),
        (Comparator::Approximately, "54.9", "60", false),
        (Comparator::Approximately, "-2450", "-2400", true),
        (Comparator::Approximately, "0.4", "0", true),
        (Comparator::Gte, "-1", "0", false),
    ] {
        assert_eq!(holds(comparator, decimal(value), decimal(required)), expected, "{value} {comparator} {required}");
    }
}

#[test]
fn only_units_of_money_and_spellings_are_converted() {
    for (from, to, factor) in [
        ("千円", "円", Some("1000")),
        ("円", "千円", Some("0.001")),
        ("百万円", "千円", Some("1000")),
        ("円", "億円", Some("0.00000001")),
        ("％", "%", Some("1")),
        ("件", "件", Some("1")),
        ("件", "人", None),
        ("円", "件", None),
        ("%", "ポイント", None),
    ] {
        assert_eq!(unit_factor(from, to).map(|factor| factor.to_string()).as_deref(), factor, "{from} {to}");
    }
}

//! Does a request have the shape that the OpenAPI document promises? The document's own schemas are the judge, so the
//! two cannot differ, and every fault is found at once.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::{Value, json};

use super::document;
use super::problem::{Fault, Place};

/// The schemas of the document, compiled when they are first needed.
static COMPILED: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// A schema that the document does not hold or that cannot be compiled: a fault of the program.
#[derive(Debug, thiserror::Error)]
#[error("the schema of {name} cannot be used: {cause}")]
pub struct UnusableSchema {
    name: String,
    cause: String,
}

/// Every fault of a value against the component schema of this name.
///
/// # Errors
/// [`UnusableSchema`] where there is no such component.
pub fn faults(name: &str, value: &Value) -> Result<Vec<Fault>, UnusableSchema> {
    Ok(Shape::of(name)?.faults(value))
}

/// The validator of a schema that may refer to the document's components.
///
/// # Errors
/// [`UnusableSchema`] where the schema is none.
pub fn validator(name: &str, schema: impl FnOnce() -> Value) -> Result<Arc<Validator>, UnusableSchema> {
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(validator) = compiled.get(name) {
        return Ok(Arc::clone(validator));
    }
    let mut schema = schema();
    if let Some(schema) = schema.as_object_mut() {
        let components = document::as_json().get("components").cloned().unwrap_or_default();
        schema.insert("components".to_owned(), components);
    }
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(&schema)
        .map_err(|error| UnusableSchema { name: name.to_owned(), cause: error.to_string() })?;
    let validator = Arc::new(validator);
    compiled.insert(name.to_owned(), Arc::clone(&validator));
    Ok(validator)
}

/// What a value of one component schema has to look like.
pub struct Shape(Arc<Validator>);

impl Shape {
    /// The component schema of this name, for those who hold many values against it.
    ///
    /// # Errors
    /// [`UnusableSchema`] where there is no such component.
    pub fn of(name: &str) -> Result<Self, UnusableSchema> {
        validator(name, || json!({"$ref": format!("#/components/schemas/{name}")})).map(Self)
    }

    /// Every fault of a value.
    pub fn faults(&self, value: &Value) -> Vec<Fault> {
        let mut faults = Vec::new();
        refuse_nul(value, "", &mut faults);
        if !self.0.is_valid(value) {
            faults.extend(self.0.iter_errors(value).flat_map(|error| explain(&error)));
        }
        faults
    }
}

/// PostgreSQL cannot keep U+0000 in a text, so nobody may send one.
fn refuse_nul(value: &Value, pointer: &str, faults: &mut Vec<Fault>) {
    match value {
        Value::String(text) if text.contains('\0') => faults.push(Fault::at(
            pointer,
            "control_character",
            "文字U+0000は使えません。",
            "The character U+0000 cannot be kept.",
        )),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| refuse_nul(item, &format!("{pointer}/{index}"), faults));
        }
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| refuse_nul(member, &format!("{pointer}/{}", escape(name)), faults))
        }
        _ => {}
    }
}

/// A member's name as a token of a JSON Pointer (RFC 6901, section 3).
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The schema's complaint as faults, each at its own place.
pub fn explain(error: &ValidationError<'_>) -> Vec<Fault> {
    let pointer = error.instance_path().as_str().to_owned();
    let fault =
        |code, ja: String, en: String| Fault::at(pointer.clone(), code, ja, en).received(shortened(error.instance()));
    let one = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            return unexpected.iter().map(|name| unknown_member(&pointer, name, error)).collect();
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            Fault::at(
                format!("{pointer}/{}", escape(name)),
                "required",
                format!("「{name}」が必要です。"),
                format!("`{name}` is required."),
            )
        }
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            return explain_alternatives(error, context);
        }
        ValidationErrorKind::Type { kind } => {
            let types: Vec<String> = match kind {
                TypeKind::Single(one) => vec![one.to_string()],
                TypeKind::Multiple(set) => set.iter().map(|one| one.to_string()).collect(),
            };
            let names = types.join(", ");
            fault("wrong_type", format!("型は{names}でなければなりません。"), format!("It must be of type {names}."))
                .accepted(json!(types))
        }
        ValidationErrorKind::Enum { options } => fault(
            "unknown_word",
            "使える語ではありません。".to_owned(),
            "It is not one of the words that can be used.".to_owned(),
        )
        .accepted(options.as_ref().clone()),
        ValidationErrorKind::Constant { expected_value } => fault(
            "unknown_word",
            "使える語ではありません。".to_owned(),
            "It is not the word that can be used.".to_owned(),
        )
        .accepted(expected_value.as_ref().clone()),
        ValidationErrorKind::Minimum { limit } => {
            fault("too_small", format!("{limit}以上でなければなりません。"), format!("It must be at least {limit}."))
                .accepted(json!({"minimum": limit}))
        }
        ValidationErrorKind::Maximum { limit } => {
            fault("too_large", format!("{limit}以下でなければなりません。"), format!("It must be at most {limit}."))
                .accepted(json!({"maximum": limit}))
        }
        ValidationErrorKind::MinLength { limit } => fault(
            "too_short",
            format!("{limit}文字以上が必要です。"),
            format!("It must have at least {limit} characters."),
        )
        .accepted(json!({"min_length": limit})),
        ValidationErrorKind::MaxLength { limit } => {
            fault("too_long", format!("{limit}文字までです。"), format!("It may have at most {limit} characters."))
                .accepted(json!({"max_length": limit}))
        }
        ValidationErrorKind::MinItems { limit } => {
            fault("too_few", format!("{limit}個以上が必要です。"), format!("It must have at least {limit} items."))
                .accepted(json!({"min_items": limit}))
        }
        ValidationErrorKind::MaxItems { limit } => {
            fault("too_many", format!("{limit}個までです。"), format!("It may have at most {limit} items."))
                .accepted(json!({"max_items": limit}))
        }
        ValidationErrorKind::UniqueItems => {
            fault("repeated", "同じ値を二度指定できません。".to_owned(), "No value may be given twice.".to_owned())
        }
        ValidationErrorKind::Format { format } => fault(
            "wrong_format",
            format!("{format}の書式ではありません。"),
            format!("It is not in the format `{format}`."),
        )
        .accepted(json!({"format": format})),
        ValidationErrorKind::Pattern { pattern } => {
            fault("wrong_format", "書式が違います。".to_owned(), "It is not in the required format.".to_owned())
                .accepted(json!({"pattern": pattern}))
        }
        _ => fault("invalid", "この値は使えません。".to_owned(), "The value cannot be used.".to_owned()),
    };
    vec![one]
}

fn unknown_member(pointer: &str, name: &str, error: &ValidationError<'_>) -> Fault {
    let place = format!("{pointer}/{}", escape(name));
    let received = error.instance().get(name).map(shortened).unwrap_or_default();
    Fault::at(
        place,
        "unknown_field",
        format!("「{name}」という項目はありません。"),
        format!("There is no field `{name}`."),
    )
    .received(received)
}

/// Of several alternatives, explains the one that was meant: the one of whose faults the shallowest lies deepest, and
/// among several of a kind (`null`, a string, a number) all together.
fn explain_alternatives(error: &ValidationError<'_>, context: &[Vec<ValidationError<'static>>]) -> Vec<Fault> {
    let instance = error.instance();
    let tagged = instance.get("kind").is_some();
    let meant = context.iter().filter(|errors| !errors.is_empty()).max_by_key(|errors| {
        let wrong_kind = errors.iter().any(|inner| {
            let place = inner.instance_path().as_str();
            matches!(inner.kind(), ValidationErrorKind::Type { .. }) && place == error.instance_path().as_str()
                || tagged
                    && place.ends_with("/kind")
                    && matches!(inner.kind(), ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. })
        });
        (!wrong_kind, std::cmp::Reverse(errors.len()))
    });
    let wrong_types: Vec<Value> = context
        .iter()
        .flatten()
        .filter(|inner| inner.instance_path().as_str() == error.instance_path().as_str())
        .filter_map(|inner| match inner.kind() {
            ValidationErrorKind::Type { kind: TypeKind::Single(one) } => Some(json!(one.to_string())),
            _ => None,
        })
        .collect();
    match meant {
        Some(_) if wrong_types.len() == context.len() => {
            let names: Vec<&str> = wrong_types.iter().filter_map(Value::as_str).collect();
            let names = names.join(", ");
            vec![
                Fault::at(
                    error.instance_path().as_str(),
                    "wrong_type",
                    format!("型は{names}のいずれかでなければなりません。"),
                    format!("It must be one of the types {names}."),
                )
                .received(shortened(instance))
                .accepted(wrong_types),
            ]
        }
        Some(errors) => errors.iter().flat_map(explain).collect(),
        None => vec![
            Fault::at(
                error.instance_path().as_str(),
                "ambiguous",
                "解釈が一つに決まりません。",
                "It can be read in two ways.",
            )
            .received(shortened(instance)),
        ],
    }
}

/// What was received, cut where it would drown the message.
fn shortened(value: &Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > 200 => {
            json!(text.chars().take(200).chain("…".chars()).collect::<String>())
        }
        Value::Array(items) if items.len() > 5 => json!(format!("[{} items]", items.len())),
        Value::Object(members) if members.len() > 5 => json!(format!("{{{} members}}", members.len())),
        other => other.clone(),
    }
}

/// A body's fault as a parameter's.
pub fn in_query(mut fault: Fault) -> Fault {
    if let Place::Pointer(pointer) = &fault.place {
        let name = pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
        fault.place = Place::Parameter(name.replace("~1", "/").replace("~0", "~"));
    }
    fault
}

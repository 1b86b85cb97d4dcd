//! From a request to a typed input: the path, the query, the body. Every fault of each is found at once.

use std::collections::HashMap;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, web};
use jsonschema::Validator;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

use super::context::Context;
use super::problem::{Code, Fault, Place, Problem};
use super::shape::{self, UnusableSchema};

/// The path's one variable: an id, or where the route says so another name of the thing.
///
/// A text that cannot be anybody's id names nothing: `404`.
pub struct Id(pub String);

impl FromRequest for Id {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().iter().next().map(|(_, id)| id).unwrap_or_default();
        let possible = !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        ready(if possible { Ok(Self(id.to_owned())) } else { Err(Problem::new(Code::NotFound)) })
    }
}

/// The query, checked against the parameters that the operation documents.
pub struct Params<T>(pub T);

impl<T: IntoParams + DeserializeOwned + 'static> FromRequest for Params<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read_query(request.query_string()).map(Self))
    }
}

/// What the query of an operation can say, made of its parameters once.
struct Query {
    names: Vec<String>,
    types: HashMap<String, Vec<String>>,
    validator: Arc<Validator>,
}

impl Query {
    /// The query with these parameters.
    ///
    /// # Errors
    /// A schema that cannot be used.
    fn of(name: &str, parameters: &[Parameter]) -> Result<Self, UnusableSchema> {
        let types = parameters.iter().map(|parameter| (parameter.name.clone(), types_of(parameter))).collect();
        let names = parameters.iter().map(|parameter| parameter.name.clone()).collect();
        Ok(Self { names, types, validator: shape::validator(name, || query_schema(parameters))? })
    }

    /// A parameter's text as the JSON value that its schema speaks of; left as text where it is none, for the schema
    /// to say.
    fn typed(&self, name: &str, text: &str) -> Value {
        let is = |wanted: &str| self.types.get(name).is_some_and(|types| types.iter().any(|one| one == wanted));
        match text {
            "true" if is("boolean") => json!(true),
            "false" if is("boolean") => json!(false),
            text if is("integer") => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
            text => json!(text),
        }
    }
}

fn types_of(parameter: &Parameter) -> Vec<String> {
    let schema = serde_json::to_value(&parameter.schema).unwrap_or_default();
    match schema.get("type") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn read_query<T: IntoParams + DeserializeOwned + 'static>(query: &str) -> Result<T, Problem> {
    let known = known_query(std::any::type_name::<T>(), || T::into_params(|| Some(ParameterIn::Query)))
        .map_err(|error| Problem::new(Code::Internal).cause(error))?;
    let mut object = Map::new();
    let mut faults = Vec::new();
    for (name, text) in pairs(query)? {
        if text.contains('\0') || name.contains('\0') {
            faults.push(parameter_fault(
                &name,
                "control_character",
                "文字U+0000は使えません。",
                "The character U+0000 cannot be used.",
            ));
        } else if object.insert(name.clone(), known.typed(&name, &text)).is_some() {
            faults.push(parameter_fault(&name, "repeated", "一度だけ指定できます。", "It can be given once only."));
        }
    }
    let object = Value::Object(object);
    faults.extend(
        known.validator.iter_errors(&object).flat_map(|error| shape::explain(&error)).map(shape::in_query).map(
            |mut fault| {
                if fault.code == "unknown_field" {
                    fault.code = "unknown_parameter";
                    fault.accepted = Some(json!(known.names));
                }
                fault
            },
        ),
    );
    if !faults.is_empty() {
        return Err(Problem::faults(Code::InvalidRequest, faults));
    }
    serde_json::from_value(object).map_err(|error| Problem::new(Code::BadRequest).cause(error))
}

/// The pairs of a query, read as `application/x-www-form-urlencoded`. Bytes that are no UTF-8 are refused: replaced by
/// U+FFFD they would ask for something else.
fn pairs(query: &str) -> Result<Vec<(String, String)>, Problem> {
    let mut faults = Vec::new();
    let mut found = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (decoded(name), decoded(value)) {
            (Some(name), Some(value)) => found.push((name, value)),
            (name, _) => faults.push(
                parameter_fault(&name.unwrap_or_default(), "not_utf8", "UTF-8ではありません。", "It is not UTF-8.")
                    .received(pair),
            ),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(Problem::faults(Code::InvalidRequest, faults)) }
}

/// A text out of percent-encoding; `None` where that is no UTF-8.
pub(super) fn decoded(text: &str) -> Option<String> {
    let digit = |byte: Option<&u8>| byte.and_then(|&byte| char::from(byte).to_digit(16));
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = match byte {
            b'%' => digit(bytes.get(at + 1)).zip(digit(bytes.get(at + 2))),
            _ => None,
        };
        match (escaped, byte) {
            (Some((high, low)), _) => plain.push(u8::try_from(high * 16 + low).ok()?),
            (None, b'+') => plain.push(b' '),
            (None, byte) => plain.push(byte),
        }
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8(plain).ok()
}

fn parameter_fault(name: &str, code: &'static str, ja: &str, en: &str) -> Fault {
    Fault { place: Place::Parameter(name.to_owned()), ..Fault::at("", code, ja, en) }
}

fn query_schema(parameters: &[Parameter]) -> Value {
    let properties: Map<String, Value> = parameters
        .iter()
        .map(|parameter| (parameter.name.clone(), serde_json::to_value(&parameter.schema).unwrap_or_default()))
        .collect();
    let required: Vec<&str> = parameters
        .iter()
        .filter(|parameter| matches!(parameter.required, Required::True))
        .map(|parameter| parameter.name.as_str())
        .collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// The queries of all operations, each made when it is first asked for.
static QUERIES: LazyLock<Mutex<HashMap<&'static str, Arc<Query>>>> = LazyLock::new(Mutex::default);

fn known_query(name: &'static str, parameters: impl FnOnce() -> Vec<Parameter>) -> Result<Arc<Query>, UnusableSchema> {
    let mut known = QUERIES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(query) = known.get(name) {
        return Ok(Arc::clone(query));
    }
    let query = Arc::new(Query::of(name, &parameters())?);
    known.insert(name, Arc::clone(&query));
    Ok(query)
}

/// A JSON body, checked against the schema of its type.
pub struct Body<T>(pub T);

impl<T: ToSchema + DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let document = document(request, payload);
        Box::pin(async move {
            let document = document.await?;
            check(&T::name(), &document)?;
            decode(document).map(Self)
        })
    }
}

/// Reads a body as JSON, whatever its shape. Members that are given twice are refused: one of them would be lost.
pub fn document(request: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<Value, Problem>> + use<> {
    let sent = sent(request, payload, &["application/json", "application/merge-patch+json"]);
    async move { super::json::parse(&sent.await?.1) }
}

/// Reads a body of one of these media types, as it is; the first is the one to recommend.
pub fn sent(
    request: &HttpRequest,
    payload: &mut Payload,
    taken: &'static [&'static str],
) -> impl Future<Output = Result<(&'static str, web::Bytes), Problem>> + use<> {
    let content_type = request.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let bytes = web::Bytes::from_request(request, payload);
    let context = Context::of(request);
    async move {
        let Some(known) = taken.iter().find(|known| **known == media) else {
            let wanted = taken.iter().filter(|known| !known.contains("merge-patch"));
            let wanted = wanted.copied().collect::<Vec<_>>().join(", ");
            return Err(Problem::new(Code::UnsupportedMediaType).detail(
                format!("Content-Typeは {wanted} としてください（受信: {media}）。"),
                format!("Send {wanted} (received: {media})."),
            ));
        };
        let bytes = tokio::time::timeout(context?.limits.times.body, bytes)
            .await
            .map_err(|_| Problem::new(Code::RequestTimeout))?;
        let bytes = bytes.map_err(|error| match error.as_response_error().status_code() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Code::BodyTooLarge),
            _ => Problem::new(Code::BadRequest).cause(error),
        })?;
        Ok((*known, bytes))
    }
}

/// Refuses a value that has not the shape of a component schema, with every fault.
///
/// # Errors
/// [`Code::InvalidRequest`] with the faults.
pub fn check(schema: &str, value: &Value) -> Result<(), Problem> {
    let faults = shape::faults(schema, value).map_err(|error| Problem::new(Code::Internal).cause(error))?;
    if faults.is_empty() { Ok(()) } else { Err(Problem::faults(Code::InvalidRequest, faults)) }
}

/// A value of the right shape as its type. What a schema cannot say, such as the number of digits of a decimal, is
/// found here.
///
/// # Errors
/// [`Code::RuleBroken`] with the place of the fault.
pub fn decode<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer: String = error
            .path()
            .iter()
            .filter_map(|segment| match segment {
                serde_path_to_error::Segment::Seq { index } => Some(format!("/{index}")),
                serde_path_to_error::Segment::Map { key } => Some(format!("/{}", shape::escape(key))),
                _ => None,
            })
            .collect();
        let cause = error.into_inner().to_string();
        let fault = Fault::at(
            pointer,
            "unreadable",
            format!("値を読めません: {cause}"),
            format!("The value cannot be read: {cause}"),
        );
        Problem::faults(Code::RuleBroken, vec![fault])
    })
}

/// A JSON body of any shape, for those who know its schema only later.
pub struct Document(pub Value);

impl FromRequest for Document {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let document = document(request, payload);
        Box::pin(async move { document.await.map(Self) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_as_a_form_and_bytes_that_are_no_text_are_refused() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        for (query, expected) in [
            ("", vec![]),
            ("a=1&b", vec![pair("a", "1"), pair("b", "")]),
            ("a=%E6%B8%AF+%2B&&a=x%3Dy=z", vec![pair("a", "港 +"), pair("a", "x=y=z")]),
            ("%61=100%&b=%zz", vec![pair("a", "100%"), pair("b", "%zz")]),
        ] {
            assert_eq!(pairs(query).unwrap(), expected, "{query}");
        }
        for query in ["code=%ff", "%c3=1", "a=1&b=%E6%B8"] {
            assert_eq!(pairs(query).unwrap_err().code(), Code::InvalidRequest, "{query}");
        }
    }
}

//! From a request to a typed input: the path, the query, the body. Every fault of each is found at once.

use std::future::{Future, Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

use super::context::Context;
use super::problem::{Code, Fault, Place, Problem};
use super::shape;

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
        ready(Context::of(request).and_then(|context| read_query(&context, request.query_string())).map(Self))
    }
}

fn read_query<T: IntoParams + DeserializeOwned + 'static>(context: &Context, query: &str) -> Result<T, Problem> {
    let parameters = T::into_params(|| Some(ParameterIn::Query));
    let pairs: Vec<(String, String)> = serde_urlencoded_pairs(query)?;
    let mut object = Map::new();
    let mut faults = Vec::new();
    for (name, text) in pairs {
        let value = parameters.iter().find(|parameter| parameter.name == name).map(|parameter| typed(parameter, &text));
        if text.contains('\0') || name.contains('\0') {
            faults.push(parameter_fault(
                &name,
                "control_character",
                "文字U+0000は使えません。",
                "The character U+0000 cannot be used.",
            ));
        } else if object.insert(name.clone(), value.unwrap_or_else(|| json!(text))).is_some() {
            faults.push(parameter_fault(&name, "repeated", "一度だけ指定できます。", "It can be given once only."));
        }
    }
    let object = Value::Object(object);
    let validator = context
        .shapes
        .validator(std::any::type_name::<T>(), || query_schema(&parameters))
        .map_err(|error| Problem::new(Code::Internal).cause(error))?;
    faults.extend(validator.iter_errors(&object).flat_map(|error| shape::explain(&error)).map(shape::in_query).map(
        |mut fault| {
            if fault.code == "unknown_field" {
                fault.code = "unknown_parameter";
                fault.accepted = Some(json!(parameters.iter().map(|parameter| &parameter.name).collect::<Vec<_>>()));
            }
            fault
        },
    ));
    if !faults.is_empty() {
        return Err(Problem::faults(Code::InvalidRequest, faults));
    }
    serde_json::from_value(object).map_err(|error| Problem::new(Code::BadRequest).cause(error))
}

fn serde_urlencoded_pairs(query: &str) -> Result<Vec<(String, String)>, Problem> {
    web::Query::<Vec<(String, String)>>::from_query(query)
        .map(web::Query::into_inner)
        .map_err(|error| Problem::new(Code::BadRequest).cause(error))
}

fn parameter_fault(name: &str, code: &'static str, ja: &str, en: &str) -> Fault {
    Fault { place: Place::Parameter(name.to_owned()), ..Fault::at("", code, ja, en) }
}

/// A parameter's text as the JSON value that its schema speaks of; left as text where it is none, for the schema to say.
fn typed(parameter: &Parameter, text: &str) -> Value {
    let schema = serde_json::to_value(&parameter.schema).unwrap_or_default();
    let is = |name: &str| match schema.get("type") {
        Some(Value::String(one)) => one == name,
        Some(Value::Array(several)) => several.iter().any(|one| one == name),
        _ => false,
    };
    match text {
        "true" if is("boolean") => json!(true),
        "false" if is("boolean") => json!(false),
        text if is("integer") => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
        text => json!(text),
    }
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

/// A JSON body, checked against the schema of its type.
pub struct Body<T>(pub T);

impl<T: ToSchema + DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let context = Context::of(request);
        let document = document(request, payload);
        Box::pin(async move {
            let (context, document) = (context?, document.await?);
            check(&context, &T::name(), &document)?;
            decode(document).map(Self)
        })
    }
}

/// Reads a body as JSON, whatever its shape. Members that are given twice are refused: one of them would be lost.
pub fn document(request: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<Value, Problem>> + use<> {
    let content_type = request.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let bytes = web::Bytes::from_request(request, payload);
    async move {
        if !matches!(media.as_str(), "application/json" | "application/merge-patch+json") {
            return Err(Problem::new(Code::UnsupportedMediaType).detail(
                format!("Content-Typeは application/json としてください（受信: {media}）。"),
                format!("Send application/json (received: {media})."),
            ));
        }
        let bytes = bytes.await.map_err(|error| match error.as_response_error().status_code() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Code::BodyTooLarge),
            _ => Problem::new(Code::BadRequest).cause(error),
        })?;
        super::json::parse(&bytes)
    }
}

/// Refuses a value that has not the shape of a component schema, with every fault.
///
/// # Errors
/// [`Code::InvalidRequest`] with the faults.
pub fn check(context: &Context, schema: &str, value: &Value) -> Result<(), Problem> {
    let faults = context.shapes.faults(schema, value).map_err(|error| Problem::new(Code::Internal).cause(error))?;
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

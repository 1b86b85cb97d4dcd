//! The OpenAPI document: collected from the routes, completed with what every operation has in common.

use std::sync::LazyLock;

use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Object, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, Response, ResponseBuilder};

use super::problem::Code;
use super::{language::Language, routes, session};

/// What the document says of the whole.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Mikomi",
        description = "Plans, targets, actuals; the outlook and the progress that departments declare, and those that are computed.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(ProblemDocument))
)]
struct Base;

/// Problem details (RFC 9457).
#[derive(utoipa::ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "it describes what `Problem::body` writes")]
pub(super) struct ProblemDocument {
    /// Where the code is explained.
    r#type: String,
    /// What happened.
    title: String,
    /// The HTTP status.
    status: u16,
    /// The stable code.
    code: String,
    /// What would help.
    #[schema(required = false)]
    detail: Option<String>,
    /// The request's id, as in the log.
    request_id: String,
    /// Every fault that was found.
    errors: Vec<FaultDocument>,
    /// What stands in the way of a deletion.
    #[schema(required = false)]
    dependents: Option<Vec<super::problem::Dependent>>,
}

/// One thing that is wrong with a request.
#[derive(utoipa::ToSchema)]
#[schema(as = Fault)]
#[expect(dead_code, reason = "it describes what `Problem::body` writes")]
pub(super) struct FaultDocument {
    /// In the body: a JSON Pointer (RFC 6901).
    #[schema(required = false)]
    pointer: Option<String>,
    /// In the query: the parameter.
    #[schema(required = false)]
    parameter: Option<String>,
    /// In the headers: the header.
    #[schema(required = false)]
    header: Option<String>,
    /// In a form: the name of the sheet.
    #[schema(required = false)]
    sheet: Option<String>,
    /// In a list or a file: the row, counted from 1.
    #[schema(required = false)]
    row: Option<usize>,
    /// In a sheet: the letters of the column.
    #[schema(required = false)]
    column: Option<String>,
    /// In a sheet: what stands at the head of the column.
    #[schema(required = false)]
    column_name: Option<String>,
    /// A stable word for the kind of fault.
    code: String,
    /// What is wrong.
    message: String,
    /// What was received.
    #[schema(required = false)]
    received: serde_json::Value,
    /// What would be accepted.
    #[schema(required = false)]
    accepted: serde_json::Value,
}

/// The document as JSON, made when it is first needed: most of what the service does needs no description of it.
pub(super) fn as_json() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(openapi()).unwrap_or_default());
    &DOCUMENT
}

/// The document of this program.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = Base::openapi();
    document.merge(routes::described());
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    for (path, item) in &mut document.paths.paths {
        let one = path.contains('{');
        for (method, operation) in [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ] {
            if let Some(operation) = operation {
                complete(operation, method, one);
                let below = path.strip_prefix(routes::BASE).unwrap_or(path);
                if !session::OPEN.contains(&below) {
                    secure(operation, method);
                }
            }
        }
    }
    document.components.get_or_insert_default().security_schemes.extend(schemes());
    super::examples::add(&mut document);
    document
}

/// Says that a key or a token is needed, and that it may not be enough.
fn secure(operation: &mut Operation, method: &str) {
    let either =
        ["key", "key_as_password", "token"].map(|scheme| SecurityRequirement::new::<_, [&str; 0], &str>(scheme, []));
    operation.security = Some(either.to_vec());
    if method != "get" {
        let text = ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
        let text = text.max_length(Some(session::LONGEST_REASON)).pattern(Some("^[ -~]*$")).build();
        header(operation, session::REASON, false, "Why, for the history: percent-encoded UTF-8", text);
    }
    for code in [Code::Unauthenticated, Code::Forbidden] {
        let status = code.status().as_str().to_owned();
        operation.responses.responses.entry(status).or_insert_with(|| RefOr::T(failure(code)));
    }
}

/// The ways in which somebody can come in.
fn schemes() -> [(String, RefOr<SecurityScheme>); 3] {
    let named = |name: &str, builder: HttpBuilder, text: &str| {
        (name.to_owned(), RefOr::T(SecurityScheme::Http(builder.description(Some(text)).build())))
    };
    let http = |kind| HttpBuilder::new().scheme(kind);
    let token = "`Authorization: Bearer TOKEN`, a token of the city's identity provider (OpenID Connect), where the service \
                 is told of one";
    [
        named("key", http(HttpAuthScheme::Bearer), "`Authorization: Bearer KEY`"),
        named("key_as_password", http(HttpAuthScheme::Basic), "Any user name, the key as the password"),
        named("token", http(HttpAuthScheme::Bearer).bearer_format("JWT"), token),
    ]
}

/// Adds the headers and the failures that every operation of a method has.
fn complete(operation: &mut Operation, method: &str, one: bool) {
    use Code::{
        BodyTooLarge, Duplicate, HasDependents, Internal, InvalidRequest, NotFound, PreconditionRequired, RateLimited,
        RequestTimeout, RuleBroken, Unavailable, UnsupportedMediaType, VersionConflict,
    };
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter {
            exact(parameter);
        }
    }
    let mut codes = vec![Internal, Unavailable, RateLimited];
    if operation.request_body.is_some() {
        codes.push(RequestTimeout);
    }
    if one {
        codes.push(NotFound);
    }
    match method {
        "get" => {
            codes.push(InvalidRequest);
            // Whose rollups are asked for is looked for, unlike what a list is filtered by.
            if matches!(operation.operation_id.as_deref(), Some("list_rollups" | "export_actuals")) {
                codes.push(NotFound);
            }
            if operation
                .parameters
                .iter()
                .flatten()
                .any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.name == "cursor"))
            {
                codes.push(RuleBroken);
            }
            let text = ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).build();
            let description = "The ETag that the client has; `304` if it still stands";
            header(operation, "If-None-Match", false, description, text);
            let not_modified = ResponseBuilder::new().description("The client has it already");
            operation.responses.responses.insert("304".to_owned(), not_modified.build().into());
        }
        // It stores nothing, so nothing can stand against it and it needs no key to be sent again.
        "post" if operation.operation_id.as_deref() == Some("parse_criterion") => {
            codes.extend([InvalidRequest, BodyTooLarge, UnsupportedMediaType]);
        }
        "post" => {
            codes.extend([InvalidRequest, RuleBroken, Duplicate, BodyTooLarge, UnsupportedMediaType]);
            let description = "Makes it safe to send the request again; kept for 7 days";
            header(operation, "Idempotency-Key", false, description, visible());
        }
        "put" => {
            codes.extend([InvalidRequest, RuleBroken, Duplicate, BodyTooLarge, UnsupportedMediaType]);
            codes.extend([PreconditionRequired, VersionConflict]);
            let description = "The ETag of what is to be replaced; needed where that changes it";
            header(operation, "If-Match", false, description, visible());
        }
        "patch" | "delete" => {
            codes.extend([PreconditionRequired, VersionConflict, InvalidRequest]);
            codes.extend(if method == "patch" {
                vec![RuleBroken, Duplicate, BodyTooLarge, UnsupportedMediaType]
            } else {
                vec![HasDependents]
            });
            header(operation, "If-Match", true, "The ETag of what is to be changed", visible());
        }
        _ => {}
    }
    for code in codes {
        let status = code.status().as_str().to_owned();
        operation.responses.responses.entry(status).or_insert_with(|| RefOr::T(failure(code)));
    }
    let seconds = ObjectBuilder::new().schema_type(SchemaType::new(Type::Integer)).minimum(Some(1)).build();
    let wait = HeaderBuilder::new().schema(Some(seconds)).description(Some("How many seconds to wait")).build();
    for status in ["429", "503"] {
        if let Some(RefOr::T(response)) = operation.responses.responses.get_mut(status) {
            response.headers.insert("Retry-After".to_owned(), wait.clone().into());
        }
    }
    let etag =
        HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).build()));
    let etag = etag.description(Some("The strong ETag")).build();
    for (status, response) in &mut operation.responses.responses {
        if let (RefOr::T(response), "200" | "201") = (response, status.as_str())
            && response.content.contains_key("application/json")
        {
            response.headers.insert("ETag".to_owned(), etag.clone().into());
        }
    }
}

/// Says of a parameter what the extractors and the query hold it to: an id has its characters and its length, and a
/// text in a query cannot be `null`.
fn exact(parameter: &mut Parameter) {
    let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema else { return };
    if let SchemaType::Array(several) = &mut schema.schema_type {
        several.retain(|one| *one != Type::Null);
        if let [one] = several.as_slice() {
            schema.schema_type = SchemaType::new(one.clone());
        }
    }
    if parameter.parameter_in == ParameterIn::Path && parameter.name == "id" {
        (schema.min_length, schema.max_length) = (Some(1), Some(64));
        schema.pattern = Some("^[0-9A-Za-z-]+$".to_owned());
    }
}

/// A text of visible characters, without spaces.
fn visible() -> Object {
    let text = ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
    text.min_length(Some(1)).max_length(Some(255)).pattern(Some("^[!-~]+$")).build()
}

fn header(operation: &mut Operation, name: &str, required: bool, description: &str, schema: Object) {
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(if required { Required::True } else { Required::False })
        .description(Some(description))
        .schema(Some(schema))
        .build();
    operation.parameters.get_or_insert_default().push(parameter.into());
}

fn failure(code: Code) -> Response {
    let example = json!({
        "type": format!("/api/v1/problems#{}", code.as_str()),
        "title": code.title(Language::En),
        "status": code.status().as_u16(),
        "code": code.as_str(),
        "request_id": "0199a0c4-6f0e-7c51-9d0a-000000000000",
        "errors": [],
    });
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).example(Some(example)).build();
    ResponseBuilder::new().description(code.title(Language::En)).content("application/problem+json", content).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_of_a_path_is_in_the_path() {
        for (path, item) in &openapi().paths.paths {
            let operations = [&item.get, &item.post, &item.put, &item.patch, &item.delete];
            let parameters =
                operations.into_iter().flatten().flat_map(|operation| operation.parameters.iter().flatten());
            for parameter in parameters {
                let RefOr::T(parameter) = parameter else { continue };
                let in_path = path.contains(&format!("{{{}}}", parameter.name));
                assert_eq!(parameter.parameter_in == ParameterIn::Path, in_path, "{path}: {}", parameter.name);
            }
        }
    }
}

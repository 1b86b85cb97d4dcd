//! How a resource is shown: its content, what the service adds, its version as a strong ETag (RFC 9110, section 8.8.3).

use actix_web::body::MessageBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderValue, LINK, LOCATION};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::openapi::schema::{
    AnyOfBuilder, ArrayBuilder, KnownFormat, Object, ObjectBuilder, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::listing::Listing;
use super::problem::{Code, Problem};
use super::resource::Resource;
use crate::db::Row;

/// An answer that can be stored and given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Where the resource is.
    pub location: Option<String>,
    /// Its strong ETag.
    pub etag: Option<String>,
    /// JSON.
    pub body: String,
}

impl From<Answer> for HttpResponse {
    fn from(answer: Answer) -> Self {
        let Answer { status, location, etag, body } = answer;
        let mut response = Self::build(StatusCode::from_u16(status).unwrap_or(StatusCode::OK));
        if let Some(location) = location {
            response.insert_header((LOCATION, location));
        }
        if let Some(etag) = etag {
            response.insert_header((ETAG, etag));
        }
        response.content_type("application/json").body(body)
    }
}

/// The first 16 hexadecimal digits of a SHA-256: enough to tell representations apart.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The strong ETag of what has no version of its own: its bytes tell its states apart.
pub fn tag(body: &[u8]) -> String {
    format!("\"{}\"", hash(body))
}

/// Answers a read with a body that has no version of its own.
pub fn whole(request: &HttpRequest, body: String) -> HttpResponse {
    fresh(request, &tag(body.as_bytes()), body, None)
}

/// The strong ETag of a version shown in these bytes: the version for `If-Match`, the hash because what the service
/// adds can change without it.
pub fn etag(version: i64, body: &str) -> String {
    format!("\"{version}-{}\"", hash(body.as_bytes()))
}

/// JSON as text. What the service shows is always serialisable; a failure is its own fault.
///
/// # Errors
/// [`Code::Internal`].
pub fn to_json(value: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(|error| Problem::new(Code::Internal).cause(error))
}

/// Answers a read: `304` where the client has this representation already (RFC 9110, section 13.1.2).
pub fn fresh(
    request: &HttpRequest,
    etag: &str,
    body: impl MessageBody + 'static,
    link: Option<String>,
) -> HttpResponse {
    let known = request.headers().get("if-none-match").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let same = |tag: &str| {
        let tag = tag.trim().trim_start_matches("W/");
        tag == "*" || tag == etag
    };
    let known = known.split(',').any(same);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, etag)).insert_header((CACHE_CONTROL, "no-cache"));
    if let Some(link) = link {
        response.insert_header((LINK, link));
    }
    if known {
        // Without a body: the framework would send it, and the client would read it as the start of the next answer.
        return response.finish();
    }
    response.content_type("application/json").body(body)
}

/// Answers a read with a file: of which kind it is, and under which name it is to be kept (`Content-Disposition`, RFC 6266).
pub fn file(request: &HttpRequest, etag: &str, bytes: Vec<u8>, media: &str, disposition: &str) -> HttpResponse {
    let mut response = fresh(request, etag, bytes, None);
    if response.status() == StatusCode::OK {
        for (header, text) in [(CONTENT_TYPE, media), (CONTENT_DISPOSITION, disposition)] {
            if let Ok(value) = HeaderValue::from_str(text) {
                response.headers_mut().insert(header, value);
            }
        }
    }
    response
}

/// Holds `If-Match` against the version that stands. A tag that this service cannot have given stands for nothing.
///
/// The hash within a tag is not held against the one that is shown now: what the service adds to a resource changes
/// without a change of the resource (a verdict, a warning), and whoever has read this version has read all that a
/// change can overwrite.
///
/// # Errors
/// [`Code::PreconditionRequired`] without one, [`Code::VersionConflict`] where it names another version.
pub fn if_match(header: Option<&str>, version: i64) -> Result<(), Problem> {
    let Some(header) = header else {
        return Err(Problem::new(Code::PreconditionRequired).detail(
            "先にGETで読み、そのETagをIf-Matchに入れて送ってください。",
            "Read it with GET first and send its ETag as If-Match.",
        ));
    };
    let stands = |tag: &str| {
        let tag = tag.trim();
        tag == "*" || version_of(tag).is_some_and(|number| number == version.to_string())
    };
    if header.split(',').any(stands) { Ok(()) } else { Err(stale(version)) }
}

/// The version within a tag as [`etag`] writes it; a weak tag never matches (RFC 9110, section 13.1.1).
fn version_of(tag: &str) -> Option<&str> {
    let (version, hash) = tag.strip_prefix('"')?.strip_suffix('"')?.split_once('-')?;
    let sound = hash.len() == 16 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    sound.then_some(version)
}

/// The refusal of a change to a version that no longer stands.
pub fn stale(version: i64) -> Problem {
    Problem::new(Code::VersionConflict).detail(
        format!("現在の版は{version}です。読み直してから変更してください。"),
        format!("Version {version} stands now. Read it again and repeat the change."),
    )
}

/// A stored resource as the API shows it.
#[derive(Debug, Serialize)]
#[serde(bound = "")]
pub struct Shown<R: Resource> {
    id: String,
    #[serde(flatten)]
    content: R::Input,
    #[serde(flatten)]
    extra: R::Extra,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl<R: Resource> Shown<R> {
    /// Puts a row and what the service knows of it together.
    pub fn new(row: Row<R>, extra: R::Extra) -> Self {
        let Row { id, content, version, created_at, updated_at } = row;
        let utc = |moment: NaiveDateTime| moment.and_utc();
        let (created_at, updated_at) = (utc(created_at), utc(updated_at));
        Self { id, content: content.input(), extra, version, created_at, updated_at }
    }
}

/// Nothing is added to the content.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct Nothing {}

/// A type's own object schema, for another to build on.
pub fn object_of<T: PartialSchema>() -> Object {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object,
        _ => Object::new(),
    }
}

impl<R: Resource> PartialSchema for Shown<R> {
    fn schema() -> RefOr<Schema> {
        let mut shown = ObjectBuilder::new()
            .property("id", ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).description(Some("Opaque")))
            .required("id")
            .build();
        let (content, extra) = (object_of::<R::Input>(), object_of::<R::Extra>());
        shown.description.clone_from(&content.description);
        shown.required.extend(content.required.into_iter().chain(extra.required));
        shown.properties.extend(content.properties.into_iter().chain(extra.properties));
        let version = ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::Integer))
            .description(Some("Counts the changes, from 1"));
        let moment = || {
            ObjectBuilder::new()
                .schema_type(SchemaType::new(Type::String))
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        };
        let added = ObjectBuilder::new()
            .property("version", version)
            .property("created_at", moment())
            .property("updated_at", moment())
            .build();
        shown.required.extend(added.properties.keys().cloned());
        shown.properties.extend(added.properties);
        shown.into()
    }
}

impl<R: Resource> ToSchema for Shown<R> {
    fn name() -> std::borrow::Cow<'static, str> {
        R::NAME.into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        R::Input::schemas(schemas);
        R::Extra::schemas(schemas);
    }
}

/// A change of a resource's content: JSON Merge Patch (RFC 7396).
pub struct Patch<R>(std::marker::PhantomData<R>);

/// A schema that takes `null` as well, because `null` removes.
fn or_null(schema: RefOr<Schema>) -> RefOr<Schema> {
    let null = || ObjectBuilder::new().schema_type(SchemaType::new(Type::Null));
    match schema {
        RefOr::T(Schema::Object(mut object)) if object.enum_values.is_none() => {
            match &mut object.schema_type {
                SchemaType::Type(one) => object.schema_type = SchemaType::from_iter([one.clone(), Type::Null]),
                SchemaType::Array(several) if !several.contains(&Type::Null) => several.push(Type::Null),
                SchemaType::Array(_) | SchemaType::AnyValue => {}
            }
            object.into()
        }
        RefOr::T(Schema::OneOf(one)) if one.items.iter().any(is_null) => Schema::OneOf(one).into(),
        other => AnyOfBuilder::new().item(null()).item(other).into(),
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null))
}

impl<R: Resource> PartialSchema for Patch<R> {
    fn schema() -> RefOr<Schema> {
        let mut patch = object_of::<R::Input>();
        let needed = std::mem::take(&mut patch.required);
        for (_, member) in patch.properties.iter_mut().filter(|(name, _)| !needed.contains(name)) {
            *member = or_null(std::mem::replace(member, Object::new().into()));
        }
        patch.examples.clear();
        patch.description = Some("A merge patch (RFC 7396): what is absent stays, `null` removes.".to_owned());
        patch.into()
    }
}

impl<R: Resource> ToSchema for Patch<R> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("{}Patch", R::NAME).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        R::Input::schemas(schemas);
    }
}

/// A page of a list.
#[derive(Debug, Serialize)]
#[serde(bound = "")]
pub struct PageOf<L: Listing> {
    /// The items, whole or only the chosen fields.
    pub items: Vec<serde_json::Value>,
    /// How many there are on all pages.
    pub total: i64,
    /// For the next page; `null` on the last.
    pub next_cursor: Option<String>,
    #[serde(skip)]
    pub(super) of: std::marker::PhantomData<L>,
}

impl<L: Listing> PartialSchema for PageOf<L> {
    fn schema() -> RefOr<Schema> {
        let item = AnyOfBuilder::new().item(Ref::from_schema_name(L::Item::name())).item(
            ObjectBuilder::new()
                .schema_type(SchemaType::new(Type::Object))
                .description(Some("With `fields`: the chosen members only.")),
        );
        let cursor = ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null]));
        ObjectBuilder::new()
            .property("items", ArrayBuilder::new().items(item))
            .required("items")
            .property("total", ObjectBuilder::new().schema_type(SchemaType::new(Type::Integer)))
            .required("total")
            .property("next_cursor", cursor)
            .required("next_cursor")
            .into()
    }
}

impl<L: Listing> ToSchema for PageOf<L> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("{}Page", L::Item::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((L::Item::name().into_owned(), L::Item::schema()));
        L::Item::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_client_has_already_is_answered_without_a_body() {
        use actix_web::body::MessageBody;
        for (tag, status) in [("*", 304), ("\"1\"", 304), ("W/\"1\", \"2\"", 304), ("\"2\"", 200)] {
            let request = actix_web::test::TestRequest::get().insert_header(("if-none-match", tag)).to_http_request();
            let response = fresh(&request, "\"1\"", "{}".to_owned(), None);
            assert_eq!(response.status().as_u16(), status, "{tag}");
            assert_eq!(response.body().size().is_eof(), status == 304, "{tag}");
        }
    }

    #[test]
    fn a_change_needs_a_tag_that_this_service_gave_to_the_version_that_stands() {
        let (own, shown_otherwise) = (etag(3, "{}"), etag(3, "{\"computed\":1}"));
        for header in ["*", &own, &shown_otherwise, &format!("\"1-0123456789abcdef\", {own}")] {
            assert!(if_match(Some(header), 3).is_ok(), "{header}");
        }
        for header in ["", "3", "\"3\"", "\"3-anything\"", &format!("W/{own}"), &etag(2, "{}"), &own.to_uppercase()] {
            let refused = if_match(Some(header), 3).map_err(|problem| problem.code());
            let expected = if header == own { Ok(()) } else { Err(Code::VersionConflict) };
            assert_eq!(refused, expected, "{header}");
        }
        assert_eq!(if_match(None, 3).unwrap_err().code(), Code::PreconditionRequired);
    }
}

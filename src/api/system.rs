//! What operators and tools ask for: is it alive, is it ready, how is it doing, what does it offer.

use std::sync::{LazyLock, OnceLock};
use std::time::Duration;

use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get, web};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::context::Context;
use super::document;
use super::language::Language;
use super::problem::{Code, Problem};
use super::representation::{fresh, tag, to_json, whole};
use super::routes::Routes;
use crate::db::{Connection, DbError};

/// The documented routes.
pub(super) fn routes(config: &mut impl Routes) {
    config.service(list_problems).service(get_plan_document_schema);
}

/// The paths beside the API, all of them to be read only.
pub(super) const BESIDE: &[&str] = &["/healthz", "/readyz", "/metrics", "/docs", "/api/v1/openapi.json"];

/// The routes beside the API.
pub(super) fn beside(config: &mut web::ServiceConfig) {
    let page = Config::from("/api/v1/openapi.json").validator_url("none").doc_expansion("none").filter(true);
    config
        .route("/healthz", web::get().to(healthz))
        .route("/readyz", web::get().to(readyz))
        .route("/metrics", web::get().to(serve_metrics))
        .route("/api/v1/openapi.json", web::get().to(openapi))
        .service(web::redirect("/docs", "/docs/"))
        .service(SwaggerUi::new("/docs/{_:.*}").config(page));
}

/// The OpenAPI document.
async fn openapi(request: HttpRequest) -> HttpResponse {
    static TEXT: LazyLock<String> = LazyLock::new(|| document::as_json().to_string());
    constant(&request, &TEXT)
}

/// Answers with what does not change while the program runs.
fn constant(request: &HttpRequest, text: &'static str) -> HttpResponse {
    fresh(request, &tag(text.as_bytes()), Bytes::from_static(text.as_bytes()), None)
}

/// The process is alive.
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ok"}))
}

/// The process can do its work: the database answers.
async fn readyz(context: web::Data<Context>) -> Result<HttpResponse, Problem> {
    context
        .db
        .read(|c: &mut Connection| c.ping().map_err(|error: DbError| Problem::new(Code::Unavailable).cause(error)))
        .await?;
    Ok(HttpResponse::Ok().json(json!({"status": "ready"})))
}

/// One recorder for the process, however many servers it runs.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let install = || {
        let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
        let durations = Matcher::Full("http_request_duration_seconds".to_owned());
        let builder = PrometheusBuilder::new().set_buckets_for_metric(durations, &buckets).ok()?;
        let handle = builder.install_recorder().ok()?;
        let upkeep = handle.clone();
        let tidy = move || loop {
            std::thread::sleep(Duration::from_secs(5));
            upkeep.run_upkeep();
        };
        std::thread::Builder::new().name("metrics".to_owned()).spawn(tidy).ok()?;
        Some(handle)
    };
    RECORDER.get_or_init(install).as_ref()
}

/// Starts to count. Must be called before the first request.
pub(super) fn start_metrics() {
    if recorder().is_none() {
        tracing::warn!("metrics cannot be collected: another recorder is installed");
    }
    metrics::describe_counter!("http_requests_total", "Requests by method, route and status");
    metrics::describe_histogram!("http_request_duration_seconds", "How long requests took");
}

async fn serve_metrics() -> HttpResponse {
    let text = recorder().map(PrometheusHandle::render).unwrap_or_default();
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text)
}

/// A kind of failure.
#[derive(Serialize, utoipa::ToSchema)]
struct ProblemKind {
    /// The stable code.
    code: String,
    /// The HTTP status.
    status: u16,
    /// What happened.
    title: crate::domain::Bilingual,
}

/// List the kinds of failures
///
/// The codes are stable: a client may branch on them.
#[utoipa::path(tag = "problems", responses((status = 200, description = "Every code", body = Vec<ProblemKind>)))]
#[get("/problems")]
async fn list_problems(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let kind = |code: &Code| ProblemKind {
        code: code.as_str().to_owned(),
        status: code.status().as_u16(),
        title: crate::domain::Bilingual::new(code.title(Language::Ja), code.title(Language::En)),
    };
    let body = to_json(&Code::ALL.iter().map(kind).collect::<Vec<_>>())?;
    Ok(whole(&request, body))
}

/// The JSON Schema of plan documents
#[utoipa::path(tag = "plan-documents", responses(
    (status = 200, description = "A JSON Schema (draft 2020-12)", content_type = "application/schema+json", body = Value)))]
#[get("/schemas/plan-document.json")]
async fn get_plan_document_schema(request: HttpRequest) -> HttpResponse {
    static TEXT: LazyLock<String> = LazyLock::new(|| plan_document_schema().to_string());
    let mut response = constant(&request, &TEXT);
    if let Some(kind) = response.headers_mut().get_mut(CONTENT_TYPE) {
        *kind = HeaderValue::from_static("application/schema+json");
    }
    response
}

/// The JSON Schema of plan documents by itself, with every definition that it needs.
pub fn plan_document_schema() -> Value {
    let components = document::as_json().pointer("/components/schemas").cloned().unwrap_or_default();
    let mut needed = vec!["PlanDocument".to_owned()];
    let mut definitions = serde_json::Map::new();
    while let Some(name) = needed.pop() {
        if definitions.contains_key(&name) {
            continue;
        }
        let Some(mut schema) = components.get(&name).cloned() else { continue };
        rename_references(&mut schema, &mut needed);
        definitions.insert(name, schema);
    }
    definitions.sort_keys();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "/api/v1/schemas/plan-document.json",
        "title": "Plan document",
        "$ref": "#/$defs/PlanDocument",
        "$defs": definitions,
    })
}

fn rename_references(schema: &mut Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get_mut("$ref")
                && let Some(name) = target.strip_prefix("#/components/schemas/").map(str::to_owned)
            {
                *target = format!("#/$defs/{name}");
                found.push(name);
            }
            members.values_mut().for_each(|member| rename_references(member, found));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename_references(item, found)),
        _ => {}
    }
}

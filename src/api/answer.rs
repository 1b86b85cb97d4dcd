//! The outermost layer: every answer gets its request id and its metrics, every failure its problem document.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_LANGUAGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, CROSS_ORIGIN_RESOURCE_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    RETRY_AFTER, STRICT_TRANSPORT_SECURITY, VARY, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use tracing_actix_web::RequestId;

use super::connection::Turn;
use super::context::Context;
use super::language::Language;
use super::problem::{Code, Problem};
use super::session;

/// By which an answer is found in the log.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Wraps the whole application.
///
/// # Errors
/// None of its own: a handler's or an extractor's error has become a response by the time it comes here.
pub async fn finish(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let _turn = Turn::begin(request.request());
    let started = std::time::Instant::now();
    let language = Language::asked(request.headers());
    let request_id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let method = request.method().clone();
    if method == Method::HEAD {
        // RFC 9110, section 9.3.2: what GET answers, without the body, which the protocol layer leaves out.
        request.head_mut().method = Method::GET;
    }
    let response = next.call(request).await?.map_into_boxed_body();
    let mut response = if response.status().is_client_error() || response.status().is_server_error() {
        as_problem(response, language, &request_id)
    } else {
        response
    };
    protect(&mut response);
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let route = response.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let labels = [("method", method.to_string()), ("route", route), ("status", response.status().as_u16().to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", &labels).record(started.elapsed().as_secs_f64());
    Ok(response)
}

/// What a failure keeps of the answer that it was put together from: what those knew who refused, and what lets another
/// site's page read it.
const KEPT: [HeaderName; 4] = [ALLOW, VARY, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS];

/// What nobody must do with an answer: guess its type, show it in another page's frame or load it into one, load what is
/// not ours, keep for others what was answered to somebody, ask again without TLS. The documentation page alone has scripts
/// and styles.
fn protect(response: &mut ServiceResponse) {
    let policy = if response.request().path().starts_with("/docs") {
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
    } else {
        "default-src 'none'; frame-ancestors 'none'"
    };
    let somebodys = session::is_for_somebody(response.request().path());
    let behind_tls = Context::of(response.request()).is_ok_and(|context| context.limits.behind_tls);
    let headers = response.headers_mut();
    if somebodys {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    if behind_tls {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
}

fn as_problem(response: ServiceResponse, language: Language, request_id: &str) -> ServiceResponse {
    let (request, response) = response.into_parts();
    let known = response.extensions().get::<Problem>().cloned();
    let problem = known.unwrap_or_else(|| framework(&response));
    let mut answer = HttpResponse::build(problem.code().status());
    answer.insert_header((CONTENT_TYPE, "application/problem+json"));
    answer.insert_header((CONTENT_LANGUAGE, language.tag()));
    for name in KEPT {
        for value in response.headers().get_all(&name) {
            answer.append_header((name.clone(), value.clone()));
        }
    }
    if problem.code().status() == StatusCode::UNAUTHORIZED {
        answer.append_header((WWW_AUTHENTICATE, challenge(&request, problem.code())));
    }
    if problem.code() == Code::Unauthenticated {
        // Basic is what makes a spreadsheet ask for a password; RFC 9110, section 11.6.1.
        answer.append_header((WWW_AUTHENTICATE, "Basic realm=\"mikomi\", charset=\"UTF-8\""));
    }
    if let Some(seconds) = problem.wait() {
        answer.insert_header((RETRY_AFTER, seconds));
    }
    let answer = answer.body(problem.body(language, request_id).to_string());
    ServiceResponse::new(request, answer)
}

/// What a Bearer has to bring (RFC 6750, section 3): an error is named to whoever has brought something.
fn challenge(request: &HttpRequest, code: Code) -> &'static str {
    let sent = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let bearer = sent.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer "));
    match code {
        Code::TokenExpired => {
            "Bearer realm=\"mikomi\", error=\"invalid_token\", error_description=\"The token has expired\""
        }
        _ if bearer => "Bearer realm=\"mikomi\", error=\"invalid_token\"",
        _ => "Bearer realm=\"mikomi\"",
    }
}

/// A failure of the framework, which comes as a status and a plain text.
fn framework(response: &HttpResponse) -> Problem {
    let problem = Problem::of_status(response.status());
    match (response.status(), response.error()) {
        (StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED, _) | (_, None) => problem,
        (_, Some(error)) => problem.cause(error),
    }
}

//! What the log says of a request beside every line that is written while it is worked on.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpMessage};
use tracing::Span;
use tracing_actix_web::{RequestId, RootSpanBuilder};

/// The request's id, method and target: what leads from a line to the request. The rest is in the line itself, or was
/// logged by the proxy; a span is opened for every request, and each field costs.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let extensions = request.extensions();
        let id = extensions.get::<RequestId>().map(tracing::field::display);
        tracing::info_span!("request", request_id = id, http.method = %request.method(), http.target = %request.uri())
    }

    fn on_request_end<B: MessageBody>(_: Span, _: &Result<ServiceResponse<B>, Error>) {}
}

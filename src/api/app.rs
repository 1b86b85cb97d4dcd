//! The application: its routes, its limits, its life from the first socket to the last answer.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server as HttpServerHandle, ServerHandle};
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, ResponseError, web};
use tracing_actix_web::TracingLogger;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

use super::context::Context;
use super::problem::{Code, Problem};
use super::shape::Shapes;
use super::{
    activities, actual_revisions, actuals, answer, bench, checkpoints, document, flags, indicators, initiatives,
    objectives, organizations, plan_documents, plans, reviews, rollups, system, targets,
};
use crate::db::Database;

/// The largest body that is read: a city's plan document is some 100 kB.
pub const MAX_BODY: usize = 8 * 1024 * 1024;

/// Why the server could not start, with the remedy.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address is taken or not this machine's.
    #[error("cannot listen on {address}: {cause}. Give another address with --listen HOST:PORT")]
    Listen {
        /// The address.
        address: String,
        /// What the system said.
        cause: std::io::Error,
    },
}

/// What a server has only when it is told to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extras {
    /// Answers from memory, to hold the API's own against. For benchmarks only.
    pub bench: bool,
}

/// A server that is listening.
pub struct Server {
    address: std::net::SocketAddr,
    server: HttpServerHandle,
}

impl Server {
    /// Listens on an address and starts to answer.
    ///
    /// # Errors
    /// [`ServerError::Listen`].
    pub fn start(listen: &str, db: Database) -> Result<Self, ServerError> {
        Self::start_with(listen, db, Extras::default())
    }

    /// Listens on an address and starts to answer, with what is not for everybody.
    ///
    /// # Errors
    /// [`ServerError::Listen`].
    pub fn start_with(listen: &str, db: Database, extras: Extras) -> Result<Self, ServerError> {
        let failed = |cause| ServerError::Listen { address: listen.to_owned(), cause };
        let listener = TcpListener::bind(listen).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let document = document::openapi();
        let routes = web::Data::new(Routes::of(&document));
        system::start_metrics();
        let context = web::Data::new(Context {
            db,
            shapes: Arc::new(Shapes::of(&document)),
            plan_schema: system::plan_document_schema().to_string(),
            queries: Default::default(),
            in_flight: Default::default(),
        });
        let memory = extras.bench.then(web::Data::<bench::Memory>::default);
        let server = HttpServer::new(move || {
            let (app, _) = App::new()
                .into_utoipa_app()
                .app_data(context.clone())
                .app_data(routes.clone())
                .app_data(web::PayloadConfig::new(MAX_BODY))
                // Before the scope, which answers everything below its path.
                .map(|app| app.configure(|config| system::beside(config, document.clone())))
                .configure(api)
                .split_for_parts();
            app.configure(|config| memory.clone().into_iter().for_each(|memory| bench::routes(config, memory)))
                .default_service(web::to(unmatched))
                .wrap(Compress::default())
                .wrap(from_fn(answer::finish))
                .wrap(TracingLogger::default())
        })
        .client_request_timeout(Duration::from_secs(10))
        .shutdown_timeout(20)
        .workers(std::thread::available_parallelism().map_or(2, usize::from))
        .listen(listener)
        .map_err(failed)?
        .run();
        Ok(Self { address, server })
    }

    /// Where it listens.
    pub fn address(&self) -> std::net::SocketAddr {
        self.address
    }

    /// For stopping it.
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Answers until it is stopped; requests that have begun are finished.
    ///
    /// # Errors
    /// The system's own.
    pub async fn run(self) -> std::io::Result<()> {
        self.server.await
    }
}

/// Every documented route.
fn api(config: &mut ServiceConfig<'_>) {
    config.service(
        utoipa_actix_web::scope("/api/v1")
            .configure(system::routes)
            .configure(organizations::routes)
            .configure(plan_documents::routes)
            .configure(flags::routes)
            .configure(rollups::routes)
            .configure(plans::routes)
            .configure(objectives::routes)
            .configure(checkpoints::routes)
            .configure(initiatives::routes)
            .configure(indicators::routes)
            .configure(activities::routes)
            .configure(reviews::routes)
            .configure(targets::routes)
            .configure(actuals::routes)
            .configure(actual_revisions::routes),
    );
}

/// What the routes say of themselves.
pub(super) fn collected() -> OpenApi {
    App::new().into_utoipa_app().configure(api).split_for_parts().1
}

/// Which methods each path takes, so that a wrong method is told from an unknown route (RFC 9110, section 15.5.6).
struct Routes(Vec<(Vec<String>, String)>);

impl Routes {
    fn of(document: &OpenApi) -> Self {
        let methods = |item: &utoipa::openapi::PathItem| {
            let known = [
                ("GET, HEAD", item.get.is_some()),
                ("POST", item.post.is_some()),
                ("PUT", item.put.is_some()),
                ("PATCH", item.patch.is_some()),
                ("DELETE", item.delete.is_some()),
            ];
            known.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect::<Vec<_>>().join(", ")
        };
        let split = |path: &str| path.split('/').map(str::to_owned).collect();
        let documented = document.paths.paths.iter().map(|(path, item)| (split(path), methods(item)));
        let beside = system::BESIDE.iter().map(|path| (split(path), "GET, HEAD".to_owned()));
        Self(documented.chain(beside).collect())
    }

    fn allowed(&self, path: &str) -> Option<&str> {
        let segments: Vec<&str> = path.split('/').collect();
        let fits = |pattern: &[String]| {
            pattern.len() == segments.len()
                && pattern
                    .iter()
                    .zip(&segments)
                    .all(|(pattern, segment)| pattern == segment || pattern.starts_with('{') && !segment.is_empty())
        };
        self.0.iter().find(|(pattern, _)| fits(pattern)).map(|(_, methods)| methods.as_str())
    }
}

async fn unmatched(request: HttpRequest, routes: web::Data<Routes>) -> HttpResponse {
    let Some(allowed) = routes.allowed(request.path()) else {
        return Problem::new(Code::UnknownRoute).error_response();
    };
    let mut response = Problem::new(Code::MethodNotAllowed).error_response();
    if let Ok(allowed) = HeaderValue::from_str(allowed) {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}

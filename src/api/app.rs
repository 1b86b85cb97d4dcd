//! The application: its routes, its limits, its life from the first socket to the last answer.

use std::net::TcpListener;

use actix_web::dev::{Server as HttpServerHandle, ServerHandle};
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::middleware::{Compress, Condition, from_fn};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, ResponseError, web};
use tracing_actix_web::TracingLogger;

use super::context::{Access, Context};
use super::limits::Limits;
use super::problem::{Code, Problem};
use super::rate::Rate;
use super::span::RequestSpan;
use super::{answer, bench, connection, people, rate, rollups, routes, session, system};
use crate::db::{Database, SharedRead};

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
#[derive(Debug, Clone, Default)]
pub struct Extras {
    /// Answers from memory, to hold the API's own against. For benchmarks only.
    pub bench: bool,
    /// Who may come in.
    pub access: Access,
    /// What it puts up with.
    pub limits: Limits,
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
    pub fn start(listen: &str, db: Database, extras: Extras) -> Result<Self, ServerError> {
        let failed = |cause| ServerError::Listen { address: listen.to_owned(), cause };
        let listener = TcpListener::bind(listen).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        system::start_metrics();
        let (times, origins) = (extras.limits.times, extras.limits.origins.clone());
        let context = web::Data::new(Context {
            published: db.published(),
            db,
            access: extras.access,
            rate: Rate::new(extras.limits.a_second),
            limits: extras.limits,
            plan_rollups: SharedRead::new(rollups::stored),
            in_flight: Default::default(),
        });
        actix_web::rt::spawn(people::prepare(context.clone()));
        let memory = extras.bench.then(web::Data::<bench::Memory>::default);
        let server = HttpServer::new(move || {
            App::new()
                .app_data(context.clone())
                .app_data(web::PayloadConfig::new(MAX_BODY))
                .configure(|config| memory.clone().into_iter().for_each(|memory| bench::routes(config, memory)))
                // Before the scope, which answers everything below its path.
                .configure(system::beside)
                .service(
                    web::scope(routes::BASE)
                        .configure(routes::all)
                        .wrap(from_fn(session::authenticate))
                        .wrap(from_fn(rate::limit)),
                )
                .default_service(web::to(unmatched))
                .wrap(Compress::default())
                .wrap(Condition::new(!origins.is_empty(), origins.cors()))
                .wrap(from_fn(answer::finish))
                .wrap(TracingLogger::<RequestSpan>::new())
        })
        .on_connect(move |stream, data| connection::watch(stream, data, times.turn))
        .client_request_timeout(times.head)
        .keep_alive(times.idle)
        .client_disconnect_timeout(times.goodbye)
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

async fn unmatched(request: HttpRequest) -> HttpResponse {
    let Some(allowed) = routes::allowed(request.path()) else {
        return Problem::new(Code::UnknownRoute).error_response();
    };
    let mut response = Problem::new(Code::MethodNotAllowed).error_response();
    if let Ok(allowed) = HeaderValue::from_str(&allowed) {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}

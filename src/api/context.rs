//! What every handler shares.

use std::sync::Arc;

use actix_web::{HttpRequest, web};

use super::idempotency::InFlight;
use super::limits::Limits;
use super::problem::{Code, Problem};
use super::rate::Rate;
use super::rollups::StoredRollup;
use crate::db::rollups::PlanAt;
use crate::db::{Database, SharedRead};
use crate::oidc::Provider;

/// Who may come in.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// Whether published plans can be read without a key.
    pub public_reading: bool,
    /// Whose tokens are taken beside keys; `None` where there are only keys.
    pub provider: Option<Arc<Provider>>,
}

/// The database, who may come in, the requests that are being worked on.
pub struct Context {
    /// Where everything is kept. Handlers get to it through a [`super::session::Session`], which knows for whom.
    pub db: Database,
    /// The same, of which what is published is read and nothing else.
    pub published: Database,
    /// Who may come in.
    pub access: Access,
    /// What the server puts up with.
    pub limits: Limits,
    /// Counts the requests of everybody; `None` where nobody is limited.
    pub rate: Option<Rate>,
    /// The stored rollups of plans, which many screens ask for at once.
    pub plan_rollups: SharedRead<PlanAt, StoredRollup>,
    /// The Idempotency-Keys of requests that are being worked on.
    pub in_flight: InFlight,
}

impl Context {
    /// The context of the application that a request has come to.
    ///
    /// # Errors
    /// [`Code::Internal`] where the application was put together without one.
    pub fn of(request: &HttpRequest) -> Result<web::Data<Self>, Problem> {
        request
            .app_data::<web::Data<Self>>()
            .cloned()
            .ok_or_else(|| Problem::new(Code::Internal).cause("the application has no context"))
    }
}

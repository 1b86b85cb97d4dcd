//! The documented routes: named once, served by the application, described by the OpenAPI document.

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use serde_json::Value;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::{AppExt, OpenApiFactory, service_config};

use super::{
    activities, actual_revisions, actuals, bulk, checkpoints, criteria, document, errata, exports, flags, forms,
    imports, indicators, initiatives, objectives, observations, organizations, plan_documents, plans, reporting,
    reviews, rollups, submission_steps, submissions, system, targets,
};

/// What takes routes: an application, which needs no description of them, or the document, which needs nothing else.
pub(super) trait Routes {
    /// Takes one operation.
    fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, operation: F) -> &mut Self;
}

impl Routes for web::ServiceConfig {
    fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, operation: F) -> &mut Self {
        web::ServiceConfig::service(self, operation)
    }
}

impl Routes for service_config::ServiceConfig<'_> {
    fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, operation: F) -> &mut Self {
        service_config::ServiceConfig::service(self, operation)
    }
}

/// Below which path the API is.
pub(super) const BASE: &str = "/api/v1";

/// Every documented route, below [`BASE`].
pub(super) fn all(routes: &mut impl Routes) {
    // A request is held against them in this order: first what screens ask for all day.
    rollups::routes(routes);
    flags::routes(routes);
    criteria::routes(routes);
    system::routes(routes);
    organizations::routes(routes);
    plan_documents::routes(routes);
    plans::routes(routes);
    objectives::routes(routes);
    checkpoints::routes(routes);
    initiatives::routes(routes);
    indicators::routes(routes);
    activities::routes(routes);
    reviews::routes(routes);
    targets::routes(routes);
    // Before the actuals, each of which has a path of the same length.
    bulk::routes(routes);
    exports::routes(routes);
    imports::routes(routes);
    observations::routes(routes);
    actuals::routes(routes);
    actual_revisions::routes(routes);
    submissions::routes(routes);
    submission_steps::routes(routes);
    forms::routes(routes);
    reporting::routes(routes);
    errata::routes(routes);
}

/// What the routes say of themselves.
pub(super) fn described() -> OpenApi {
    let scope = utoipa_actix_web::scope(BASE).configure(|routes| all(routes));
    actix_web::App::new().into_utoipa_app().service(scope).split_for_parts().1
}

/// Which methods a path takes, so that a wrong method is told from an unknown route (RFC 9110, section 15.5.6).
pub(super) fn allowed(path: &str) -> Option<String> {
    if system::BESIDE.contains(&path) {
        return Some("GET, HEAD".to_owned());
    }
    let asked: Vec<&str> = path.split('/').collect();
    let fits = |pattern: &str| {
        let same = |(pattern, asked): (&str, &&str)| pattern == *asked || pattern.starts_with('{') && !asked.is_empty();
        pattern.split('/').count() == asked.len() && pattern.split('/').zip(&asked).all(same)
    };
    let paths = document::as_json().get("paths").and_then(Value::as_object)?;
    let (_, item) = paths.iter().find(|(pattern, _)| fits(pattern))?;
    let methods = ["get", "post", "put", "patch", "delete"].into_iter().filter(|method| item.get(*method).is_some());
    let named = methods.map(|method| if method == "get" { "GET, HEAD".to_owned() } else { method.to_uppercase() });
    Some(named.collect::<Vec<_>>().join(", "))
}

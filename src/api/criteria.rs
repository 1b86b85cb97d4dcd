//! Target texts, understood without being stored: what a form shows while somebody types.

use actix_web::{HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::Body;
use super::problem::Problem;
use super::representation::to_json;
use super::routes::Routes;
use crate::domain::Polarity;
use crate::domain::phrase::{self, Context, Parsed};

/// The routes of criteria.
pub(super) fn routes(config: &mut impl Routes) {
    config.service(parse_criterion);
}

/// A target as somebody writes it, and what is known beside it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "前年同時期の1%増", "unit": "%", "polarity": "higher_is_better", "fiscal_year": 2021}))]
pub struct Phrase {
    /// The text, in Japanese or English.
    #[schema(max_length = 4000)]
    pub text: String,
    /// The unit in which the indicator counts.
    #[schema(max_length = 40)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Which direction is good: it decides where the text states no comparator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub polarity: Option<Polarity>,
    /// The fiscal year that the target is for: it dates 年度末.
    #[schema(minimum = 1900, maximum = 2200)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fiscal_year: Option<i32>,
}

impl Phrase {
    /// What the text asks for.
    pub fn parsed(&self) -> Parsed {
        let Self { text, unit, polarity, fiscal_year } = self;
        let context =
            Context { unit: unit.as_deref(), polarity: *polarity, fiscal_year: *fiscal_year, ..Context::default() };
        phrase::parse(text, &context)
    }
}

/// Understand a target text
///
/// Nothing is stored, so it can be asked again at will. Where the text allows two readings, both are given, the likelier
/// first, and `needs_review` is true.
#[utoipa::path(tag = "criteria", request_body = Phrase,
    responses((status = 200, description = "What the text asks for", body = Parsed)))]
#[post("/criteria/parse")]
async fn parse_criterion(phrase: Body<Phrase>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().content_type("application/json").body(to_json(&phrase.0.parsed())?))
}

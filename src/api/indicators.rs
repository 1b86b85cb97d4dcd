//! Indicators: measured series that live longer than a plan.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::parents;
use super::problem::{Dependent, Fault};
use super::representation::Nothing;
use super::resource::Resource;
use crate::db::access;
use crate::db::indicators::{self, Indicator};
use crate::db::store::{Listed, Page};
use crate::db::{Connection, DbError, Row, actuals, dependents, states, targets};
use crate::domain::access::Deed;
use crate::domain::{Bilingual, Measure, Polarity};

verbs!(Indicator, "indicators", "/indicators", "/indicators/{id}",
    list list_indicators "List indicators", create create_indicator "Add an indicator",
    read read_indicator "Read an indicator", patch patch_indicator "Change an indicator",
    delete delete_indicator "Remove an indicator that has neither targets nor actuals",
    history list_indicator_history "/indicators/{id}/history");

/// A measured series (指標). It outlives the plans: last year's result is the same indicator's.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"organization_id": "271071", "name": "地域活動に参加している区民の割合", "unit": "%",
    "polarity": "higher_is_better", "measure": "latest", "source": "区民アンケート"}))]
pub struct IndicatorInput {
    /// Whose series it is: an id or a national code.
    #[schema(min_length = 1, max_length = 64)]
    organization_id: String,
    /// Its name.
    #[schema(min_length = 1, max_length = 500)]
    name: String,
    /// The unit as written; may be empty.
    #[schema(max_length = 40)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// Which direction is good, where it is known.
    #[schema(inline)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    polarity: Option<Polarity>,
    /// How the year's result is made from the year's values.
    measure: Measure,
    /// Where the figures come from.
    #[schema(min_length = 1, max_length = 500)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// The city-wide definition that it follows, so that wards can be laid side by side.
    #[schema(min_length = 1, max_length = 100)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    common_code: Option<String>,
}

/// Which indicators.
#[derive(Debug, Deserialize, IntoParams)]
pub struct IndicatorFilter {
    /// Of this organization: an id or a national code
    #[param(min_length = 1)]
    organization: Option<String>,
    /// With exactly this name
    #[param(min_length = 1)]
    name: Option<String>,
    /// Measured like this
    #[param(inline)]
    measure: Option<Measure>,
    /// That follow this city-wide definition
    #[param(min_length = 1)]
    common_code: Option<String>,
}

impl Resource for Indicator {
    type Input = IndicatorInput;
    type Extra = Nothing;
    type Filter = IndicatorFilter;

    const NAME: &'static str = "Indicator";
    const PATH: &'static str = "indicators";
    const DEEDS: &'static [Deed] = &[Deed::Plan];
    const SORT: &'static [&'static str] = &["name"];

    fn input(self) -> IndicatorInput {
        let Self { organization_id, name, unit, polarity, measure, source, common_code } = self;
        IndicatorInput { organization_id, name, unit, polarity, measure, source, common_code }
    }

    fn content(
        input: IndicatorInput,
        _: Option<&Row<Self>>,
        connection: &mut Connection,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<Self>, DbError> {
        let IndicatorInput { organization_id, name, unit, polarity, measure, source, common_code } = input;
        let Some(organization) = access::organization(connection, &organization_id)? else {
            faults.push(Fault::unknown("/organization_id", "organizations", &organization_id));
            return Ok(None);
        };
        Ok(Some(Self { organization_id: organization.id, name, unit, polarity, measure, source, common_code }))
    }

    fn extras(_: &mut Connection, rows: &[Row<Self>]) -> Result<Vec<Nothing>, DbError> {
        Ok(vec![Nothing {}; rows.len()])
    }

    fn list(connection: &mut Connection, filter: IndicatorFilter, page: &Page) -> Result<Listed<Self>, DbError> {
        let IndicatorFilter { organization, name, measure, common_code } = filter;
        let organization_id = parents::organization_id(connection, organization)?;
        indicators::list(connection, &indicators::Filter { organization_id, name, measure, common_code }, page)
    }

    fn dependents(connection: &mut Connection, id: &str) -> Result<Vec<Dependent>, DbError> {
        Ok(dependents::of_indicator(connection, id)?.into_iter().map(Dependent::from).collect())
    }

    /// A withdrawn actual is no longer shown, but its revisions are kept for good.
    fn why_it_stays(connection: &mut Connection, id: &str) -> Result<Option<Bilingual>, DbError> {
        let withdrawn = actuals::count_withdrawn(connection, id)?;
        Ok((withdrawn > 0).then(|| {
            Bilingual::new(
                format!("取り下げた実績が{withdrawn}件あり、その履歴（/actuals/{{id}}/revisions）は残すため、指標も残ります。"),
                format!(
                    "{withdrawn} of its actuals are withdrawn; their revisions (/actuals/{{id}}/revisions) are kept for \
                     good, and the indicator with them."
                ),
            )
        }))
    }

    /// A new indicator has no targets yet, and one that is deleted has none any more.
    fn changed(
        connection: &mut Connection,
        before: Option<&Row<Self>>,
        after: Option<&Row<Self>>,
    ) -> Result<(), DbError> {
        let (Some(before), Some(after)) = (before, after) else { return Ok(()) };
        let (was, is) = (&before.content, &after.content);
        if was.unit != is.unit || was.measure != is.measure || was.polarity != is.polarity {
            targets::read_anew(connection, &after.id, is)?;
        }
        states::refresh_indicator(connection, &after.id, None)
    }
}

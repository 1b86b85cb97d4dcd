//! Organizations: the city, its wards, their departments.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::problem::{Dependent, Fault};
use super::representation::Nothing;
use super::resource::Resource;
use crate::db::access;
use crate::db::organizations::{self, Organization};
use crate::db::store::{Listed, Page};
use crate::db::{Connection, DbError, Row, dependents};
use crate::domain::OrganizationKind;
use crate::domain::access::Deed;

verbs!(Organization, "organizations", "/organizations", "/organizations/{id}",
    list list_organizations "List organizations", create create_organization "Add an organization",
    read read_organization "Read an organization", patch patch_organization "Change an organization",
    delete delete_organization "Remove an organization on which nothing depends",
    history list_organization_history "/organizations/{id}/history");

/// A city, a ward or a department.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "271071", "name": "港区", "kind": "ward"}))]
pub struct OrganizationInput {
    /// The national code of local governments (全国地方公共団体コード): six digits, the last a check digit.
    #[schema(pattern = "^[0-9]{6}$")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What it is.
    kind: OrganizationKind,
    /// What it belongs to: an id or a national code.
    #[schema(min_length = 1, max_length = 64)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent_id: Option<String>,
    /// The month in which its fiscal year starts: April unless it says otherwise.
    #[schema(minimum = 1, maximum = 12, default = 4)]
    #[serde(default = "april")]
    fiscal_year_start_month: i32,
    /// The time zone of its dates, by its IANA name.
    #[schema(min_length = 1, max_length = 64, default = "Asia/Tokyo")]
    #[serde(default = "tokyo")]
    #[validate(custom(function = "known_time_zone"))]
    time_zone: String,
}

fn april() -> i32 {
    4
}

fn tokyo() -> String {
    "Asia/Tokyo".to_owned()
}

fn known_time_zone(name: &str) -> Result<(), ValidationError> {
    name.parse::<chrono_tz::Tz>().map(drop).map_err(|_| ValidationError::new("not_a_time_zone"))
}

/// Which organizations.
#[derive(Debug, Deserialize, IntoParams)]
pub struct OrganizationFilter {
    /// With this national code
    #[param(min_length = 1)]
    code: Option<String>,
    /// Of this kind
    #[param(inline)]
    kind: Option<OrganizationKind>,
    /// Directly below this one: an id or a national code
    #[param(min_length = 1)]
    parent: Option<String>,
}

impl Resource for Organization {
    type Input = OrganizationInput;
    type Extra = Nothing;
    type Filter = OrganizationFilter;

    const NAME: &'static str = "Organization";
    const PATH: &'static str = "organizations";
    const DEEDS: &'static [Deed] = &[Deed::Administer];
    const SORT: &'static [&'static str] = &["name"];

    fn input(self) -> OrganizationInput {
        let Self { code, name, kind, parent_id, fiscal_year_start_month, time_zone } = self;
        OrganizationInput { code, name, kind, parent_id, fiscal_year_start_month, time_zone }
    }

    fn content(
        input: OrganizationInput,
        current: Option<&Row<Self>>,
        connection: &mut Connection,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<Self>, DbError> {
        let OrganizationInput { code, name, kind, parent_id, fiscal_year_start_month, time_zone } = input;
        let parent_id = match parent_id {
            None => None,
            // Whose ward it is may be more than its own people see.
            stands if current.is_some_and(|row| row.content.parent_id == stands) => stands,
            Some(parent) => match access::organization(connection, &parent)? {
                Some(row) => Some(row.id),
                None => {
                    faults.push(Fault::unknown("/parent_id", "organizations", &parent));
                    return Ok(None);
                }
            },
        };
        if let (Some(current), Some(parent)) = (current, &parent_id)
            && current.content.parent_id.as_ref() != Some(parent)
        {
            organizations::lock_tree(connection)?;
            if organizations::subtree(connection, &current.id)?.contains(parent) {
                let fault = Fault::at(
                    "/parent_id",
                    "circular",
                    "自分自身やその下位の組織には属せません。",
                    "It cannot belong to itself or to what is below it.",
                );
                faults.push(fault.received(parent.as_str()));
            }
        }
        // A day says of which month it is the last, and nobody knows which days were given and which follow from the calendar.
        if let Some(current) = current
            && current.content.fiscal_year_start_month != fiscal_year_start_month
            && organizations::has_days(connection, &current.id)?
        {
            let fault = Fault::at(
                "/fiscal_year_start_month",
                "fixed",
                "時点や実績の日付がこの年度の区切りによっているため、変更できません。",
                "It cannot change while days of checkpoints or actuals hang on it.",
            );
            faults.push(fault.received(fiscal_year_start_month).accepted(current.content.fiscal_year_start_month));
        }
        Ok(Some(Self { code, name, kind, parent_id, fiscal_year_start_month, time_zone }))
    }

    fn extras(_: &mut Connection, rows: &[Row<Self>]) -> Result<Vec<Nothing>, DbError> {
        Ok(vec![Nothing {}; rows.len()])
    }

    fn list(connection: &mut Connection, filter: OrganizationFilter, page: &Page) -> Result<Listed<Self>, DbError> {
        let OrganizationFilter { code, kind, parent } = filter;
        let parent_id = match parent {
            None => None,
            Some(name) => Some(access::organization(connection, &name)?.map_or(name, |row| row.id)),
        };
        organizations::list(connection, &organizations::Filter { code, kind, parent_id }, page)
    }

    fn dependents(connection: &mut Connection, id: &str) -> Result<Vec<Dependent>, DbError> {
        Ok(dependents::of_organization(connection, id)?.into_iter().map(Dependent::from).collect())
    }

    fn changed(_: &mut Connection, _: Option<&Row<Self>>, _: Option<&Row<Self>>) -> Result<(), DbError> {
        Ok(())
    }
}

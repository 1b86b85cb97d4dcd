//! What a caller may see of what is stored: of single rows by where they belong, of lists by their query.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::activities::Activity;
use super::actuals::Actual;
use super::budgeted_initiatives::BudgetedInitiative;
use super::checkpoints::Checkpoint;
use super::errata::Erratum;
use super::indicators::Indicator;
use super::initiatives::Initiative;
use super::objectives::Objective;
use super::organizations::{self, Organization};
use super::plans::Plan;
use super::reviews::Review;
use super::schema::{indicators, initiatives, plans, targets};
use super::submissions::Submission;
use super::targets::Target;
use super::{Connection, DbError, Row, Stored};
use crate::domain::access::{Grant, Home, Post, Reach};
use crate::domain::{OrganizationKind, PlanStatus};

/// The ids of the plans within limits, as a subquery.
macro_rules! plans_within {
    ($limits:expr) => {
        $crate::db::schema::plans::table
            .filter(
                $crate::db::schema::plans::organization_id
                    .eq_any($limits.organizations.clone())
                    .or($crate::db::schema::plans::status.eq_any($limits.statuses.clone())),
            )
            .select($crate::db::schema::plans::id)
    };
}

/// The ids of the initiatives within limits, as a subquery.
macro_rules! initiatives_within {
    ($limits:expr) => {
        $crate::db::schema::initiatives::table
            .filter($crate::db::schema::initiatives::plan_id.eq_any(plans_within!($limits)))
            .select($crate::db::schema::initiatives::id)
    };
}

/// The ids of the indicators that targets of plans within limits measure with, as a subquery.
macro_rules! measured_within {
    ($limits:expr) => {
        $crate::db::schema::targets::table
            .filter($crate::db::schema::targets::initiative_id.eq_any(initiatives_within!($limits)))
            .select($crate::db::schema::targets::indicator_id)
    };
}

/// Restricts a boxed query over a table to what is within limits. A table without an arm has no list.
macro_rules! within {
    (organizations, $query:ident, $limits:expr) => {
        // Whoever publishes plans says whose they are.
        if $limits.statuses.is_empty() {
            $query.filter(organizations::id.eq_any($limits.organizations.clone()))
        } else {
            $query
        }
    };
    (plans, $query:ident, $limits:expr) => {
        $query.filter(
            plans::organization_id
                .eq_any($limits.organizations.clone())
                .or(plans::status.eq_any($limits.statuses.clone())),
        )
    };
    (indicators, $query:ident, $limits:expr) => {
        $query.filter(
            indicators::organization_id
                .eq_any($limits.organizations.clone())
                .or(indicators::id.eq_any(measured_within!($limits))),
        )
    };
    (actuals, $query:ident, $limits:expr) => {
        $query.filter(
            actuals::indicator_id.eq_any(
                $crate::db::schema::indicators::table
                    .filter(
                        $crate::db::schema::indicators::organization_id
                            .eq_any($limits.organizations.clone())
                            .or($crate::db::schema::indicators::id.eq_any(measured_within!($limits))),
                    )
                    .select($crate::db::schema::indicators::id),
            ),
        )
    };
    (objectives, $query:ident, $limits:expr) => {
        $query.filter(objectives::plan_id.eq_any(plans_within!($limits)))
    };
    (initiatives, $query:ident, $limits:expr) => {
        $query.filter(initiatives::plan_id.eq_any(plans_within!($limits)))
    };
    (checkpoints, $query:ident, $limits:expr) => {
        $query.filter(checkpoints::plan_id.eq_any(plans_within!($limits)))
    };
    (targets, $query:ident, $limits:expr) => {
        $query.filter(targets::initiative_id.eq_any(initiatives_within!($limits)))
    };
    (activities, $query:ident, $limits:expr) => {
        $query.filter(activities::initiative_id.eq_any(initiatives_within!($limits)))
    };
    // What is being worked on is not published with the plan.
    (submissions, $query:ident, $limits:expr) => {
        $query.filter(
            submissions::plan_id.eq_any(
                $crate::db::schema::plans::table
                    .filter($crate::db::schema::plans::organization_id.eq_any($limits.organizations.clone()))
                    .select($crate::db::schema::plans::id),
            ),
        )
    };
    // What was wrong in a published plan is as public as that.
    (errata, $query:ident, $limits:expr) => {
        $query.filter(
            errata::submission_id.eq_any(
                $crate::db::schema::submissions::table
                    .filter($crate::db::schema::submissions::plan_id.eq_any(plans_within!($limits)))
                    .select($crate::db::schema::submissions::id),
            ),
        )
    };
    (reviews, $query:ident, $limits:expr) => {
        $query.filter(reviews::initiative_id.eq_any(initiatives_within!($limits)))
    };
}

/// A content that belongs somewhere.
pub trait Placed: Stored {
    /// Where the content of the row `id` belongs.
    ///
    /// # Errors
    /// The database's own.
    fn home(&self, connection: &mut Connection, id: &str) -> Result<Home, DbError>;

    /// Whether the caller may see it.
    ///
    /// # Errors
    /// The database's own.
    fn is_seen(&self, connection: &mut Connection, id: &str) -> Result<bool, DbError> {
        if connection.caller.sees_everything() {
            return Ok(true);
        }
        let home = self.home(connection, id)?;
        Ok(connection.caller.reads(&home))
    }
}

/// Reads one row that the caller may see. What may not be seen is not there.
///
/// # Errors
/// The database's own.
pub fn find<T: Placed>(connection: &mut Connection, id: &str) -> Result<Option<Row<T>>, DbError> {
    match T::find(connection, id)? {
        Some(row) if row.content.is_seen(connection, &row.id)? => Ok(Some(row)),
        _ => Ok(None),
    }
}

/// The organization with this id or this national code, if the caller may see it.
///
/// # Errors
/// The database's own.
pub fn organization(connection: &mut Connection, name: &str) -> Result<Option<Row<Organization>>, DbError> {
    match organizations::find_by_id_or_code(connection, name)? {
        Some(row) if row.content.is_seen(connection, &row.id)? => Ok(Some(row)),
        _ => Ok(None),
    }
}

/// How much whoever counts in an organization reaches: that organization and all that is below it. A department
/// sees what its ward plans.
///
/// # Errors
/// The database's own.
pub fn reach(connection: &mut Connection, organization_id: &str) -> Result<Reach, DbError> {
    let owns: BTreeSet<String> = organizations::subtree(connection, organization_id)?.into_iter().collect();
    let mut root = organization_id.to_owned();
    while let Some(row) = Organization::find(connection, &root)?
        && row.content.kind == OrganizationKind::Department
        && let Some(parent) = row.content.parent_id
    {
        root = parent;
    }
    let sees = match root == organization_id {
        true => owns.clone(),
        false => organizations::subtree(connection, &root)?.into_iter().collect(),
    };
    Ok(Reach::Parts { sees, owns })
}

/// What somebody with a post may do; `None` where there is no such organization or department.
///
/// # Errors
/// The database's own.
pub fn grant(connection: &mut Connection, post: &Post) -> Result<Option<Grant>, DbError> {
    let Post { role, organization, department } = post;
    let Some(organization) = organization else {
        return Ok(Some(Grant { role: *role, reach: Reach::Everything }));
    };
    let found = organizations::find_by_id_or_code(connection, organization)?.map(|row| row.id);
    let id = match (found, department) {
        (Some(id), Some(name)) => organizations::department(connection, &id, name)?,
        (found, _) => found,
    };
    let Some(id) = id else { return Ok(None) };
    Ok(Some(Grant { role: *role, reach: reach(connection, &id)? }))
}

/// Where what is in a plan belongs.
fn of_plan(connection: &mut Connection, plan_id: &str) -> Result<Home, DbError> {
    let found: Option<(String, PlanStatus)> = on!(connection, |c| plans::table
        .find(plan_id)
        .select((plans::organization_id, plans::status))
        .get_result(c)
        .optional()?);
    Ok(found.map_or_else(Home::default, |(organization, status)| Home {
        organization_id: Some(organization),
        departments: Vec::new(),
        status: Some(status),
    }))
}

/// Where what is in an initiative belongs.
fn of_initiative(connection: &mut Connection, initiative_id: &str) -> Result<Home, DbError> {
    let found: Option<(String, PlanStatus, Option<String>)> = on!(connection, |c| initiatives::table
        .inner_join(plans::table.on(plans::id.eq(initiatives::plan_id)))
        .filter(initiatives::id.eq(initiative_id))
        .select((plans::organization_id, plans::status, initiatives::department_id))
        .get_result(c)
        .optional()?);
    Ok(found.map_or_else(Home::default, |(organization, status, department)| Home {
        organization_id: Some(organization),
        departments: department.into_iter().collect(),
        status: Some(status),
    }))
}

/// Where an indicator belongs: the departments are those whose initiatives measure with it in their own organization's
/// plans. What is measured for the whole city is not a ward's to report.
fn of_indicator(connection: &mut Connection, indicator_id: &str) -> Result<Home, DbError> {
    let organization: Option<String> = on!(&mut *connection, |c| indicators::table
        .find(indicator_id)
        .select(indicators::organization_id)
        .get_result(c)
        .optional()?);
    let Some(organization) = organization else { return Ok(Home::default()) };
    let departments: Vec<Option<String>> = on!(connection, |c| targets::table
        .inner_join(initiatives::table.on(initiatives::id.eq(targets::initiative_id)))
        .inner_join(plans::table.on(plans::id.eq(initiatives::plan_id)))
        .filter(targets::indicator_id.eq(indicator_id))
        .filter(plans::organization_id.eq(&organization))
        .select(initiatives::department_id)
        .distinct()
        .load(c)?);
    Ok(Home {
        organization_id: Some(organization),
        departments: departments.into_iter().flatten().collect(),
        status: None,
    })
}

/// Whether the caller may see an indicator: its own, or one that a plan measures with that it may see.
///
/// # Errors
/// The database's own.
pub fn sees_indicator(connection: &mut Connection, indicator_id: &str) -> Result<bool, DbError> {
    let Some(limits) = connection.caller.limits() else { return Ok(true) };
    let found: Option<String> = on!(connection, |c| {
        let query = indicators::table.select(indicators::id).filter(indicators::id.eq(indicator_id)).into_boxed();
        within!(indicators, query, limits).get_result(c).optional()?
    });
    Ok(found.is_some())
}

impl Placed for Organization {
    /// Whoever is in charge of an organization is in charge of what is below it, also of what is about to be.
    fn home(&self, _: &mut Connection, id: &str) -> Result<Home, DbError> {
        let departments = self.parent_id.iter().cloned().collect();
        Ok(Home { organization_id: Some(id.to_owned()), departments, status: None })
    }

    fn is_seen(&self, connection: &mut Connection, id: &str) -> Result<bool, DbError> {
        let caller = &connection.caller;
        // Whoever publishes plans says whose they are.
        let open = caller.published || caller.sees_everything();
        Ok(open || caller.reads(&Home { organization_id: Some(id.to_owned()), ..Home::default() }))
    }
}

impl Placed for Plan {
    fn home(&self, _: &mut Connection, _: &str) -> Result<Home, DbError> {
        Ok(Home {
            organization_id: Some(self.organization_id.clone()),
            departments: Vec::new(),
            status: Some(self.status),
        })
    }
}

impl Placed for Submission {
    fn home(&self, connection: &mut Connection, _: &str) -> Result<Home, DbError> {
        let home = of_plan(connection, &self.plan_id)?;
        Ok(Home { departments: vec![self.organization_id.clone()], status: None, ..home })
    }
}

impl Placed for Erratum {
    fn home(&self, connection: &mut Connection, _: &str) -> Result<Home, DbError> {
        match Submission::find(connection, &self.submission_id)? {
            Some(row) => of_plan(connection, &row.content.plan_id),
            None => Ok(Home::default()),
        }
    }
}

impl Placed for Initiative {
    fn home(&self, connection: &mut Connection, _: &str) -> Result<Home, DbError> {
        let home = of_plan(connection, &self.plan_id)?;
        Ok(Home { departments: self.department_id.iter().cloned().collect(), ..home })
    }
}

impl Placed for BudgetedInitiative {
    fn home(&self, connection: &mut Connection, id: &str) -> Result<Home, DbError> {
        self.initiative.home(connection, id)
    }
}

impl Placed for Indicator {
    fn home(&self, connection: &mut Connection, id: &str) -> Result<Home, DbError> {
        let home = of_indicator(connection, id)?;
        Ok(Home { organization_id: Some(self.organization_id.clone()), ..home })
    }

    fn is_seen(&self, connection: &mut Connection, id: &str) -> Result<bool, DbError> {
        sees_indicator(connection, id)
    }
}

impl Placed for Actual {
    fn home(&self, connection: &mut Connection, _: &str) -> Result<Home, DbError> {
        of_indicator(connection, &self.subject.indicator_id)
    }

    fn is_seen(&self, connection: &mut Connection, _: &str) -> Result<bool, DbError> {
        sees_indicator(connection, &self.subject.indicator_id)
    }
}

/// Lets contents belong where their plan, or their initiative, does.
macro_rules! placed {
    ($($content:ty => $of:ident($reference:ident)),+ $(,)?) => { $(
        impl Placed for $content {
            fn home(&self, connection: &mut Connection, _: &str) -> Result<Home, DbError> {
                $of(connection, &self.$reference)
            }
        }
    )+ };
}

placed!(
    Objective => of_plan(plan_id),
    Checkpoint => of_plan(plan_id),
    Target => of_initiative(initiative_id),
    Activity => of_initiative(initiative_id),
    Review => of_initiative(initiative_id),
);

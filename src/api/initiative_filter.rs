//! Which initiatives a list holds: by their place, and by the flags that they have at a checkpoint.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::parents;
use crate::db::initiatives::{Filter, Flag, Flags};
use crate::db::{Connection, DbError};
use crate::domain::{Outlook, Progress, ProgressVerdict, Verdict};

/// A declared outlook, or that there is none.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DeclaredOutlook {
    Achieve,
    Miss,
    None,
}

/// A declared progress, or that there is none.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DeclaredProgress {
    OnSchedule,
    Behind,
    None,
}

/// The flag of which the declared and the computed value differ.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Disagreement {
    Outlook,
    Progress,
}

/// Which initiatives.
#[derive(Debug, Deserialize, IntoParams)]
pub struct InitiativeFilter {
    /// Of this plan
    #[param(min_length = 1, max_length = 64)]
    plan: Option<String>,
    /// Below this objective, however deep
    #[param(min_length = 1, max_length = 64)]
    objective: Option<String>,
    /// With this number
    #[param(min_length = 1, max_length = 40)]
    number: Option<String>,
    /// Of this department: an id or a national code
    #[param(min_length = 1, max_length = 64)]
    department: Option<String>,
    /// That stand for others (再掲), or that do not
    cross_reference: Option<bool>,
    /// The kind of the checkpoint at which the flags are looked at: without it, the one at which each plan stands
    #[param(pattern = "^[a-z][a-z0-9_]{0,39}$", max_length = 40)]
    checkpoint: Option<String>,
    /// With this declared outlook; cross references (再掲) have no flags and are never among them
    #[param(inline)]
    declared_outlook: Option<DeclaredOutlook>,
    /// With this declared progress
    #[param(inline)]
    declared_progress: Option<DeclaredProgress>,
    /// With this computed outlook
    #[param(inline)]
    computed_outlook: Option<Verdict>,
    /// With this computed progress
    #[param(inline)]
    computed_progress: Option<ProgressVerdict>,
    /// Where this flag is both declared and computed, and the two differ
    #[param(inline)]
    disagree: Option<Disagreement>,
}

impl InitiativeFilter {
    /// The filter with the department's id. A department that nobody knows has no initiatives.
    ///
    /// # Errors
    /// The database's own.
    pub(super) fn resolve(self, connection: &mut Connection) -> Result<Filter, DbError> {
        let Self {
            plan,
            objective,
            number,
            department,
            cross_reference,
            checkpoint,
            declared_outlook,
            declared_progress,
            computed_outlook,
            computed_progress,
            disagree,
        } = self;
        let department_id = parents::organization_id(connection, department)?;
        let declared_outlook = declared_outlook.map(|word| match word {
            DeclaredOutlook::Achieve => Some(Outlook::Achieve),
            DeclaredOutlook::Miss => Some(Outlook::Miss),
            DeclaredOutlook::None => None,
        });
        let declared_progress = declared_progress.map(|word| match word {
            DeclaredProgress::OnSchedule => Some(Progress::OnSchedule),
            DeclaredProgress::Behind => Some(Progress::Behind),
            DeclaredProgress::None => None,
        });
        let disagree = disagree.map(|word| match word {
            Disagreement::Outlook => Flag::Outlook,
            Disagreement::Progress => Flag::Progress,
        });
        let flags =
            Flags { checkpoint, declared_outlook, declared_progress, computed_outlook, computed_progress, disagree };
        Ok(Filter { plan_id: plan, objective_id: objective, number, department_id, cross_reference, flags })
    }
}

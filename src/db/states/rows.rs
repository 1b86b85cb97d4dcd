//! The rows of what is computed.

use std::collections::HashMap;
use std::ops::Deref;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::checkpoints::Checkpoint;
use crate::db::evaluation::Evaluated;
use crate::db::rollups::PlanTree;
use crate::db::schema::{initiative_states, plan_rollups, target_states};
use crate::db::{DbError, Row};
use crate::domain::evaluation::Rule;
use crate::domain::forecast::{Band, Confidence};
use crate::domain::outlook::{TargetOutlook, initiative_outlook};
use crate::domain::report::{Moment, Rollup};
use crate::domain::rollup::{Entry, SubmissionCounts, Tally, TargetCounts};
use crate::domain::{Bilingual, Decimal, Outlook, Progress, ProgressVerdict, TargetState, Verdict};

/// The outlook of a target at a checkpoint.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = target_states)]
pub struct TargetRow {
    /// The checkpoint.
    pub checkpoint_id: String,
    /// The target.
    pub target_id: String,
    /// Its initiative.
    pub initiative_id: String,
    /// Where it stands.
    pub state: TargetState,
    /// Will it be met?
    pub verdict: Verdict,
    /// The outlook without its basis, which is computed when it is asked for, as JSON.
    pub answer: String,
}

/// The flags of an initiative at a checkpoint.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = initiative_states)]
pub struct Flags {
    /// The checkpoint.
    pub checkpoint_id: String,
    /// The initiative.
    pub initiative_id: String,
    /// The objective that it serves.
    pub objective_id: String,
    /// Whether it stands for another one (再掲).
    pub cross_reference: bool,
    /// What was declared of its targets.
    pub declared_outlook: Option<Outlook>,
    /// What was declared of its activities.
    pub declared_progress: Option<Progress>,
    /// What is computed of its targets.
    pub computed_outlook: Verdict,
    /// What is computed of its activities.
    pub computed_progress: ProgressVerdict,
    /// Targets in this state.
    pub already_met: i32,
    /// Targets in this state.
    pub already_missed: i32,
    /// Targets in this state.
    pub open: i32,
    /// Targets in this state.
    pub final_met: i32,
    /// Targets in this state.
    pub final_missed: i32,
}

/// The flags of an initiative at a checkpoint, with the whole progress.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = initiative_states)]
pub struct InitiativeRow {
    /// The flags.
    #[diesel(embed)]
    pub flags: Flags,
    /// The whole progress, as JSON.
    pub progress_answer: String,
}

impl Deref for InitiativeRow {
    type Target = Flags;

    fn deref(&self) -> &Flags {
        &self.flags
    }
}

/// What is kept of an outlook.
#[derive(Debug, serde::Serialize)]
struct Kept<'a> {
    state: TargetState,
    verdict: Verdict,
    rule: Rule,
    figure: Option<Decimal>,
    required: Option<Decimal>,
    figure_as_of: Option<NaiveDate>,
    probability: Option<Decimal>,
    confidence: Option<Confidence>,
    forecast: Option<&'a Band>,
    reason: &'a Bilingual,
}

impl<'a> From<&'a TargetOutlook> for Kept<'a> {
    fn from(outlook: &'a TargetOutlook) -> Self {
        let TargetOutlook {
            state,
            verdict,
            rule,
            figure,
            required,
            figure_as_of,
            probability,
            confidence,
            forecast,
            forecast_basis: _,
            achievement_rate: _,
            basis: _,
            reason,
        } = outlook;
        Self {
            state: *state,
            verdict: *verdict,
            rule: *rule,
            figure: *figure,
            required: *required,
            figure_as_of: *figure_as_of,
            probability: *probability,
            confidence: *confidence,
            forecast: forecast.as_ref(),
            reason,
        }
    }
}

/// A plan's rollup at a checkpoint, as it is shown.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = plan_rollups)]
pub(super) struct RollupRow {
    pub checkpoint_id: String,
    pub plan_id: String,
    pub kind: String,
    pub tally: String,
    pub body: String,
}

impl TargetRow {
    /// The outlook of a target of an initiative at a checkpoint.
    pub(super) fn of(
        checkpoint_id: &str,
        initiative_id: &str,
        target_id: &str,
        outlook: &TargetOutlook,
    ) -> Result<Self, DbError> {
        Ok(Self {
            checkpoint_id: checkpoint_id.to_owned(),
            target_id: target_id.to_owned(),
            initiative_id: initiative_id.to_owned(),
            state: outlook.state,
            verdict: outlook.verdict,
            answer: json(&Kept::from(outlook))?,
        })
    }
}

impl Flags {
    /// Takes over what is computed of the initiative's targets.
    pub(super) fn count<'t>(&mut self, targets: impl Iterator<Item = &'t TargetOutlook> + Clone) {
        let count = |state| targets.clone().filter(|target| target.state == state).count();
        let count = |state| i32::try_from(count(state)).unwrap_or(i32::MAX);
        self.computed_outlook = initiative_outlook(targets.clone().map(|target| target.verdict));
        self.already_met = count(TargetState::AlreadyMet);
        self.already_missed = count(TargetState::AlreadyMissed);
        self.open = count(TargetState::Open);
        self.final_met = count(TargetState::FinalMet);
        self.final_missed = count(TargetState::FinalMissed);
    }

    /// As one entry of a tally.
    pub(super) fn entry(&self) -> Entry<String> {
        let mut targets = TargetCounts::default();
        for (state, count) in [
            (TargetState::AlreadyMet, self.already_met),
            (TargetState::AlreadyMissed, self.already_missed),
            (TargetState::Open, self.open),
            (TargetState::FinalMet, self.final_met),
            (TargetState::FinalMissed, self.final_missed),
        ] {
            targets.add(state, u64::try_from(count).unwrap_or_default());
        }
        Entry {
            node: self.objective_id.clone(),
            initiatives: 1,
            cross_reference: self.cross_reference,
            declared_outlook: self.declared_outlook,
            declared_progress: self.declared_progress,
            computed_outlook: self.computed_outlook,
            computed_progress: self.computed_progress,
            targets,
        }
    }
}

impl InitiativeRow {
    /// What was evaluated of an initiative at a checkpoint.
    pub(super) fn of(checkpoint_id: &str, initiative: &Evaluated) -> Result<Self, DbError> {
        let mut flags = Flags {
            checkpoint_id: checkpoint_id.to_owned(),
            initiative_id: initiative.initiative_id.clone(),
            objective_id: initiative.objective_id.clone(),
            cross_reference: initiative.cross_reference,
            declared_outlook: initiative.declared_outlook,
            declared_progress: initiative.declared_progress,
            computed_outlook: initiative.computed_outlook,
            computed_progress: initiative.progress.verdict,
            already_met: 0,
            already_missed: 0,
            open: 0,
            final_met: 0,
            final_missed: 0,
        };
        flags.count(initiative.targets.iter().map(|(_, target)| target));
        Ok(Self { flags, progress_answer: json(&initiative.progress)? })
    }
}

impl RollupRow {
    /// The rollup of a plan with these tallies at a checkpoint, with the plan's themes below it.
    pub(super) fn of(
        checkpoint: &Row<Checkpoint>,
        tree: &PlanTree,
        tallies: &HashMap<String, Tally>,
        fiscal_year: i32,
    ) -> Result<Self, DbError> {
        let Checkpoint { plan_id, kind, as_of, .. } = &checkpoint.content;
        let moment = Moment { fiscal_year, checkpoint: Some(kind.clone()), as_of: Some(*as_of), known_at: None };
        Ok(Self {
            checkpoint_id: checkpoint.id.clone(),
            plan_id: plan_id.clone(),
            kind: kind.clone(),
            tally: json(&tree.total(tallies))?,
            body: json(&tree.plan(tallies, &moment, 1))?,
        })
    }

    /// What the departments had reported.
    pub(super) fn submissions(&self) -> Result<Option<SubmissionCounts>, DbError> {
        Ok(read::<Tally>(&self.tally)?.submissions)
    }

    /// The same as the public is shown it: how far departments have come is not.
    pub(super) fn without_submissions(self) -> Result<Self, DbError> {
        let tally = Tally { submissions: None, ..read(&self.tally)? };
        let body = Rollup { submissions: None, ..read(&self.body)? };
        Ok(Self { tally: json(&tally)?, body: json(&body)?, ..self })
    }
}

fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, DbError> {
    serde_json::from_str(json).map_err(|error| DbError::Failed(error.to_string()))
}

fn json(value: &impl serde::Serialize) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Failed(error.to_string()))
}

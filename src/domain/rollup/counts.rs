//! What a tally counts, one type for each group of counts. All of them are plain numbers of things.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::TargetState;
use crate::domain::submission::SubmissionState;

/// How many initiatives there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InitiativeCounts {
    /// All of them, cross references included.
    pub total: u64,
    /// Those that stand for another one (再掲) and carry no flags.
    pub cross_references: u64,
    /// Those that carry flags: the denominator of every flag count.
    pub flagged: u64,
}

/// How many initiatives were declared to achieve or to miss.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeclaredOutlook {
    /// Declared to achieve.
    pub achieve: u64,
    /// Declared to miss.
    pub miss: u64,
    /// Nothing declared.
    pub none: u64,
}

/// How many initiatives are computed to achieve or to miss.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComputedOutlook {
    /// Computed to achieve.
    pub achieve: u64,
    /// Computed to miss.
    pub miss: u64,
    /// The figures do not decide.
    pub undetermined: u64,
}

/// The outlook of the flagged initiatives, by both sources.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutlookCounts {
    /// As declared.
    pub declared: DeclaredOutlook,
    /// As computed.
    pub computed: ComputedOutlook,
    /// Initiatives whose declared and computed values differ, where there are both.
    pub disagree: u64,
}

/// How many initiatives were declared on schedule or behind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeclaredProgress {
    /// Declared on schedule.
    pub on_schedule: u64,
    /// Declared behind.
    pub behind: u64,
    /// Nothing declared.
    pub none: u64,
}

/// How many initiatives are computed on schedule or behind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComputedProgress {
    /// Computed on schedule.
    pub on_schedule: u64,
    /// Computed behind.
    pub behind: u64,
    /// Nothing can be compared.
    pub undetermined: u64,
}

/// The progress of the flagged initiatives, by both sources.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProgressCounts {
    /// As declared.
    pub declared: DeclaredProgress,
    /// As computed.
    pub computed: ComputedProgress,
    /// Initiatives whose declared and computed values differ, where there are both.
    pub disagree: u64,
}

/// How many targets stand in each state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StateCounts {
    /// Not decided.
    pub open: u64,
    /// Met before the year's end, for good.
    pub already_met: u64,
    /// Missed before the year's end, for good.
    pub already_missed: u64,
    /// Met by the year's final result.
    pub final_met: u64,
    /// Missed by the year's final result.
    pub final_missed: u64,
}

/// Targets by state. The total is always the sum of the states.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TargetCounts {
    /// All targets.
    total: u64,
    /// The same targets by state.
    by_state: StateCounts,
}

impl TargetCounts {
    /// Counts `targets` more that stand in `state`.
    pub fn add(&mut self, state: TargetState, targets: u64) {
        let count = match state {
            TargetState::Open => &mut self.by_state.open,
            TargetState::AlreadyMet => &mut self.by_state.already_met,
            TargetState::AlreadyMissed => &mut self.by_state.already_missed,
            TargetState::FinalMet => &mut self.by_state.final_met,
            TargetState::FinalMissed => &mut self.by_state.final_missed,
        };
        plus(count, targets);
        plus(&mut self.total, targets);
    }

    /// How many targets there are.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many there are in each state.
    pub fn by_state(&self) -> &StateCounts {
        &self.by_state
    }
}

impl FromIterator<TargetState> for TargetCounts {
    fn from_iter<I: IntoIterator<Item = TargetState>>(states: I) -> Self {
        let mut counts = Self::default();
        states.into_iter().for_each(|state| counts.add(state, 1));
        counts
    }
}

impl AddAssign<&Self> for TargetCounts {
    fn add_assign(&mut self, other: &Self) {
        let StateCounts { open, already_met, already_missed, final_met, final_missed } = other.by_state;
        for (state, targets) in [
            (TargetState::Open, open),
            (TargetState::AlreadyMet, already_met),
            (TargetState::AlreadyMissed, already_missed),
            (TargetState::FinalMet, final_met),
            (TargetState::FinalMissed, final_missed),
        ] {
            self.add(state, targets);
        }
    }
}

/// Reports of departments at a checkpoint (提出), by how far they have come. The total is always the sum of the others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SubmissionCounts {
    /// All departments with something to report.
    total: u64,
    /// Nothing is begun.
    none: u64,
    /// Being written.
    draft: u64,
    /// Waiting for a decision.
    submitted: u64,
    /// Given back with comments.
    returned: u64,
    /// Agreed to.
    approved: u64,
    /// Out.
    published: u64,
}

impl SubmissionCounts {
    /// Counts `departments` more whose report has come so far; `None` where nothing is begun.
    pub fn add(&mut self, state: Option<SubmissionState>, departments: u64) {
        let count = match state {
            None => &mut self.none,
            Some(SubmissionState::Draft) => &mut self.draft,
            Some(SubmissionState::Submitted) => &mut self.submitted,
            Some(SubmissionState::Returned) => &mut self.returned,
            Some(SubmissionState::Approved) => &mut self.approved,
            Some(SubmissionState::Published) => &mut self.published,
        };
        plus(count, departments);
        plus(&mut self.total, departments);
    }
}

impl FromIterator<Option<SubmissionState>> for SubmissionCounts {
    fn from_iter<I: IntoIterator<Item = Option<SubmissionState>>>(states: I) -> Self {
        let mut counts = Self::default();
        states.into_iter().for_each(|state| counts.add(state, 1));
        counts
    }
}

impl AddAssign<&Self> for SubmissionCounts {
    fn add_assign(&mut self, other: &Self) {
        let Self { total: _, none, draft, submitted, returned, approved, published } = *other;
        for (state, departments) in [
            (None, none),
            (Some(SubmissionState::Draft), draft),
            (Some(SubmissionState::Submitted), submitted),
            (Some(SubmissionState::Returned), returned),
            (Some(SubmissionState::Approved), approved),
            (Some(SubmissionState::Published), published),
        ] {
            self.add(state, departments);
        }
    }
}

/// Adds to a count. No count of things comes near the end of the type; should one, it stays there.
pub(super) fn plus(count: &mut u64, more: u64) {
    *count = count.saturating_add(more);
}

//! A rollup as it is shown: which node, at which moment, its tally, its children.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rollup::{
    BudgetSum, InitiativeCounts, OutlookCounts, ProgressCounts, SubmissionCounts, Tally, TargetCounts,
};

/// What kind of node a rollup is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// An organization: its own plan and those of everything below it.
    Organization,
    /// A plan.
    Plan,
    /// An objective.
    Objective,
    /// An initiative.
    Initiative,
    /// A sustainable development goal.
    Sdg,
}

/// The node that a rollup is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its id; `null` for the group of those that have no such node.
    pub id: Option<String>,
    /// Its number or national code, where it has one.
    pub number: Option<String>,
    /// Its title or name.
    pub title: Option<String>,
}

/// How many initiatives of a node stand where. The numbers of a node are the sums of its children's and its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rollup {
    /// The node.
    pub node: Node,
    /// The fiscal year.
    pub fiscal_year: i32,
    /// The checkpoint, where one was asked for or all plans stand at the same one.
    pub checkpoint: Option<String>,
    /// The day that it looks at, where it is the same for all.
    pub as_of: Option<NaiveDate>,
    /// The moment up to which changes are looked at, in UTC, where one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<DateTime<Utc>>,
    /// How many initiatives there are, and how many carry flags.
    pub initiatives: InitiativeCounts,
    /// Declared and computed outlooks, side by side.
    pub outlook: OutlookCounts,
    /// Declared and computed progress, side by side.
    pub progress: ProgressCounts,
    /// The targets, by where they stand.
    pub targets: TargetCounts,
    /// The budget lines, summed by year and kind.
    pub budgets: Vec<BudgetSum>,
    /// Of plans, organizations and departments: the reports of the departments at the checkpoint, by how far they have come. Only those that the caller may see are
    /// counted; left out where there are none of them, where there is no checkpoint, and of objectives, goals and initiatives, since a report is of a department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submissions: Option<SubmissionCounts>,
    /// The nodes directly below, and theirs as far down as was asked for.
    #[schema(no_recursion)]
    pub children: Vec<Rollup>,
}

/// The moment of a rollup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// The checkpoint, where there is one for all.
    pub checkpoint: Option<String>,
    /// The day, where there is one for all.
    pub as_of: Option<NaiveDate>,
    /// The moment up to which changes are looked at, in UTC, where one was asked for.
    pub known_at: Option<NaiveDateTime>,
}

impl Rollup {
    /// A tally as it is shown.
    pub fn new(node: Node, moment: &Moment, tally: Tally, children: Vec<Self>) -> Self {
        let Moment { fiscal_year, checkpoint, as_of, known_at } = moment.clone();
        let known_at = known_at.map(|moment| moment.and_utc());
        let Tally { initiatives, outlook, progress, targets, budgets, submissions } = tally;
        Self {
            node,
            fiscal_year,
            checkpoint,
            as_of,
            known_at,
            initiatives,
            outlook,
            progress,
            targets,
            budgets,
            submissions,
            children,
        }
    }
}

/// A node of a plan's tree, in its order among its siblings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeNode {
    /// Its id.
    pub id: String,
    /// The node above; `None` at the top.
    pub parent: Option<String>,
    /// What is shown of it.
    pub node: Node,
}

/// The rollups of the children of a node, down to a depth (1: children without theirs).
pub fn children_of(
    parent: Option<&str>,
    tree: &[TreeNode],
    tallies: &HashMap<String, Tally>,
    moment: &Moment,
    depth: usize,
) -> Vec<Rollup> {
    if depth == 0 {
        return Vec::new();
    }
    let below = tree.iter().filter(|child| child.parent.as_deref() == parent && Some(child.id.as_str()) != parent);
    below
        .map(|child| {
            let tally = tallies.get(&child.id).cloned().unwrap_or_default();
            let children = children_of(Some(&child.id), tree, tallies, moment, depth - 1);
            Rollup::new(child.node.clone(), moment, tally, children)
        })
        .collect()
}

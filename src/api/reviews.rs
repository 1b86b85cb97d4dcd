//! Reviews: what a department declares of an initiative at a checkpoint, beside what is computed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::parents;
use super::problem::{Dependent, Fault};
use super::resource::Resource;
use super::warning::Warning;
use crate::db::access;
use crate::db::checkpoints::Checkpoint;
use crate::db::review_flags::{self, ReviewFlags};
use crate::db::reviews::{self, Review};
use crate::db::store::{Listed, Page};
use crate::db::{Connection, DbError, Row};
use crate::domain::access::Deed;
use crate::domain::{Outlook, Progress, ProgressVerdict, Verdict};

verbs!(Review, "reviews", "/reviews", "/reviews/{id}",
    list list_reviews "List reviews", create create_review "Add a review",
    read read_review "Read a review", patch patch_review "Change a review",
    delete delete_review "Remove a review",
    history list_review_history "/reviews/{id}/history");

/// What is declared of an initiative at a checkpoint (振り返り).
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"initiative_id": "0199a0c4-6f0e-7c51-9d0a-000000000000",
    "checkpoint_id": "0199a0c4-6f0e-7c51-9d0a-000000000001", "outlook": "miss", "progress": "on_schedule",
    "results": "学習会を5回開催した。", "issues_and_measures": "集合型の訓練が困難。少人数の訓練に切り替える。"}))]
pub struct ReviewInput {
    /// The initiative. It cannot change after creation.
    #[schema(min_length = 1, max_length = 64)]
    initiative_id: String,
    /// A checkpoint of the same plan. It cannot change after creation.
    #[schema(min_length = 1, max_length = 64)]
    checkpoint_id: String,
    /// Will the targets be met by the end of the fiscal year (目標達成見込)?
    #[schema(inline)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outlook: Option<Outlook>,
    /// Do the activities go as scheduled (取組の進捗)?
    #[schema(inline)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    progress: Option<Progress>,
    /// What was done, in words.
    #[schema(max_length = 10_000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    results: Option<String>,
    /// The issue and the measure against it (課題・改善策).
    #[schema(max_length = 10_000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issues_and_measures: Option<String>,
}

/// What the service knows of a review.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewExtra {
    /// The computed flags at the checkpoint, as they are now.
    computed: ComputedFlags,
    /// The computed flags as they were when the review was submitted, or until then when this version of it was written; an erratum leaves them. `null` where
    /// nothing was computed then.
    computed_then: Option<FlagsThen>,
    /// What should be looked at.
    warnings: Vec<Warning>,
}

/// The computed flags; `null` where nothing was computed.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ComputedFlags {
    /// Of the targets.
    #[schema(inline)]
    outlook: Option<Verdict>,
    /// Of the activities.
    #[schema(inline)]
    progress: Option<ProgressVerdict>,
}

/// What was computed when a review was written, or handed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlagsThen {
    /// Of the targets.
    outlook: Verdict,
    /// Of the activities.
    progress: ProgressVerdict,
    /// When, in UTC.
    recorded_at: DateTime<Utc>,
}

impl From<ReviewFlags> for FlagsThen {
    fn from(flags: ReviewFlags) -> Self {
        let ReviewFlags { review_id: _, version: _, outlook, progress, recorded_at } = flags;
        Self { outlook, progress, recorded_at: recorded_at.and_utc() }
    }
}

/// Which reviews.
#[derive(Debug, Deserialize, IntoParams)]
pub struct ReviewFilter {
    /// Of this initiative
    #[param(min_length = 1)]
    initiative: Option<String>,
    /// At this checkpoint
    #[param(min_length = 1)]
    checkpoint: Option<String>,
    /// Of the initiatives of this plan
    #[param(min_length = 1)]
    plan: Option<String>,
    /// With this outlook declared
    #[param(inline)]
    outlook: Option<Outlook>,
    /// With this progress declared
    #[param(inline)]
    progress: Option<Progress>,
}

impl Resource for Review {
    type Input = ReviewInput;
    type Extra = ReviewExtra;
    type Filter = ReviewFilter;

    const NAME: &'static str = "Review";
    const PATH: &'static str = "reviews";
    const DEEDS: &'static [Deed] = &[Deed::Report];
    const SORT: &'static [&'static str] = &[];

    fn input(self) -> ReviewInput {
        let Self { initiative_id, checkpoint_id, outlook, progress, results, issues_and_measures } = self;
        ReviewInput { initiative_id, checkpoint_id, outlook, progress, results, issues_and_measures }
    }

    fn content(
        input: ReviewInput,
        current: Option<&Row<Self>>,
        connection: &mut Connection,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<Self>, DbError> {
        let ReviewInput { initiative_id, checkpoint_id, outlook, progress, results, issues_and_measures } = input;
        let current = current.map(|row| &row.content);
        let initiative_of = current.map(|review| review.initiative_id.as_str());
        let initiative = parents::same_initiative(connection, &initiative_id, initiative_of, faults)?;
        let checkpoint = access::find::<Checkpoint>(connection, &checkpoint_id)?;
        match (&initiative, &checkpoint) {
            (_, Some(_)) if current.is_some_and(|review| review.checkpoint_id != checkpoint_id) => {
                let stands = current.map(|review| review.checkpoint_id.as_str());
                faults.push(parents::fixed("/checkpoint_id", checkpoint_id.as_str(), stands));
            }
            (Some(initiative), Some(checkpoint)) if initiative.content.plan_id != checkpoint.content.plan_id => {
                faults.push(checkpoint_of_another_plan(&checkpoint_id));
            }
            (_, None) => faults.push(Fault::unknown("/checkpoint_id", "checkpoints", &checkpoint_id)),
            _ => {}
        }
        if let Some(other) = initiative.and_then(|row| row.content.same_as_id) {
            faults.push(cross_reference(&initiative_id, &other));
        }
        Ok(Some(Self { initiative_id, checkpoint_id, outlook, progress, results, issues_and_measures }))
    }

    fn extras(connection: &mut Connection, rows: &[Row<Self>]) -> Result<Vec<ReviewExtra>, DbError> {
        let checkpoints: Vec<&str> = rows.iter().map(|row| row.content.checkpoint_id.as_str()).collect();
        let initiatives: Vec<&str> = rows.iter().map(|row| row.content.initiative_id.as_str()).collect();
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let mut then = review_flags::of(connection, &ids)?;
        let mut computed = reviews::computed(connection, &checkpoints, &initiatives)?;
        let extra = |row: &Row<Self>| {
            let review = &row.content;
            let flags = computed.remove(&(review.checkpoint_id.clone(), review.initiative_id.clone()));
            let computed = flags.map_or_else(ComputedFlags::default, |(outlook, progress)| ComputedFlags {
                outlook: Some(outlook),
                progress: Some(progress),
            });
            let computed_then = then.remove(&row.id).map(FlagsThen::from);
            ReviewExtra { computed, computed_then, warnings: unexplained(review).into_iter().collect() }
        };
        Ok(rows.iter().map(extra).collect())
    }

    fn list(connection: &mut Connection, filter: ReviewFilter, page: &Page) -> Result<Listed<Self>, DbError> {
        let ReviewFilter { initiative, checkpoint, plan, outlook, progress } = filter;
        let filter =
            reviews::Filter { initiative_id: initiative, checkpoint_id: checkpoint, plan_id: plan, outlook, progress };
        reviews::list(connection, &filter, page)
    }

    fn dependents(_: &mut Connection, _: &str) -> Result<Vec<Dependent>, DbError> {
        Ok(Vec::new())
    }

    fn changed(connection: &mut Connection, _: Option<&Row<Self>>, after: Option<&Row<Self>>) -> Result<(), DbError> {
        match after {
            Some(row) => parents::refresh_plan_of(connection, &row.content.initiative_id),
            None => Ok(()),
        }
    }

    fn deleted(connection: &mut Connection, row: &Row<Self>) -> Result<(), DbError> {
        parents::refresh_plan_of(connection, &row.content.initiative_id)
    }
}

fn checkpoint_of_another_plan(received: &str) -> Fault {
    Fault::at(
        "/checkpoint_id",
        "another_plan",
        "取組と同じ運営方針の時点を指定してください。",
        "Give a checkpoint of the initiative's own plan.",
    )
    .received(received)
}

fn cross_reference(received: &str, other: &str) -> Fault {
    Fault::at(
        "/initiative_id",
        "cross_reference",
        "再掲の取組は振り返りません。元の取組を指定してください。",
        "An initiative that stands for another one has no flags of its own. Review the other one.",
    )
    .received(received)
    .accepted(other)
}

/// Whoever declares a miss or a delay writes down the issue and the measure: a submission insists on it, a review warns.
fn unexplained(review: &Review) -> Option<Warning> {
    let due = review.outlook == Some(Outlook::Miss) || review.progress == Some(Progress::Behind);
    let explained = review.issues_and_measures.as_deref().is_some_and(|text| !text.trim().is_empty());
    (due && !explained).then(|| {
        Warning::new(
            "issues_and_measures_missing",
            "目標未達成見込または遅れを申告しています。課題と改善策を書いてください。",
            "A miss or a delay is declared. Write down the issue and the measure against it.",
        )
    })
}

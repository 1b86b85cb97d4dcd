//! A plan as one nested document: everything that a ward's operating policy says, in the order in which it says it.
//!
//! What is absent is unknown; an empty list is a list without items. The order of lists is kept. Numbers such as
//! `3-1-2` are names.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub use super::figures::{ActivityDocument, ActualDocument, HistoryAverage, ReviewDocument, Schedule, TargetDocument};
use crate::domain::{Bilingual, BudgetKind, Decimal, OrganizationKind, PlanStatus};

/// Whether a flag is not set, so that documents stay as short as people write them.
pub(super) fn is_false(flag: &bool) -> bool {
    !*flag
}

/// A plan, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "organization": {"code": "271071", "name": "大阪市港区", "parent": {"code": "271004", "name": "大阪市"}},
    "fiscal_year": 2021, "title": "令和3年度 港区運営方針",
    "checkpoint": {"kind": "mid_year", "as_of": "2021-09-30"},
    "themes": [{"number": "1", "title": "区民主体のまちづくり", "sdgs": [11, 17], "strategies": [{
        "number": "1-1", "title": "豊かなコミュニティの促進", "initiatives": [{
            "number": "1-1-3", "title": "コミュニティ育成支援",
            "targets": [{"indicator": "企画段階から参画した団体・個人の延べ数", "text": "延べ60団体・個人以上", "unit": "団体・個人", "measure": "sum"}],
            "actuals": [{"target": 0, "value": "72", "as_of": "2021-09-30", "basis": "to_date"}],
            "mid_year_review": {"outlook": "achieve", "progress": "on_schedule"}}]}]}]
}))]
pub struct PlanDocument {
    /// Whose plan it is. An organization that is not known yet is added.
    pub organization: OrganizationDocument,
    /// The fiscal year, named by the calendar year in which it starts.
    #[schema(minimum = 1900, maximum = 2200)]
    pub fiscal_year: i32,
    /// Its title.
    #[schema(min_length = 1, max_length = 500)]
    pub title: String,
    /// How far it has come; adopted unless it says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PlanStatus>,
    /// The vision.
    #[schema(max_length = 20000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vision: Option<String>,
    /// The mission.
    #[schema(max_length = 20000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mission: Option<String>,
    /// The checkpoint at which the plan stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<CheckpointDocument>,
    /// All checkpoints, where there are more than that one.
    #[schema(max_items = 50)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checkpoints: Vec<CheckpointDocument>,
    /// The themes (経営課題).
    #[schema(max_items = 500)]
    #[serde(default)]
    pub themes: Vec<ObjectiveDocument>,
    /// Objectives at the top that are no themes.
    #[schema(max_items = 500)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objectives: Vec<ObjectiveDocument>,
    /// What the service noticed. Ignored when it is sent.
    #[schema(read_only, max_items = 10000)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// An organization as the plan names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganizationDocument {
    /// The national code (全国地方公共団体コード).
    #[schema(pattern = "^[0-9]{6}$")]
    pub code: String,
    /// The name as the plan prints it.
    #[schema(min_length = 1, max_length = 200)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is. One that is known already cannot be another kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<OrganizationKind>,
    /// What it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<ParentDocument>,
}

/// What an organization belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParentDocument {
    /// The national code.
    #[schema(pattern = "^[0-9]{6}$")]
    pub code: String,
    /// The name as the plan prints it.
    #[schema(min_length = 1, max_length = 200)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A moment at which everybody reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckpointDocument {
    /// `q1`, `mid_year`, `q3`, `year_end`, or a name of the plan's own.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    pub kind: String,
    /// The day that it looks at; for the four usual kinds the end of the quarter unless it says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// When reporting opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<NaiveDate>,
    /// When reporting closes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<NaiveDate>,
}

/// A node of the plan's tree: a theme, a strategy, or what a plan calls its levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveDocument {
    /// Its number, which is a name.
    #[schema(min_length = 1, max_length = 40)]
    pub number: String,
    /// Its title.
    #[schema(min_length = 1, max_length = 500)]
    pub title: String,
    /// The name of its level; themes and strategies have theirs from where they stand.
    #[schema(min_length = 1, max_length = 40)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The desired state (めざす状態).
    #[schema(max_length = 20000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired_state: Option<String>,
    /// The sustainable development goals that it serves.
    #[schema(max_items = 17)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sdgs: Vec<Goal>,
    /// Strategies (戦略) below it.
    #[schema(max_items = 500, no_recursion)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strategies: Vec<ObjectiveDocument>,
    /// Objectives of other levels below it.
    #[schema(max_items = 500, no_recursion)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objectives: Vec<ObjectiveDocument>,
    /// What is done for it.
    #[schema(max_items = 500)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub initiatives: Vec<InitiativeDocument>,
}

/// The number of a sustainable development goal, 1 to 17.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(minimum = 1, maximum = 17)]
pub struct Goal(pub u8);

/// An initiative (具体的取組).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InitiativeDocument {
    /// Its number, which is a name.
    #[schema(min_length = 1, max_length = 40)]
    pub number: String,
    /// Its title.
    #[schema(min_length = 1, max_length = 500)]
    pub title: String,
    /// What is done, in words.
    #[schema(max_length = 20000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The name of the department in charge, a part of the organization. One that is not known yet is added.
    #[schema(min_length = 1, max_length = 200)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// The number of the initiative that it stands for (再掲).
    #[schema(min_length = 1, max_length = 40)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<String>,
    /// The number of last year's initiative that it continues.
    #[schema(min_length = 1, max_length = 40)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<String>,
    /// Its money, a line for each year and kind.
    #[schema(max_items = 50)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<BudgetDocument>,
    /// Its targets.
    #[schema(max_items = 100)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets: Option<Vec<TargetDocument>>,
    /// What is planned and done.
    #[schema(max_items = 200)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activities: Option<Vec<ActivityDocument>>,
    /// What was reported of its targets' indicators. Absent, it leaves what was reported as it stands.
    #[schema(max_items = 2000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actuals: Option<Vec<ActualDocument>>,
    /// What was declared at the end of the first quarter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q1_review: Option<ReviewDocument>,
    /// What was declared at mid-year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mid_year_review: Option<ReviewDocument>,
    /// What was declared at the end of the third quarter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q3_review: Option<ReviewDocument>,
    /// What was declared at the end of the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year_end_review: Option<ReviewDocument>,
    /// What was declared at checkpoints of the plan's own, by their kinds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reviews: BTreeMap<String, ReviewDocument>,
}

/// One amount of money.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetDocument {
    /// The fiscal year.
    #[schema(minimum = 1900, maximum = 2200)]
    pub fiscal_year: i32,
    /// Settled (決算), budget (予算) or estimate (算定見込).
    pub kind: BudgetKind,
    /// Yen.
    pub amount: Decimal,
    /// A note.
    #[schema(max_length = 2000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Something that is kept as it was given although it does not agree with itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// Where, as a JSON Pointer into the document.
    #[schema(max_length = 1000)]
    pub pointer: String,
    /// A stable word for the kind of warning.
    #[schema(max_length = 100)]
    pub code: String,
    /// What was noticed.
    pub message: Bilingual,
}

impl ObjectiveDocument {
    /// The nodes below it, each with the name of the list that it stands in.
    pub fn below(&self) -> impl Iterator<Item = (&'static str, usize, &Self)> {
        let strategies = self.strategies.iter().enumerate().map(|(index, node)| ("strategies", index, node));
        strategies.chain(self.objectives.iter().enumerate().map(|(index, node)| ("objectives", index, node)))
    }
}

impl PlanDocument {
    /// The nodes at the top, each with the name of the list that it stands in.
    pub fn top(&self) -> impl Iterator<Item = (&'static str, usize, &ObjectiveDocument)> {
        let themes = self.themes.iter().enumerate().map(|(index, node)| ("themes", index, node));
        themes.chain(self.objectives.iter().enumerate().map(|(index, node)| ("objectives", index, node)))
    }
}

impl InitiativeDocument {
    /// Its reviews by the kinds of their checkpoints, each with its place in the document.
    pub fn all_reviews(&self) -> impl Iterator<Item = (&str, String, &ReviewDocument)> {
        let usual = [
            ("q1", &self.q1_review),
            ("mid_year", &self.mid_year_review),
            ("q3", &self.q3_review),
            ("year_end", &self.year_end_review),
        ];
        let usual =
            usual.into_iter().filter_map(|(kind, review)| Some((kind, format!("{kind}_review"), review.as_ref()?)));
        usual.chain(
            self.reviews
                .iter()
                .map(|(kind, review)| (kind.as_str(), format!("reviews/{}", crate::api::shape::escape(kind)), review)),
        )
    }
}

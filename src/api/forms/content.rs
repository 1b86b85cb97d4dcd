//! What a form holds: everything that a submission speaks of, and what is known of it.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use super::wording;
use crate::api::problem::{Code, Problem};
use crate::db::activities::Activity;
use crate::db::actuals::{Actual, Figure, Subject};
use crate::db::checkpoints::Checkpoint;
use crate::db::evaluation::year_result_of;
use crate::db::graph::PlanGraph;
use crate::db::indicators::Indicator;
use crate::db::initiatives::Initiative;
use crate::db::organizations::Organization;
use crate::db::reviews::{self, Computed, Review};
use crate::db::submissions::{Submission, in_charge};
use crate::db::targets::Target;
use crate::db::{Connection, Row, Stored};
use crate::domain::asked::{Spoken, asked};
use crate::domain::{Basis, Decimal, Measure};
use crate::exchange::Cell;
use crate::exchange::form::{Form, Known, Line, Tongue, plain};

/// What a form is made from.
pub struct Source<'s> {
    /// The submission.
    pub submission: &'s Row<Submission>,
    /// The plan with all that hangs on it.
    pub graph: PlanGraph,
    /// The checkpoint.
    pub checkpoint: Row<Checkpoint>,
    department: String,
    computed: Computed,
    tongue: Tongue,
}

impl<'s> Source<'s> {
    /// Loads it.
    ///
    /// # Errors
    /// [`Code::NotFound`] where what it is of is gone, and the database's own.
    pub fn load(c: &mut Connection, submission: &'s Row<Submission>, tongue: Tongue) -> Result<Self, Problem> {
        let gone = || Problem::new(Code::NotFound);
        let content = &submission.content;
        let graph = PlanGraph::load(c, &content.plan_id, None)?.ok_or_else(gone)?;
        let checkpoint = graph.checkpoints.iter().find(|row| row.id == content.checkpoint_id);
        let checkpoint = checkpoint.cloned().ok_or_else(gone)?;
        let department = Organization::find(c, &content.organization_id)?.ok_or_else(gone)?.content.name;
        let ids: Vec<&str> = graph.initiatives.iter().map(|row| row.id.as_str()).collect();
        let computed = reviews::computed(c, &[&checkpoint.id], &ids)?;
        Ok(Self { submission, graph, checkpoint, department, computed, tongue })
    }

    /// The initiatives that the department reports on, in the order of their numbers: the plan's form lists them so.
    pub fn initiatives(&self) -> impl Iterator<Item = &Row<Initiative>> {
        let own = |row: &&Row<Initiative>| {
            row.content.same_as_id.is_none()
                && *in_charge(&self.graph, &row.content) == self.submission.content.organization_id
        };
        let mut initiatives: Vec<&Row<Initiative>> = self.graph.initiatives.iter().filter(own).collect();
        initiatives.sort_by_key(|row| &row.content.number_key);
        initiatives.into_iter()
    }

    /// The targets of these initiatives with what they measure.
    pub fn targets(&self) -> impl Iterator<Item = (&Row<Initiative>, &Row<Target>, &Row<Indicator>)> {
        self.initiatives().flat_map(move |initiative| {
            let own = self.graph.targets.iter().filter(|row| row.content.initiative_id == initiative.id);
            own.filter_map(move |row| Some((initiative, row, self.graph.indicators.get(&row.content.indicator_id)?)))
        })
    }

    /// The activities of these initiatives.
    pub fn activities(&self) -> impl Iterator<Item = (&Row<Initiative>, &Row<Activity>)> {
        self.initiatives().flat_map(move |initiative| {
            let own = self.graph.activities.iter().filter(|row| row.content.initiative_id == initiative.id);
            own.map(move |row| (initiative, row))
        })
    }

    /// What was declared of an initiative at the checkpoint.
    pub fn review(&self, initiative_id: &str) -> Option<&Row<Review>> {
        let own = |row: &&Row<Review>| {
            row.content.initiative_id == initiative_id && row.content.checkpoint_id == self.checkpoint.id
        };
        self.graph.reviews.iter().find(own)
    }

    /// The figure that stands of a subject.
    pub fn figure(&self, subject: &Subject) -> Option<&Row<Actual>> {
        self.graph.actuals.iter().find(|row| row.content.subject == *subject)
    }

    fn year(&self) -> i32 {
        self.graph.plan.content.fiscal_year
    }

    /// The form.
    pub fn form(&self) -> Form {
        let calendar = self.graph.calendar();
        let (tongue, graph) = (self.tongue, &self.graph);
        let day = wording::day(tongue, self.checkpoint.content.as_of);
        let plan = &graph.plan.content.title;
        let year = wording::fiscal_year(tongue, self.year());
        let years = [wording::fiscal_year(Tongue::Ja, self.year()), self.year().to_string()];
        let named = years.iter().any(|year| plan.contains(year));
        let plan = if named { plan.clone() } else { format!("{year} {} {plan}", graph.organization.content.name) };
        let kind = wording::checkpoint(tongue, &self.checkpoint.content.kind);
        let title = tongue.pick(format!("{plan} {kind}振り返り 様式"), format!("{plan}: {kind} review"));
        let due = self.checkpoint.content.window(self.submission.content.extended_until).last();
        let due = due.map(|due| wording::day(tongue, due));
        let due =
            due.map(|due| tongue.pick(format!("　提出期限: {due}"), format!("   Due: {due}"))).unwrap_or_default();
        let department = &self.department;
        let subtitle = tongue.pick(
            format!("担当: {department}　時点: {day}{due}"),
            format!("Department: {department}   As of: {day}{due}"),
        );
        Form {
            tongue,
            title,
            subtitle,
            identity: vec![
                ("submission", self.submission.id.clone()),
                ("submission_version", self.submission.version.to_string()),
                ("plan", graph.plan.id.clone()),
                ("checkpoint", self.checkpoint.id.clone()),
            ],
            days: (calendar.first_day(self.year()), calendar.last_day(self.year())),
            lines: [self.actual_lines(), self.review_lines(), self.activity_lines()],
        }
    }

    /// The names of the file: in ASCII, and as it is.
    pub fn file_names(&self) -> (String, String) {
        let (year, kind) = (self.year(), &self.checkpoint.content.kind);
        let code = self.graph.organization.content.code.as_deref().filter(|code| code.is_ascii()).unwrap_or("plan");
        // What a file system would not take.
        let department = self.department.replace(['/', '\\', ':', '*', '?', '"', '<', '>', '|'], "_");
        let checkpoint = wording::checkpoint(self.tongue, kind);
        let full = self.tongue.pick(
            format!("{}_{department}_{checkpoint}振り返り様式.xlsx", wording::fiscal_year(self.tongue, year)),
            format!("{year}_{department}_{kind}_form.xlsx"),
        );
        (format!("form-{code}-{year}-{kind}.xlsx"), full)
    }

    /// A line for each target; where another one measures the same, that one's is to be filled in.
    fn actual_lines(&self) -> Vec<Line> {
        let mut first: HashMap<&str, &str> = HashMap::new();
        let mut lines = Vec::new();
        for (initiative, target, indicator) in self.targets() {
            let subject = self.asked(indicator);
            let own = || {
                let rows = self.graph.actuals.iter().filter(|row| row.content.subject.indicator_id == indicator.id);
                rows.filter(|row| row.content.subject.fiscal_year == self.year())
            };
            let calendar = self.graph.calendar();
            let estimate = self.estimate_subject(&indicator.id);
            let filled_in = |row: &Row<Actual>| row.content.subject == subject || row.content.subject == estimate;
            let so_far = own().filter(|row| !filled_in(row));
            let so_far: Vec<String> =
                so_far.map(|row| wording::reported(self.tongue, calendar, &row.content)).collect();
            let last_year = year_result_of(&self.graph, &indicator.id, self.year() - 1);
            let unit = indicator.content.unit.clone().unwrap_or_default();
            let what = (subject.basis, subject.period.parse().ok());
            let asked =
                wording::asked(self.tongue, calendar, self.year(), what, subject.as_of, indicator.content.measure);
            let mut known = self.figure(&subject).map(|row| figure_known(&row.content.figure)).unwrap_or_default();
            let is_ratio = indicator.content.measure == Measure::Ratio || known.contains_key("numerator");
            let mut closed = if is_ratio { Vec::new() } else { vec!["numerator", "denominator"] };
            match self.figure(&estimate).and_then(|row| row.content.figure.value) {
                _ if !self.asks_for_estimate(indicator) => closed.push(ESTIMATE),
                Some(value) => drop(known.insert(ESTIMATE, value.to_string())),
                None => {}
            }
            let mut line = Line {
                id: target.id.clone(),
                shown: cells([
                    ("subject", subject_key(&subject)),
                    ("number", initiative.content.number.clone()),
                    ("initiative", initiative.content.title.clone()),
                    ("indicator", indicator.content.name.clone()),
                    ("target", target.content.text.clone()),
                    ("last_year", last_year.map(|it| it.value.grouped()).unwrap_or_default()),
                    ("so_far", so_far.join("\n")),
                    ("asked", asked),
                    ("unit", unit.clone()),
                ]),
                closed,
                known,
                percent: unit == "%",
            };
            match first.get(indicator.id.as_str()) {
                None => drop(first.insert(&indicator.id, &initiative.content.number)),
                // It is filled in once; here it speaks of nothing.
                Some(before) => {
                    let elsewhere = self.tongue.pick(format!("{before} の行で記入"), format!("in the row of {before}"));
                    line.shown.insert("asked", Cell::Text(elsewhere));
                    line.shown.remove("subject");
                    line.known.clear();
                    line.closed = [&FIGURE[..], &[ESTIMATE]].concat();
                }
            }
            lines.push(line);
        }
        lines
    }

    /// Whether a department may expect something of an indicator's year: not of what is done or is not, and not once the year is over.
    pub fn asks_for_estimate(&self, indicator: &Row<Indicator>) -> bool {
        let last = self.graph.calendar().last_day(self.year());
        indicator.content.measure != Measure::Milestone && self.checkpoint.content.as_of < last
    }

    /// What the department's own estimate of an indicator's year (見込額) speaks of.
    pub fn estimate_subject(&self, indicator_id: &str) -> Subject {
        let day = self.checkpoint.content.as_of;
        let subject = Subject {
            indicator_id: indicator_id.to_owned(),
            fiscal_year: self.year(),
            basis: Basis::YearEndForecast,
            period: String::new(),
            as_of: day,
            origin: "reported".to_owned(),
        };
        // Whichever period it is reported with, it speaks of the year.
        let stands = |it: &&Subject| Subject { period: String::new(), ..(*it).clone() } == subject;
        let found = self.graph.actuals.iter().map(|row| &row.content.subject).find(stands).cloned();
        found.unwrap_or(subject)
    }

    /// What is asked for of an indicator.
    fn asked(&self, indicator: &Row<Indicator>) -> Subject {
        let spoken = |row: &Row<Actual>| {
            let Subject { fiscal_year, basis, period, as_of, .. } = &row.content.subject;
            Spoken { fiscal_year: *fiscal_year, basis: *basis, period: period.parse().ok(), as_of: *as_of }
        };
        let own = |row: &&Row<Actual>| {
            row.content.subject.indicator_id == indicator.id && row.content.subject.origin == "reported"
        };
        let reported: Vec<Spoken> = self.graph.actuals.iter().filter(own).map(spoken).collect();
        let day = self.checkpoint.content.as_of;
        let calendar = self.graph.calendar();
        let (basis, period) = asked(indicator.content.measure, calendar, self.year(), day, &reported);
        Subject {
            indicator_id: indicator.id.clone(),
            fiscal_year: self.year(),
            basis,
            period: period.map(|period| period.to_string()).unwrap_or_default(),
            as_of: day,
            origin: "reported".to_owned(),
        }
    }

    /// A line for each initiative.
    fn review_lines(&self) -> Vec<Line> {
        let line = |initiative: &Row<Initiative>| {
            let own = self.graph.targets.iter().filter(|row| row.content.initiative_id == initiative.id);
            let targets: Vec<String> = own
                .map(|row| {
                    let indicator = self.graph.indicators.get(&row.content.indicator_id);
                    let name = indicator.map(|row| row.content.name.as_str()).unwrap_or_default();
                    format!("{name}: {}", row.content.text)
                })
                .collect();
            let computed = self.computed.get(&(self.checkpoint.id.clone(), initiative.id.clone()));
            let of = |text: Option<&'static str>| text.unwrap_or_default().to_owned();
            Line {
                id: initiative.id.clone(),
                shown: cells([
                    ("number", initiative.content.number.clone()),
                    ("initiative", initiative.content.title.clone()),
                    ("targets", targets.join("\n")),
                    ("computed_outlook", of(computed.map(|(verdict, _)| wording::outlook(self.tongue, *verdict)))),
                    ("computed_progress", of(computed.map(|(_, verdict)| wording::progress(self.tongue, *verdict)))),
                ]),
                known: self.review(&initiative.id).map(|row| review_known(&row.content)).unwrap_or_default(),
                ..Line::default()
            }
        };
        self.initiatives().map(line).collect()
    }

    /// A line for each activity.
    fn activity_lines(&self) -> Vec<Line> {
        let line = |(initiative, row): (&Row<Initiative>, &Row<Activity>)| {
            let activity = &row.content;
            Line {
                id: row.id.clone(),
                shown: cells([
                    ("number", initiative.content.number.clone()),
                    ("initiative", initiative.content.title.clone()),
                    ("title", activity.title.clone()),
                    ("due", activity.due.map(|day| day.format("%Y/%-m/%-d").to_string()).unwrap_or_default()),
                    ("planned", activity.planned.map(Decimal::grouped).unwrap_or_default()),
                    ("schedule", schedule(activity)),
                    ("unit", activity.unit.clone().unwrap_or_default()),
                ]),
                known: activity_known(activity),
                percent: activity.unit.as_deref() == Some("%"),
                ..Line::default()
            }
        };
        self.activities().map(line).collect()
    }
}

/// What is to be filled in of a figure.
pub const FIGURE: [&str; 7] = ["value", "missing", "approximate", "provisional", "numerator", "denominator", "note"];

/// The department's own estimate of the year's result, in the row of the figure.
pub const ESTIMATE: &str = "estimate";
/// Whether that is approximate: no cell of its own says so.
pub const ESTIMATE_APPROXIMATE: &str = "estimate_approximate";

/// What a figure speaks of, as a hidden cell says it.
pub fn subject_key(subject: &Subject) -> String {
    format!("{} {} {}", subject.basis, subject.period, subject.as_of)
}

fn cells<const N: usize>(texts: [(&'static str, String); N]) -> BTreeMap<&'static str, Cell> {
    texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| (key, Cell::Text(text))).collect()
}

fn known<const N: usize>(texts: [(&'static str, Option<String>); N]) -> Known {
    let said = |(key, text): (&'static str, Option<String>)| {
        let text = plain(&text?);
        (!text.is_empty()).then_some((key, text))
    };
    texts.into_iter().filter_map(said).collect()
}

/// What the cells to fill hold of a figure.
pub fn figure_known(figure: &Figure) -> Known {
    let number = |value: Option<Decimal>| value.map(|value| value.to_string());
    let mark = |holds: bool| holds.then(|| "true".to_owned());
    known([
        ("value", number(figure.value)),
        ("missing", figure.missing.map(|reason| reason.to_string())),
        ("approximate", mark(figure.approximate)),
        ("provisional", mark(figure.provisional)),
        ("numerator", number(figure.numerator)),
        ("denominator", number(figure.denominator)),
        ("note", figure.note.clone()),
    ])
}

/// What the cells to fill hold of a review.
pub fn review_known(review: &Review) -> Known {
    known([
        ("outlook", review.outlook.map(|outlook| outlook.to_string())),
        ("progress", review.progress.map(|progress| progress.to_string())),
        ("results", review.results.clone()),
        ("issues_and_measures", review.issues_and_measures.clone()),
    ])
}

/// What the cells to fill hold of an activity.
pub fn activity_known(activity: &Activity) -> Known {
    known([
        ("done", activity.done.map(|done| done.to_string())),
        ("approximate", activity.approximate.then(|| "true".to_owned())),
        ("state", activity.state.map(|state| state.to_string())),
        ("as_of", activity.as_of.map(|day| day.to_string())),
        ("note", activity.note.clone()),
    ])
}

/// What is planned by quarter: `Q1 3、Q2 3`.
fn schedule(activity: &Activity) -> String {
    let planned: Option<Value> = activity.schedule.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let quarter = |name: &str| {
        let amount = planned.as_ref()?.get(name)?;
        let amount = amount.as_str().map_or_else(|| amount.to_string(), str::to_owned);
        Some(format!("{} {amount}", name.to_uppercase()))
    };
    ["q1", "q2", "q3", "q4"].into_iter().filter_map(quarter).collect::<Vec<_>>().join("、")
}

/// How a reported row says what its figure speaks of.
pub fn subject_members(subject: &Subject) -> Map<String, Value> {
    let Subject { indicator_id, fiscal_year, basis, period, as_of, origin: _ } = subject;
    let mut members = Map::new();
    members.insert("indicator_id".to_owned(), json!(indicator_id));
    members.insert("fiscal_year".to_owned(), json!(fiscal_year));
    members.insert("basis".to_owned(), json!(basis));
    members.insert("as_of".to_owned(), json!(as_of));
    if !period.is_empty() {
        members.insert("period".to_owned(), json!(period));
    }
    members
}

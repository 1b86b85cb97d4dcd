//! From a plan's rows to what the domain computes of them: each target's outlook, each initiative's flags.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::Row;
use super::activities::Activity;
use super::actuals::Actual;
use super::graph::PlanGraph;
use super::indicators::Indicator;
use super::initiatives::Initiative;
use super::reviews::Review;
use super::targets::Target;
use crate::domain::chart::{self, Chart};
use crate::domain::evaluation::{Facts, PartFacts, StatedAverage, part_facts};
use crate::domain::fiscal::Calendar;
use crate::domain::outlook::{self, TargetOutlook};
use crate::domain::pace::{self, TargetPace};
use crate::domain::progress::{self, InitiativeProgress};
use crate::domain::result::{Reported, Source, SourceActual, YearResult, year_result};
use crate::domain::rollup::Entry;
use crate::domain::{Criterion, Decimal, Outlook, Progress, Verdict};

/// What is declared and computed of an initiative at a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluated {
    /// The initiative.
    pub initiative_id: String,
    /// The objective that it serves.
    pub objective_id: String,
    /// Whether it stands for another one and has no flags of its own.
    pub cross_reference: bool,
    /// What was declared of its targets.
    pub declared_outlook: Option<Outlook>,
    /// What was declared of its activities.
    pub declared_progress: Option<Progress>,
    /// What is computed of its targets together.
    pub computed_outlook: Verdict,
    /// What is computed of its activities.
    pub progress: InitiativeProgress,
    /// What is computed of each target, by its id.
    pub targets: Vec<(String, TargetOutlook)>,
}

impl Evaluated {
    /// As one entry of a tally.
    pub fn entry(&self) -> Entry<String> {
        Entry {
            node: self.objective_id.clone(),
            initiatives: 1,
            cross_reference: self.cross_reference,
            declared_outlook: self.declared_outlook,
            declared_progress: self.declared_progress,
            computed_outlook: self.computed_outlook,
            computed_progress: self.progress.verdict,
            targets: self.targets.iter().map(|(_, target)| target.state).collect(),
        }
    }
}

/// The year's result of an indicator as it is known; `None` where there is none.
pub fn year_result_of(graph: &PlanGraph, indicator_id: &str, fiscal_year: i32) -> Option<YearResult> {
    let indicator = graph.indicators.get(indicator_id)?;
    let own = graph.actuals.iter().filter(|row| row.content.subject.indicator_id == indicator_id);
    let reported: Vec<Reported> = own.map(fact).collect();
    let calendar = graph.calendar();
    year_result(indicator.content.measure, calendar, fiscal_year, &reported, calendar.last_day(fiscal_year))
}

/// Evaluates every initiative of a plan at a day, with what was declared at a checkpoint; without how each forecast was made.
pub fn evaluate(graph: &PlanGraph, as_of: NaiveDate, checkpoint: Option<&str>) -> Vec<Evaluated> {
    Sorted::with(graph, &series_of(graph)).evaluate_all(as_of, checkpoint)
}

/// Evaluates one initiative as [`evaluate`] does all, with how each forecast was made; `None` where the plan has no such initiative.
pub fn evaluate_initiative(
    graph: &PlanGraph,
    initiative_id: &str,
    as_of: NaiveDate,
    checkpoint: Option<&str>,
) -> Option<Evaluated> {
    let row = graph.initiatives.iter().find(|row| row.id == initiative_id)?;
    let series = series_of(graph);
    let sorted = Sorted::with(graph, &series);
    let reviews = sorted.reviews_at(checkpoint);
    Some(sorted.evaluate(row, &reviews, as_of, outlook::target_outlook))
}

/// What was reported of an indicator: figures, and the parts of each as they are stored.
#[derive(Debug, Default)]
pub struct Series {
    reported: Vec<Reported>,
    breakdowns: Vec<String>,
}

/// What was reported of indicators, by their ids.
pub type SeriesById = HashMap<String, Series>;

impl Series {
    /// Adds a figure.
    pub fn add(&mut self, reported: Reported, breakdown: String) {
        self.reported.push(reported);
        self.breakdowns.push(breakdown);
    }

    fn add_row(&mut self, row: &Row<Actual>) {
        self.add(fact(row), row.content.figure.breakdown.clone());
    }

    /// Everything that was reported of what a target of a plan measures.
    fn of_target(graph: &PlanGraph, target: &Target) -> Self {
        let mut series = Self::default();
        let own = graph.actuals.iter().filter(|row| row.content.subject.indicator_id == target.indicator_id);
        own.for_each(|row| series.add_row(row));
        series
    }
}

/// An indicator with what was reported of it, in the fiscal calendar of its organization.
pub struct Measured<'a> {
    /// The indicator; `None` where it is not known any more.
    pub indicator: Option<&'a Indicator>,
    /// The calendar.
    pub calendar: Calendar,
    /// What was reported.
    pub series: &'a Series,
}

impl<'a> Measured<'a> {
    fn by(graph: &'a PlanGraph, target: &Target, series: &'a Series) -> Self {
        let indicator = graph.indicators.get(&target.indicator_id).map(|row| &row.content);
        Self { indicator, calendar: graph.calendar(), series }
    }

    /// The outlook of a target on the indicator at a day, without how its forecast was made.
    pub fn brief_outlook(&self, target: &Target, criterion: Option<&Criterion>, as_of: NaiveDate) -> TargetOutlook {
        self.outlook(target, criterion, as_of, outlook::brief_outlook)
    }

    fn outlook(
        &self,
        target: &Target,
        criterion: Option<&Criterion>,
        as_of: NaiveDate,
        outlooks: Outlooks,
    ) -> TargetOutlook {
        let parts = self.parts_asked(target, criterion, as_of);
        outlooks(criterion, &self.facts(target, &parts), as_of)
    }

    /// What a target is evaluated against.
    fn facts<'f>(&'f self, target: &Target, parts: &'f [PartFacts]) -> Facts<'f> {
        let stated_average = || {
            let years = u32::try_from(target.history_average_years?).ok()?;
            Some(StatedAverage { years, value: target.history_average_value? })
        };
        Facts {
            measure: self.indicator.map_or(crate::domain::Measure::Latest, |indicator| indicator.measure),
            polarity: self.indicator.and_then(|indicator| indicator.polarity),
            unit: self.indicator.and_then(|indicator| indicator.unit.as_deref()),
            fiscal_year: target.fiscal_year,
            calendar: self.calendar,
            reported: &self.series.reported,
            parts,
            universe: target.universe,
            stated_average: stated_average(),
        }
    }

    /// The parts that a criterion looks at, with what was reported of each up to a day.
    fn parts_asked(&self, target: &Target, criterion: Option<&Criterion>, as_of: NaiveDate) -> Vec<PartFacts> {
        if !criterion.is_some_and(Criterion::looks_at_parts) {
            return Vec::new();
        }
        let all = self.series.reported.iter().zip(&self.series.breakdowns);
        let figures: Vec<(&Reported, Vec<(String, Decimal)>)> = all
            .filter(|(whole, _)| whole.as_of <= as_of)
            .map(|(whole, breakdown)| (whole, labelled(breakdown, "value")))
            .collect();
        let expected = labelled(&target.breakdown, "target").into_iter().map(|(label, _)| label);
        part_facts(expected, figures.iter().map(|(whole, parts)| (*whole, parts)), target.fiscal_year)
    }
}

/// What was reported of a plan's indicators, where the plan was read with it.
pub fn series_of(graph: &PlanGraph) -> SeriesById {
    let mut reported = SeriesById::new();
    for row in &graph.actuals {
        reported.entry(row.content.subject.indicator_id.clone()).or_default().add_row(row);
    }
    reported
}

/// A plan's rows by what they belong to, for any number of days.
pub struct Sorted<'g> {
    graph: &'g PlanGraph,
    reported: &'g SeriesById,
    targets: HashMap<&'g str, Vec<Asked<'g>>>,
    activities: HashMap<&'g str, Vec<&'g Row<Activity>>>,
}

/// A target and what was understood of it.
struct Asked<'g> {
    row: &'g Row<Target>,
    criterion: Option<Criterion>,
}

/// How the outlook of a target is computed: with how its forecast was made, or without.
type Outlooks = fn(Option<&Criterion>, &Facts<'_>, NaiveDate) -> TargetOutlook;

impl<'g> Sorted<'g> {
    /// Sorts a plan's rows, of whose indicators this was reported.
    pub fn with(graph: &'g PlanGraph, reported: &'g SeriesById) -> Self {
        let mut targets: HashMap<&str, Vec<Asked<'_>>> = HashMap::new();
        for row in &graph.targets {
            let criterion = row.content.decisive();
            targets.entry(row.content.initiative_id.as_str()).or_default().push(Asked { row, criterion });
        }
        let activities = grouped(&graph.activities, |activity| &activity.initiative_id);
        Self { graph, reported, targets, activities }
    }

    /// Evaluates every initiative as [`evaluate`] does.
    pub fn evaluate_all(&self, as_of: NaiveDate, checkpoint: Option<&str>) -> Vec<Evaluated> {
        let reviews = self.reviews_at(checkpoint);
        let all = self.graph.initiatives.iter();
        all.map(|row| self.evaluate(row, &reviews, as_of, outlook::brief_outlook)).collect()
    }

    fn reviews_at(&self, checkpoint: Option<&str>) -> HashMap<&'g str, &'g Review> {
        let of_checkpoint =
            self.graph.reviews.iter().filter(|row| Some(row.content.checkpoint_id.as_str()) == checkpoint);
        of_checkpoint.map(|row| (row.content.initiative_id.as_str(), &row.content)).collect()
    }

    fn evaluate(
        &self,
        row: &Row<Initiative>,
        reviews: &HashMap<&str, &Review>,
        as_of: NaiveDate,
        outlooks: Outlooks,
    ) -> Evaluated {
        let id = row.id.as_str();
        let own = self.targets.get(id).into_iter().flatten();
        let targets: Vec<(String, TargetOutlook)> =
            own.map(|it| (it.row.id.clone(), self.outlook(it, as_of, outlooks))).collect();
        let activities: Vec<&Activity> =
            self.activities.get(id).into_iter().flatten().map(|row| &row.content).collect();
        let review = reviews.get(id);
        Evaluated {
            initiative_id: row.id.clone(),
            objective_id: row.content.objective_id.clone(),
            cross_reference: row.content.same_as_id.is_some(),
            declared_outlook: review.and_then(|review| review.outlook),
            declared_progress: review.and_then(|review| review.progress),
            computed_outlook: outlook::initiative_outlook(targets.iter().map(|(_, target)| target.verdict)),
            progress: initiative_progress(self.graph, &activities, as_of),
            targets,
        }
    }

    fn outlook(&self, Asked { row, criterion }: &Asked<'_>, as_of: NaiveDate, outlooks: Outlooks) -> TargetOutlook {
        let (target, nothing) = (&row.content, Series::default());
        let series = self.reported.get(&target.indicator_id).unwrap_or(&nothing);
        Measured::by(self.graph, target, series).outlook(target, criterion.as_ref(), as_of, outlooks)
    }
}

fn grouped<T>(rows: &[Row<T>], key: impl Fn(&T) -> &String) -> HashMap<&str, Vec<&Row<T>>> {
    let mut groups: HashMap<&str, Vec<&Row<T>>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row.content).as_str()).or_default().push(row);
    }
    groups
}

/// The picture of a target of the plan whose outlook at `as_of` is `outlook`. It is drawn when it is asked for and never stored.
pub fn target_chart(graph: &PlanGraph, target: &Target, outlook: &TargetOutlook, as_of: NaiveDate) -> Chart {
    let series = Series::of_target(graph, target);
    let measured = Measured::by(graph, target, &series);
    let parts = measured.parts_asked(target, target.criterion().as_ref(), as_of);
    chart::chart(&measured.facts(target, &parts), outlook, as_of)
}

/// The pace of a target on a sum toward what is asked, beside its outlook `outlook` at `as_of`.
pub fn target_pace(graph: &PlanGraph, target: &Target, outlook: &TargetOutlook, as_of: NaiveDate) -> Vec<TargetPace> {
    let series = Series::of_target(graph, target);
    pace::paces(&Measured::by(graph, target, &series).facts(target, &[]), &outlook.basis, as_of)
}

/// Every actual that an outlook of a target rests on.
pub fn target_sources(graph: &PlanGraph, target: &Target, outlook: &TargetOutlook) -> Vec<SourceActual> {
    SourceActual::of(outlook.actual_ids(), &Series::of_target(graph, target).reported)
}

/// Reads a stored breakdown: an array of labels and numbers.
fn labelled(breakdown: &str, number: &str) -> Vec<(String, Decimal)> {
    let parts: Vec<serde_json::Value> = serde_json::from_str(breakdown).unwrap_or_default();
    let part = |part: serde_json::Value| {
        let value = serde_json::from_value(part.get(number)?.clone()).ok()?;
        Some((part.get("label")?.as_str()?.to_owned(), value))
    };
    parts.into_iter().filter_map(part).collect()
}

/// What is reported of an activity without a day of its own is what was reported for the checkpoint at which the plan stands.
fn initiative_progress(graph: &PlanGraph, activities: &[&Activity], as_of: NaiveDate) -> InitiativeProgress {
    let stands = graph.plan.content.checkpoint.as_ref();
    let reported = graph.checkpoints.iter().find(|row| Some(&row.content.kind) == stands).map(|row| row.content.as_of);
    let facts: Vec<progress::Activity<'_>> = activities
        .iter()
        .map(|activity| progress::Activity {
            title: &activity.title,
            planned: activity.planned,
            done: activity.done,
            state: activity.state,
            due: activity.due,
            schedule: activity.schedule.as_deref().and_then(quarters),
            as_of: activity.as_of.or(reported),
        })
        .collect();
    progress::initiative_progress(&facts, graph.calendar(), graph.plan.content.fiscal_year, as_of)
}

fn quarters(schedule: &str) -> Option<[Option<Decimal>; 4]> {
    let planned: HashMap<String, Decimal> = serde_json::from_str(schedule).ok()?;
    Some(["q1", "q2", "q3", "q4"].map(|quarter| planned.get(quarter).copied()))
}

fn fact(row: &Row<Actual>) -> Reported {
    let (subject, figure) = (&row.content.subject, &row.content.figure);
    Reported {
        fiscal_year: subject.fiscal_year,
        basis: subject.basis,
        period: subject.period.parse().ok(),
        as_of: subject.as_of,
        value: figure.value,
        missing: figure.missing,
        numerator: figure.numerator,
        denominator: figure.denominator,
        approximate: figure.approximate,
        provisional: figure.provisional,
        source: Some(Source { actual_id: row.id.as_str().into(), revision: row.version }),
    }
}

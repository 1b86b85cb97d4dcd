//! From rows to a document: what was put, in the order in which it was put.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::document::{
    ActivityDocument, ActualDocument, BudgetDocument, CheckpointDocument, HistoryAverage, InitiativeDocument,
    ObjectiveDocument, OrganizationDocument, ParentDocument, PlanDocument, ReviewDocument, TargetDocument,
};
use super::warnings;
use crate::db::activities::Activity;
use crate::db::actuals::Actual;
use crate::db::checkpoints::Checkpoint;
use crate::db::graph::PlanGraph;
use crate::db::initiatives::Initiative;
use crate::db::objectives::Objective;
use crate::db::organizations::Organization;
use crate::db::targets::Target;
use crate::db::{DbError, Row};

/// The document of a stored plan.
///
/// # Errors
/// [`DbError::Failed`] where a stored JSON text is none.
pub fn compose(graph: &PlanGraph, parent: Option<&Row<Organization>>) -> Result<PlanDocument, DbError> {
    let plan = &graph.plan.content;
    let current = graph.checkpoints.iter().find(|row| Some(&row.content.kind) == plan.checkpoint.as_ref());
    let others = if graph.checkpoints.len() > 1 || current.is_none() { graph.checkpoints.as_slice() } else { &[] };
    let (themes, objectives): (Vec<_>, Vec<_>) =
        below(graph, None).partition(|row| row.content.level.as_deref() == Some("theme"));
    let mut document = PlanDocument {
        organization: OrganizationDocument {
            code: graph.organization.content.code.clone().unwrap_or_default(),
            name: plan.organization_name.clone().or_else(|| Some(graph.organization.content.name.clone())),
            kind: Some(graph.organization.content.kind),
            parent: parent.and_then(|row| {
                let name = plan.parent_name.clone().or_else(|| Some(row.content.name.clone()));
                Some(ParentDocument { code: row.content.code.clone()?, name })
            }),
        },
        fiscal_year: plan.fiscal_year,
        title: plan.title.clone(),
        status: Some(plan.status),
        vision: plan.vision.clone(),
        mission: plan.mission.clone(),
        checkpoint: current.map(|row| checkpoint(&row.content)),
        checkpoints: others.iter().map(|row| checkpoint(&row.content)).collect(),
        themes: themes.into_iter().map(|row| objective(graph, row, true)).collect::<Result<_, _>>()?,
        objectives: objectives.into_iter().map(|row| objective(graph, row, false)).collect::<Result<_, _>>()?,
        warnings: Vec::new(),
    };
    document.warnings = warnings::of(&document);
    Ok(document)
}

fn below<'g>(graph: &'g PlanGraph, parent: Option<&'g str>) -> impl Iterator<Item = &'g Row<Objective>> {
    graph.objectives.iter().filter(move |row| row.content.parent_id.as_deref() == parent)
}

fn checkpoint(row: &Checkpoint) -> CheckpointDocument {
    let Checkpoint { plan_id: _, kind, as_of, opens, closes } = row.clone();
    CheckpointDocument { kind, as_of: Some(as_of), opens, closes }
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, DbError> {
    serde_json::from_str(json).map_err(|error| DbError::Failed(format!("a stored JSON text is none: {error}")))
}

/// `named`: whether the list in which it stands says what its level is.
fn objective(graph: &PlanGraph, row: &Row<Objective>, named: bool) -> Result<ObjectiveDocument, DbError> {
    let Objective { number, title, level, desired_state, sdgs, .. } = row.content.clone();
    let (strategies, objectives): (Vec<_>, Vec<_>) =
        below(graph, Some(&row.id)).partition(|child| child.content.level.as_deref() == Some("strategy"));
    let initiatives = graph.initiatives.iter().filter(|initiative| initiative.content.objective_id == row.id);
    Ok(ObjectiveDocument {
        number,
        title,
        level: level.filter(|_| !named),
        desired_state,
        sdgs: read(&sdgs)?,
        strategies: strategies.into_iter().map(|child| objective(graph, child, true)).collect::<Result<_, _>>()?,
        objectives: objectives.into_iter().map(|child| objective(graph, child, false)).collect::<Result<_, _>>()?,
        initiatives: initiatives.map(|row| initiative(graph, row)).collect::<Result<_, _>>()?,
    })
}

fn initiative(graph: &PlanGraph, row: &Row<Initiative>) -> Result<InitiativeDocument, DbError> {
    let Initiative { number, title, description, department_id: _, same_as_id, continues, .. } = row.content.clone();
    let own = same_as_id.is_none();
    let stands_for = graph.initiatives.iter().find(|other| Some(&other.id) == same_as_id.as_ref());
    let targets: Vec<&Row<Target>> =
        graph.targets.iter().filter(|target| target.content.initiative_id == row.id).collect();
    let activities = graph.activities.iter().filter(|activity| activity.content.initiative_id == row.id);
    let mut reviews: BTreeMap<String, ReviewDocument> = graph
        .reviews
        .iter()
        .filter(|review| review.content.initiative_id == row.id)
        .filter_map(|review| {
            let checkpoint =
                graph.checkpoints.iter().find(|checkpoint| checkpoint.id == review.content.checkpoint_id)?;
            let (outlook, progress) = (review.content.outlook, review.content.progress);
            let (results, issues_and_measures) =
                (review.content.results.clone(), review.content.issues_and_measures.clone());
            let document = ReviewDocument { outlook, progress, results, issues_and_measures };
            Some((checkpoint.content.kind.clone(), document))
        })
        .collect();
    Ok(InitiativeDocument {
        number,
        title,
        description,
        department: graph.department(&row.content).map(str::to_owned),
        same_as: stands_for.map(|other| other.content.number.clone()),
        continues,
        budgets: graph
            .budgets
            .iter()
            .filter(|line| line.initiative_id == row.id)
            .map(|line| BudgetDocument {
                fiscal_year: line.fiscal_year,
                kind: line.kind,
                amount: line.amount,
                note: line.note.clone(),
            })
            .collect(),
        actuals: if own { Some(actuals(graph, &targets)?) } else { None },
        targets: if own {
            Some(targets.into_iter().map(|target| self::target(graph, target)).collect::<Result<_, _>>()?)
        } else {
            None
        },
        activities: if own {
            Some(activities.map(|activity| self::activity(&activity.content)).collect::<Result<_, _>>()?)
        } else {
            None
        },
        q1_review: reviews.remove("q1"),
        mid_year_review: reviews.remove("mid_year"),
        q3_review: reviews.remove("q3"),
        year_end_review: reviews.remove("year_end"),
        reviews,
    })
}

fn target(graph: &PlanGraph, row: &Row<Target>) -> Result<TargetDocument, DbError> {
    let target = row.content.clone();
    let Some(indicator) = graph.indicators.get(&target.indicator_id).map(|row| row.content.clone()) else {
        return Err(DbError::Failed(format!("target {} has no indicator", row.id)));
    };
    let stated = graph.actuals.iter().filter(|actual| {
        let subject = &actual.content.subject;
        subject.indicator_id == target.indicator_id
            && subject.origin == "stated"
            && subject.fiscal_year < graph.plan.content.fiscal_year
    });
    let average = target.history_average_years.zip(target.history_average_value);
    Ok(TargetDocument {
        indicator: indicator.name,
        text: target.text,
        unit: indicator.unit,
        measure: indicator.measure,
        source: indicator.source,
        polarity: indicator.polarity,
        common_code: indicator.common_code,
        criterion: target.criterion.filter(|_| target.criterion_given).as_deref().map(read).transpose()?,
        universe: target.universe,
        scale_max: target.scale_max,
        baseline_year: target.baseline_year,
        history: stated
            .filter_map(|actual| Some((actual.content.subject.fiscal_year.to_string(), actual.content.figure.value?)))
            .collect(),
        history_average: average.map(|(years, value)| HistoryAverage { years, value }),
        breakdown: read(&target.breakdown)?,
        breakdown_note: target.breakdown_note,
    })
}

/// What was reported of these targets' indicators, up to the plan's year.
fn actuals(graph: &PlanGraph, targets: &[&Row<Target>]) -> Result<Vec<ActualDocument>, DbError> {
    let year = graph.plan.content.fiscal_year;
    let calendar = graph.calendar();
    let mut documents = Vec::new();
    // In the order in which they came: the ids lie in the order of their making.
    let mut rows: Vec<&Row<Actual>> = graph.actuals.iter().collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    for row in rows {
        let Actual { subject, figure } = row.content.clone();
        let target = targets.iter().position(|target| target.content.indicator_id == subject.indicator_id);
        let Some(target) = target.filter(|_| subject.origin == "reported" && subject.fiscal_year <= year) else {
            continue;
        };
        let period = Some(subject.period).filter(|period| !period.is_empty());
        let usual = period.as_deref().and_then(|period| period.parse().ok());
        let usual = usual.map(|period| calendar.days(subject.fiscal_year, period).1);
        documents.push(ActualDocument {
            target,
            value: figure.value,
            missing: figure.missing,
            basis: subject.basis,
            fiscal_year: Some(subject.fiscal_year).filter(|stated| *stated != year),
            as_of: Some(subject.as_of).filter(|day| usual != Some(*day) || period.is_none()),
            period,
            from: figure.from_day,
            approximate: figure.approximate,
            provisional: figure.provisional,
            numerator: figure.numerator,
            denominator: figure.denominator,
            sample_size: figure.sample_size,
            method: figure.method,
            breakdown: read(&figure.breakdown)?,
            note: figure.note,
        });
    }
    Ok(documents)
}

fn activity(activity: &Activity) -> Result<ActivityDocument, DbError> {
    let Activity {
        initiative_id: _,
        position: _,
        title,
        planned,
        done,
        unit,
        state,
        due,
        schedule,
        as_of,
        approximate,
        note,
    } = activity.clone();
    let schedule = schedule.as_deref().map(read).transpose()?;
    Ok(ActivityDocument { title, planned, done, unit, state, due, schedule, as_of, approximate, note })
}

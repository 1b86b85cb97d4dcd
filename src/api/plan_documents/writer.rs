//! The rows below a plan: what differs is written, what the document no longer has is removed.

use std::collections::{HashMap, HashSet};

use super::apply::{for_each_initiative, wanted_checkpoints};
use super::document::{
    ActivityDocument, ActualDocument, InitiativeDocument, ObjectiveDocument, PlanDocument, ReviewDocument,
    TargetDocument,
};
use super::ledger::Ledger;
use super::series::Series;
use crate::db::activities::Activity;
use crate::db::actuals::{self, Actual, Figure, Subject};
use crate::db::budget_lines::{self, BudgetLine};
use crate::db::checkpoints::Checkpoint;
use crate::db::graph::PlanGraph;
use crate::db::initiatives::{self, Initiative};
use crate::db::objectives::Objective;
use crate::db::organizations::{self, Organization};
use crate::db::reviews::Review;
use crate::db::targets::Target;
use crate::db::{DbError, Row, states};
use crate::domain::OrganizationKind;
use crate::domain::fiscal::Period;
use crate::domain::natural::sort_key;

/// Writes what hangs on a plan, from the checkpoints down.
pub(super) struct Writer<'c, 'd> {
    pub(super) ledger: Ledger<'c>,
    pub(super) series: Series,
    pub(super) document: &'d PlanDocument,
    pub(super) before: Option<&'d PlanGraph>,
    pub(super) organization: Row<Organization>,
    pub(super) plan_id: String,
    /// By kind.
    pub(super) checkpoints: HashMap<String, String>,
    /// By number.
    pub(super) initiatives: HashMap<String, String>,
    /// By name.
    pub(super) departments: HashMap<String, String>,
    /// The figures that are stored, as long as they have not been written.
    pub(super) figures: HashMap<Subject, Row<Actual>>,
    /// The figures that have been written.
    pub(super) written: HashSet<Subject>,
    /// Every row that the document still has.
    pub(super) kept: HashSet<String>,
}

impl Writer<'_, '_> {
    /// Writes everything, then removes what the document no longer has.
    ///
    /// # Errors
    /// The database's own.
    pub(super) fn write(&mut self) -> Result<(), DbError> {
        for (kind, wanted) in wanted_checkpoints(self.document, self.organization.content.calendar()) {
            let stored = self.before.and_then(|graph| graph.checkpoints.iter().find(|row| row.content.kind == kind));
            let id = self.ledger.settle(stored, Checkpoint { plan_id: self.plan_id.clone(), ..wanted })?;
            self.kept.insert(id.clone());
            self.checkpoints.insert(kind, id);
        }
        let mut homes = HashMap::new();
        for (list, index, node) in self.document.top() {
            self.objective(None, list, index, node, &mut homes)?;
        }
        self.initiatives_of(&homes, false)?;
        self.initiatives_of(&homes, true)?;
        let mut initiatives = Vec::new();
        for_each_initiative(self.document, &mut |_, initiative| initiatives.push(initiative));
        for initiative in initiatives {
            self.contents(initiative)?;
        }
        self.ledger.flush()?;
        self.remove_the_rest()
    }

    fn objective(
        &mut self,
        parent: Option<&str>,
        list: &str,
        index: usize,
        node: &ObjectiveDocument,
        homes: &mut HashMap<String, String>,
    ) -> Result<(), DbError> {
        let ObjectiveDocument { number, title, level, desired_state, sdgs, .. } = node;
        let level = match list {
            "themes" => Some("theme".to_owned()),
            "strategies" => Some("strategy".to_owned()),
            _ => level.clone(),
        };
        let content = Objective {
            plan_id: self.plan_id.clone(),
            parent_id: parent.map(str::to_owned),
            position: position(index),
            number: number.clone(),
            number_key: sort_key(number),
            level,
            title: title.clone(),
            desired_state: desired_state.clone(),
            sdgs: json(sdgs)?,
        };
        let stored = self.before.and_then(|graph| graph.objectives.iter().find(|row| row.content.number == *number));
        let id = self.ledger.settle_later(stored, content)?;
        self.kept.insert(id.clone());
        for initiative in &node.initiatives {
            homes.insert(initiative.number.clone(), id.clone());
        }
        for (list, index, child) in node.below() {
            self.objective(Some(&id), list, index, child, homes)?;
        }
        Ok(())
    }

    /// Writes the initiatives that are cross references, or those that are none: what is referred to comes first.
    fn initiatives_of(&mut self, homes: &HashMap<String, String>, cross_references: bool) -> Result<(), DbError> {
        let mut wanted = Vec::new();
        for_each_initiative(self.document, &mut |place, initiative| {
            if initiative.same_as.is_some() == cross_references {
                let index = place.rsplit('/').next().and_then(|index| index.parse().ok()).unwrap_or_default();
                wanted.push((index, initiative));
            }
        });
        let continues = wanted.iter().any(|(_, initiative)| initiative.continues.is_some());
        let last_years = match continues {
            true => initiatives::of_year(self.ledger.c, &self.organization.id, self.document.fiscal_year - 1)?,
            false => HashMap::new(),
        };
        for (index, initiative) in wanted {
            let InitiativeDocument { number, title, description, department, same_as, continues, .. } = initiative;
            let department_id = match department {
                Some(name) => Some(self.department(name)?),
                None => None,
            };
            let continues_id = continues.as_ref().and_then(|number| last_years.get(number).cloned());
            let content = Initiative {
                plan_id: self.plan_id.clone(),
                objective_id: homes.get(number).cloned().unwrap_or_default(),
                position: position(index),
                number: number.clone(),
                number_key: sort_key(number),
                title: title.clone(),
                description: description.clone(),
                department_id,
                same_as_id: same_as.as_ref().and_then(|number| self.initiatives.get(number).cloned()),
                continues: continues.clone(),
                continues_id,
            };
            let stored =
                self.before.and_then(|graph| graph.initiatives.iter().find(|row| row.content.number == *number));
            let id = self.ledger.settle_later(stored, content)?;
            self.kept.insert(id.clone());
            self.initiatives.insert(number.clone(), id);
        }
        Ok(())
    }

    fn department(&mut self, name: &str) -> Result<String, DbError> {
        if let Some(id) = self.departments.get(name) {
            return Ok(id.clone());
        }
        let id = match organizations::department(self.ledger.c, &self.organization.id, name)? {
            Some(id) => id,
            None => {
                let Organization { fiscal_year_start_month, time_zone, .. } = self.organization.content.clone();
                let content = Organization {
                    code: None,
                    name: name.to_owned(),
                    kind: OrganizationKind::Department,
                    parent_id: Some(self.organization.id.clone()),
                    fiscal_year_start_month,
                    time_zone,
                };
                self.ledger.settle(None, content)?
            }
        };
        self.departments.insert(name.to_owned(), id.clone());
        Ok(id)
    }

    fn contents(&mut self, initiative: &InitiativeDocument) -> Result<(), DbError> {
        let Some(id) = self.initiatives.get(&initiative.number).cloned() else { return Ok(()) };
        self.budgets(&id, initiative)?;
        let mut measured = Vec::new();
        for (index, target) in initiative.targets.iter().flatten().enumerate() {
            measured.push(self.target(&id, initiative, index, target)?);
        }
        let reported = self.actuals(initiative, &measured)?;
        self.withdraw(initiative, &measured, reported.as_ref())?;
        self.activities(&id, initiative.activities.as_deref().unwrap_or_default())?;
        for (kind, _, review) in initiative.all_reviews() {
            let Some(checkpoint_id) = self.checkpoints.get(kind).cloned() else { continue };
            let stored = self.before.and_then(|graph| {
                graph
                    .reviews
                    .iter()
                    .find(|row| row.content.initiative_id == id && row.content.checkpoint_id == checkpoint_id)
            });
            let ReviewDocument { outlook, progress, results, issues_and_measures } = review.clone();
            let content =
                Review { initiative_id: id.clone(), checkpoint_id, outlook, progress, results, issues_and_measures };
            let id = self.ledger.settle_later(stored, content)?;
            self.kept.insert(id);
        }
        Ok(())
    }

    fn budgets(&mut self, id: &str, initiative: &InitiativeDocument) -> Result<(), DbError> {
        let line = |(index, line): (usize, &super::document::BudgetDocument)| BudgetLine {
            initiative_id: id.to_owned(),
            position: position(index),
            fiscal_year: line.fiscal_year,
            kind: line.kind,
            amount: line.amount,
            note: line.note.clone(),
        };
        let wanted: Vec<BudgetLine> = initiative.budgets.iter().enumerate().map(line).collect();
        let stored = self.before.into_iter().flat_map(|graph| &graph.budgets).filter(|line| line.initiative_id == id);
        let stored: Vec<&BudgetLine> = stored.collect();
        if stored != wanted.iter().collect::<Vec<_>>() {
            self.ledger.changes.created += wanted.len().saturating_sub(stored.len()) as u64;
            self.ledger.changes.updated += wanted.len().min(stored.len()) as u64;
            self.ledger.changes.deleted += stored.len().saturating_sub(wanted.len()) as u64;
            if stored.is_empty() {
                self.ledger.add_budget_lines_later(wanted);
            } else {
                budget_lines::replace(self.ledger.c, id, &wanted)?;
            }
        }
        Ok(())
    }

    /// Writes a target and what the plan states of earlier years, and gives its indicator.
    fn target(
        &mut self,
        initiative_id: &str,
        initiative: &InitiativeDocument,
        index: usize,
        target: &TargetDocument,
    ) -> Result<String, DbError> {
        let indicator = self.series.definition(target);
        let (indicator_id, stored) = self.series.of(&mut self.ledger, initiative, index, indicator.clone())?;
        let stored = self.before.and_then(|graph| graph.targets.iter().find(|row| Some(&row.id) == stored.as_ref()));
        let mut content = Target {
            initiative_id: initiative_id.to_owned(),
            indicator_id: indicator_id.clone(),
            fiscal_year: self.document.fiscal_year,
            position: position(index),
            text: target.text.clone(),
            criterion: None,
            criterion_given: false,
            needs_review: false,
            universe: target.universe,
            scale_max: target.scale_max,
            baseline_year: target.baseline_year,
            history_average_years: target.history_average.as_ref().map(|average| average.years),
            history_average_value: target.history_average.as_ref().map(|average| average.value),
            breakdown: json(&target.breakdown)?,
            breakdown_note: target.breakdown_note.clone(),
        };
        // What a person confirmed stands for as long as the text does, also where the document does not repeat it.
        let confirmed = stored
            .filter(|row| row.content.criterion_given && row.content.text == target.text)
            .and_then(|row| row.content.criterion());
        content.understand(target.criterion.as_ref().or(confirmed.as_ref()), &indicator);
        let id = self.ledger.settle_later(stored, content)?;
        self.kept.insert(id);
        for (year, value) in &target.history {
            let Ok(fiscal_year) = year.parse() else { continue };
            let subject = Subject {
                indicator_id: indicator_id.clone(),
                fiscal_year,
                basis: super::stated_basis(target.measure),
                period: Period::Year.to_string(),
                as_of: self.organization.content.calendar().last_day(fiscal_year),
                origin: "stated".to_owned(),
            };
            self.figure(subject, Figure { value: Some(*value), ..Figure::default() })?;
        }
        Ok(indicator_id)
    }

    /// Writes what was reported, and tells of what; `None` where the document does not speak of it.
    fn actuals(
        &mut self,
        initiative: &InitiativeDocument,
        measured: &[String],
    ) -> Result<Option<HashSet<Subject>>, DbError> {
        let Some(given) = &initiative.actuals else { return Ok(None) };
        let calendar = self.organization.content.calendar();
        let mut subjects = HashSet::new();
        for actual in given {
            let ActualDocument { target, value, missing, basis, fiscal_year, period, as_of, .. } = actual.clone();
            let Some(indicator_id) = measured.get(target).cloned() else { continue };
            let fiscal_year = fiscal_year.unwrap_or(self.document.fiscal_year);
            let parsed: Option<Period> = period.as_deref().and_then(|period| period.parse().ok());
            let Some(as_of) = as_of.or(parsed.map(|period| calendar.days(fiscal_year, period).1)) else { continue };
            let period = period.unwrap_or_default();
            let origin = "reported".to_owned();
            let subject = Subject { indicator_id, fiscal_year, basis, period, as_of, origin };
            subjects.insert(subject.clone());
            let figure = Figure {
                value,
                missing,
                numerator: actual.numerator,
                denominator: actual.denominator,
                sample_size: actual.sample_size,
                method: actual.method.clone(),
                breakdown: json(&actual.breakdown)?,
                approximate: actual.approximate,
                provisional: actual.provisional,
                from_day: actual.from,
                note: actual.note.clone(),
                withdrawn: false,
                author: None,
                reason: None,
            };
            self.figure(subject, figure)?;
        }
        Ok(Some(subjects))
    }

    /// Takes back what the document no longer says. Of the plan's own year it is the whole truth where it speaks of it
    /// at all, of the years before where no other plan measures the same; a series may have been taken up again, so
    /// the figures are looked for where they are and not in the plan as it was.
    fn withdraw(
        &mut self,
        initiative: &InitiativeDocument,
        measured: &[String],
        reported: Option<&HashSet<Subject>>,
    ) -> Result<(), DbError> {
        let targets: HashMap<&String, &TargetDocument> =
            measured.iter().zip(initiative.targets.iter().flatten()).collect();
        for row in actuals::of_indicators(self.ledger.c, measured)? {
            let subject = &row.content.subject;
            let year = self.document.fiscal_year;
            let gone = match subject.origin.as_str() {
                "reported" => subject.fiscal_year == year && reported.is_some_and(|said| !said.contains(subject)),
                _ => {
                    subject.fiscal_year < year
                        && !self.series.is_shared(&subject.indicator_id)
                        && targets
                            .get(&subject.indicator_id)
                            .is_some_and(|target| !target.history.contains_key(&subject.fiscal_year.to_string()))
                }
            };
            if gone {
                self.ledger.remove(&row)?;
            }
        }
        Ok(())
    }

    fn figure(&mut self, subject: Subject, figure: Figure) -> Result<(), DbError> {
        // The same figure may be given twice: with its year and as the plan's own, with its day and its period's.
        let stored = if self.written.insert(subject.clone()) {
            self.figures.remove(&subject)
        } else {
            self.ledger.flush()?;
            actuals::find_by_subject(self.ledger.c, &subject)?
        };
        // Who reported it, and why it was corrected, is not the document's to say.
        let Figure { author, reason, .. } = stored.as_ref().map(|row| row.content.figure.clone()).unwrap_or_default();
        let figure = Figure { author, reason, ..figure };
        self.ledger.settle_later(stored.as_ref(), Actual { subject, figure }).map(drop)
    }

    fn activities(&mut self, initiative_id: &str, wanted: &[ActivityDocument]) -> Result<(), DbError> {
        let stored = self.before.into_iter().flat_map(|graph| &graph.activities);
        let stored: Vec<&Row<Activity>> = stored.filter(|row| row.content.initiative_id == initiative_id).collect();
        let mut taken = HashSet::new();
        for (index, activity) in wanted.iter().enumerate() {
            let ActivityDocument { title, planned, done, unit, state, due, schedule, as_of, approximate, note } =
                activity.clone();
            let content = Activity {
                initiative_id: initiative_id.to_owned(),
                position: position(index),
                title,
                planned,
                done,
                unit,
                state,
                due,
                schedule: schedule.as_ref().map(json).transpose()?,
                as_of,
                approximate,
                note,
            };
            // Titles may repeat: the first of a title is matched with the first that is stored, and so on.
            let same = stored.iter().find(|row| row.content.title == content.title && !taken.contains(&row.id));
            taken.extend(same.map(|row| row.id.clone()));
            let id = self.ledger.settle_later(same.copied(), content)?;
            self.kept.insert(id);
        }
        Ok(())
    }

    /// Removes what the document no longer has, from the leaves to the root.
    fn remove_the_rest(&mut self) -> Result<(), DbError> {
        let Some(graph) = self.before else { return Ok(()) };
        let kept = std::mem::take(&mut self.kept);
        let gone = |id: &String| !kept.contains(id);
        for row in graph.reviews.iter().filter(|row| gone(&row.id)) {
            self.ledger.remove(row)?;
        }
        for row in graph.activities.iter().filter(|row| gone(&row.id)) {
            self.ledger.remove(row)?;
        }
        for row in graph.targets.iter().filter(|row| gone(&row.id)) {
            states::forget_target(self.ledger.c, &row.id)?;
            self.ledger.remove(row)?;
        }
        let (references, others): (Vec<_>, Vec<_>) =
            graph.initiatives.iter().filter(|row| gone(&row.id)).partition(|row| row.content.same_as_id.is_some());
        for row in references.into_iter().chain(others) {
            states::forget_initiative(self.ledger.c, &row.id)?;
            initiatives::forget_continuations(self.ledger.c, &row.id)?;
            budget_lines::replace(self.ledger.c, &row.id, &[])?;
            self.ledger.remove(row)?;
        }
        let mut objectives: Vec<&Row<Objective>> = graph.objectives.iter().filter(|row| gone(&row.id)).collect();
        while !objectives.is_empty() {
            let parents: HashSet<String> = objectives.iter().filter_map(|row| row.content.parent_id.clone()).collect();
            let (leaves, rest): (Vec<_>, Vec<_>) = objectives.into_iter().partition(|row| !parents.contains(&row.id));
            if leaves.is_empty() {
                return Err(DbError::Failed("the objectives form a ring".to_owned()));
            }
            leaves.into_iter().try_for_each(|row| self.ledger.remove(row))?;
            objectives = rest;
        }
        for row in graph.checkpoints.iter().filter(|row| gone(&row.id)) {
            states::forget_checkpoint(self.ledger.c, &row.id)?;
            self.ledger.remove(row)?;
        }
        Ok(())
    }
}

fn position(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}

fn json(value: &impl serde::Serialize) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Failed(error.to_string()))
}

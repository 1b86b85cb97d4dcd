//! What the rows of a form ask for, each looked up in the submission that the form is of.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};
use utoipa::ToSchema as _;

use super::content::{ESTIMATE, FIGURE, Source, activity_known, figure_known, review_known, subject_members};
use super::estimate;
use super::merge::{Merged, merge, origin, origin_in};
use crate::api::bulk::{self, ActualRow, Rows, Scope};
use crate::api::problem::{Code, Fault, Problem};
use crate::api::resource::{self, Resource};
use crate::api::shape::Shape;
use crate::db::activities::Activity;
use crate::db::actuals::{Actual, Subject};
use crate::db::history::Recorded;
use crate::db::reviews::Review;
use crate::db::{Connection, Row, Stored};
use crate::domain::submission::{Declared, MissingPart};
use crate::exchange::form::{Answer, FilledRow, Known, PAGES};

/// A row that is to be written.
pub enum Write<R> {
    /// One that was not there.
    New(Row<R>),
    /// One that says something else now.
    Changed(Row<R>),
}

/// Which of the pages they are, counted from 0.
const REVIEWS_AT: usize = 1;
const ACTIVITIES_AT: usize = 2;

/// Takes the rows of a form.
pub struct Taker<'a> {
    source: &'a Source<'a>,
    seen: HashSet<(&'static str, String)>,
    /// The figures.
    pub rows: Rows,
    /// The reviews.
    pub reviews: Vec<Write<Review>>,
    /// The activities.
    pub activities: Vec<Write<Activity>>,
    /// Rows that ask for nothing: of figures, reviews and activities.
    pub unchanged: [usize; 3],
    /// Rows with faults.
    pub rejected: usize,
    /// What is wrong with them.
    pub faults: Vec<Fault>,
    /// Cells that somebody else has changed and nobody has touched.
    pub others: usize,
    /// What each of the submission's targets measures.
    measured: HashMap<&'a str, &'a str>,
    /// The submission's initiatives.
    initiatives: HashSet<&'a str>,
    /// Their activities.
    own_activities: HashMap<&'a str, &'a Row<Activity>>,
    /// The figures that stand.
    figures: HashMap<&'a Subject, &'a Row<Actual>>,
}

impl<'a> Taker<'a> {
    /// Takes them for this submission.
    pub fn new(source: &'a Source<'a>) -> Self {
        Self {
            source,
            seen: HashSet::new(),
            rows: Rows::default(),
            reviews: Vec::new(),
            activities: Vec::new(),
            unchanged: [0; 3],
            rejected: 0,
            faults: Vec::new(),
            others: 0,
            measured: source
                .targets()
                .map(|(_, target, indicator)| (target.id.as_str(), indicator.id.as_str()))
                .collect(),
            initiatives: source.initiatives().map(|row| row.id.as_str()).collect(),
            own_activities: source.activities().map(|(_, row)| (row.id.as_str(), row)).collect(),
            figures: source.graph.actuals.iter().map(|row| (&row.content.subject, row)).collect(),
        }
    }

    fn refuse(&mut self, row: &FilledRow, faults: Vec<Fault>) {
        self.rejected += 1;
        let origin = origin(row);
        self.faults.extend(faults.into_iter().map(|fault| origin.place(row.row, fault)));
    }

    /// Takes a row.
    ///
    /// # Errors
    /// The database's own; what is wrong with the row is kept.
    pub fn row(&mut self, c: &mut Connection, row: &FilledRow) -> Result<(), Problem> {
        let Some(page) = PAGES.iter().position(|page| page.key == row.page.key) else { return Ok(()) };
        if !row.answers.iter().any(Answer::is_touched) {
            self.leave(page);
            self.others += self.changed_by_others(row);
            return Ok(());
        }
        if !self.seen.insert((row.page.key, row.id.clone())) {
            let (ja, en) = ("同じ行が二つあります。片方を消してください。", "The same row is there twice. Remove one.");
            self.refuse(row, vec![Fault::at("", "repeated", ja, en)]);
            return Ok(());
        }
        let mut faults = Vec::new();
        let known = match self.known(row) {
            Some(known) => known,
            None => {
                let fault = Fault::at(
                    "",
                    "unknown_reference",
                    "この提出の行ではありません。様式を取得し直してください。",
                    "It is no row of this submission. Get the form anew.",
                );
                self.refuse(row, vec![fault.received(row.id.as_str())]);
                return Ok(());
            }
        };
        let merged = merge(row, &known, &mut faults);
        self.others += merged.others;
        if faults.is_empty() && merged.changed.is_empty() {
            self.leave(page);
            return Ok(());
        }
        if faults.is_empty() {
            match row.page.key {
                "actuals" => {
                    if FIGURE.iter().any(|key| merged.changes(key)) {
                        self.figure(row, &merged, &mut faults)?;
                    }
                    if merged.changes(ESTIMATE) {
                        self.estimate(row, &merged, &mut faults)?;
                    }
                }
                "reviews" => self.review(c, row, &merged, &mut faults)?,
                _ => self.activity(c, row, &merged, &mut faults)?,
            }
        }
        if !faults.is_empty() {
            self.refuse(row, faults);
        }
        Ok(())
    }

    /// Counts a row that asks for nothing.
    fn leave(&mut self, page: usize) {
        if let Some(count) = self.unchanged.get_mut(page) {
            *count += 1;
        }
    }

    /// What stands of what a row is about; `None` where it is about nothing of this submission.
    fn known(&self, row: &FilledRow) -> Option<Known> {
        match row.page.key {
            "actuals" => {
                let subject = self.subject(row)?;
                let mut known =
                    self.figures.get(&subject).map(|row| figure_known(&row.content.figure)).unwrap_or_default();
                known.extend(estimate::known(self.source, &subject.indicator_id));
                Some(known)
            }
            "reviews" => {
                self.initiatives.contains(row.id.as_str()).then_some(())?;
                Some(self.source.review(&row.id).map(|row| review_known(&row.content)).unwrap_or_default())
            }
            _ => Some(activity_known(&self.activity_of(row)?.content)),
        }
    }

    fn activity_of(&self, row: &FilledRow) -> Option<&'a Row<Activity>> {
        self.own_activities.get(row.id.as_str()).copied()
    }

    /// What a row's figure speaks of: its target's indicator, as of the day of the checkpoint.
    fn subject(&self, row: &FilledRow) -> Option<Subject> {
        let indicator_id = (*self.measured.get(row.id.as_str())?).to_owned();
        let mut parts = row.hidden.get("subject")?.split(' ');
        let (basis, period, day) = (parts.next()?, parts.next()?, parts.next()?);
        let as_of = self.source.checkpoint.content.as_of;
        (day == as_of.to_string()).then_some(())?;
        Some(Subject {
            indicator_id,
            fiscal_year: self.source.graph.plan.content.fiscal_year,
            basis: basis.parse().ok()?,
            period: period.to_owned(),
            as_of,
            origin: "reported".to_owned(),
        })
    }

    /// How many cells of an untouched row somebody else has changed since.
    fn changed_by_others(&self, row: &FilledRow) -> usize {
        self.known(row).map_or(0, |known| merge(row, &known, &mut Vec::new()).others)
    }

    fn figure(&mut self, row: &FilledRow, merged: &Merged, faults: &mut Vec<Fault>) -> Result<(), Problem> {
        let Some(subject) = self.subject(row) else { return Ok(()) };
        if let Some(fault) = value_or_missing(merged) {
            faults.push(fault);
            return Ok(());
        }
        let shape = Shape::of(&ActualRow::name()).map_err(|error| Problem::new(Code::Internal).cause(error))?;
        let mut members = subject_members(&subject);
        for key in FIGURE {
            if let Some(text) = merged.says(key) {
                let marks = matches!(key, "approximate" | "provisional");
                members.insert(key.to_owned(), if marks { json!(true) } else { json!(text) });
            }
        }
        let scope = Scope::Members(std::sync::Arc::new(FIGURE.to_vec()));
        let manner = bulk::Manner { unit: merged.unit("value").map(str::to_owned), scope, ..bulk::Manner::default() };
        self.rows.add(&shape, row.row, origin(row), Value::Object(members), manner);
        Ok(())
    }

    fn estimate(&mut self, row: &FilledRow, merged: &Merged, faults: &mut Vec<Fault>) -> Result<(), Problem> {
        let Some(subject) = self.subject(row) else { return Ok(()) };
        let shape = Shape::of(&ActualRow::name()).map_err(|error| Problem::new(Code::Internal).cause(error))?;
        if let Some((members, manner)) = estimate::asked(self.source, &subject.indicator_id, merged, faults) {
            self.rows.add(&shape, row.row, origin_in(row, ESTIMATE), Value::Object(members), manner);
        }
        Ok(())
    }

    fn review(
        &mut self,
        c: &mut Connection,
        row: &FilledRow,
        merged: &Merged,
        faults: &mut Vec<Fault>,
    ) -> Result<(), Problem> {
        let current = self.source.review(&row.id);
        let mut document = match current {
            Some(current) => document(current)?,
            None => Map::from_iter([
                ("initiative_id".to_owned(), json!(row.id)),
                ("checkpoint_id".to_owned(), json!(self.source.checkpoint.id)),
            ]),
        };
        for answer in &row.answers {
            say(&mut document, answer.key, merged.says(answer.key).map(Value::from));
        }
        let Some(content) = accepted::<Review>(c, document, current, faults)? else { return Ok(()) };
        let explained = content.issues_and_measures.as_deref().is_some_and(|text| !text.trim().is_empty());
        let declared = Declared { outlook: content.outlook, progress: content.progress, explained };
        if declared.wants_explanation() {
            let words = MissingPart::IssuesAndMeasures.words();
            faults.push(Fault::at("/issues_and_measures", "issues_and_measures_missing", words.ja, words.en));
            return Ok(());
        }
        match current {
            Some(row) if row.content == content => self.leave(REVIEWS_AT),
            _ => self.reviews.push(written(content, current)),
        }
        Ok(())
    }

    fn activity(
        &mut self,
        c: &mut Connection,
        row: &FilledRow,
        merged: &Merged,
        faults: &mut Vec<Fault>,
    ) -> Result<(), Problem> {
        let Some(current) = self.activity_of(row) else { return Ok(()) };
        let unit = current.content.unit.as_deref().unwrap_or_default();
        let fold = crate::domain::fold::fold;
        if let Some(other) = merged.unit("done").filter(|other| fold(other) != fold(unit)) {
            let (ja, en) = (format!("単位は「{unit}」です。"), format!("Its unit is `{unit}`."));
            faults.push(Fault::at("/done", "other_unit", ja, en).received(other).accepted(unit));
            return Ok(());
        }
        let mut document = document(current)?;
        for answer in &row.answers {
            let said = merged.says(answer.key);
            let value = if answer.key == "approximate" { Some(json!(said.is_some())) } else { said.map(Value::from) };
            say(&mut document, answer.key, value);
        }
        // What is done is done by a day: the form's, where no other one is given.
        let day = self.source.checkpoint.content.as_of;
        let earlier = current.content.as_of.is_none_or(|stands| stands < day);
        if (merged.changes("done") || merged.changes("state")) && !merged.changes("as_of") && earlier {
            document.insert("as_of".to_owned(), json!(day));
        }
        let Some(content) = accepted::<Activity>(c, document, Some(current), faults)? else {
            return Ok(());
        };
        match current.content == content {
            true => self.leave(ACTIVITIES_AT),
            false => self.activities.push(written(content, Some(current))),
        }
        Ok(())
    }
}

/// What is wrong where there is neither a figure nor why there is none, or both.
fn value_or_missing(merged: &Merged) -> Option<Fault> {
    let (at, ja, en) = match (merged.says("value"), merged.says("missing")) {
        (Some(_), Some(_)) => (
            "/missing",
            "実績と、値がない理由の両方があります。どちらかを空けてください。",
            "There are both a figure and why there is none. Leave one blank.",
        ),
        (None, None) => (
            "/value",
            "実績が空いています。値がないときは理由を選んでください。報告済みの値は、空けても取り消せません。",
            "There is no figure. Where there is none, choose why. What was reported is not taken back by a blank cell.",
        ),
        _ => return None,
    };
    Some(Fault::at(at, "value_or_missing", ja, en).received(merged.says("missing")))
}

fn document<R: Resource>(row: &Row<R>) -> Result<Map<String, Value>, Problem> {
    match serde_json::to_value(row.content.clone().input()) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Problem::new(Code::Internal).cause("an input that is no object")),
        Err(error) => Err(Problem::new(Code::Internal).cause(error)),
    }
}

fn say(document: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    match value {
        Some(value) => drop(document.insert(key.to_owned(), value)),
        None => drop(document.shift_remove(key)),
    }
}

/// What a document would make of a row; `None` where faults were added.
fn accepted<R: Resource>(
    c: &mut Connection,
    document: Map<String, Value>,
    current: Option<&Row<R>>,
    faults: &mut Vec<Fault>,
) -> Result<Option<R>, Problem> {
    match resource::accepted::<R>(c, Value::Object(document), current) {
        Ok(content) => Ok(Some(content)),
        Err(problem) => {
            faults.extend(problem.into_faults()?);
            Ok(None)
        }
    }
}

fn written<R: Clone>(content: R, current: Option<&Row<R>>) -> Write<R> {
    match current {
        None => Write::New(Row::new(content)),
        Some(row) => Write::Changed(Row { content, ..row.clone() }),
    }
}

impl<R: Stored + Recorded> Write<R> {
    /// As it is to stand.
    pub fn row(&self) -> &Row<R> {
        let (Self::New(row) | Self::Changed(row)) = self;
        row
    }

    /// Writes it.
    ///
    /// # Errors
    /// [`Code::Overtaken`] where somebody was faster, and the database's own.
    pub fn carry_out(&mut self, c: &mut Connection) -> Result<(), Problem> {
        match self {
            Self::New(row) => Ok(R::insert(c, row)?),
            Self::Changed(row) => match R::update(c, row)? {
                true => Ok(()),
                false => Err(Problem::new(Code::Overtaken)),
            },
        }
    }
}

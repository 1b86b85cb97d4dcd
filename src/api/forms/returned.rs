//! A form that comes back: figures, reviews and activities in one transaction, all or nothing.

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::content::Source;
use super::taker::{Taker, Write};
use crate::api::bulk::changes::{self, Changes};
use crate::api::bulk::{BulkMode, BulkReceipt, Rows};
use crate::api::idempotency::{self, Retry};
use crate::api::language::Language;
use crate::api::problem::{Code, Fault, Place, Problem, RowPlace};
use crate::api::representation::{Answer, to_json};
use crate::api::session::{self, Session};
use crate::api::warning::Warning;
use crate::db::access::{self, Placed};
use crate::db::activities::Activity;
use crate::db::history::{Recorded, Report};
use crate::db::reviews::Review;
use crate::db::submissions::Submission;
use crate::db::{Connection, DbError, locks, states};
use crate::domain::access::Deed;
use crate::exchange::form::{Filled, HIDDEN, Tongue};

/// How a form is taken.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// Say what would happen, and change nothing.
    pub dry_run: bool,
    /// What a fault means for the rest; a form is taken as a whole.
    pub mode: Option<BulkMode>,
    /// In which faults are told.
    pub language: Language,
}

/// What was done with a form, or would be.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormReceipt {
    /// The submission that it is of.
    submission_id: String,
    /// Whether anything was changed, or would be.
    changed: bool,
    /// The figures.
    actuals: FormPart,
    /// The reviews.
    reviews: FormPart,
    /// The activities.
    activities: FormPart,
}

/// What was done with the rows of a sheet, or would be. A figure and the estimate of the year in its row count each for itself where both are reported.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct FormPart {
    /// How many rows say something that was not there.
    created: usize,
    /// How many say something else than what was there.
    corrected: usize,
    /// How many change nothing.
    unchanged: usize,
}

/// What a form would change.
struct Wanted {
    submission_id: String,
    plan_id: String,
    actuals: Changes,
    reviews: Vec<Write<Review>>,
    activities: Vec<Write<Activity>>,
    /// Rows that ask for nothing: of figures, reviews and activities.
    unchanged: [usize; 3],
    /// Rows with faults.
    rejected: usize,
    faults: Vec<Fault>,
    /// Cells that somebody else has changed and nobody has touched.
    others: usize,
}

/// Takes a form.
///
/// # Errors
/// Every fault of every cell, unless it is only asked; [`Code::Locked`] where what it changes stands still.
pub async fn carry_out(
    session: &Session,
    retry: Retry,
    fingerprint: &str,
    filled: Filled,
    manner: Manner,
) -> Result<HttpResponse, Problem> {
    if manner.mode == Some(BulkMode::Partial) {
        let (ja, en) =
            ("様式は全体として取り込みます。modeを外してください。", "A form is taken as a whole: leave `mode` out.");
        let fault = Fault { place: Place::Parameter("mode".to_owned()), ..Fault::at("", "not_in_part", ja, en) };
        return Err(Problem::faults(Code::RuleBroken, vec![fault]));
    }
    let Manner { dry_run, language, .. } = manner;
    if dry_run {
        let look = move |c: &mut Connection| wanted(c, &filled, false)?.receipt(true, language);
        return session.read(look).await.map(HttpResponse::from);
    }
    let write = move |c: &mut Connection| {
        let mut wanted = wanted(c, &filled, true)?;
        if wanted.faults.is_empty() {
            wanted.write(c)?;
        }
        wanted.receipt(false, language)
    };
    idempotency::once(session, retry, fingerprint, write).await.map(HttpResponse::from)
}

fn nobodys(row: usize, column: &str, resource: &str, received: &str) -> Fault {
    let place = RowPlace {
        sheet: Some(HIDDEN.to_owned()),
        row,
        pointer: None,
        column: Some(column.to_owned()),
        column_name: None,
    };
    Fault { place: Place::Row(place), ..Fault::unknown("", resource, received) }
}

/// What a form would change, with all that is wrong with it.
fn wanted(c: &mut Connection, filled: &Filled, lock: bool) -> Result<Wanted, Problem> {
    let id = filled.identity.get("submission").map(String::as_str).unwrap_or_default();
    let Some(submission) = access::find::<Submission>(c, id)? else {
        return Err(Problem::faults(Code::RuleBroken, vec![nobodys(2, "B", "submissions", id)]));
    };
    let home = submission.content.home(c, &submission.id)?;
    session::may(c, &[Deed::Report], &home)?;
    let source = Source::load(c, &submission, Tongue::Ja)?;
    let mut taker = Taker::new(&source);
    for row in &filled.rows {
        taker.row(c, row)?;
    }
    let Taker { rows, reviews, activities, unchanged, rejected, faults, others, .. } = taker;
    let Rows { entries, faults: misshapen, rejected: refused, .. } = rows;
    let actuals = changes::of(c, entries, lock)?;
    let faults: Vec<Fault> = faults.into_iter().chain(misshapen).chain(actuals.faults.iter().cloned()).collect();
    let wanted = Wanted {
        submission_id: submission.id.clone(),
        plan_id: submission.content.plan_id.clone(),
        rejected: rejected + refused + actuals.rejected,
        actuals,
        reviews,
        activities,
        unchanged,
        faults,
        others,
    };
    wanted.may_be_changed(c)?;
    Ok(wanted)
}

fn part<R>(writes: &[Write<R>], unchanged: usize) -> FormPart {
    let created = writes.iter().filter(|write| matches!(write, Write::New(_))).count();
    FormPart { created, corrected: writes.len() - created, unchanged }
}

impl Wanted {
    /// Refuses to change what stands still.
    fn may_be_changed(&self, c: &mut Connection) -> Result<(), Problem> {
        let figures: Vec<Fault> = self.faults.iter().filter(|fault| changes::is_locked(fault)).cloned().collect();
        if !figures.is_empty() {
            return Err(Problem::faults(Code::Locked, figures));
        }
        let reviews = self.reviews.iter().filter_map(|write| write.row().content.report());
        let activities = self.activities.iter().filter_map(|write| write.row().content.report());
        let reports: Vec<Report> = reviews.chain(activities).collect();
        if reports.is_empty() {
            return Ok(());
        }
        match locks::holding(c, &reports.iter().collect::<Vec<_>>())? {
            Some(submission) => Err(DbError::Locked(submission).into()),
            None => Ok(()),
        }
    }

    fn write(&mut self, c: &mut Connection) -> Result<(), Problem> {
        self.actuals.write(c)?;
        self.reviews.iter_mut().try_for_each(|write| write.carry_out(c))?;
        self.activities.iter_mut().try_for_each(|write| write.carry_out(c))?;
        if !self.reviews.is_empty() || !self.activities.is_empty() {
            states::refresh_plan(c, &self.plan_id)?;
        }
        Ok(())
    }

    fn receipt(self, dry_run: bool, language: Language) -> Result<Answer, Problem> {
        let Self { submission_id, actuals, reviews, activities, unchanged, rejected, faults, others, .. } = self;
        if !dry_run && !faults.is_empty() {
            let overtaken = faults.iter().any(|fault| fault.code == "overtaken");
            return Err(Problem::faults(if overtaken { Code::Overtaken } else { Code::RuleBroken }, faults));
        }
        let [of_actuals, of_reviews, of_activities] = unchanged;
        let figures = FormPart {
            created: actuals.created(),
            corrected: actuals.replaced(),
            unchanged: of_actuals + actuals.unchanged,
        };
        let parts = [figures, part(&reviews, of_reviews), part(&activities, of_activities)];
        let [created, corrected, unchanged] = [
            parts.iter().map(|part| part.created).sum(),
            parts.iter().map(|part| part.corrected).sum(),
            parts.iter().map(|part| part.unchanged).sum::<usize>(),
        ];
        let changed = created + corrected > 0;
        let mut notes = Vec::new();
        if !changed && rejected == 0 {
            let (ja, en) = (
                "様式に変更はありません。何も変わりません。",
                "Nothing is filled in that is not there: nothing changes.",
            );
            notes.push(Warning::new("unchanged", ja, en));
        }
        if others > 0 {
            notes.push(Warning::new(
                "changed_by_others",
                format!("様式の取得後に他の人が変更した{others}欄は、そのままにします"),
                format!("{others} cells that others have changed since the form was made stay as they are"),
            ));
        }
        let [actuals, reviews, activities] = parts;
        let receipt = BulkReceipt {
            dry_run,
            mode: BulkMode::Atomic,
            rows: created + corrected + unchanged + rejected,
            created,
            corrected,
            unchanged,
            rejected,
            faults: faults.iter().map(|fault| fault.to_json(language)).collect(),
            notes,
            form: Some(FormReceipt { submission_id, changed, actuals, reviews, activities }),
        };
        Ok(Answer { status: 200, location: None, etag: None, body: to_json(&receipt)? })
    }
}

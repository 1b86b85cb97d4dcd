//! The computed flags beside reviews that wait to be published: they tell of figures that do so as well.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{TOGETHER, initiatives_in_a_cycle, new_plans};
use crate::db::review_flags::ReviewFlags;
use crate::db::reviews::Review;
use crate::db::schema::{review_flags, reviews, withheld_review_flags};
use crate::db::{Connection, DbError, Row};
use crate::domain::{ProgressVerdict, Verdict};

/// The flags that the public goes on reading beside a review, or none.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = withheld_review_flags, treat_none_as_default_value = false)]
struct Shown {
    review_id: String,
    version: Option<i64>,
    outlook: Option<Verdict>,
    progress: Option<ProgressVerdict>,
    recorded_at: Option<NaiveDateTime>,
}

impl Shown {
    fn of(review_id: &str, flags: Option<&ReviewFlags>) -> Self {
        Self {
            review_id: review_id.to_owned(),
            version: flags.map(|flags| flags.version),
            outlook: flags.map(|flags| flags.outlook),
            progress: flags.map(|flags| flags.progress),
            recorded_at: flags.map(|flags| flags.recorded_at),
        }
    }
}

/// Notes the flags that the public reads beside these reviews, before they become others: those of each review that waits to be published.
///
/// # Errors
/// The database's own.
pub(in crate::db) fn keep_back(
    connection: &mut Connection,
    reviews: &[&Row<Review>],
    known: &HashMap<String, ReviewFlags>,
) -> Result<(), DbError> {
    let initiatives: BTreeSet<&str> = reviews.iter().map(|row| row.content.initiative_id.as_str()).collect();
    let new = new_plans(&connection.unsealed);
    let waiting = initiatives_in_a_cycle(connection, &initiatives, &new)?;
    let waiting = reviews.iter().filter(|row| waiting.contains_key(&row.content.initiative_id));
    let waiting: Vec<&str> = waiting.map(|row| row.id.as_str()).collect();
    if waiting.is_empty() {
        return Ok(());
    }
    let kept: Vec<String> = on!(&mut *connection, |c| withheld_review_flags::table
        .filter(withheld_review_flags::review_id.eq_any(&waiting))
        .select(withheld_review_flags::review_id)
        .load(c)?);
    let kept: HashSet<String> = kept.into_iter().collect();
    let shown = waiting.into_iter().filter(|id| !kept.contains(*id));
    let shown: Vec<Shown> = shown.map(|id| Shown::of(id, known.get(id))).collect();
    insert_all!(connection, withheld_review_flags, shown);
    Ok(())
}

/// Shows the public the flags that stand beside these reviews.
pub(super) fn publish(connection: &mut Connection, ids: &[&str]) -> Result<(), DbError> {
    for ids in ids.chunks(TOGETHER) {
        on!(&mut *connection, |c| diesel::delete(
            withheld_review_flags::table.filter(withheld_review_flags::review_id.eq_any(ids))
        )
        .execute(c)?);
    }
    Ok(())
}

/// Removes all flags of reviews that are gone for everybody.
pub(super) fn forget(connection: &mut Connection, ids: &[&str]) -> Result<(), DbError> {
    for ids in ids.chunks(TOGETHER) {
        on!(&mut *connection, |c| diesel::delete(review_flags::table.filter(review_flags::review_id.eq_any(ids)))
            .execute(c)?);
    }
    publish(connection, ids)
}

/// The reviews of these initiatives at a checkpoint.
pub(super) fn reviews_at(
    connection: &mut Connection,
    checkpoint_id: &str,
    initiatives: &[String],
) -> Result<Vec<String>, DbError> {
    Ok(on!(connection, |c| reviews::table
        .filter(reviews::checkpoint_id.eq(checkpoint_id))
        .filter(reviews::initiative_id.eq_any(initiatives))
        .select(reviews::id)
        .load(c)?))
}

//! The computed flags as they were when a review was written, and handed in: what was on the screen of whoever declared the other ones. Later
//! figures change what is computed, and leave this; so does an erratum, which corrects what was declared and not when.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::reviews::Review;
use super::schema::review_flags;
use super::states::{Flags, InitiativeRow};
use super::{Connection, DbError, Row, withheld};
use crate::domain::{ProgressVerdict, Verdict};

/// What was computed when a review was written.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = review_flags, treat_none_as_default_value = false)]
pub struct ReviewFlags {
    /// The review.
    pub review_id: String,
    /// Which version of it: a review that is written anew gets the flags of then, unless an erratum corrects it.
    pub version: i64,
    /// What was computed of the targets.
    pub outlook: Verdict,
    /// What was computed of the activities.
    pub progress: ProgressVerdict,
    /// When, in UTC.
    pub recorded_at: NaiveDateTime,
}

/// Keeps the computed flags for each of these reviews that has none in its version yet; a version that an erratum makes takes over those of what it
/// corrects.
///
/// # Errors
/// The database's own.
pub(super) fn keep(
    connection: &mut Connection,
    reviews: &[Row<Review>],
    computed: &[InitiativeRow],
) -> Result<(), DbError> {
    let ids: Vec<&str> = reviews.iter().map(|row| row.id.as_str()).collect();
    let known = of(connection, &ids)?;
    let new: Vec<&Row<Review>> =
        reviews.iter().filter(|row| known.get(&row.id).is_none_or(|flags| flags.version != row.version)).collect();
    if new.is_empty() {
        return Ok(());
    }
    let computed: HashMap<(&str, &str), &Flags> = computed
        .iter()
        .map(|InitiativeRow { flags, .. }| ((flags.checkpoint_id.as_str(), flags.initiative_id.as_str()), flags))
        .collect();
    let recorded_at = crate::clock::now();
    let erratum = connection.erratum;
    let flags = |row: &&Row<Review>| {
        if let Some(submitted) = known.get(&row.id).filter(|_| erratum) {
            return Some(ReviewFlags { version: row.version, ..submitted.clone() });
        }
        let flags = computed.get(&(row.content.checkpoint_id.as_str(), row.content.initiative_id.as_str()))?;
        Some(ReviewFlags {
            review_id: row.id.clone(),
            version: row.version,
            outlook: flags.computed_outlook,
            progress: flags.computed_progress,
            recorded_at,
        })
    };
    let flags = new.iter().filter_map(flags).collect();
    replace(connection, &new, &known, flags)
}

/// Keeps what is computed at this moment beside these reviews, because they are handed in now.
///
/// # Errors
/// The database's own.
pub fn renew(connection: &mut Connection, reviews: &[Row<Review>]) -> Result<(), DbError> {
    let checkpoints: Vec<&str> = reviews.iter().map(|row| row.content.checkpoint_id.as_str()).collect();
    let initiatives: Vec<&str> = reviews.iter().map(|row| row.content.initiative_id.as_str()).collect();
    let computed = super::reviews::computed(connection, &checkpoints, &initiatives)?;
    let recorded_at = crate::clock::now();
    let flags = |row: &Row<Review>| {
        let review = &row.content;
        let (outlook, progress) = *computed.get(&(review.checkpoint_id.clone(), review.initiative_id.clone()))?;
        Some(ReviewFlags { review_id: row.id.clone(), version: row.version, outlook, progress, recorded_at })
    };
    let flags: Vec<ReviewFlags> = reviews.iter().filter_map(flags).collect();
    let ids: Vec<&str> = reviews.iter().map(|row| row.id.as_str()).collect();
    let known = of(connection, &ids)?;
    replace(connection, &reviews.iter().collect::<Vec<_>>(), &known, flags)
}

/// Writes flags in the place of those that were kept for these reviews, which the public goes on reading as long as the reviews wait to be published.
fn replace(
    connection: &mut Connection,
    reviews: &[&Row<Review>],
    known: &HashMap<String, ReviewFlags>,
    flags: Vec<ReviewFlags>,
) -> Result<(), DbError> {
    if !connection.erratum {
        withheld::keep_flags_back(connection, reviews, known)?;
    }
    let replaced: Vec<&str> = reviews.iter().map(|row| row.id.as_str()).filter(|id| known.contains_key(*id)).collect();
    if !replaced.is_empty() {
        on!(&mut *connection, |c| diesel::delete(review_flags::table.filter(review_flags::review_id.eq_any(replaced)))
            .execute(c)?);
    }
    insert_all!(connection, review_flags, flags);
    Ok(())
}

/// What was computed when these reviews were written, by their ids.
///
/// # Errors
/// The database's own.
pub fn of(connection: &mut Connection, reviews: &[&str]) -> Result<HashMap<String, ReviewFlags>, DbError> {
    let found: Vec<ReviewFlags> = on!(connection, |c| review_flags::table
        .filter(review_flags::review_id.eq_any(reviews))
        .select(ReviewFlags::as_select())
        .load(c)?);
    Ok(found.into_iter().map(|flags| (flags.review_id.clone(), flags)).collect())
}

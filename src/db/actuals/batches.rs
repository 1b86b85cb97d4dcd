//! Many actuals at once: looked up, added and corrected in few statements.

use std::collections::HashSet;

use diesel::sql_types::{Array, BigInt, Bool, Date, Integer, Nullable, Text, Timestamp};

use super::*;
use crate::db::Backend;

/// Makes others that come to report many figures of these series wait until this is committed. On SQLite there is one
/// writer anyway. Whoever reports a single figure does not wait.
///
/// # Errors
/// The database's own.
pub fn lock_series(connection: &mut Connection, indicators: &[String]) -> Result<(), DbError> {
    if let Backend::Postgres(c) = &mut connection.backend {
        indicators::table
            .filter(indicators::id.eq_any(indicators))
            .select(indicators::id)
            .order(indicators::id)
            .for_no_key_update()
            .load::<String>(c)?;
    }
    Ok(())
}

/// What was reported of these subjects, by subject; what was withdrawn as well.
///
/// # Errors
/// The database's own.
pub fn reported(connection: &mut Connection, subjects: &[&Subject]) -> Result<HashMap<Subject, Row<Actual>>, DbError> {
    let found: Vec<Row<Actual>> = match &mut connection.backend {
        Backend::Sqlite(_) => {
            let mut series: HashMap<(&str, i32), Vec<&Subject>> = HashMap::new();
            for subject in subjects {
                series.entry((&subject.indicator_id, subject.fiscal_year)).or_default().push(subject);
            }
            let rows = series.into_iter().map(|(of, subjects)| reported_of_series(connection, of, &subjects));
            rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()
        }
        Backend::Postgres(c) => {
            let ids: Vec<String> = diesel::sql_query(
                "SELECT actuals.id FROM unnest($1, $2, $3, $4, $5) AS asked (indicator_id, fiscal_year, basis, period, as_of) \
                 JOIN actuals USING (indicator_id, fiscal_year, basis, period, as_of) WHERE origin = 'reported'",
            )
            .bind::<Array<Text>, _>(array!(subjects, |one| one.indicator_id.as_str()))
            .bind::<Array<Integer>, _>(array!(subjects, |one| one.fiscal_year))
            .bind::<Array<Text>, _>(array!(subjects, |one| one.basis.as_str()))
            .bind::<Array<Text>, _>(array!(subjects, |one| one.period.as_str()))
            .bind::<Array<Date>, _>(array!(subjects, |one| one.as_of))
            .load::<Found>(c)?
            .into_iter()
            .map(|found| found.id)
            .collect();
            let found = standing!().filter(actuals::id.eq_any(ids)).select(columns!()).load::<Loaded>(c)?;
            found.into_iter().map(row).collect()
        }
    };
    Ok(found.into_iter().map(|row| (row.content.subject.clone(), row)).collect())
}

/// What was reported of some subjects of an indicator's year. Within SQLite a look into an index costs less than the statement
/// around it: several subjects are picked out of the whole year.
fn reported_of_series(
    connection: &mut Connection,
    (indicator_id, fiscal_year): (&str, i32),
    subjects: &[&Subject],
) -> Result<Vec<Row<Actual>>, DbError> {
    if let [subject] = subjects {
        return Ok(find_by_subject(connection, subject)?.into_iter().collect());
    }
    let asked: HashSet<&Subject> = subjects.iter().copied().collect();
    let year: Vec<Loaded> = on!(connection, |c| standing!()
        .filter(actuals::indicator_id.eq(indicator_id))
        .filter(actuals::fiscal_year.eq(fiscal_year))
        .select(columns!())
        .load(c)?);
    Ok(year.into_iter().map(row).filter(|row| asked.contains(&row.content.subject)).collect())
}

/// An id that was looked up.
#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    id: String,
}

/// Adds actuals and corrects others: what carries a version above 1 has its next revision, the rest its first.
///
/// # Errors
/// [`DbError::Duplicate`] where somebody else has reported the same at the same moment.
pub fn report_all(
    connection: &mut Connection,
    new: &[Row<Actual>],
    corrected: &mut [Row<Actual>],
) -> Result<(), DbError> {
    let now = crate::clock::now();
    raise_versions(connection, corrected, now)?;
    match connection.backend {
        Backend::Sqlite(_) => {
            Actual::insert_all(connection, new)?;
            corrected.iter().try_for_each(|row| record(connection, row))
        }
        Backend::Postgres(_) => {
            add_subjects(connection, new)?;
            add_revisions(connection, new.iter().chain(corrected.iter()), now)?;
            history::record(connection, new)?;
            history::record(connection, corrected)
        }
    }
}

fn overtaken() -> DbError {
    DbError::Unavailable("an actual was corrected at the same moment".to_owned())
}

fn raise_versions(connection: &mut Connection, rows: &mut [Row<Actual>], now: NaiveDateTime) -> Result<(), DbError> {
    if rows.is_empty() {
        return Ok(());
    }
    match &mut connection.backend {
        Backend::Sqlite(c) => {
            for row in rows.iter() {
                let own = actuals::table.filter(actuals::id.eq(&row.id)).filter(actuals::version.eq(row.version));
                let set = (actuals::version.eq(row.version + 1), actuals::updated_at.eq(now));
                if diesel::update(own).set(set).execute(c)? != 1 {
                    return Err(overtaken());
                }
            }
        }
        Backend::Postgres(c) => {
            let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
            let versions: Vec<i64> = rows.iter().map(|row| row.version).collect();
            let raised = diesel::sql_query(
                "UPDATE actuals SET version = actuals.version + 1, updated_at = $3 \
                 FROM unnest($1, $2) AS known (id, version) \
                 WHERE actuals.id = known.id AND actuals.version = known.version",
            )
            .bind::<Array<Text>, _>(ids)
            .bind::<Array<BigInt>, _>(versions)
            .bind::<Timestamp, _>(now)
            .execute(c)?;
            if raised != rows.len() {
                return Err(overtaken());
            }
        }
    }
    for row in rows {
        row.version += 1;
        row.updated_at = now;
    }
    Ok(())
}

fn add_subjects(connection: &mut Connection, rows: &[Row<Actual>]) -> Result<(), DbError> {
    let Backend::Postgres(c) = &mut connection.backend else { return Ok(()) };
    if rows.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "INSERT INTO actuals (id, indicator_id, fiscal_year, basis, period, as_of, origin, version, created_at, updated_at) \
         SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind::<Array<Text>, _>(array!(rows, |row| row.id.as_str()))
    .bind::<Array<Text>, _>(array!(rows, |row| row.content.subject.indicator_id.as_str()))
    .bind::<Array<Integer>, _>(array!(rows, |row| row.content.subject.fiscal_year))
    .bind::<Array<Text>, _>(array!(rows, |row| row.content.subject.basis.as_str()))
    .bind::<Array<Text>, _>(array!(rows, |row| row.content.subject.period.as_str()))
    .bind::<Array<Date>, _>(array!(rows, |row| row.content.subject.as_of))
    .bind::<Array<Text>, _>(array!(rows, |row| row.content.subject.origin.as_str()))
    .bind::<Array<BigInt>, _>(array!(rows, |row| row.version))
    .bind::<Array<Timestamp>, _>(array!(rows, |row| row.created_at))
    .bind::<Array<Timestamp>, _>(array!(rows, |row| row.updated_at))
    .execute(c)?;
    Ok(())
}

fn add_revisions<'a>(
    connection: &mut Connection,
    rows: impl Iterator<Item = &'a Row<Actual>>,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    let Backend::Postgres(c) = &mut connection.backend else { return Ok(()) };
    let rows: Vec<(&str, i64, &Figure)> = rows.map(|row| (row.id.as_str(), row.version, &row.content.figure)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let text = |value: &Option<Decimal>| value.map(|value| value.to_string());
    diesel::sql_query(
        "INSERT INTO actual_revisions (actual_id, revision, value, missing, numerator, denominator, sample_size, method, \
         breakdown, approximate, provisional, from_day, note, withdrawn, author, reason, recorded_at) \
         SELECT *, $17 FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind::<Array<Text>, _>(array!(rows, |row| row.0))
    .bind::<Array<BigInt>, _>(array!(rows, |row| row.1))
    .bind::<Array<Nullable<Text>>, _>(array!(rows, |row| text(&row.2.value)))
    .bind::<Array<Nullable<Text>>, _>(array!(rows, |row| row.2.missing.map(MissingReason::as_str)))
    .bind::<Array<Nullable<Text>>, _>(array!(rows, |row| text(&row.2.numerator)))
    .bind::<Array<Nullable<Text>>, _>(array!(rows, |row| text(&row.2.denominator)))
    .bind::<Array<Nullable<BigInt>>, _>(array!(rows, |row| row.2.sample_size))
    .bind::<Array<Nullable<Text>>, _>(array!(rows, |row| row.2.method.as_deref()))
    .bind::<Array<Text>, _>(array!(rows, |row| row.2.breakdown.as_str()))
    .bind::<Array<Bool>, _>(array!(rows, |row| row.2.approximate))
    .bind::<Array<Bool>, _>(array!(rows, |row| row.2.provisional))
    .bind::<Array<Nullable<Date>>, _>(array!(rows, |row| row.2.from_day))
    .bind::<Array<Nullable<Text>>, _>(array!(rows, |row| row.2.note.as_deref()))
    .bind::<Array<Bool>, _>(array!(rows, |row| row.2.withdrawn))
    .bind::<Array<Nullable<Text>>, _>(array!(rows, |row| row.2.author.as_deref()))
    .bind::<Array<Nullable<Text>>, _>(array!(rows, |row| row.2.reason.as_deref()))
    .bind::<Timestamp, _>(now)
    .execute(c)?;
    Ok(())
}

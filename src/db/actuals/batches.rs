//! Many actuals at once: looked up, added and corrected in few statements.

use std::collections::{HashMap, HashSet};

use diesel::sql_types::{Array, BigInt, Bool, Date, Integer, Nullable, Text, Timestamp};

use super::*;

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
            let ids: Vec<String> = Fixed(diesel::sql_query(
                "SELECT actuals.id FROM unnest($1, $2, $3, $4, $5) AS asked (indicator_id, fiscal_year, basis, period, as_of) \
                 JOIN actuals USING (indicator_id, fiscal_year, basis, period, as_of) WHERE origin = 'reported'",
            )
            .bind::<Array<Text>, _>(array!(subjects, |one| one.indicator_id.as_str()))
            .bind::<Array<Integer>, _>(array!(subjects, |one| one.fiscal_year))
            .bind::<Array<Text>, _>(array!(subjects, |one| one.basis.as_str()))
            .bind::<Array<Text>, _>(array!(subjects, |one| one.period.as_str()))
            .bind::<Array<Date>, _>(array!(subjects, |one| one.as_of)))
            .load::<Found>(c)?
            .into_iter()
            .map(|found| found.id)
            .collect();
            if ids.is_empty() {
                return Ok(HashMap::new());
            }
            let found: Vec<Loaded<Actual>> =
                actuals::table.filter(actuals::id.eq_any(ids)).select(row_columns!(actuals, Actual)).load(c)?;
            found.into_iter().map(Row::from).collect()
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
    let year: Vec<Loaded<Actual>> = on!(connection, |c| actuals::table
        .filter(actuals::indicator_id.eq(indicator_id))
        .filter(actuals::fiscal_year.eq(fiscal_year))
        .select(row_columns!(actuals, Actual))
        .load(c)?);
    Ok(year.into_iter().map(Row::from).filter(|row| asked.contains(&row.content.subject)).collect())
}

/// The id of an actual that was found.
#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    id: String,
}

/// Adds actuals, and corrects others: each of those gets its next revision.
///
/// # Errors
/// [`DbError::Duplicate`] where somebody else has reported the same at the same moment.
pub fn report_all(
    connection: &mut Connection,
    new: &[Row<Actual>],
    corrected: &mut [Row<Actual>],
) -> Result<(), DbError> {
    Actual::insert_all(connection, new)?;
    match connection.backend {
        Backend::Sqlite(_) => {
            for row in corrected {
                if !Actual::update(connection, row)? {
                    return Err(overtaken());
                }
            }
            Ok(())
        }
        Backend::Postgres(_) => correct(connection, corrected),
    }
}

fn overtaken() -> DbError {
    DbError::Unavailable("an actual was corrected at the same moment".to_owned())
}

/// The columns of the figures of rows as arrays, bound to the next parameters of a statement, in the order of [`Figure`].
macro_rules! bind_figures {
    ($statement:expr, $rows:expr) => {{
        let text = |value: &Option<Decimal>| value.map(|value| value.to_string());
        $statement
            .bind::<Array<Nullable<Text>>, _>(array!($rows, |row| text(&row.content.figure.value)))
            .bind::<Array<Nullable<Text>>, _>(array!($rows, |row| row
                .content
                .figure
                .missing
                .map(MissingReason::as_str)))
            .bind::<Array<Nullable<Text>>, _>(array!($rows, |row| text(&row.content.figure.numerator)))
            .bind::<Array<Nullable<Text>>, _>(array!($rows, |row| text(&row.content.figure.denominator)))
            .bind::<Array<Nullable<BigInt>>, _>(array!($rows, |row| row.content.figure.sample_size))
            .bind::<Array<Nullable<Text>>, _>(array!($rows, |row| row.content.figure.method.as_deref()))
            .bind::<Array<Text>, _>(array!($rows, |row| row.content.figure.breakdown.as_str()))
            .bind::<Array<Bool>, _>(array!($rows, |row| row.content.figure.approximate))
            .bind::<Array<Bool>, _>(array!($rows, |row| row.content.figure.provisional))
            .bind::<Array<Nullable<Date>>, _>(array!($rows, |row| row.content.figure.from_day))
            .bind::<Array<Nullable<Text>>, _>(array!($rows, |row| row.content.figure.note.as_deref()))
            .bind::<Array<Bool>, _>(array!($rows, |row| row.content.figure.withdrawn))
            .bind::<Array<Nullable<Text>>, _>(array!($rows, |row| row.content.figure.author.as_deref()))
            .bind::<Array<Nullable<Text>>, _>(array!($rows, |row| row.content.figure.reason.as_deref()))
    }};
}

/// Adds actuals in one statement.
pub(super) fn insert_all(connection: &mut Connection, rows: &[Row<Actual>]) -> Result<(), DbError> {
    let Backend::Postgres(c) = &mut connection.backend else { return Ok(()) };
    if rows.is_empty() {
        return Ok(());
    }
    let statement = diesel::sql_query(
        "INSERT INTO actuals (id, indicator_id, fiscal_year, basis, period, as_of, origin, version, created_at, updated_at, \
         value, missing, numerator, denominator, sample_size, method, breakdown, approximate, provisional, from_day, note, \
         withdrawn, author, reason) \
         SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6), unnest($7), unnest($8), \
         unnest($9), unnest($10), unnest($11), unnest($12), unnest($13), unnest($14), unnest($15), unnest($16), \
         unnest($17), unnest($18), unnest($19), unnest($20), unnest($21), unnest($22), unnest($23), unnest($24)",
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
    .bind::<Array<Timestamp>, _>(array!(rows, |row| row.updated_at));
    Fixed(bind_figures!(statement, rows)).run(c)?;
    history::record(connection, rows)
}

fn correct(connection: &mut Connection, rows: &mut [Row<Actual>]) -> Result<(), DbError> {
    let Backend::Postgres(c) = &mut connection.backend else { return Ok(()) };
    if rows.is_empty() {
        return Ok(());
    }
    let now = crate::clock::now();
    let statement = diesel::sql_query(
        "UPDATE actuals SET version = actuals.version + 1, updated_at = $1, value = new.value, missing = new.missing, \
         numerator = new.numerator, denominator = new.denominator, sample_size = new.sample_size, method = new.method, \
         breakdown = new.breakdown, approximate = new.approximate, provisional = new.provisional, from_day = new.from_day, \
         note = new.note, withdrawn = new.withdrawn, author = new.author, reason = new.reason \
         FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AS new (id, version, value, \
         missing, numerator, denominator, sample_size, method, breakdown, approximate, provisional, from_day, note, withdrawn, \
         author, reason) \
         WHERE actuals.id = new.id AND actuals.version = new.version RETURNING actuals.id",
    )
    .bind::<Timestamp, _>(now)
    .bind::<Array<Text>, _>(array!(rows, |row| row.id.as_str()))
    .bind::<Array<BigInt>, _>(array!(rows, |row| row.version));
    if Fixed(bind_figures!(statement, rows)).load::<Found>(c)?.len() != rows.len() {
        return Err(overtaken());
    }
    for row in rows.iter_mut() {
        row.version += 1;
        row.updated_at = now;
    }
    history::record(connection, rows)
}

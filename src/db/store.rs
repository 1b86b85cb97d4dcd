//! What every stored resource has in common: an id, a content, a version; find, insert, update, delete, list.

use chrono::NaiveDateTime;

use super::{Connection, DbError};

/// A stored resource: its content and what the service adds to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<T> {
    /// Opaque and stable.
    pub id: String,
    /// What was given.
    pub content: T,
    /// Counts the changes, from 1. The strong ETag is made of it.
    pub version: i64,
    /// In UTC.
    pub created_at: NaiveDateTime,
    /// In UTC.
    pub updated_at: NaiveDateTime,
}

impl<T> Row<T> {
    /// A row that has not been stored yet.
    pub fn new(content: T) -> Self {
        let now = crate::clock::now();
        Self { id: super::new_id(), content, version: 1, created_at: now, updated_at: now }
    }
}

/// A [`Row`] as diesel loads it, by [`row_columns!`].
pub(crate) type Loaded<T> = (String, T, i64, NaiveDateTime, NaiveDateTime);

impl<T> From<Loaded<T>> for Row<T> {
    fn from((id, content, version, created_at, updated_at): Loaded<T>) -> Self {
        Self { id, content, version, created_at, updated_at }
    }
}

/// A content that has a table.
pub trait Stored: Clone + PartialEq + Send + Sized + 'static {
    /// Reads one row.
    ///
    /// # Errors
    /// The database's own.
    fn find(connection: &mut Connection, id: &str) -> Result<Option<Row<Self>>, DbError>;

    /// Adds a row.
    ///
    /// # Errors
    /// [`DbError::Duplicate`] and [`DbError::Reference`] by the schema's rules.
    fn insert(connection: &mut Connection, row: &Row<Self>) -> Result<(), DbError>;

    /// Adds rows, together where the database gains by it.
    ///
    /// # Errors
    /// [`DbError::Duplicate`] and [`DbError::Reference`] by the schema's rules.
    fn insert_all(connection: &mut Connection, rows: &[Row<Self>]) -> Result<(), DbError> {
        rows.iter().try_for_each(|row| Self::insert(connection, row))
    }

    /// Writes the row's content over the version that the row carries, and gives the row its new version. `false`
    /// where the stored row has another version by now: nothing is changed then.
    ///
    /// # Errors
    /// [`DbError::Duplicate`] and [`DbError::Reference`] by the schema's rules.
    fn update(connection: &mut Connection, row: &mut Row<Self>) -> Result<bool, DbError>;

    /// Removes the row in this version. `false` where it has another version by now.
    ///
    /// # Errors
    /// [`DbError::Reference`] where something depends on it.
    fn delete(connection: &mut Connection, row: &Row<Self>) -> Result<bool, DbError>;
}

// One row is asked for with `get_result`, not with `first`: the latter adds `LIMIT ?`, and SQLite prepares a statement
// with a bound limit anew each time that it is run.

/// Implements [`Stored`] for a content that is one table's columns beside `id`, `version` and the two times, and keeps
/// its history: `scope` is what it is read with ([`super::history::Recorded::scope`]), `report` what it reports and `of the plan` when that is
/// the plan's own word.
macro_rules! stored {
    ($table:ident, $content:ty, |$self:ident| $scope:expr $(, report $report:expr)? $(, of the plan $of_the_plan:expr)?) => {
        impl $crate::db::history::Recorded for $content {
            const KIND: &'static str = stringify!($table);

            fn scope(&self) -> &str {
                let $self = self;
                $scope
            }

            $(fn report(&self) -> Option<$crate::db::history::Report> {
                let $self = self;
                Some($report)
            })?

            $(fn is_of_the_plan(&self) -> bool {
                let $self = self;
                $of_the_plan
            })?
        }

        impl $crate::db::Stored for $content {
            fn find(
                connection: &mut $crate::db::Connection,
                id: &str,
            ) -> Result<Option<$crate::db::Row<Self>>, $crate::db::DbError> {
                let row = on!(connection, |c| $table::table
                    .find(id)
                    .select(row_columns!($table, $content))
                    .get_result::<$crate::db::store::Loaded<Self>>(c)
                    .optional()?);
                Ok(row.map($crate::db::Row::from))
            }

            fn insert(
                connection: &mut $crate::db::Connection,
                row: &$crate::db::Row<Self>,
            ) -> Result<(), $crate::db::DbError> {
                on!(&mut *connection, |c| diesel::insert_into($table::table)
                    .values((
                        $table::id.eq(&row.id),
                        &row.content,
                        $table::version.eq(row.version),
                        $table::created_at.eq(row.created_at),
                        $table::updated_at.eq(row.updated_at),
                    ))
                    .execute(c)?);
                $crate::db::history::record(connection, std::slice::from_ref(row))
            }

            fn insert_all(
                connection: &mut $crate::db::Connection,
                rows: &[$crate::db::Row<Self>],
            ) -> Result<(), $crate::db::DbError> {
                let values: Vec<_> = rows
                    .iter()
                    .map(|row| {
                        (
                            $table::id.eq(&row.id),
                            &row.content,
                            $table::version.eq(row.version),
                            $table::created_at.eq(row.created_at),
                            $table::updated_at.eq(row.updated_at),
                        )
                    })
                    .collect();
                insert_all!(&mut *connection, $table, values);
                $crate::db::history::record(connection, rows)
            }

            fn update(
                connection: &mut $crate::db::Connection,
                row: &mut $crate::db::Row<Self>,
            ) -> Result<bool, $crate::db::DbError> {
                let now = $crate::clock::now();
                let changed = on!(&mut *connection, |c| diesel::update(
                    $table::table.filter($table::id.eq(&row.id)).filter($table::version.eq(row.version))
                )
                .set((&row.content, $table::version.eq(row.version + 1), $table::updated_at.eq(now)))
                .execute(c)?);
                if changed != 1 {
                    return Ok(false);
                }
                row.version += 1;
                row.updated_at = now;
                $crate::db::history::record(connection, std::slice::from_ref(row))?;
                Ok(true)
            }

            fn delete(
                connection: &mut $crate::db::Connection,
                row: &$crate::db::Row<Self>,
            ) -> Result<bool, $crate::db::DbError> {
                let removed = on!(&mut *connection, |c| diesel::delete(
                    $table::table.filter($table::id.eq(&row.id)).filter($table::version.eq(row.version))
                )
                .execute(c)?);
                if removed != 1 {
                    return Ok(false);
                }
                $crate::db::history::record_removal(connection, row);
                Ok(true)
            }
        }
    };
}

/// The columns of a [`Row`], in its order.
macro_rules! row_columns {
    ($table:ident, $content:ty) => {
        ($table::id, <$content>::as_select(), $table::version, $table::created_at, $table::updated_at)
    };
}

/// A part of a list: how much, in which order, after what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// At most so many rows.
    pub limit: i64,
    /// The key to order by; the id breaks ties.
    pub key: String,
    /// From the last to the first.
    pub descending: bool,
    /// The last row of the page before.
    pub after: Option<Position>,
}

/// Where a page ended: the order's key and the id of its last row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// The value of the order's key, as text.
    pub key: String,
    /// The id, which breaks ties.
    pub id: String,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    /// The rows.
    pub rows: Vec<Row<T>>,
    /// How many there are on all pages.
    pub total: i64,
    /// Where the next page starts; `None` on the last.
    pub next: Option<Position>,
}

/// A key to order by, as a text that sorts a page's end out and reads back.
pub trait SortKey: Sized {
    /// As text.
    fn write(&self) -> String;
    /// From text; `None` for a text that is no such key.
    fn read(text: &str) -> Option<Self>;
}

impl SortKey for String {
    fn write(&self) -> String {
        self.clone()
    }
    fn read(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl SortKey for i32 {
    fn write(&self) -> String {
        self.to_string()
    }
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl SortKey for NaiveDateTime {
    fn write(&self) -> String {
        format!("{self:?}")
    }
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl SortKey for chrono::NaiveDate {
    fn write(&self) -> String {
        self.to_string()
    }
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// Runs a filtered list of what the caller may see: counts it, and reads one page in one of the orders that are named. Every list can also be
/// ordered by `created_at` (the ids lie in that order) and by `updated_at`.
///
/// `list!(connection, page, table, Content, { "key" => column: Type = |row| value }, |query| filter the query)`
macro_rules! list {
    ($connection:expr, $page:expr, $table:ident, $content:ty,
     { $($key:literal => $column:ident : $kind:ty = $value:expr),* $(,)? }, |$query:ident| $filter:block) => {{
        let page: &$crate::db::store::Page = $page;
        let limits = $connection.caller.limits();
        let (total, rows): (i64, Vec<$crate::db::store::Loaded<$content>>) =
            on!($connection, |c| {
                let filtered = || {
                    let mut $query = $table::table.into_boxed();
                    if let Some(limits) = &limits {
                        $query = within!($table, $query, limits);
                    }
                    $filter
                    $query
                };
                let total = filtered().count().get_result(c)?;
                let mut query = filtered();
                match page.key.as_str() {
                    $($key => list!(@order query, page, $table, $column, $kind),)*
                    "updated_at" => list!(@order query, page, $table, updated_at, chrono::NaiveDateTime),
                    _ => list!(@order query, page, $table, id, String),
                }
                (total, query.limit(page.limit + 1).select(row_columns!($table, $content)).load(c)?)
            });
        let mut rows: Vec<$crate::db::Row<$content>> = rows.into_iter().map($crate::db::Row::from).collect();
        let more = rows.len() as i64 > page.limit;
        rows.truncate(page.limit as usize);
        let next = rows.last().filter(|_| more).map(|row| $crate::db::store::Position {
            key: match page.key.as_str() {
                $($key => {
                    let value: fn(&$crate::db::Row<$content>) -> $kind = $value;
                    $crate::db::store::SortKey::write(&value(row))
                })*
                "updated_at" => $crate::db::store::SortKey::write(&row.updated_at),
                _ => row.id.clone(),
            },
            id: row.id.clone(),
        });
        Ok($crate::db::store::Listed { rows, total, next })
    }};
    (@order $query:ident, $page:ident, $table:ident, $column:ident, $kind:ty) => {{
        if let Some(after) = &$page.after {
            let Some(key) = <$kind as $crate::db::store::SortKey>::read(&after.key) else {
                return Err($crate::db::DbError::Position(after.key.clone()));
            };
            $query = if $page.descending {
                $query.filter($table::$column.lt(key.clone()).or($table::$column.eq(key).and($table::id.lt(after.id.clone()))))
            } else {
                $query.filter($table::$column.gt(key.clone()).or($table::$column.eq(key).and($table::id.gt(after.id.clone()))))
            };
        }
        $query = if $page.descending {
            $query.order(($table::$column.desc(), $table::id.desc()))
        } else {
            $query.order(($table::$column.asc(), $table::id.asc()))
        };
    }};
}

/// A column of rows as an array: one statement for all of them, whose text does not grow with their number.
macro_rules! array {
    ($rows:expr, |$row:ident| $value:expr) => {
        $rows.iter().map(|$row| $value).collect::<Vec<_>>()
    };
}

/// Inserts rows: one by one where the database is in this process, many at a time where each statement is a journey.
/// (diesel would open a transaction of its own for a batch on SQLite, which has one already.)
macro_rules! insert_all {
    ($connection:expr, $table:ident, $rows:expr) => {
        match &mut ($connection).backend {
            $crate::db::Backend::Sqlite(c) => {
                for row in $rows {
                    diesel::insert_into($table::table).values(row).execute(c)?;
                }
            }
            $crate::db::Backend::Postgres(c) => {
                for rows in $rows.chunks(1_000) {
                    diesel::insert_into($table::table).values(rows.to_vec()).execute(c)?;
                }
            }
        }
    };
}

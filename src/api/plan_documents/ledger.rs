//! Writing rows and counting what was written.

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::{Connection, DbError, Row, Stored};

/// How many rows a document has created, updated and deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Changes {
    /// Rows that were not there before.
    pub created: u64,
    /// Rows that were different.
    pub updated: u64,
    /// Rows that the document no longer has.
    pub deleted: u64,
}

impl Changes {
    /// Whether anything was written.
    pub fn any(self) -> bool {
        self != Self::default()
    }
}

/// Writes rows and counts them.
pub(super) struct Ledger<'c> {
    pub(super) c: &'c mut Connection,
    pub(super) changes: Changes,
}

impl Ledger<'_> {
    /// Makes a row have this content and gives its id.
    pub(super) fn settle<T: Stored>(&mut self, stored: Option<&Row<T>>, content: T) -> Result<String, DbError> {
        match stored {
            Some(row) if row.content == content => Ok(row.id.clone()),
            Some(row) => {
                let mut row = Row { content, ..row.clone() };
                if !T::update(self.c, &mut row)? {
                    return Err(DbError::Unavailable("the plan was changed at the same moment".to_owned()));
                }
                self.changes.updated += 1;
                Ok(row.id)
            }
            None => {
                let row = Row::new(content);
                T::insert(self.c, &row)?;
                self.changes.created += 1;
                Ok(row.id)
            }
        }
    }

    /// Removes a row.
    pub(super) fn remove<T: Stored>(&mut self, row: &Row<T>) -> Result<(), DbError> {
        T::delete(self.c, row)?;
        self.changes.deleted += 1;
        Ok(())
    }
}

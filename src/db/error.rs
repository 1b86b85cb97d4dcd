//! What can go wrong between the service and its database.

use diesel::result::{DatabaseErrorKind, Error};

/// A failed query, as far as the caller can do something about it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DbError {
    /// A uniqueness rule of the schema stands against the write.
    #[error("the write breaks a uniqueness rule: {0}")]
    Duplicate(String),
    /// The write refers to a row that is not there, or removes one that others refer to.
    #[error("the write breaks a reference: {0}")]
    Reference(String),
    /// The database is busy or cannot be reached; the same request may succeed later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Anything else. The cause is for the log, not for the client.
    #[error("the database failed: {0}")]
    Failed(String),
}

impl From<Error> for DbError {
    fn from(error: Error) -> Self {
        match &error {
            Error::DatabaseError(kind, information) => {
                let text = match information.details() {
                    Some(details) => format!("{}: {details}", information.message()),
                    None => information.message().to_owned(),
                };
                match kind {
                    DatabaseErrorKind::UniqueViolation => Self::Duplicate(text),
                    DatabaseErrorKind::ForeignKeyViolation => Self::Reference(text),
                    DatabaseErrorKind::ClosedConnection
                    | DatabaseErrorKind::UnableToSendCommand
                    | DatabaseErrorKind::SerializationFailure => Self::Unavailable(text),
                    _ if text.contains("database is locked") || text.contains("deadlock") => Self::Unavailable(text),
                    _ => Self::Failed(text),
                }
            }
            _ => Self::Failed(error.to_string()),
        }
    }
}

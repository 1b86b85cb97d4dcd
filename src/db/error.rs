//! What can go wrong between the service and its database.

use std::fmt;

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};

/// A failed query, as far as the caller can do something about it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DbError {
    /// A uniqueness rule of the schema stands against the write.
    #[error("the write breaks a uniqueness rule: {0}")]
    Duplicate(Violation),
    /// The write refers to a row that is not there, or removes one that others refer to.
    #[error("the write breaks a reference: {0}")]
    Reference(Violation),
    /// What was submitted stands still. Names the submission.
    #[error("submission {0} is locked")]
    Locked(String),
    /// A page is to start after a row that no page of this list can have ended with.
    #[error("no page of this list ends at {0:?}")]
    Position(String),
    /// The database is busy or cannot be reached; the same request may succeed later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Anything else. The cause is for the log, not for the client.
    #[error("the database failed: {0}")]
    Failed(String),
}

/// The rule that a write breaks, as far as the database names it. SQLite says nothing of a reference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violation {
    /// The columns that the rule is about.
    pub columns: Vec<String>,
    /// The table that a reference leads to.
    pub referred: Option<String>,
    /// What the database said, for the log.
    pub text: String,
}

impl Violation {
    /// A rule about these columns, found by the service itself.
    pub fn of(columns: &[&str], text: impl Into<String>) -> Self {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        Self { columns, referred: None, text: text.into() }
    }

    fn read(message: &str, details: Option<&str>) -> Self {
        let text = details.map_or_else(|| message.to_owned(), |details| format!("{message}: {details}"));
        let columns = match (message.strip_prefix("UNIQUE constraint failed: "), details) {
            // SQLite: `UNIQUE constraint failed: plans.organization_id, plans.fiscal_year`
            (Some(columns), _) => names(columns),
            // PostgreSQL: `Key (organization_id, fiscal_year)=(…, 2021) already exists.`
            (None, Some(details)) => {
                let key = details.strip_prefix("Key (").and_then(|rest| rest.split_once(")=("));
                key.map(|(columns, _)| names(columns)).unwrap_or_default()
            }
            (None, None) => Vec::new(),
        };
        // PostgreSQL: `Key (plan_id)=(…) is not present in table "plans".`
        let referred = details.and_then(|details| details.rsplit_once(" is not present in table \""));
        let referred = referred.and_then(|(_, rest)| Some(rest.split_once('"')?.0.to_owned()));
        Self { columns, referred, text }
    }
}

/// The names of columns, without that of their table.
fn names(columns: &str) -> Vec<String> {
    columns.split(", ").map(|column| column.rsplit('.').next().unwrap_or(column).to_owned()).collect()
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What the two databases and the driver say when the connection is gone, or going, or somebody else was first. The
/// driver has no kind of its own for these.
const PASSING: [&str; 10] = [
    "database is locked",
    "deadlock",
    "terminating connection",
    "connection closed",
    "the database system is",
    "server closed the connection",
    "error communicating with the server",
    "Connection reset",
    "Broken pipe",
    "too many clients",
];

impl From<Error> for DbError {
    fn from(error: Error) -> Self {
        let passing = |text: &str| PASSING.iter().any(|sign| text.contains(sign));
        let Error::DatabaseError(kind, information) = &error else {
            let text = error.to_string();
            return if passing(&text) { Self::Unavailable(text) } else { Self::Failed(text) };
        };
        let information: &dyn DatabaseErrorInformation = information.as_ref();
        let violation = Violation::read(information.message(), information.details());
        match kind {
            DatabaseErrorKind::UniqueViolation => Self::Duplicate(violation),
            DatabaseErrorKind::ForeignKeyViolation => Self::Reference(violation),
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::SerializationFailure => Self::Unavailable(violation.text),
            _ if passing(&violation.text) => Self::Unavailable(violation.text),
            _ => Self::Failed(violation.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_name_the_columns_of_a_broken_rule() {
        let (sqlite, postgres) =
            ("UNIQUE constraint failed: plans.organization_id, plans.fiscal_year", "duplicate key");
        let details = Some("Key (organization_id, fiscal_year)=(0199, 2021) already exists.");
        for violation in [Violation::read(sqlite, None), Violation::read(postgres, details)] {
            assert_eq!(violation.columns, ["organization_id", "fiscal_year"], "{violation}");
            assert_eq!(violation.referred, None, "{violation}");
        }
        let unknown = Violation::read("violates", Some(r#"Key (plan_id)=(0199) is not present in table "plans"."#));
        assert_eq!((unknown.columns, unknown.referred), (vec!["plan_id".to_owned()], Some("plans".to_owned())));
        assert_eq!(Violation::read("FOREIGN KEY constraint failed", None).columns, Vec::<String>::new());
    }
}

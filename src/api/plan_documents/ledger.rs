//! Writing rows and counting what was written.

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::activities::Activity;
use crate::db::actuals::Actual;
use crate::db::budget_lines::{self, BudgetLine};
use crate::db::indicators::Indicator;
use crate::db::initiatives::Initiative;
use crate::db::objectives::Objective;
use crate::db::reviews::Review;
use crate::db::targets::Target;
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

/// New rows that are inserted together: on PostgreSQL each statement is a journey.
#[derive(Default)]
struct Waiting {
    objectives: Vec<Row<Objective>>,
    initiatives: Vec<Row<Initiative>>,
    budget_lines: Vec<BudgetLine>,
    indicators: Vec<Row<Indicator>>,
    targets: Vec<Row<Target>>,
    actuals: Vec<Row<Actual>>,
    activities: Vec<Row<Activity>>,
    reviews: Vec<Row<Review>>,
}

/// What a plan has many of.
pub(super) trait Many: Stored {
    /// The rows of this kind that wait.
    fn waiting<'l>(ledger: &'l mut Ledger<'_>) -> &'l mut Vec<Row<Self>>;
}

macro_rules! many {
    ($($content:ty: $list:ident),+ $(,)?) => {
        $(impl Many for $content {
            fn waiting<'l>(ledger: &'l mut Ledger<'_>) -> &'l mut Vec<Row<Self>> {
                &mut ledger.waiting.$list
            }
        })+
    };
}

many!(
    Objective: objectives,
    Initiative: initiatives,
    Indicator: indicators,
    Target: targets,
    Actual: actuals,
    Activity: activities,
    Review: reviews,
);

/// Writes rows and counts them.
pub(super) struct Ledger<'c> {
    pub(super) c: &'c mut Connection,
    pub(super) changes: Changes,
    waiting: Waiting,
}

impl<'c> Ledger<'c> {
    /// Nothing is written yet.
    pub(super) fn new(c: &'c mut Connection) -> Self {
        Self { c, changes: Changes::default(), waiting: Waiting::default() }
    }

    /// Like [`Self::settle`], but a new row is only there after [`Self::flush`].
    pub(super) fn settle_later<T: Many>(&mut self, stored: Option<&Row<T>>, content: T) -> Result<String, DbError> {
        match stored {
            Some(row) if row.content == content => Ok(row.id.clone()),
            Some(_) => {
                // It may refer to rows that wait.
                self.flush()?;
                self.settle(stored, content)
            }
            None => {
                let row = Row::new(content);
                let id = row.id.clone();
                T::waiting(self).push(row);
                self.changes.created += 1;
                Ok(id)
            }
        }
    }

    /// Adds the lines of an initiative that has none.
    pub(super) fn add_budget_lines_later(&mut self, lines: Vec<BudgetLine>) {
        self.waiting.budget_lines.extend(lines);
    }

    /// Inserts what waits; what is referred to comes first.
    pub(super) fn flush(&mut self) -> Result<(), DbError> {
        let Waiting { objectives, initiatives, budget_lines, indicators, targets, actuals, activities, reviews } =
            std::mem::take(&mut self.waiting);
        Objective::insert_all(self.c, &objectives)?;
        Initiative::insert_all(self.c, &initiatives)?;
        budget_lines::insert_all(self.c, &budget_lines)?;
        Indicator::insert_all(self.c, &indicators)?;
        Target::insert_all(self.c, &targets)?;
        Actual::insert_all(self.c, &actuals)?;
        Activity::insert_all(self.c, &activities)?;
        Review::insert_all(self.c, &reviews)
    }

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

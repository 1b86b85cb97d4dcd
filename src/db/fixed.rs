//! Statements that stay prepared.

use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::connection::LoadConnection;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::Untyped;

/// A statement whose text is always the same, so that the connection keeps it prepared. diesel does so by itself for most
/// queries, but not for updates and SQL that is written by hand, since it cannot know that their text does not vary; and of the
/// others it asks every time.
///
/// It has to be loaded, or [`Fixed::run`] where it gives no rows. `execute` shows connections a reference to it, through which
/// they cannot see that it is fixed, and prepare it anew each time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fixed<Q>(pub Q);

impl<Q> Fixed<Q> {
    /// Runs a statement that gives no rows.
    pub(super) fn run<C>(self, connection: &mut C) -> QueryResult<()>
    where
        C: LoadConnection,
        Q: QueryFragment<C::Backend> + QueryId,
    {
        for row in connection.load(Rowless(self.0))? {
            row?;
        }
        Ok(())
    }
}

/// Found again as the statement itself is: by its type, or by its text.
impl<Q: QueryId> QueryId for Fixed<Q> {
    type QueryId = Fixed<Q::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Fixed<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q: Query> Query for Fixed<Q> {
    type SqlType = Q::SqlType;
}

impl<C, Q> RunQueryDsl<C> for Fixed<Q> {}

/// A fixed statement that gives no rows, which can be loaded all the same.
struct Rowless<Q>(Q);

impl<Q: QueryId> QueryId for Rowless<Q> {
    type QueryId = <Fixed<Q> as QueryId>::QueryId;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Rowless<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q> Query for Rowless<Q> {
    type SqlType = Untyped;
}

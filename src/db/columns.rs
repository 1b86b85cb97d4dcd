//! How the domain's words and decimals lie in text columns, the same on both databases.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::pg::Pg;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Nullable, Text};
use diesel::sqlite::Sqlite;

use crate::domain::access::Role;
use crate::domain::submission::{Corrected, SubmissionState};
use crate::domain::{
    ActivityState, Basis, BudgetKind, Decimal, Measure, MissingReason, OrganizationKind, Outlook, PlanStatus, Polarity,
    Progress, ProgressVerdict, TargetState, Verdict,
};

/// Lets a type that has `Display` and `FromStr` be read from, written to and compared with a text column.
macro_rules! stored_as_text {
    ($($name:ty),+ $(,)?) => { $(
        impl<DB: Backend> FromSql<Text, DB> for $name
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(String::from_sql(bytes)?.parse()?)
            }
        }

        impl<DB: Backend> Queryable<Text, DB> for $name
        where
            Self: FromSql<Text, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }

        impl ToSql<Text, Sqlite> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.to_string());
                Ok(IsNull::No)
            }
        }

        impl ToSql<Text, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                <String as ToSql<Text, Pg>>::to_sql(&self.to_string(), &mut out.reborrow())
            }
        }

        stored_as_text!(@null $name, Sqlite);
        stored_as_text!(@null $name, Pg);
        stored_as_text!(@expression $name, Text);
        stored_as_text!(@expression $name, Nullable<Text>);
    )+ };
    (@null $name:ty, $backend:ty) => {
        impl ToSql<Nullable<Text>, $backend> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, $backend>) -> serialize::Result {
                <Self as ToSql<Text, $backend>>::to_sql(self, out)
            }
        }
    };
    (@expression $name:ty, $sql:ty) => {
        impl AsExpression<$sql> for $name {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl<'a> AsExpression<$sql> for &'a $name {
            type Expression = Bound<$sql, &'a $name>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
    };
}

stored_as_text!(
    ActivityState,
    Basis,
    BudgetKind,
    Corrected,
    Decimal,
    Measure,
    MissingReason,
    OrganizationKind,
    Outlook,
    PlanStatus,
    Polarity,
    Progress,
    ProgressVerdict,
    Role,
    SubmissionState,
    TargetState,
    Verdict,
);

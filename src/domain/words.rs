//! The closed vocabularies of the field, each with the word that JSON, both databases and the documents use.

/// A word that is not in a vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{received}` is not one of: {}", accepted.join(", "))]
pub struct UnknownWord {
    /// What was given.
    pub received: String,
    /// Every word that would have been understood.
    pub accepted: &'static [&'static str],
}

/// Defines an enum whose variants have exactly one spelling, the same in JSON, in its schema and in a column.
// The word is a `tt`: utoipa does not see through the invisible group that a `literal` fragment is wrapped in, and would
// publish the names of the variants.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:tt,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every word of the vocabulary, in order.
            pub const WORDS: &'static [&'static str] = &[$($word),+];
            /// Every value of the vocabulary, in order.
            #[allow(dead_code, reason = "not every vocabulary is walked through")]
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The one spelling of this value.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::words::UnknownWord;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    other => Err($crate::domain::words::UnknownWord { received: other.to_owned(), accepted: Self::WORDS }),
                }
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::domain::words::schema_of(Self::WORDS)
            }
        }

        impl utoipa::ToSchema for $name {}

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
    };
}

pub(crate) use words;

/// The schema of a vocabulary: a text that is one of its words.
pub(crate) fn schema_of(words: &'static [&'static str]) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).enum_values(Some(words.iter().copied())).into()
}

words! {
    /// What an organization is in the city's tree.
    OrganizationKind {
        /// A prefecture (都道府県).
        Prefecture = "prefecture",
        /// A city, town or village (市町村).
        City = "city",
        /// A ward (区).
        Ward = "ward",
        /// A department, section or office (部・課).
        Department = "department",
    }
}

words! {
    /// How far a plan has come: 素案, 案, adopted, closed.
    PlanStatus {
        /// Being written (素案).
        Draft = "draft",
        /// Published for opinions (案).
        Proposed = "proposed",
        /// In force.
        Adopted = "adopted",
        /// The year is over and reviewed.
        Closed = "closed",
    }
}

words! {
    /// Which of a year's three amounts a budget line states.
    BudgetKind {
        /// Settled accounts (決算).
        Settled = "settled",
        /// The budget (予算).
        Budget = "budget",
        /// An estimate for a year not yet budgeted (算定見込).
        Estimate = "estimate",
    }
}

words! {
    /// Which direction of an indicator is good.
    Polarity {
        /// More is better.
        HigherIsBetter = "higher_is_better",
        /// Less is better.
        LowerIsBetter = "lower_is_better",
    }
}

words! {
    /// How the year's result is made from the year's values.
    Measure {
        /// Values add up.
        Sum = "sum",
        /// The last value stands: a survey, a stock.
        Latest = "latest",
        /// The mean of the values.
        Average = "average",
        /// The largest value.
        Maximum = "maximum",
        /// The smallest value.
        Minimum = "minimum",
        /// The sum of the numerators over the sum of the denominators.
        Ratio = "ratio",
        /// Something that is done or not done.
        Milestone = "milestone",
    }
}

words! {
    /// What stretch of time a reported value speaks of.
    Basis {
        /// This period alone.
        Increment = "increment",
        /// From the start of the fiscal year to `as_of`.
        ToDate = "to_date",
        /// A level at `as_of`.
        Snapshot = "snapshot",
        /// The department's own estimate of the year-end result (見込額).
        YearEndForecast = "year_end_forecast",
    }
}

words! {
    /// Why there is no value. Never the same as zero.
    MissingReason {
        /// Nobody has reported it although it was due.
        NotReported = "not_reported",
        /// Not due yet.
        NotDue = "not_due",
        /// Known once a year only.
        AnnualOnly = "annual_only",
        /// Could not be measured.
        NotMeasurable = "not_measurable",
        /// Withheld, for instance because the group is small.
        Suppressed = "suppressed",
    }
}

words! {
    /// Where a figure comes from.
    Origin {
        /// Reported by a department.
        Reported = "reported",
        /// Stated by a plan as an earlier year's result.
        Stated = "stated",
    }
}

words! {
    /// How far an activity has come.
    ActivityState {
        /// Not begun.
        Planned = "planned",
        /// Begun.
        InProgress = "in_progress",
        /// Finished.
        Done = "done",
        /// Put off.
        Postponed = "postponed",
        /// Given up.
        Cancelled = "cancelled",
    }
}

words! {
    /// What a department declares of its targets (目標達成見込).
    Outlook {
        /// The target will be met by the end of the fiscal year.
        Achieve = "achieve",
        /// It will not.
        Miss = "miss",
    }
}

words! {
    /// What a department declares of its activities (取組の進捗).
    Progress {
        /// The activities go as scheduled.
        OnSchedule = "on_schedule",
        /// They do not.
        Behind = "behind",
    }
}

words! {
    /// The computed outlook.
    Verdict {
        /// The target is met or more likely met than not.
        Achieve = "achieve",
        /// The target is missed or more likely missed than met.
        Miss = "miss",
        /// The figures do not decide; a reason says why.
        Undetermined = "undetermined",
    }
}

words! {
    /// The computed progress.
    ProgressVerdict {
        /// The activities go as scheduled.
        OnSchedule = "on_schedule",
        /// They do not.
        Behind = "behind",
        /// Nothing can be compared; a reason says why.
        Undetermined = "undetermined",
    }
}

words! {
    /// Where a target stands at a date.
    TargetState {
        /// Met before the year's end, and nothing later in the year can undo it.
        AlreadyMet = "already_met",
        /// Missed before the year's end, and nothing later in the year can undo it.
        AlreadyMissed = "already_missed",
        /// Not decided.
        Open = "open",
        /// Met by the year's final result.
        FinalMet = "final_met",
        /// Missed by the year's final result.
        FinalMissed = "final_missed",
    }
}

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema;

    use super::*;

    #[test]
    fn a_vocabulary_has_the_same_words_in_its_schema_in_json_and_in_a_column() {
        let schema = serde_json::to_value(TargetState::schema()).expect("a schema");
        assert_eq!(schema["enum"], serde_json::json!(TargetState::WORDS));
        for state in TargetState::ALL {
            assert_eq!(serde_json::to_value(state).expect("a word"), state.as_str());
            assert_eq!(state.as_str().parse(), Ok(*state));
        }
    }
}

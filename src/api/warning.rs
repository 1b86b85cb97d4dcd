//! What is accepted and shown, but should be looked at.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Bilingual, Decimal};

/// Something that is accepted and should be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// A stable word for the kind of warning.
    pub code: &'static str,
    /// What should be looked at.
    pub message: Bilingual,
}

impl Warning {
    /// A warning.
    pub fn new(code: &'static str, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, message: Bilingual::new(ja, en) }
    }

    /// Parts that do not add up to the whole. Both numbers are kept, in the indicator's unit.
    pub fn parts_differ(sum: Decimal, total: Decimal, unit: Option<&str>) -> Self {
        let unit = unit.unwrap_or_default();
        let spaced = if unit.is_empty() || unit == "%" { unit.to_owned() } else { format!(" {unit}") };
        Self::new(
            "breakdown_mismatch",
            format!("内訳の合計{sum}{unit}が、全体の{total}{unit}と一致しません。"),
            format!("The parts add up to {sum}{spaced}, but the whole is {total}{spaced}."),
        )
    }
}

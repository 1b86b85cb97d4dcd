//! The rules of a criterion that its shape cannot say.

use super::operand::YEARS_BACK;
use super::{Change, Criterion, Operand, Quantity, Reference};
use crate::domain::{Bilingual, Decimal, fiscal};

/// How deep criteria may hold criteria: one that holds none has depth 1.
pub const MAX_DEPTH: usize = 8;

impl Criterion {
    /// Everything that is wrong with the criterion although it has the right shape: where, as a JSON Pointer (RFC 6901) inside the
    /// criterion, and what would be accepted. Empty when it is sound.
    pub fn faults(&self) -> Vec<(String, Bilingual)> {
        let mut faults = Vec::new();
        self.collect("", 1, &mut faults);
        faults
    }

    fn collect(&self, at: &str, depth: usize, faults: &mut Vec<(String, Bilingual)>) {
        if depth > MAX_DEPTH {
            faults.push((
                at.to_owned(),
                Bilingual::new(
                    format!("条件の入れ子は{MAX_DEPTH}段までです"),
                    format!("criteria nest at most {MAX_DEPTH} deep"),
                ),
            ));
            return;
        }
        let mut fault = |path: &str, ja: &str, en: &str| faults.push((format!("{at}{path}"), Bilingual::new(ja, en)));
        match self {
            Self::Threshold { operand, per, out_of, .. } => {
                quantities(&mut fault, per.as_ref(), *out_of);
                if let Operand::Reference(reference) = operand {
                    reference_faults(&mut fault, reference);
                }
            }
            Self::Range { min, min_inclusive, max, max_inclusive, per, out_of, .. } => {
                quantities(&mut fault, per.as_ref(), *out_of);
                if min > max {
                    fault(
                        "/max",
                        "上限は下限以上でなければなりません",
                        "the upper bound must not be below the lower one",
                    );
                } else if min == max && !(*min_inclusive && *max_inclusive) {
                    fault(
                        "/max",
                        "上限と下限が等しいときは両方を含めます",
                        "a range whose bounds are equal must include both, or nothing lies in it",
                    );
                }
            }
            Self::Universe { total, per, out_of, .. } => {
                quantities(&mut fault, per.as_ref(), *out_of);
                if total.is_some_and(|total| total <= Decimal::ZERO) {
                    fault(
                        "/total",
                        "総数は0より大きい数です",
                        "the total must be above zero, or null when it is not known",
                    );
                }
            }
            Self::Milestone { action, .. } => {
                if action.trim().is_empty() {
                    fault("/action", "実施する内容を書いてください", "say what is to be done");
                }
            }
            Self::All { of } | Self::Any { of } => {
                if of.is_empty() {
                    fault("/of", "条件が1つ以上必要です", "at least one condition is needed");
                }
                for (index, inner) in of.iter().enumerate() {
                    inner.collect(&format!("{at}/of/{index}"), depth + 1, faults);
                }
            }
            Self::Each { of } => of.collect(&format!("{at}/of"), depth + 1, faults),
            Self::Schedule { steps } => {
                if steps.is_empty() {
                    fault("/steps", "年度が1つ以上必要です", "at least one step is needed");
                }
                for (index, step) in steps.iter().enumerate() {
                    let path = format!("/steps/{index}/fiscal_year");
                    year_fault(&mut fault, &path, step.fiscal_year);
                    if steps.iter().take(index).any(|earlier| earlier.fiscal_year == step.fiscal_year) {
                        fault(&path, "同じ年度が2回あります", "the year has a step already");
                    }
                }
                for (index, step) in steps.iter().enumerate() {
                    step.criterion.collect(&format!("{at}/steps/{index}/criterion"), depth + 1, faults);
                }
            }
            Self::Qualitative {} | Self::None {} => {}
        }
    }
}

fn reference_faults(fault: &mut impl FnMut(&str, &str, &str), reference: &Reference) {
    match reference {
        Reference::AverageOfYears { years, .. } if !YEARS_BACK.contains(years) => fault(
            "/operand/years",
            &format!("年数は{}から{}までです", YEARS_BACK.start(), YEARS_BACK.end()),
            &format!("the number of years is {} to {}", YEARS_BACK.start(), YEARS_BACK.end()),
        ),
        Reference::FiscalYear { fiscal_year, .. } => year_fault(fault, "/operand/fiscal_year", *fiscal_year),
        _ => {}
    }
    if let Some(Change::Factor { factor }) = reference.change()
        && *factor <= Decimal::ZERO
    {
        fault("/operand/change/factor", "倍率は0より大きい数です", "a factor must be above zero");
    }
}

fn year_fault(fault: &mut impl FnMut(&str, &str, &str), path: &str, fiscal_year: i32) {
    if !fiscal::YEARS.contains(&fiscal_year) {
        fault(
            path,
            &format!("年度は{}から{}までです", fiscal::YEARS.start(), fiscal::YEARS.end()),
            &format!("a fiscal year is {} to {}", fiscal::YEARS.start(), fiscal::YEARS.end()),
        );
    }
}

fn quantities(fault: &mut impl FnMut(&str, &str, &str), per: Option<&Quantity>, out_of: Option<Decimal>) {
    if per.is_some_and(|per| per.value <= Decimal::ZERO) {
        fault("/per/value", "分母は0より大きい数です", "a denominator must be above zero");
    }
    if out_of.is_some_and(|out_of| out_of <= Decimal::ZERO) {
        fault("/out_of", "満点・総数は0より大きい数です", "what the figure is out of must be above zero");
    }
}

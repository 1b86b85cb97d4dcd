//! A date that lies before the target's own year: no deadline that anybody can still meet.

use chrono::NaiveDate;

use super::super::answer::Note;
use super::cursor::Parser;
use super::figure::Draft;
use crate::domain::Criterion;

impl Parser<'_> {
    /// Asks where a deadline lies before the fiscal year of the target: it may belong to a name, or be a mistake.
    pub(super) fn past_deadline(&mut self, draft: &Draft) {
        let begins = self.context.fiscal_year.and_then(|year| NaiveDate::from_ymd_opt(year, 4, 1));
        if let Some(begins) = begins
            && earliest(&draft.main, 0).is_some_and(|day| day < begins)
        {
            self.ask(Note::new(
                "期限が目標の年度より前の日付です。",
                "The deadline lies before the fiscal year of the target.",
            ));
        }
    }
}

/// The first of the dates that a criterion holds.
fn earliest(criterion: &Criterion, depth: usize) -> Option<NaiveDate> {
    if depth > super::DEEPEST + 2 {
        return None;
    }
    match criterion {
        Criterion::Threshold { deadline, .. }
        | Criterion::Range { deadline, .. }
        | Criterion::Universe { deadline, .. }
        | Criterion::Milestone { due: deadline, .. } => *deadline,
        Criterion::All { of } | Criterion::Any { of } => of.iter().filter_map(|part| earliest(part, depth + 1)).min(),
        Criterion::Each { of } => earliest(of, depth + 1),
        Criterion::Schedule { steps } => steps.iter().filter_map(|step| earliest(&step.criterion, depth + 1)).min(),
        _ => None,
    }
}

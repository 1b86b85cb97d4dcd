//! What a row of a form asks for: what was filled in, held against what the form held when it was made and what stands now.

use std::sync::Arc;

use super::content::{ESTIMATE, ESTIMATE_APPROXIMATE};
use crate::api::bulk::{Locate, Origin};
use crate::api::problem::Fault;
use crate::domain::{Decimal, MissingReason};
use crate::exchange::form::{Answer, FilledRow, Known, Page, Said, Tongue};

/// What is one figure: whoever has changed the one has changed the other.
const TOGETHER: [&str; 2] = ["value", "missing"];
/// The cells with numbers.
const NUMBERS: [&str; 5] = ["value", "done", "numerator", "denominator", ESTIMATE];
/// Those that may be written with a unit.
const MEASURED: [&str; 3] = ["value", "done", ESTIMATE];

/// What a row is to say.
#[derive(Debug, Clone, Default)]
pub struct Merged {
    /// What it says, by the keys of its columns.
    pub says: Known,
    /// The units that its figures are written in, where some are written.
    units: Vec<(&'static str, String)>,
    /// Which cells say something else than what stands.
    pub changed: Vec<&'static str>,
    /// How many cells somebody else has changed that were not touched in the form.
    pub others: usize,
}

impl Merged {
    /// What a cell is to say.
    pub fn says(&self, key: &str) -> Option<&str> {
        self.says.get(key).map(String::as_str)
    }

    /// The unit that a figure is written in, where one is written.
    pub fn unit(&self, key: &str) -> Option<&str> {
        self.units.iter().find(|(own, _)| *own == key).map(|(_, unit)| unit.as_str())
    }

    /// Whether a cell says something else than what stands.
    pub fn changes(&self, key: &str) -> bool {
        self.changed.contains(&key)
    }
}

/// The cells of a row, for what is to be said of them.
#[derive(Debug)]
struct Places {
    sheet: String,
    columns: Vec<(&'static str, (String, String))>,
}

impl Locate for Places {
    fn column(&self, member: &str) -> Option<(String, String)> {
        let own = self.columns.iter().find(|(key, _)| *key == member);
        own.or(self.columns.first()).map(|(_, place)| place.clone())
    }

    fn sheet(&self) -> Option<String> {
        Some(self.sheet.clone())
    }
}

/// Where the members of a row stand.
pub fn origin(row: &FilledRow) -> Origin {
    let columns = row.answers.iter().map(|answer| (answer.key, answer.place.clone())).collect();
    Origin::Sheet(Arc::new(Places { sheet: row.sheet.clone(), columns }))
}

/// Where the members of a figure stand that one cell of a row says.
pub fn origin_in(row: &FilledRow, key: &str) -> Origin {
    let own = row.answers.iter().find(|answer| answer.key == key);
    let columns = own.map(|answer| ("value", answer.place.clone())).into_iter().collect();
    Origin::Sheet(Arc::new(Places { sheet: row.sheet.clone(), columns }))
}

/// What a row asks for. A cell that was not touched asks for nothing, whatever stands there now; one that was touched and that
/// somebody else has changed otherwise is a fault.
pub fn merge(row: &FilledRow, stands: &Known, faults: &mut Vec<Fault>) -> Merged {
    let mut merged = Merged { says: stands.clone(), ..Merged::default() };
    let mut touched = Vec::new();
    for answer in &row.answers {
        let key = answer.key;
        if !answer.is_touched() {
            merged.others += usize::from(!same(key, answer.known.as_deref(), stands.get(key).map(String::as_str)));
            continue;
        }
        touched.push(answer);
        match &answer.said {
            Err(message) => {
                let code = if NUMBERS.contains(&key) { "unreadable_figure" } else { "unreadable" };
                let fault = Fault::at(format!("/{key}"), code, &message.ja, &message.en);
                faults.push(fault.received(answer.written.as_str()));
            }
            Ok(said) => take(&mut merged, answer, said, faults),
        }
    }
    for answer in &touched {
        if overtaken(answer, &row.answers, stands, &merged) {
            faults.push(conflict(row.page, answer, stands));
        }
    }
    let keys = row.answers.iter().map(|answer| answer.key);
    // The same number in another unit is another figure.
    let measured = |key: &str| merged.unit(key).is_some();
    let about = |says: &Known| says.get(ESTIMATE_APPROXIMATE).cloned();
    let rounded = |key: &str| key == ESTIMATE && about(&merged.says) != about(stands);
    merged.changed = keys
        .filter(|key| {
            measured(key) || rounded(key) || !same(key, merged.says(key), stands.get(*key).map(String::as_str))
        })
        .collect();
    merged
}

fn take(merged: &mut Merged, answer: &Answer, said: &Said, faults: &mut Vec<Fault>) {
    let key = answer.key;
    match said {
        Said::Nothing if key == ESTIMATE => {
            merged.says.remove(ESTIMATE_APPROXIMATE);
            merged.says.remove(key);
        }
        Said::Nothing => drop(merged.says.remove(key)),
        Said::Word(word) => drop(merged.says.insert(key, word.clone())),
        Said::Figure { value, unit, approximate } => {
            merged.says.insert(key, value.to_string());
            if let Some(unit) = unit.clone().filter(|_| MEASURED.contains(&key)) {
                merged.units.push((key, unit));
            }
            if key == ESTIMATE {
                match approximate {
                    true => drop(merged.says.insert(ESTIMATE_APPROXIMATE, "true".to_owned())),
                    false => drop(merged.says.remove(ESTIMATE_APPROXIMATE)),
                }
            } else if *approximate {
                merged.says.insert("approximate", "true".to_owned());
            }
        }
        // A mark in the place of the figure says why there is none.
        Said::Missing(reason) if key == "value" => {
            merged.says.remove(key);
            merged.says.insert("missing", reason.to_string());
        }
        Said::Missing(MissingReason::NotDue | MissingReason::NotReported) if key == "done" => {
            merged.says.remove(key);
        }
        Said::Missing(_) => faults.push(
            Fault::at(
                format!("/{key}"),
                "unreadable_figure",
                "数値を入れるか、空欄にしてください。",
                "Enter a number, or leave it blank.",
            )
            .received(answer.written.as_str()),
        ),
    }
}

/// Whether two cells say the same.
fn same(key: &str, one: Option<&str>, other: Option<&str>) -> bool {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<Decimal>().ok());
    one == other || NUMBERS.contains(&key) && number(one).is_some() && number(one) == number(other)
}

/// Whether somebody else has changed what a touched cell changes, to something else.
fn overtaken(answer: &Answer, all: &[Answer], stands: &Known, merged: &Merged) -> bool {
    let kin = |one: &&Answer| one.key == answer.key || [one, answer].iter().all(|it| TOGETHER.contains(&it.key));
    let now = |key: &str| stands.get(key).map(String::as_str);
    let moved = all.iter().filter(kin).any(|one| !same(one.key, one.known.as_deref(), now(one.key)));
    moved && all.iter().filter(kin).any(|one| !same(one.key, merged.says(one.key), now(one.key)))
}

fn conflict(page: &Page, answer: &Answer, stands: &Known) -> Fault {
    let now = match TOGETHER.contains(&answer.key) {
        true => TOGETHER.iter().find_map(|key| Some((*key, stands.get(key)?))),
        false => stands.get(answer.key).map(|word| (answer.key, word)),
    };
    let label = |tongue: Tongue| now.map(|(key, word)| page.shown(key, word, tongue)).unwrap_or_default();
    let known = |tongue: Tongue| {
        let known = answer.known.as_deref();
        known.map(|word| page.shown(answer.key, word, tongue)).unwrap_or_default()
    };
    Fault::at(
        format!("/{}", answer.key),
        "overtaken",
        format!(
            "様式の取得後に、他の人がこの欄を「{}」に変更しました。様式を取得し直して記入するか、この欄を元の「{}」に戻してください。",
            label(Tongue::Ja),
            known(Tongue::Ja)
        ),
        format!(
            "Somebody else has made it `{}` since the form was made. Get the form anew, or put back `{}`.",
            label(Tongue::En),
            known(Tongue::En)
        ),
    )
    .received(answer.written.as_str())
    .accepted(now.map(|(_, word)| word.as_str()).unwrap_or_default())
}

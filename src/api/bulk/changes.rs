//! What the rows of a request change: each looked up, checked and held against what stands; then all written together.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use serde_json::json;

use super::rows::{Entry, Origin, Scope};
use crate::api::actuals::ActualInput;
use crate::api::language::Language;
use crate::api::problem::{Code, Fault, Problem};
use crate::api::{actual_subject, actuals, rules};
use crate::db::actuals::{Actual, Figure, Subject, batches};
use crate::db::addresses::{Address, Astray, Directory, Known};
use crate::db::history::Report;
use crate::db::locks::Locks;
use crate::db::{Connection, DbError, Row, states};
use crate::domain::access::Deed;
use crate::domain::criterion::unit_factor;
use crate::domain::fiscal::{Calendar, Period};
use crate::domain::fold::fold;
use crate::domain::{Basis, Measure};

/// What a request would change.
#[derive(Debug, Default)]
pub struct Changes {
    /// Figures of subjects that have none.
    pub new: Vec<Row<Actual>>,
    /// The next revisions of figures that stand, or stood and were withdrawn.
    pub corrected: Vec<Row<Actual>>,
    /// How many of the latter were withdrawn.
    pub taken_up: usize,
    /// How many rows say what stands.
    pub unchanged: usize,
    /// How many rows have faults.
    pub rejected: usize,
    /// The faults.
    pub faults: Vec<Fault>,
}

/// A row whose indicator is known, with what it says.
struct Reported {
    row: usize,
    origin: Origin,
    scope: Scope,
    subject: Subject,
    figure: Figure,
}

/// Finds out what the rows change. `lock` where that is to be done: nobody else reports many figures of the same
/// indicators meanwhile.
///
/// # Errors
/// The database's own.
pub fn of(c: &mut Connection, entries: Vec<Entry>, lock: bool) -> Result<Changes, DbError> {
    let mut changes = Changes::default();
    let directory = Directory::load(c, entries.iter().map(|entry| &entry.address))?;
    let mut reported = Vec::with_capacity(entries.len());
    for entry in entries {
        let (row, origin) = (entry.row, entry.origin.clone());
        let mut faults = Vec::new();
        match checked(c, &directory, entry, &mut faults)? {
            Some(one) if faults.is_empty() => reported.push(one),
            _ => changes.refuse(row, &origin, faults),
        }
    }
    let ids: BTreeSet<&String> = reported.iter().map(|one| &one.subject.indicator_id).collect();
    let ids: Vec<String> = ids.into_iter().cloned().collect();
    if lock {
        batches::lock_series(c, &ids)?;
    }
    let subjects: Vec<&Subject> = reported.iter().map(|one| &one.subject).collect();
    let mut stands = batches::reported(c, &subjects)?;
    let reports: Vec<Report> = subjects.iter().map(|subject| subject.report()).collect();
    let locks = Locks::of(c, &reports.iter().collect::<Vec<_>>())?;
    let mut first: HashMap<Subject, usize> = HashMap::with_capacity(reported.len());
    for one in reported {
        match first.get(&one.subject) {
            Some(before) => {
                let fault = repeated(*before);
                changes.refuse(one.row, &one.origin, vec![fault]);
            }
            None => {
                first.insert(one.subject.clone(), one.row);
                let before = stands.remove(&one.subject);
                changes.add(one, before, &locks);
            }
        }
    }
    changes.new.sort_by(|a, b| key(a).cmp(&key(b)));
    changes.corrected.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(changes)
}

fn key(row: &Row<Actual>) -> impl Ord + '_ {
    let Subject { indicator_id, fiscal_year, basis, period, as_of, origin: _ } = &row.content.subject;
    (indicator_id, fiscal_year, basis, period, as_of)
}

impl Changes {
    /// How many figures come to be where none stands.
    pub fn created(&self) -> usize {
        self.new.len() + self.taken_up
    }

    /// How many figures take the place of another one.
    pub fn replaced(&self) -> usize {
        self.corrected.len() - self.taken_up
    }

    fn refuse(&mut self, row: usize, origin: &Origin, faults: Vec<Fault>) {
        self.rejected += 1;
        self.faults.extend(faults.into_iter().map(|fault| origin.place(row, fault)));
    }

    fn add(&mut self, one: Reported, before: Option<Row<Actual>>, locks: &Locks) {
        let Reported { row: number, origin, subject, mut figure, scope } = one;
        if let Some(Row { content: Actual { figure: stood, .. }, .. }) = before.as_ref()
            && !stood.withdrawn
        {
            keep(&mut figure, stood, &scope);
            if same(&figure, stood) {
                self.unchanged += 1;
                return;
            }
        }
        if locks.holding(&subject.report()).is_some() {
            self.refuse(number, &origin, vec![locked()]);
            return;
        }
        match before {
            None => self.new.push(Row::new(Actual { subject, figure })),
            Some(mut row) => {
                self.taken_up += usize::from(row.content.figure.withdrawn);
                row.content.figure = figure;
                self.corrected.push(row);
            }
        }
    }

    /// Writes all of it, and computes anew what may look at it, each plan once.
    ///
    /// # Errors
    /// [`Code::Duplicate`] where somebody else has reported the same at the same moment.
    pub fn write(&mut self, c: &mut Connection) -> Result<(), Problem> {
        batches::report_all(c, &self.new, &mut self.corrected).map_err(|error| match error {
            DbError::Duplicate(_) => Problem::new(Code::Duplicate)
                .detail(
                    "同じ実績が同時に登録されました。もう一度送ってください。",
                    "Somebody reported one of these at the same moment. Send the request again.",
                )
                .cause(error),
            other => other.into(),
        })?;
        let mut since: HashMap<&str, NaiveDate> = HashMap::new();
        for row in self.new.iter().chain(&self.corrected) {
            let Subject { indicator_id, as_of, .. } = &row.content.subject;
            let first = since.entry(indicator_id).or_insert(*as_of);
            *first = (*first).min(*as_of);
        }
        Ok(states::refresh_indicators(c, &since)?)
    }
}

/// What a row says, if nothing is wrong with it.
fn checked(
    c: &mut Connection,
    directory: &Directory,
    entry: Entry,
    faults: &mut Vec<Fault>,
) -> Result<Option<Reported>, DbError> {
    let Entry { row, origin, address, mut input, manner } = entry;
    let found = directory.find(&address);
    if let Some(months) = manner.months {
        let calendar = found.as_ref().map_or(Calendar::default(), |(_, known)| known.calendar);
        in_period(&mut input, months, calendar, faults);
    }
    faults.extend(rules::broken(&input));
    let (id, known) = match found {
        Ok(found) => found,
        Err(astray) => {
            faults.push(unknown(&address, astray));
            return Ok(None);
        }
    };
    if !c.caller.may(&[Deed::Report], &known.home) {
        faults.push(forbidden(&address));
        return Ok(None);
    }
    input.indicator_id = id.to_owned();
    if manner.basis_assumed {
        assume_basis(&mut input, known.indicator.measure, faults);
    }
    if let Some(unit) = &manner.unit {
        in_unit(&mut input, unit, known, faults);
    }
    let Some(subject) = actual_subject::reported(&input, known.calendar, faults) else { return Ok(None) };
    let figure = actuals::figure(input)?;
    Ok(Some(Reported { row, origin, scope: manner.scope, subject, figure }))
}

/// The part of the fiscal year that months of the calendar are.
fn in_period(input: &mut ActualInput, (first, last): (u32, u32), calendar: Calendar, faults: &mut Vec<Fault>) {
    // A stand-in where they are none: a period is given, whatever is wrong with it.
    let found = calendar.part(first, last);
    input.period = Some(found.unwrap_or(Period::Year).to_string());
    if found.is_none() {
        let months = if first == last { format!("{first}月") } else { format!("{first}〜{last}月") };
        let fault = Fault::at(
            "/period",
            "no_period",
            "月、四半期、半期、年間のいずれでもありません。",
            "It is neither a month nor a quarter, a half or the whole of the fiscal year.",
        );
        faults.push(fault.received(months));
    }
}

/// What a figure speaks of where it does not say so: what adds up is its period's own, all else a level.
fn assume_basis(input: &mut ActualInput, measure: Measure, faults: &mut Vec<Fault>) {
    input.basis = match (measure, &input.period) {
        (Measure::Sum | Measure::Ratio | Measure::Average | Measure::Maximum | Measure::Minimum, Some(_)) => {
            Basis::Increment
        }
        (Measure::Sum, None) => {
            return faults.push(Fault::at(
                "/basis",
                "required",
                "日だけでは、その日までの累計か期間の値かが分かりません。「集計」に 累計 か 期間 を入れるか、「期間」を入れてください。",
                "A day alone does not tell whether it is a sum up to that day: give 集計 (累計 or 期間), or 期間.",
            ));
        }
        _ => Basis::Snapshot,
    };
}

/// Brings a value to the unit of its indicator, exactly.
fn in_unit(input: &mut ActualInput, unit: &str, known: &Known, faults: &mut Vec<Fault>) {
    let own = known.indicator.unit.as_deref().unwrap_or_default();
    let Some(value) = input.value else { return };
    // Where nobody has said what the indicator counts in, only a multiple of it can be wrong.
    if fold(unit) == fold(own) || own.is_empty() && !matches!(unit, "%" | "千円" | "万円" | "百万円" | "億円")
    {
        return;
    }
    let factors = unit_factor(unit, own).zip(unit_factor(own, unit));
    let converted = factors.and_then(|(to, back)| value.times(to).filter(|there| there.times(back) == Some(value)));
    match (converted, factors) {
        (Some(converted), _) => input.value = Some(converted),
        (None, None) => faults.push(
            Fault::at(
                "/unit",
                "other_unit",
                format!("指標の単位は「{own}」です。「{unit}」の値は換算できません。"),
                format!("The indicator counts in `{own}`, to which `{unit}` cannot be converted."),
            )
            .received(unit)
            .accepted(own),
        ),
        (None, Some(_)) => faults.push(
            Fault::at(
                "/value",
                "inexact",
                format!("「{unit}」から「{own}」へ正確に換算できません。"),
                format!("It cannot be converted from `{unit}` to `{own}` exactly."),
            )
            .received(value.to_string()),
        ),
    }
}

/// Fills in what a row does not speak of.
fn keep(figure: &mut Figure, stood: &Figure, scope: &Scope) {
    let Scope::Members(_) = scope else { return };
    macro_rules! keep {
        ($($member:literal $field:ident),+) => { $(
            if !scope.names($member) {
                figure.$field = stood.$field.clone();
            }
        )+ };
    }
    keep!("numerator" numerator, "denominator" denominator, "sample_size" sample_size, "method" method,
        "breakdown" breakdown, "approximate" approximate, "provisional" provisional, "from" from_day, "note" note);
}

/// Whether two figures say the same, whoever says it and why.
fn same(figure: &Figure, stood: &Figure) -> bool {
    let named = Figure { author: stood.author.clone(), reason: stood.reason.clone(), ..figure.clone() };
    named == *stood
}

/// The fault of a row whose figure was submitted and stands still.
fn locked() -> Fault {
    let said = |language| Code::Locked.title(language);
    Fault::at("", Code::Locked.as_str(), said(Language::Ja), said(Language::En))
}

/// Whether a fault is that of a figure that stands still.
pub fn is_locked(fault: &Fault) -> bool {
    fault.code == Code::Locked.as_str()
}

fn repeated(before: usize) -> Fault {
    Fault::at(
        "",
        "repeated",
        format!("{before}行目と同じ指標・年度・期間・日の実績です。"),
        format!("Row {before} reports the same indicator, year, basis, period and day."),
    )
}

fn forbidden(address: &Address) -> Fault {
    let (member, received) = named(address);
    Fault::at(
        member,
        "forbidden",
        "この指標の実績を報告する権限がありません。",
        "The key does not allow to report figures of this indicator.",
    )
    .received(received)
}

/// The member by which an address names the indicator, and what it says.
fn named(address: &Address) -> (&'static str, String) {
    match address {
        Address::Id { id, .. } => ("/indicator_id", id.clone()),
        Address::Common { code, .. } => ("/common_code", code.clone()),
        Address::Measured { name, .. } => ("/indicator", name.clone()),
    }
}

fn unknown(address: &Address, astray: Astray) -> Fault {
    let (member, received) = named(address);
    let place = |member: &str, resource: &str, received: &str| Fault::unknown(member, resource, received);
    match (astray, address) {
        (Astray::Organization, Address::Common { organization, .. } | Address::Measured { organization, .. }) => {
            place("/organization", "organizations", organization)
        }
        (Astray::Plan(years), Address::Measured { fiscal_year, .. }) => {
            place("/fiscal_year", "plans", &fiscal_year.to_string()).accepted(json!(years))
        }
        (Astray::Number, Address::Measured { number, .. }) => place("/number", "initiatives", number),
        (Astray::Name(names), _) => {
            let names: HashSet<String> = names.into_iter().collect();
            place("/indicator", "indicators", &received).accepted(names.into_iter().take(20).collect::<Vec<_>>())
        }
        (Astray::OtherName(name), Address::Id { name: Some(other), .. }) => Fault::at(
            "/indicator",
            "other_name",
            "indicator_idの指標と名前が違います。どちらかを直してください。",
            "The indicator with this id has another name. Correct one of the two.",
        )
        .received(other.as_str())
        .accepted(name),
        (Astray::Several(ids), _) => Fault::at(
            member,
            "ambiguous",
            "該当する指標が複数あります。indicator_idで示してください。",
            "Several indicators fit. Name one by `indicator_id`.",
        )
        .received(received)
        .accepted(ids),
        _ => place(member, "indicators", &received),
    }
}

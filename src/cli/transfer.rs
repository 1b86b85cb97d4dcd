//! Whole plans in and out of a database, as files: `import`, `export`, and the data of `demo`.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Outcome, say};
use crate::api::{PlanDocument, Precondition, Problem, parse_json, plan_documents};
use crate::db::graph::PlanGraph;
use crate::db::organizations::{self, Organization};
use crate::db::{Connection, Database, DbError, Row, Stored, Violation, states};
use crate::domain::OrganizationKind;

/// An organization in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganizationRecord {
    /// The national code.
    code: String,
    name: String,
    kind: OrganizationKind,
    /// The national code of what it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    #[serde(default = "april", skip_serializing_if = "is_april")]
    fiscal_year_start_month: i32,
    #[serde(default = "tokyo", skip_serializing_if = "is_tokyo")]
    time_zone: String,
}

fn april() -> i32 {
    4
}

fn is_april(month: &i32) -> bool {
    *month == april()
}

fn tokyo() -> String {
    "Asia/Tokyo".to_owned()
}

fn is_tokyo(zone: &str) -> bool {
    zone == tokyo()
}

/// Everything that a file can hold.
#[derive(Debug, Default, Serialize)]
struct Transfer {
    organizations: Vec<OrganizationRecord>,
    plans: Vec<Value>,
}

impl Transfer {
    /// A plan document, a list of organizations or of plan documents, or what `export` writes.
    fn read(value: Value) -> Result<Self, String> {
        let unknown = "the file holds no plan document, no list of organizations and no export of mikomi";
        match value {
            Value::Object(mut members) if members.contains_key("plans") || members.contains_key("organizations") => {
                let mut list = |name: &str| match members.remove(name) {
                    None => Ok(Vec::new()),
                    Some(Value::Array(items)) => Ok(items),
                    Some(_) => Err(format!("`{name}` is not a list")),
                };
                let (organizations, plans) = (list("organizations")?, list("plans")?);
                match members.keys().next() {
                    Some(name) => Err(format!("unknown member `{name}`: an export has `organizations` and `plans`")),
                    None => Ok(Self { organizations: records(organizations)?, plans }),
                }
            }
            Value::Object(members) if members.contains_key("fiscal_year") => {
                Ok(Self { plans: vec![Value::Object(members)], ..Self::default() })
            }
            Value::Array(items) if items.iter().all(|item| item.get("fiscal_year").is_some()) => {
                Ok(Self { plans: items, ..Self::default() })
            }
            Value::Array(items) => Ok(Self { organizations: records(items)?, ..Self::default() }),
            _ => Err(unknown.to_owned()),
        }
    }
}

fn records(items: Vec<Value>) -> Result<Vec<OrganizationRecord>, String> {
    let record = |(index, item)| serde_json::from_value(item).map_err(|error| format!("organization {index}: {error}"));
    items.into_iter().enumerate().map(record).collect()
}

/// What an import has done.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Imported {
    pub(super) organizations: usize,
    pub(super) plans: usize,
    pub(super) changed: usize,
}

/// Imports a file, all or nothing.
pub(super) fn import(db: &Database, file: &Path) -> Outcome {
    let bytes = std::fs::read(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let Imported { organizations, plans, changed } = load(db, &bytes)?;
    say(&format!(
        "{}: {organizations} organizations, {plans} plans, {changed} of them new or changed",
        file.display()
    ))?;
    Ok(())
}

/// Imports the bytes of a file, all or nothing.
pub(super) fn load(db: &Database, bytes: &[u8]) -> Result<Imported, Box<dyn std::error::Error>> {
    let value = parse_json(bytes).map_err(|problem| explain(&problem))?;
    let transfer = Transfer::read(value)?;
    let documents: Vec<PlanDocument> =
        transfer.plans.iter().enumerate().map(|(index, plan)| check(index, plan)).collect::<Result<_, _>>()?;
    let write = db.write(move |c| -> Result<Imported, Problem> {
        let mut imported = Imported { plans: documents.len(), ..Imported::default() };
        for record in &transfer.organizations {
            imported.organizations += 1;
            put_organization(c, record)?;
        }
        for document in &documents {
            let receipt = plan_documents::put(c, document, Precondition::None)?;
            imported.changed += usize::from(receipt.changed());
        }
        Ok(imported)
    });
    Ok(actix_web::rt::System::new().block_on(write).map_err(|problem| explain(&problem))?)
}

fn check(index: usize, plan: &Value) -> Result<PlanDocument, String> {
    let code = plan.pointer("/organization/code").and_then(Value::as_str).unwrap_or_default().to_owned();
    let year = plan.get("fiscal_year").and_then(Value::as_i64).and_then(|year| i32::try_from(year).ok());
    let read = plan_documents::read_document(plan, &code, year.unwrap_or_default());
    read.map_err(|problem| format!("plan {index} ({code}, {}): {}", year.unwrap_or_default(), explain(&problem)))
}

/// A problem as lines for a terminal.
fn explain(problem: &Problem) -> String {
    problem.lines().join("\n  ")
}

/// Adds an organization, or brings it up to date.
fn put_organization(c: &mut Connection, record: &OrganizationRecord) -> Result<(), DbError> {
    let OrganizationRecord { code, name, kind, parent, fiscal_year_start_month, time_zone } = record.clone();
    let parent_id = match parent {
        None => None,
        Some(parent) => match organizations::find_by_id_or_code(c, &parent)? {
            Some(row) => Some(row.id),
            None => {
                let text = format!("{code} belongs to {parent}, which is not known");
                return Err(DbError::Reference(Violation::of(&["parent_id"], text)));
            }
        },
    };
    let stored = organizations::find_by_id_or_code(c, &code)?;
    let content = Organization { code: Some(code), name, kind, parent_id, fiscal_year_start_month, time_zone };
    match stored {
        Some(row) if row.content == content => Ok(()),
        Some(row) => Organization::update(c, &mut Row { content, ..row }).map(drop),
        None => Organization::insert(c, &Row::new(content)),
    }
}

/// Writes every organization with a code and every plan to standard output. Fails where a plan's organization has no
/// code: such a plan has no address in the file, and the file could not be imported.
pub(super) fn export(db: &Database) -> Outcome {
    let read = db.snapshot(|c| -> Result<Transfer, DbError> {
        let all = organizations::all(c)?;
        let code_of = |id: &Option<String>| {
            all.iter().find(|row| Some(&row.id) == id.as_ref()).and_then(|row| row.content.code.clone())
        };
        let record = |row: &Row<Organization>| {
            let Organization { code, name, kind, parent_id, fiscal_year_start_month, time_zone } = row.content.clone();
            Some(OrganizationRecord {
                code: code?,
                name,
                kind,
                parent: code_of(&parent_id),
                fiscal_year_start_month,
                time_zone,
            })
        };
        let organizations = all.iter().filter_map(record).collect();
        let mut plans = Vec::new();
        for id in states::all_plans(c)? {
            let Some(graph) = PlanGraph::load(c, &id, None)? else { continue };
            let document = plan_documents::stored_document(c, &graph)?;
            plans.push(serde_json::to_value(document).map_err(|error| DbError::Failed(error.to_string()))?);
        }
        Ok(Transfer { organizations, plans })
    });
    let transfer = actix_web::rt::System::new().block_on(read)?;
    let organizations = transfer.plans.iter().filter_map(|plan| plan.get("organization"));
    if let Some(nameless) = organizations.into_iter().find(|one| one.get("code") == Some(&Value::from(""))) {
        let name = nameless.get("name").and_then(Value::as_str).unwrap_or_default();
        return Err(
            format!("{name} has a plan but no national code, by which a file names it: give it a `code`").into()
        );
    }
    say(&serde_json::to_string_pretty(&transfer)?)?;
    Ok(())
}

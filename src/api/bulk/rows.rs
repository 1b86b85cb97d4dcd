//! The rows of a bulk request: what each is about, what it reports, and where in the request it stands.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::LINES;
use crate::api::actuals::ActualInput;
use crate::api::extract;
use crate::api::json;
use crate::api::problem::{Code, Fault, Place, Problem, RowPlace};
use crate::api::representation::object_of;
use crate::api::shape::Shape;
use crate::db::addresses::Address;

/// How many rows one request may have.
pub const MAX_ROWS: usize = 10_000;

/// A row of a bulk request: an actual, and how it names its indicator.
pub struct ActualRow;

/// The members by which a row names its indicator where it does not know the id, with their sizes and what they mean.
const NAMES: [(&str, usize, &str); 4] = [
    ("organization", 64, "Whose indicator it is: an id or a national code. Not beside `indicator_id`."),
    ("common_code", 64, "The city-wide definition that the indicator follows, beside `organization`."),
    (
        "number",
        50,
        "The number of the initiative that measures it, beside `organization`, `fiscal_year` and `indicator`.",
    ),
    ("indicator", 500, "The indicator's name, beside `number`; beside `indicator_id` it has to be that one's."),
];

impl PartialSchema for ActualRow {
    fn schema() -> RefOr<Schema> {
        let mut row = object_of::<ActualInput>();
        row.required.retain(|name| name != "indicator_id");
        for (name, longest, text) in NAMES {
            let member = ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).description(Some(text));
            row.properties.insert(name.to_owned(), member.min_length(Some(1)).max_length(Some(longest)).into());
        }
        row.examples.clear();
        row.example = Some(json!({"organization": "271071", "fiscal_year": 2021, "number": "3-1-2",
            "indicator": "要援護者からの年間相談延べ件数", "basis": "increment", "period": "q3", "value": "1150"}));
        row.description = Some(
            "An actual as in `POST /actuals`, that names its indicator by `indicator_id`; or by `organization` and \
             `common_code`; or by `organization`, `fiscal_year`, `number` and `indicator`."
                .to_owned(),
        );
        row.into()
    }
}

impl ToSchema for ActualRow {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ActualInput::schemas(schemas);
    }
}

/// The rows of a JSON request: an array, or an object with `items`.
pub struct ActualRows;

impl PartialSchema for ActualRows {
    fn schema() -> RefOr<Schema> {
        let rows = || {
            ArrayBuilder::new()
                .items(Ref::from_schema_name(ActualRow::name()))
                .max_items(Some(MAX_ROWS))
                .description(Some("The rows, which are counted from 1."))
        };
        let object = ObjectBuilder::new()
            .property("items", rows())
            .required("items")
            .additional_properties(Some(utoipa::openapi::schema::AdditionalProperties::FreeForm(false)));
        OneOfBuilder::new().item(rows()).item(object).into()
    }
}

impl ToSchema for ActualRows {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((ActualRow::name().into_owned(), ActualRow::schema()));
        ActualRow::schemas(schemas);
    }
}

/// Where a row stands, for what is to be said about it.
#[derive(Debug, Clone)]
pub enum Origin {
    /// In an array, which is at this place of the body.
    Item(&'static str),
    /// In a line of its own.
    Line,
    /// In a sheet.
    Sheet(Arc<dyn Locate>),
}

/// Finds the column of a sheet in which a member of a row stands.
pub trait Locate: std::fmt::Debug + Send + Sync {
    /// The letters of the column and what stands at its head.
    fn column(&self, member: &str) -> Option<(String, String)>;

    /// The name of the sheet, where several are read.
    fn sheet(&self) -> Option<String> {
        None
    }
}

impl Origin {
    /// The fault of a row at its place in the request.
    pub fn place(&self, row: usize, fault: Fault) -> Fault {
        let Place::Pointer(member) = &fault.place else { return fault };
        let mut place = RowPlace { sheet: None, row, pointer: None, column: None, column_name: None };
        match self {
            Self::Item(array) => place.pointer = Some(format!("{array}/{}{member}", row.saturating_sub(1))),
            Self::Line => place.pointer = Some(member.clone()),
            Self::Sheet(head) => {
                let found = head.column(member.trim_start_matches('/').split('/').next().unwrap_or_default());
                (place.column, place.column_name) = found.unzip();
                place.sheet = head.sheet();
            }
        }
        Fault { place: Place::Row(place), ..fault }
    }
}

/// What a row speaks of.
#[derive(Debug, Clone, Default)]
pub enum Scope {
    /// All of a figure: what it does not name is not there.
    #[default]
    Whole,
    /// These members: the others stay as they stand.
    Members(Arc<Vec<&'static str>>),
}

impl Scope {
    /// Whether it speaks of a member.
    pub fn names(&self, member: &str) -> bool {
        match self {
            Self::Whole => true,
            Self::Members(members) => members.contains(&member),
        }
    }
}

/// A row that has the shape of one.
#[derive(Debug)]
pub struct Entry {
    /// Counted from 1.
    pub row: usize,
    /// Where it stands.
    pub origin: Origin,
    /// What it is about.
    pub address: Address,
    /// What it reports.
    pub input: ActualInput,
    /// How it is to be taken.
    pub manner: Manner,
}

/// How a row is to be taken: what JSON states, and a file leaves to be found out.
#[derive(Debug, Clone, Default)]
pub struct Manner {
    /// The unit that its value is in, where that is not simply the indicator's.
    pub unit: Option<String>,
    /// The months of the calendar that stand for its period.
    pub months: Option<(u32, u32)>,
    /// Whether its basis follows from what the indicator measures.
    pub basis_assumed: bool,
    /// What it speaks of.
    pub scope: Scope,
}

/// All rows of a request.
#[derive(Debug, Default)]
pub struct Rows {
    /// Those that have the shape of one.
    pub entries: Vec<Entry>,
    /// What is wrong with the others.
    pub faults: Vec<Fault>,
    /// How many others there are.
    pub rejected: usize,
    /// What was passed over, and other things that should be known.
    pub notes: Vec<crate::api::warning::Warning>,
}

impl Rows {
    /// The rows of a JSON document or of lines of JSON.
    ///
    /// # Errors
    /// What is no list of rows at all.
    pub fn read(media: &str, bytes: &[u8]) -> Result<Self, Problem> {
        let shape = Shape::of(&ActualRow::name()).map_err(|error| Problem::new(Code::Internal).cause(error))?;
        let mut rows = Self::default();
        if media == LINES {
            let lines = (1..).zip(bytes.split(|byte| *byte == b'\n'));
            for (row, line) in lines.filter(|(_, line)| !line.trim_ascii().is_empty()) {
                enough(rows.entries.len() + rows.rejected)?;
                match json::read::<Value>(line) {
                    Ok(value) => rows.add(&shape, row, Origin::Line, value, Manner::default()),
                    Err(why) => rows.refuse(row, &Origin::Line, vec![no_json(&why)]),
                }
            }
            return Ok(rows);
        }
        let (array, items) = match json::parse(bytes)? {
            Value::Array(items) => ("", items),
            Value::Object(mut members) if members.len() == 1 && members.get("items").is_some_and(Value::is_array) => {
                match members.remove("items") {
                    Some(Value::Array(items)) => ("/items", items),
                    _ => ("/items", Vec::new()),
                }
            }
            _ => return Err(Problem::faults(Code::InvalidRequest, vec![no_list()])),
        };
        enough(items.len().saturating_sub(1))?;
        for (row, value) in (1..).zip(items) {
            rows.add(&shape, row, Origin::Item(array), value, Manner::default());
        }
        Ok(rows)
    }

    /// Takes a row that has to have the shape of one.
    pub fn add(&mut self, shape: &Shape, row: usize, origin: Origin, value: Value, manner: Manner) {
        let faults = shape.faults(&value);
        if !faults.is_empty() {
            return self.refuse(row, &origin, faults);
        }
        let Value::Object(mut members) = value else { return };
        match address(&mut members).and_then(|address| Ok((address, decoded(members)?))) {
            Ok((address, input)) => {
                self.entries.push(Entry { row, origin, address, input, manner });
            }
            Err(fault) => self.refuse(row, &origin, vec![*fault]),
        }
    }

    /// Says what is wrong with a row.
    pub fn refuse(&mut self, row: usize, origin: &Origin, faults: Vec<Fault>) {
        self.rejected += 1;
        self.faults.extend(faults.into_iter().map(|fault| origin.place(row, fault)));
    }
}

/// Refuses one more row than there may be.
///
/// # Errors
/// [`Code::InvalidRequest`].
pub fn enough(before: usize) -> Result<(), Problem> {
    if before < MAX_ROWS {
        return Ok(());
    }
    let fault = Fault::at(
        "",
        "too_many",
        format!("一度に送れるのは{MAX_ROWS}行までです。分けて送ってください。"),
        format!("One request may have at most {MAX_ROWS} rows. Send them in parts."),
    );
    Err(Problem::faults(Code::InvalidRequest, vec![fault.accepted(json!({"max_items": MAX_ROWS}))]))
}

fn no_json(why: &str) -> Fault {
    Fault::at("", "malformed_json", format!("JSONとして読めません: {why}"), format!("It is not valid JSON: {why}"))
}

fn no_list() -> Fault {
    Fault::at(
        "",
        "wrong_type",
        "行の配列、または items に行の配列を持つオブジェクトを送ってください。",
        "Send an array of rows, or an object with an array of rows as `items` and nothing else.",
    )
    .accepted(json!(["array", "object"]))
}

fn decoded(members: Map<String, Value>) -> Result<ActualInput, Box<Fault>> {
    extract::decode(Value::Object(members)).map_err(|problem| Box::new(problem.into_first_fault()))
}

/// What a row is about; the members that only say that are taken out of it, and the id is left to be filled in.
fn address(members: &mut Map<String, Value>) -> Result<Address, Box<Fault>> {
    let mut take = |name: &str| match members.remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let id = take("indicator_id");
    let [organization, code, number, name] = NAMES.map(|(name, ..)| take(name));
    let year = members.get("fiscal_year").and_then(Value::as_i64).and_then(|year| i32::try_from(year).ok());
    members.insert("indicator_id".to_owned(), json!(""));
    match (id, organization, code, year, number, name) {
        (Some(id), None, None, _, None, name) => Ok(Address::Id { id, name }),
        (None, Some(organization), Some(code), _, None, None) => Ok(Address::Common { organization, code }),
        (None, Some(organization), None, Some(fiscal_year), Some(number), Some(name)) => {
            Ok(Address::Measured { organization, fiscal_year, number, name })
        }
        _ => Err(Box::new(Fault::at(
            "",
            "no_address",
            "指標は、indicator_id、またはorganizationとcommon_code、またはorganization・fiscal_year・number・indicatorのいずれかの組で示してください。",
            "Name the indicator by `indicator_id`; or by `organization` and `common_code`; or by `organization`, `fiscal_year`, `number` and `indicator`.",
        ))),
    }
}

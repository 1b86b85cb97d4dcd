//! Minato ward's plan, and how the tests put, find and compare what a plan document says.

use std::collections::BTreeMap;

use mikomi::domain::Decimal;
use serde_json::{Value, json};

use crate::support::{Client, Response};

/// Every resource, in the order in which they depend on each other.
pub const RESOURCES: [&str; 10] = [
    "organizations",
    "plans",
    "checkpoints",
    "objectives",
    "initiatives",
    "indicators",
    "targets",
    "actuals",
    "activities",
    "reviews",
];

/// Where the plan of 2021 is put.
pub const PLAN_2021: &str = "/plan-documents/271071/2021";

/// The plan of 2021 with its mid-year review, as it is published.
pub fn minato() -> Value {
    serde_json::from_str(include_str!("../../data/minato-2021.json")).unwrap()
}

/// A short plan of the same ward with these initiatives in one strategy.
pub fn short(fiscal_year: i32, initiatives: Value) -> Value {
    json!({
        "organization": {"code": "271071", "name": "大阪市港区", "parent": {"code": "271004", "name": "大阪市"}},
        "fiscal_year": fiscal_year, "title": "運営方針",
        "themes": [{"number": "1", "title": "課題", "strategies": [
            {"number": "1-1", "title": "戦略", "initiatives": initiatives}]}],
    })
}

/// An initiative with one target that counts participants.
pub fn counting(number: &str, actuals: Value) -> Value {
    json!({"number": number, "title": format!("取組{number}"), "actuals": actuals,
        "targets": [{"indicator": "参加者数", "text": "100人以上", "unit": "人", "measure": "sum"}]})
}

/// The id of the department of this name.
#[track_caller]
pub fn department(app: &Client, name: &str) -> String {
    let listed = app.get("/organizations?kind=department&limit=100").expect(200).json();
    let named = listed["items"].as_array().unwrap().iter().find(|row| row["name"] == name);
    named.unwrap_or_else(|| panic!("{name}"))["id"].as_str().unwrap().to_owned()
}

/// Puts a document that is to stand, whatever stood before.
#[track_caller]
pub fn put(app: &Client, document: &Value) -> Response {
    let path = address(document);
    let stands = app.get(&path);
    let request = app.request("PUT", &path).json(document);
    match stands.status() {
        404 => request.send().expect(201),
        _ => request.header("if-match", stands.etag()).send().expect(200),
    }
}

/// Where a document belongs.
pub fn address(document: &Value) -> String {
    format!("/plan-documents/{}/{}", document["organization"]["code"].as_str().unwrap(), document["fiscal_year"])
}

/// Everything that is stored, by path: versions and times included.
pub fn everything(app: &Client) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for resource in RESOURCES {
        let page = app.get(&format!("/{resource}?limit=1000")).expect(200).json();
        assert!(page["next_cursor"].is_null(), "{resource}: more than a page");
        for item in page["items"].as_array().unwrap() {
            all.insert(format!("{resource}/{}", item["id"].as_str().unwrap()), item.clone());
        }
    }
    all
}

/// How many rows of each resource there are, without those that have none.
pub fn counts(all: &BTreeMap<String, Value>) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for path in all.keys() {
        *counts.entry(path.split('/').next().unwrap()).or_default() += 1;
    }
    counts
}

/// Where the initiative with this number stands in a document.
pub fn place(document: &Value, number: &str) -> String {
    fn below(value: &Value, place: &str, number: &str) -> Option<String> {
        match value {
            Value::Object(members) => members.iter().find_map(|(name, member)| {
                let place = format!("{place}/{name}");
                let found = (name == "initiatives").then(|| {
                    let at = member.as_array()?.iter().position(|initiative| initiative["number"] == number)?;
                    Some(format!("{place}/{at}"))
                });
                found.flatten().or_else(|| below(member, &place, number))
            }),
            Value::Array(items) => {
                items.iter().enumerate().find_map(|(index, item)| below(item, &format!("{place}/{index}"), number))
            }
            _ => None,
        }
    }
    below(document, "", number).unwrap_or_else(|| panic!("no initiative {number}"))
}

/// The initiative with this number.
pub fn initiative<'d>(document: &'d mut Value, number: &str) -> &'d mut Value {
    let place = place(document, number);
    document.pointer_mut(&place).unwrap()
}

/// Where what was got lacks or alters what was put. It may say more: what it says by default.
pub fn lost(put: &Value, got: &Value) -> Vec<String> {
    fn compare(place: &str, put: &Value, got: &Value, lost: &mut Vec<String>) {
        match (put, got) {
            (Value::Object(put), Value::Object(got)) => {
                for (name, value) in put {
                    compare(&format!("{place}/{name}"), value, got.get(name).unwrap_or(&Value::Null), lost);
                }
            }
            (Value::Array(put), Value::Array(got)) if put.len() == got.len() => {
                put.iter()
                    .zip(got)
                    .enumerate()
                    .for_each(|(at, (put, got))| compare(&format!("{place}/{at}"), put, got, lost));
            }
            _ if put == got || decimal(put).is_some() && decimal(put) == decimal(got) => {}
            _ => lost.push(format!("{place}: put {put}, got {got}")),
        }
    }
    let mut found = Vec::new();
    compare("", put, got, &mut found);
    found
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => number.to_string().parse().ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

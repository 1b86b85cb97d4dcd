//! What of a document with faults can still be read, so that its rules are checked in the same answer.
//!
//! A fault takes away as little as possible: the member, or where the member is needed the object around it, step by
//! step until the rest has the right shape. What is found in the rest is told in the places of the whole.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::api::problem::{Fault, Place};

/// A document without its faulty parts.
pub struct Salvaged {
    /// The rest.
    pub rest: Value,
    /// The kept items of each array that lost some, by the array's place in the rest.
    kept: HashMap<String, Vec<usize>>,
    /// The places in the whole of what was taken away.
    removed: HashSet<String>,
}

/// More rounds than a document has levels: each takes away at least one enclosing object.
const ROUNDS: usize = 40;

/// Takes the faults away until `faults_of` finds none. `None` where nothing is left.
pub fn salvage(whole: &Value, first: &[Fault], faults_of: impl Fn(&Value) -> Vec<Fault>) -> Option<Salvaged> {
    let mut removed: HashSet<String> = HashSet::new();
    let mut faults = first.to_vec();
    let mut salvaged = Salvaged { rest: Value::Null, kept: HashMap::new(), removed: HashSet::new() };
    for _ in 0..ROUNDS {
        for fault in &faults {
            let Place::Pointer(pointer) = &fault.place else { continue };
            let place = salvaged.place_in_whole(pointer);
            // What is missing cannot be taken away: what it is missing in can.
            let gone = if whole.pointer(&place).is_some() { place } else { parent(&place)?.to_owned() };
            let gone = if removed.contains(&gone) { parent(&gone)?.to_owned() } else { gone };
            if gone.is_empty() {
                return None;
            }
            removed.insert(gone);
        }
        salvaged.kept.clear();
        salvaged.rest = without(whole, "", "", &removed, &mut salvaged.kept)?;
        faults = faults_of(&salvaged.rest);
        if faults.is_empty() {
            salvaged.removed = removed;
            return Some(salvaged);
        }
    }
    None
}

fn parent(pointer: &str) -> Option<&str> {
    pointer.rsplit_once('/').map(|(parent, _)| parent)
}

/// A copy without the removed places; `whole` and `rest` are the value's own place in each.
fn without(
    value: &Value,
    whole: &str,
    rest: &str,
    removed: &HashSet<String>,
    kept: &mut HashMap<String, Vec<usize>>,
) -> Option<Value> {
    if removed.contains(whole) {
        return None;
    }
    Some(match value {
        Value::Object(members) => {
            let mut left = Map::new();
            for (name, member) in members {
                let token = crate::api::shape::escape(name);
                let (whole, rest) = (format!("{whole}/{token}"), format!("{rest}/{token}"));
                if let Some(member) = without(member, &whole, &rest, removed, kept) {
                    left.insert(name.clone(), member);
                }
            }
            Value::Object(left)
        }
        Value::Array(items) => {
            let mut left = Vec::new();
            let mut indexes = Vec::new();
            for (index, item) in items.iter().enumerate() {
                let rest = format!("{rest}/{}", left.len());
                if let Some(item) = without(item, &format!("{whole}/{index}"), &rest, removed, kept) {
                    left.push(item);
                    indexes.push(index);
                }
            }
            if left.len() < items.len() {
                kept.insert(rest.to_owned(), indexes);
            }
            Value::Array(left)
        }
        other => other.clone(),
    })
}

impl Salvaged {
    /// Whether a rule may seem to be broken there only because something was taken away: the member itself, one of the
    /// object's, or the target that an actual refers to.
    pub fn is_in_doubt(&self, place: &str) -> bool {
        let referred = place.strip_suffix("/target").and_then(|actual| actual.rsplit_once("/actuals/"));
        self.removed.iter().any(|gone| {
            gone == place
                || parent(gone) == Some(place)
                || referred.is_some_and(|(initiative, _)| parent(gone) == Some(&format!("{initiative}/targets")))
        })
    }

    /// The place in the whole of a place in the rest.
    pub fn place_in_whole(&self, pointer: &str) -> String {
        let (mut rest, mut whole) = (String::new(), String::new());
        for token in pointer.split('/').skip(1) {
            let index = token.parse::<usize>().ok();
            let kept = self.kept.get(&rest).zip(index).and_then(|(kept, index)| kept.get(index));
            match kept {
                Some(index) => whole.push_str(&format!("/{index}")),
                None => whole.push_str(&format!("/{token}")),
            }
            rest.push_str(&format!("/{token}"));
        }
        whole
    }
}

/// Every text under a member of this name, anywhere: the numbers that a document mentions, faulty parts included.
pub fn texts_named(value: &Value, name: &str, found: &mut HashSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(text)) = members.get(name) {
                found.insert(text.clone());
            }
            members.values().for_each(|member| texts_named(member, name, found));
        }
        Value::Array(items) => items.iter().for_each(|item| texts_named(item, name, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A toy shape: items need a number `n`, and may have a text `t`.
    fn faults_of(value: &Value) -> Vec<Fault> {
        let items = value["items"].as_array().into_iter().flatten().enumerate();
        items
            .flat_map(|(index, item)| {
                let missing = (!item["n"].is_number()).then(|| format!("/items/{index}/n"));
                let wrong = (item.get("t").is_some_and(|t| !t.is_string())).then(|| format!("/items/{index}/t"));
                [missing, wrong].into_iter().flatten().map(|place| Fault::at(place, "x", "", ""))
            })
            .collect()
    }

    #[test]
    fn a_fault_takes_away_as_little_as_possible_and_places_stay_those_of_the_whole() {
        let whole = json!({"items": [{"t": "no number"}, {"n": 1, "t": 2}, {"n": "wrong"}, {"n": 3}]});
        let salvaged = salvage(&whole, &faults_of(&whole), faults_of).unwrap();
        assert_eq!(salvaged.rest, json!({"items": [{"n": 1}, {"n": 3}]}));
        assert_eq!(salvaged.place_in_whole("/items/1/n"), "/items/3/n");
        assert_eq!(salvaged.place_in_whole("/other/1"), "/other/1");
    }

    #[test]
    fn nothing_is_left_where_the_whole_itself_is_faulty() {
        let whole = json!([1]);
        assert!(salvage(&whole, &[Fault::at("", "x", "", "")], |_| Vec::new()).is_none());
    }
}

//! Examples for the OpenAPI document: answers that the service gave about its own example data.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::openapi::{OpenApi, Ref, RefOr, Schema};

const EXAMPLES: &str = include_str!("examples.json");

/// Puts an example beside every successful JSON answer whose schema has one: in `examples.json`, or with the schema.
pub(super) fn add(document: &mut OpenApi) {
    let mut examples: BTreeMap<String, Value> = serde_json::from_str(EXAMPLES).unwrap_or_default();
    let schemas = document.components.as_ref().map(|components| &components.schemas);
    for (name, schema) in schemas.into_iter().flatten() {
        if let RefOr::T(Schema::Object(object)) = schema
            && let Some(example) = object.example.as_ref().or(object.examples.first())
        {
            examples.entry(name.clone()).or_insert_with(|| example.clone());
        }
    }
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch];
        for operation in operations.into_iter().flatten() {
            for (status, response) in &mut operation.responses.responses {
                let RefOr::T(response) = response else { continue };
                let content = response.content.get_mut("application/json").filter(|_| status.starts_with('2'));
                let Some(RefOr::T(content)) = content else { continue };
                if let Some(RefOr::Ref(Ref { ref_location, .. })) = &content.schema {
                    let name = ref_location.rsplit('/').next().unwrap_or_default();
                    content.example = examples.get(name).cloned();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::shape;

    #[test]
    fn every_example_has_the_shape_of_its_schema() {
        let examples: BTreeMap<String, Value> = serde_json::from_str(EXAMPLES).unwrap();
        for (name, example) in examples {
            assert_eq!(shape::faults(&name, &example).unwrap(), [], "{name}");
        }
    }

    #[test]
    fn every_answer_with_a_schema_of_its_own_has_an_example() {
        let document = serde_json::to_value(crate::api::openapi()).unwrap();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                for (status, response) in operation["responses"].as_object().unwrap() {
                    let content = &response["content"]["application/json"];
                    if status.starts_with('2') && content["schema"].get("$ref").is_some() {
                        assert!(content.get("example").is_some(), "{method} {path} {status}");
                    }
                }
            }
        }
    }
}

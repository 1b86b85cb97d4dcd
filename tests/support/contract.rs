//! Holds every answer that any test gets against the OpenAPI document: the status is documented, the body has the
//! documented shape, a failure is a problem document.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::client::Response;

pub type OperationId = String;

/// The OpenAPI document, as the tests need it.
pub struct Contract {
    pub document: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Contract {
    pub fn of_this_program() -> &'static Self {
        static CONTRACT: OnceLock<Contract> = OnceLock::new();
        CONTRACT.get_or_init(|| Self {
            document: serde_json::to_value(mikomi::api::openapi()).expect("the OpenAPI document is JSON"),
            validators: Mutex::default(),
        })
    }

    /// Every operation: its id, its method in upper case, its path, itself.
    pub fn operations(&self) -> impl Iterator<Item = (&str, String, &str, &Value)> {
        let paths = self.document["paths"].as_object().expect("paths");
        paths.iter().flat_map(|(path, item)| {
            let methods = ["get", "put", "post", "patch", "delete"].into_iter();
            methods.filter_map(move |method| {
                let operation = item.get(method)?;
                let id = operation["operationId"].as_str().unwrap_or_default();
                Some((id, method.to_uppercase(), path.as_str(), operation))
            })
        })
    }

    /// The operation that a request asks for.
    fn operation(&self, method: &str, path: &str) -> Option<(&str, &Value)> {
        let path = path.split('?').next().unwrap_or_default();
        let method = if method == "HEAD" { "GET" } else { method };
        let fits = |template: &str| {
            let (pattern, given) = (template.split('/'), path.split('/'));
            pattern.clone().count() == given.clone().count()
                && pattern.zip(given).all(|(part, given)| part == given || part.starts_with('{') && !given.is_empty())
        };
        let mut fitting: Vec<_> =
            self.operations().filter(|(_, m, template, _)| m == method && fits(template)).collect();
        // A literal segment wins over a variable.
        fitting.sort_by_key(|(_, _, template, _)| template.matches('{').count());
        fitting.first().map(|(id, _, _, operation)| (*id, *operation))
    }

    /// The operation that answered, unless the answer breaks the contract.
    pub fn hold(&self, method: &str, path: &str, response: &Response) -> Result<Option<OperationId>, String> {
        let status = response.status();
        if status >= 500 {
            return Err(format!("the server failed; its log says {:#?}", super::log::errors()));
        }
        if response.header("x-request-id").is_empty() {
            return Err("the answer has no X-Request-Id".to_owned());
        }
        if matches!(status, 204 | 304) && !response.body.is_empty() {
            return Err(format!("a {status} has a body"));
        }
        if status >= 400 && method != "HEAD" {
            self.is_a_problem(response)?;
        }
        let Some((id, operation)) = self.operation(method, path) else { return Ok(None) };
        let Some(documented) = operation["responses"].get(status.to_string()) else {
            return Err(format!("the document of {id} has no answer {status}"));
        };
        let media = response.header("content-type").split(';').next().unwrap_or_default();
        if method == "HEAD" || matches!(status, 204 | 304) {
            return Ok(Some(id.to_owned()));
        }
        let Some(content) = documented["content"].get(media) else {
            return Err(format!("the document of {id} has no {media:?} in its answer {status}"));
        };
        if media.ends_with("json") {
            self.fits(&format!("{id} {status}"), &content["schema"], &response.json())?;
        }
        Ok(Some(id.to_owned()))
    }

    fn is_a_problem(&self, response: &Response) -> Result<(), String> {
        let media = response.header("content-type");
        if media != "application/problem+json" {
            return Err(format!("the failure is {media:?} instead of application/problem+json"));
        }
        let problem = response.json();
        self.fits("problem", &json!({"$ref": "#/components/schemas/Problem"}), &problem)?;
        if problem["status"] != response.status() {
            return Err("the problem's status is not the answer's".to_owned());
        }
        if problem["request_id"] != response.header("x-request-id") {
            return Err("the problem's request_id is not X-Request-Id".to_owned());
        }
        if !matches!(response.header("content-language"), "ja" | "en") {
            return Err("the problem does not say its language".to_owned());
        }
        Ok(())
    }

    /// Whether a value has the shape that a schema of the document describes.
    pub fn fits(&self, name: &str, schema: &Value, value: &Value) -> Result<(), String> {
        let validator = Arc::clone(self.validators.lock().unwrap().entry(name.to_owned()).or_insert_with(|| {
            let mut schema = schema.clone();
            schema["components"] = self.document["components"].clone();
            Arc::new(build(&schema).unwrap_or_else(|error| panic!("{name}: {error}")))
        }));
        let faults: Vec<String> =
            validator.iter_errors(value).map(|error| format!("{} {error}", error.instance_path())).collect();
        if faults.is_empty() { Ok(()) } else { Err(format!("{name}: {}", faults.join("\n"))) }
    }
}

fn build(schema: &Value) -> Result<Validator, jsonschema::ValidationError<'static>> {
    jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true).build(schema)
}

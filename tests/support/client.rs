//! A client that is as strict as the service promises to be.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http;

use super::contract::{Contract, OperationId};

/// Sends requests, keeps connections, remembers which operations it was answered by.
pub struct Client {
    address: SocketAddr,
    agent: Agent,
    /// What is sent with each request that does not say otherwise.
    key: Option<String>,
    succeeded: Mutex<BTreeSet<OperationId>>,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_connections_per_host(32)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        Self { address, agent, key: None, succeeded: Mutex::default() }
    }

    /// The same, with a key.
    pub fn with_key(self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self }
    }

    pub fn get(&self, path: &str) -> Response {
        self.request("GET", path).send()
    }

    pub fn post(&self, path: &str, body: &Value) -> Response {
        self.request("POST", path).json(body).send()
    }

    pub fn put(&self, path: &str, body: &Value) -> Response {
        self.request("PUT", path).json(body).send()
    }

    /// Changes what the ETag stands for.
    pub fn patch(&self, path: &str, etag: &str, body: &Value) -> Response {
        self.request("PATCH", path).header("if-match", etag).json(body).send()
    }

    pub fn delete(&self, path: &str, etag: &str) -> Response {
        self.request("DELETE", path).header("if-match", etag).send()
    }

    /// Creates something and gives it back as it is shown.
    #[track_caller]
    pub fn create(&self, path: &str, body: &Value) -> Value {
        self.post(path, body).expect(201).json()
    }

    /// A request to a path below `/api/v1`, or to any path that begins with `//`.
    pub fn request(&self, method: &str, path: &str) -> Request<'_> {
        let path = match path.strip_prefix('/') {
            Some(root) if root.starts_with('/') => root.to_owned(),
            _ => format!("/api/v1{path}"),
        };
        Request { client: self, method: method.to_owned(), path, headers: Vec::new(), body: None }
    }

    /// The operations that have answered with a success.
    pub fn succeeded(&self) -> BTreeSet<OperationId> {
        self.succeeded.lock().unwrap().clone()
    }

    /// Sends bytes as they are and reads what comes back until the connection is closed.
    pub fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // A server that has said no may have closed already.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// A request in the making.
pub struct Request<'a> {
    client: &'a Client,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Request<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Asks for the answer's sentences in this language.
    pub fn language(self, tag: &str) -> Self {
        self.header("accept-language", tag)
    }

    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", content_type)
    }

    /// Sends it, and holds the answer against the OpenAPI document.
    #[track_caller]
    pub fn send(self) -> Response {
        let said = format!("{} {}", self.method, self.path);
        let mut request = http::Request::builder()
            .method(self.method.as_str())
            .uri(format!("http://{}{}", self.client.address, self.path));
        let says_who = self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        if let (Some(key), false) = (&self.client.key, says_who) {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let sent = match self.body {
            Some(body) => self.client.agent.run(request.body(body).expect("a sound request")),
            None => self.client.agent.run(request.body(()).expect("a sound request")),
        };
        let (head, mut body) = sent.unwrap_or_else(|error| panic!("{said}: {error}")).into_parts();
        let body = body.with_config().limit(u64::MAX).read_to_vec().unwrap_or_else(|error| panic!("{said}: {error}"));
        let response = Response { said, head, body };
        match Contract::of_this_program().hold(&self.method, &self.path, &response) {
            Ok(None) => {}
            Ok(Some(operation)) if response.status() < 300 => {
                self.client.succeeded.lock().unwrap().insert(operation);
            }
            Ok(Some(_)) => {}
            Err(breach) => panic!("{response}\nbreaks the contract: {breach}"),
        }
        response
    }
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    said: String,
    head: http::response::Parts,
    pub body: Vec<u8>,
}

impl Response {
    pub fn status(&self) -> u16 {
        self.head.status.as_u16()
    }

    /// A header's value; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.head.headers.get(name).map_or("", |value| value.to_str().expect("a header in ASCII"))
    }

    pub fn etag(&self) -> &str {
        self.header("etag")
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a body in UTF-8")
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{self}: {error}"))
    }

    /// The stable code of a problem.
    #[track_caller]
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Where a problem's faults are and what they are, as `place code`, in alphabetical order.
    #[track_caller]
    pub fn faults(&self) -> Vec<String> {
        let body = self.json();
        let fault = |fault: &Value| {
            let place = ["pointer", "parameter", "header"].iter().find_map(|place| fault[place].as_str());
            format!("{} {}", place.unwrap_or_default(), fault["code"].as_str().unwrap_or_default())
        };
        let mut faults: Vec<String> = body["errors"].as_array().into_iter().flatten().map(fault).collect();
        faults.sort();
        faults
    }

    /// Itself, where it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status(), status, "{self}");
        self
    }
}

impl std::fmt::Display for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        write!(f, "{} answered {} {:.1500}", self.said, self.status(), body)
    }
}

//! Two hundred thousand random requests, half on each database. Whatever comes, the server answers, and never with a
//! failure of its own.
//!
//! `MIKOMI_SEED` repeats a run's choices, `MIKOMI_RANDOM` sets the number of requests.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may panic and print"
)]

mod support;

#[path = "random/generator.rs"]
mod generator;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use generator::{Attempt, Generator};
use mikomi::domain::access::Role;
use support::{Contract, Kind, TestApp, logged_errors};
use ureq::Agent;

const REQUESTS: usize = 200_000;
const THREADS_EACH: usize = 2;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable} is a number")))
}

/// A seed that differs from run to run.
fn any_seed() -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    RandomState::new().build_hasher().finish()
}

/// Sends an attempt. A connection that the server has closed in the meantime is no failure, a second one is.
fn send(agent: &Agent, key: &str, attempt: &Attempt) -> Result<(u16, String, Vec<u8>, String), String> {
    let once = || -> Result<_, ureq::Error> {
        let mut request = ureq::http::Request::builder().method(attempt.method.as_str()).uri(attempt.url.as_str());
        request = request.header("authorization", format!("Bearer {key}"));
        for (name, value) in &attempt.headers {
            request = request.header(*name, value.as_slice());
        }
        let (head, mut body) = match &attempt.body {
            Some(body) => agent.run(request.body(body.clone())?)?,
            None => agent.run(request.body(())?)?,
        }
        .into_parts();
        let header = |name: &str| {
            head.headers
                .get(name)
                .map_or_else(String::new, |value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let body = body.with_config().limit(u64::MAX).read_to_vec()?;
        Ok((head.status.as_u16(), header("content-type"), body, header("etag")))
    };
    once().or_else(|_| once()).map_err(|error| error.to_string())
}

/// What is wrong with an answer, if anything is.
fn fault(attempt: &Attempt, status: u16, content_type: &str) -> Option<&'static str> {
    match status {
        500.. => Some("the server failed"),
        400.. if content_type != "application/problem+json" => Some("the failure is no problem document"),
        // A path that the parameters have bent is another route.
        404 | 405 => None,
        _ if !attempt.documented.is_empty() && !attempt.documented.contains(&status) => {
            Some("the OpenAPI document does not mention the status")
        }
        _ => None,
    }
}

/// Sends random requests until the shared number of them is used up; gives back how often each status came.
fn bombard(app: &TestApp, key: &str, seed: u64, left: &AtomicUsize) -> BTreeMap<u16, usize> {
    let agent = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .new_agent();
    let mut generator = Generator::new(Contract::of_this_program(), format!("http://{}", app.address), seed);
    let mut statuses = BTreeMap::new();
    while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
        let attempt = generator.attempt();
        let (status, content_type, body, etag) =
            send(&agent, key, &attempt).unwrap_or_else(|error| panic!("{attempt}\nwas not answered: {error}"));
        if let Some(fault) = fault(&attempt, status, &content_type) {
            let log = logged_errors();
            panic!(
                "{attempt}\nwas answered {status} {}\n{fault}; the log says {log:#?}",
                String::from_utf8_lossy(&body)
            );
        }
        if status == 201 || status == 200 && attempt.method == "PATCH" {
            generator.learn(&body, &etag);
        } else if matches!(status, 204 | 404) {
            generator.forget(&attempt);
        }
        *statuses.entry(status).or_default() += 1;
    }
    statuses
}

#[test]
fn whatever_comes_the_server_answers_and_never_fails() {
    let seed = number("MIKOMI_SEED").unwrap_or_else(any_seed);
    let requests = number("MIKOMI_RANDOM").map_or(REQUESTS, |number| number.try_into().unwrap());
    println!("MIKOMI_SEED={seed}");
    let started = Instant::now();
    std::thread::scope(|scope| {
        for (number, kind) in Kind::BOTH.into_iter().enumerate() {
            scope.spawn(move || {
                let app = TestApp::start(kind);
                let (key, _) = app.key(Role::Admin, None, None);
                let left = AtomicUsize::new(requests / Kind::BOTH.len());
                let statuses = std::thread::scope(|scope| {
                    let threads: Vec<_> = (0..THREADS_EACH)
                        .map(|thread| {
                            let seed = seed.wrapping_add((number * THREADS_EACH + thread) as u64);
                            let (app, key, left) = (&app, &key, &left);
                            scope.spawn(move || bombard(app, key, seed, left))
                        })
                        .collect();
                    threads.into_iter().map(|thread| thread.join().expect("no fault")).collect::<Vec<_>>()
                });
                println!("{kind:?} after {:.0?}: {statuses:?}", started.elapsed());
                // Some requests were good: a generator that is always refused tests little.
                let good: usize = statuses.iter().flatten().filter(|(status, _)| **status < 300).map(|(_, n)| n).sum();
                assert!(good * 20 > requests / 2, "only {good} of {} requests were good", requests / 2);
                app.get("/organizations").expect(200);
            });
        }
    });
    assert_eq!(logged_errors(), Vec::<String>::new(), "MIKOMI_SEED={seed}");
}

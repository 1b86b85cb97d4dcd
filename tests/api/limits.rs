//! What the server puts up with, and from whom: too many requests, slow clients, deep documents, headers that claim
//! something, pages of other sites. And what it does not say: secrets, to its log.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use mikomi::api::{Access, Extras, Limits, Times};
use mikomi::domain::access::Role;
use serde_json::json;

use crate::support::{Client, Contract, Kind, Response, TestApp};

fn limited(limits: Limits) -> TestApp {
    TestApp::start_with(Kind::Sqlite, Extras { limits, ..Extras::default() })
}

fn a_second(a_second: u32) -> Limits {
    Limits { a_second, ..Limits::default() }
}

/// Behind a proxy, which is this machine.
fn proxied(limits: Limits) -> TestApp {
    let extras = Extras {
        access: Access { public_reading: true, ..Access::default() },
        limits: Limits { proxies: "127.0.0.1".parse().unwrap(), ..limits },
        ..Extras::default()
    };
    TestApp::start_with(Kind::Sqlite, extras)
}

/// Asks until it is too much, and says how often that was answered.
fn exhaust(mut ask: impl FnMut() -> Response) -> (usize, Response) {
    for answered in 0..200 {
        let answer = ask();
        if answer.status() == 429 {
            return (answered, answer);
        }
    }
    panic!("200 requests, and no limit");
}

#[test]
fn a_key_that_asks_too_often_waits_and_others_do_not() {
    let app = limited(a_second(4));
    let (text, _) = app.key(Role::Reader, None, None);
    let reader = Client::new(app.address).with_key(&text);
    let (answered, refused) = exhaust(|| reader.get("/plans"));
    assert!((8..30).contains(&answered), "{answered}");
    assert_eq!((refused.code().as_str(), refused.header("retry-after")), ("rate_limited", "1"), "{refused}");
    assert!(refused.json()["detail"].as_str().unwrap().contains("1"), "{refused}");
    // The same key in another dress is the same key.
    use base64::Engine;
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("somebody:{text}"));
    exhaust(|| reader.get("/plans"));
    reader.request("GET", "/plans").header("authorization", &format!("Basic {basic}")).send().expect(429);
    app.client_with(Role::Reader, None).get("/plans").expect(200);
    app.client_without_key().get("/plans").expect(401);
    reader.get("//healthz").expect(200);
    std::thread::sleep(Duration::from_secs(refused.header("retry-after").parse().unwrap()));
    reader.get("/plans").expect(200);
}

#[test]
fn whoever_guesses_keys_is_counted_by_address() {
    let app = limited(a_second(4));
    let nobody = app.client_without_key();
    let mut number = 0;
    let (answered, _) = exhaust(|| {
        number += 1;
        nobody.request("GET", "/plans").header("authorization", &format!("Bearer guess{number}")).send()
    });
    assert!((8..30).contains(&answered), "{answered}");
    exhaust(|| nobody.get("/plans"));
    nobody.post("/criteria/parse", &json!({"text": "100人以上"})).expect(429);
    app.get("/plans").expect(200);
}

#[test]
fn every_operation_says_that_it_may_be_too_much_and_nobody_is_limited_unless_it_is_set() {
    for (id, _, _, operation) in Contract::of_this_program().operations() {
        let header = &operation["responses"]["429"]["headers"]["Retry-After"]["schema"];
        assert_eq!(*header, json!({"type": "integer", "minimum": 1}), "{id}");
    }
    let app = limited(Limits::default());
    let problems = app.get("/problems").expect(200).json();
    assert!(problems.as_array().unwrap().iter().any(|kind| kind["code"] == "rate_limited" && kind["status"] == 429));
    for _ in 0..300 {
        app.request("HEAD", "/problems").send().expect(200);
    }
}

#[test]
fn the_public_is_counted_by_the_address_that_a_trusted_proxy_names() {
    let app = proxied(a_second(2));
    let nobody = app.client_without_key();
    let from = |address: &str| nobody.request("GET", "/plans").header("x-forwarded-for", address).send();
    exhaust(|| from("203.0.113.1"));
    from("203.0.113.2").expect(200);
    exhaust(|| from("203.0.113.1"));
    // What the client claims stands to the left of what the proxy has seen.
    from("203.0.113.77, 203.0.113.1").expect(429);

    let app = TestApp::start_with(
        Kind::Sqlite,
        Extras {
            access: Access { public_reading: true, ..Access::default() },
            limits: a_second(2),
            ..Extras::default()
        },
    );
    let nobody = app.client_without_key();
    let mut number = 0;
    exhaust(|| {
        number += 1;
        nobody.request("GET", "/plans").header("x-forwarded-for", &format!("203.0.113.{number}")).send()
    });
}

#[test]
fn the_history_has_the_address_that_a_trusted_proxy_names_and_no_other() {
    let origin = |app: &TestApp, header: (&str, &str)| {
        let request = app.request("POST", "/organizations").header(header.0, header.1);
        let made = request.json(&json!({"name": "大阪市", "kind": "city"})).send().expect(201);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let history = app.get(&format!("/organizations/{id}/history")).expect(200).json();
        let origin = history["items"][0]["origin"].as_str().unwrap().to_owned();
        origin.split_once(' ').unwrap().0.to_owned()
    };
    let app = proxied(Limits::default());
    assert_eq!(origin(&app, ("x-forwarded-for", "198.51.100.7")), "198.51.100.7");
    assert_eq!(origin(&app, ("forwarded", "for=\"[2001:db8::7]:443\";proto=https")), "2001:db8::7");
    assert_eq!(origin(&app, ("x-real-ip", "198.51.100.7")), "127.0.0.1");
    let app = limited(Limits::default());
    for name in ["x-forwarded-for", "forwarded"] {
        assert_eq!(origin(&app, (name, "for=198.51.100.7")), "127.0.0.1");
        assert_eq!(origin(&app, (name, "198.51.100.7")), "127.0.0.1");
    }
}

#[test]
fn a_document_may_be_as_deep_as_the_limit_and_one_that_is_deeper_is_refused() {
    let app = limited(Limits::default());
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for path in ["/organizations", "/plans", "/criteria/parse", "/initiatives"] {
        let cases =
            [(64, "invalid_request"), (65, "malformed_json"), (200, "malformed_json"), (2_000_000, "malformed_json")];
        for (depth, code) in cases {
            let answer = app.request("POST", path).body("application/json", nested(depth)).send().expect(400);
            assert_eq!(answer.code(), code, "{path} {depth}");
        }
        let inside = format!(r#"{{"name": {}, "kind": "city"}}"#, nested(63));
        let answer = app.request("POST", path).body("application/json", inside).send().expect(400);
        assert_eq!(answer.code(), "invalid_request", "{path}");
    }
    for (depth, code) in [(63, "invalid_request"), (64, "malformed_json")] {
        let plan = format!(r#"{{"themes": {}}}"#, nested(depth));
        let answer =
            app.request("PUT", "/plan-documents/271071/2021").body("application/json", plan).send().expect(400);
        assert_eq!(answer.code(), code, "{depth}");
    }
}

/// Sends bytes one by one, so much apart, until the server has had enough; what it says, and after how long.
fn drip(app: &TestApp, first: &str, rest: &str, apart: Duration) -> (String, Duration) {
    let started = Instant::now();
    let mut stream = TcpStream::connect(app.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(first.as_bytes()).unwrap();
    let mut slow = stream.try_clone().unwrap();
    let rest = rest.to_owned();
    let dripping = std::thread::spawn(move || {
        for byte in rest.bytes() {
            if slow.write_all(&[byte]).is_err() {
                break;
            }
            std::thread::sleep(apart);
        }
    });
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let took = started.elapsed();
    drop(stream);
    dripping.join().unwrap();
    (String::from_utf8_lossy(&answer).into_owned(), took)
}

/// The framework's clock is up to half a second late, so the head and the idle time may seem shorter by that.
fn impatient() -> TestApp {
    let times = Times {
        head: Duration::from_millis(600),
        body: Duration::from_millis(800),
        idle: Duration::from_millis(700),
        turn: Duration::from_millis(900),
        goodbye: Duration::from_millis(300),
    };
    limited(Limits { times, ..Limits::default() })
}

#[test]
fn a_client_that_sends_its_head_byte_by_byte_is_cut_off() {
    let app = impatient();
    let (answer, took) = drip(&app, "GET /api/v1/pl", &"x".repeat(100), Duration::from_millis(50));
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!((50..2_500).contains(&took.as_millis()), "{took:?}");
    app.get("/plans").expect(200);
}

#[test]
fn a_client_that_sends_its_body_byte_by_byte_is_cut_off() {
    let app = impatient();
    let (key, _) = app.key(Role::Admin, None, None);
    let head = format!(
        "POST /api/v1/organizations HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer {key}\r\n\
         content-length: 1000\r\n\r\n"
    );
    let (answer, took) = drip(&app, &head, &" ".repeat(100), Duration::from_millis(50));
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\"request_timeout\""), "{answer}");
    assert!((700..2_500).contains(&took.as_millis()), "{took:?}");
    // Without a key nobody reads it.
    let (answer, took) = drip(&app, &head.replace(&key, "nobody"), &" ".repeat(100), Duration::from_millis(50));
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(took < Duration::from_millis(2_500), "{took:?}");
    app.get("/plans").expect(200);
}

#[test]
fn a_client_that_sends_a_later_head_byte_by_byte_is_cut_off_and_one_that_keeps_asking_is_not() {
    let app = impatient();
    let request = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let (answer, took) = drip(&app, request, &format!("GET /{}", "x".repeat(100)), Duration::from_millis(50));
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.matches("HTTP/1.1").count() == 1, "{answer}");
    assert!((900..2_500).contains(&took.as_millis()), "{took:?}");
    let mut stream = TcpStream::connect(app.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    for _ in 0..30 {
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = [0; 4096];
        assert!(stream.read(&mut answer).unwrap() > 0 && answer.starts_with(b"HTTP/1.1 200 "));
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_connection_on_which_nothing_comes_is_closed() {
    let app = impatient();
    let request = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    for (first, status) in [("", "HTTP/1.1 408 "), (request, "HTTP/1.1 200 ")] {
        let (answer, took) = drip(&app, first, "", Duration::ZERO);
        assert!(answer.starts_with(status), "{first:?}: {answer}");
        assert!((50..2_500).contains(&took.as_millis()), "{took:?}");
    }
}

/// What a browser asks before it lets a page ask, without a key.
fn preflight(app: &TestApp, origin: &str, method: &str, headers: &str) -> Response {
    let nobody = app.client_without_key();
    let request = nobody.request("OPTIONS", "/plans").header("origin", origin);
    let request = request.header("access-control-request-method", method);
    request.header("access-control-request-headers", headers).send()
}

#[test]
fn a_page_of_a_site_that_was_named_may_ask_and_read_and_no_other() {
    let site = "https://dashboard.example";
    let app = limited(Limits { origins: site.parse().unwrap(), ..Limits::default() });
    let ask = |origin: &str, method: &str, headers: &str| preflight(&app, origin, method, headers);
    let allowed =
        ask(site, "PATCH", "authorization, content-type, if-match, idempotency-key, x-change-reason").expect(200);
    assert_eq!(allowed.header("access-control-allow-origin"), site);
    assert!(allowed.header("access-control-allow-methods").contains("PATCH"));
    assert!(allowed.header("access-control-allow-headers").contains("authorization"));
    assert_eq!(
        (allowed.header("access-control-max-age"), allowed.header("access-control-allow-credentials")),
        ("3600", "")
    );
    for (origin, method, headers) in [
        ("https://evil.example", "GET", "authorization"),
        ("https://dashboard.example.evil.example", "GET", "authorization"),
        ("http://dashboard.example", "GET", "authorization"),
        ("null", "GET", "authorization"),
        (site, "TRACE", "authorization"),
        (site, "GET", "x-forwarded-for"),
    ] {
        let refused = ask(origin, method, headers).expect(400);
        assert_eq!(refused.header("access-control-allow-methods"), "", "{origin} {method} {headers}");
    }
    for (path, status) in [("/plans", 200), ("/plans/nobody", 404), ("/plans?x=1", 400)] {
        let answer = app.request("GET", path).header("origin", site).send().expect(status);
        assert_eq!(answer.header("access-control-allow-origin"), site, "{path}");
        let exposed = answer.header("access-control-expose-headers").to_ascii_lowercase();
        for name in ["etag", "link", "x-request-id", "retry-after"] {
            assert!(exposed.contains(name), "{path}: {exposed}");
        }
        assert!(answer.header("vary").to_ascii_lowercase().contains("origin"), "{path}: {}", answer.header("vary"));
        let answer = app.request("GET", path).header("origin", "https://evil.example").send().expect(status);
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
    let refused = app.client_without_key().request("GET", "/plans").header("origin", site).send().expect(401);
    assert_eq!(refused.header("access-control-allow-origin"), site);

    let app = limited(Limits::default());
    let answer = app.request("GET", "/plans").header("origin", site).send().expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), "");
    assert_eq!(preflight(&app, site, "GET", "authorization").expect(401).header("access-control-allow-origin"), "");
}

#[test]
fn every_answer_tells_browsers_what_not_to_do_with_it() {
    for behind_tls in [false, true] {
        let app = limited(Limits { behind_tls, ..Limits::default() });
        let made = app.post("/organizations", &json!({"name": "大阪市", "kind": "city"})).expect(201);
        for answer in [
            made,
            app.get("/plans"),
            app.get("/plans/x"),
            app.get("/problems"),
            app.get("//healthz"),
            app.get("//nothing"),
            app.client_without_key().get("/plans"),
            app.get("/openapi.json"),
        ] {
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
                ("referrer-policy", "no-referrer"),
                ("x-frame-options", "DENY"),
                ("cross-origin-resource-policy", "same-origin"),
                ("strict-transport-security", if behind_tls { "max-age=31536000" } else { "" }),
                ("server", ""),
            ] {
                assert_eq!(answer.header(name), value, "{name} of {answer}");
            }
        }
        for path in ["/plans", "/plans/x", "/organizations?limit=x"] {
            assert_eq!(app.get(path).header("cache-control"), "private, no-cache", "{path}");
        }
        assert_eq!(app.client_without_key().get("/plans").header("cache-control"), "private, no-cache");
        for path in ["/problems", "/openapi.json"] {
            assert_eq!(app.get(path).header("cache-control"), "no-cache", "{path}");
        }
    }
}

/// What the program logs about a few requests with a key or a token, with this environment beside its own.
pub fn logged(database: &str, key: &str, level: &str, environment: &[(&str, &str)]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_mikomi"))
        .args(["serve", "--listen", "127.0.0.1:0", "--database", database])
        .env("MIKOMI_LOG", level)
        .env_remove("MIKOMI_CONFIG")
        .envs(environment.iter().copied())
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stderr.take().unwrap());
    let mut log = String::new();
    let address = loop {
        let mut line = String::new();
        assert_ne!(lines.read_line(&mut line).unwrap(), 0, "it ended: {log}");
        log.push_str(&line);
        if let Some((_, rest)) = line.split_once("listening on http://") {
            break rest.split(',').next().unwrap().trim().to_owned();
        }
    };
    let reading = std::thread::spawn(move || {
        let mut rest = String::new();
        lines.read_to_string(&mut rest).map(|_| rest)
    });
    use base64::Engine;
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("excel:{key}"));
    let wrong = format!("{}0", key);
    for (method, path, authorization, body) in [
        ("GET", "/plans", format!("Bearer {key}"), ""),
        ("GET", "/plans", format!("Basic {basic}"), ""),
        ("GET", "/plans", format!("Bearer {wrong}"), ""),
        ("GET", "/plans", format!("Nonsense {key}"), ""),
        ("POST", "/organizations", format!("Bearer {key}"), r#"{"name": "大阪市", "kind": "city"}"#),
        ("POST", "/organizations", format!("Bearer {key}"), "{"),
        ("GET", "/readyz", format!("Bearer {key}"), ""),
    ] {
        let path = if path == "/readyz" { path.to_owned() } else { format!("/api/v1{path}") };
        let mut stream = TcpStream::connect(&address).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: {authorization}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
        assert!(!answer.contains(key) && !answer.contains("geheim"), "{answer}");
    }
    program.kill().unwrap();
    program.wait().unwrap();
    log + &reading.join().unwrap().unwrap()
}

/// A word that is nobody's password but the test's.
const PASSWORD: &str = "geheim-7f3a";

#[track_caller]
fn says_no_secret(log: &str, key: &str, must_say: &str) {
    use base64::Engine;
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("excel:{key}"));
    assert!(log.contains(must_say), "it logs too little to show anything: {log}");
    let (_, secret) = key.rsplit_once('_').unwrap();
    for secret in [key, secret, &basic, PASSWORD] {
        assert!(!log.contains(secret), "it says `{secret}`: {log}");
    }
}

#[test]
fn keys_are_not_in_the_log() {
    let app = TestApp::start(Kind::Sqlite);
    let (key, _) = app.key(Role::Admin, None, None);
    let mikomi::db::Url::Sqlite(path) = &app.database.url else { panic!("it is on SQLite") };
    let log = logged(&format!("sqlite:{}", path.display()), &key, "debug", &[]);
    says_no_secret(&log, &key, "the request was refused");
}

#[test]
fn the_password_of_a_database_that_cannot_be_reached_is_not_in_the_log() {
    let database = format!("postgres://mikomi:{PASSWORD}@127.0.0.1:1/mikomi");
    let program = Command::new(env!("CARGO_BIN_EXE_mikomi"))
        .args(["serve", "--listen", "127.0.0.1:0", "--database", &database])
        .env("MIKOMI_LOG", "debug")
        .env_remove("MIKOMI_CONFIG")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&program.stderr);
    assert!(said.contains("127.0.0.1:1/mikomi") && !said.contains(PASSWORD), "{said}");
}

#[test]
fn the_password_of_a_database_that_answers_is_not_in_the_log() {
    let app = TestApp::start(Kind::Postgres);
    let (key, _) = app.key(Role::Admin, None, None);
    let mikomi::db::Url::Postgres(url) = &app.database.url else { panic!("it is on PostgreSQL") };
    // A throw-away server trusts everybody, whatever password they give.
    let (scheme, rest) = url.split_once("://").unwrap();
    let (user, place) = rest.split_once('@').unwrap_or(("postgres", rest));
    let user = user.split(':').next().unwrap();
    let log = logged(&format!("{scheme}://{user}:{PASSWORD}@{place}"), &key, "debug", &[]);
    says_no_secret(&log, &key, "the request was refused");
}

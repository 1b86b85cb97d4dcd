//! The program as an operator meets it: its subcommands, its exit codes, what it says, and how it ends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may panic and print"
)]

#[macro_use]
mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use mikomi::db::Connection;
use serde_json::{Value, json};
use support::{Client, Kind, TestDatabase, run};

const MINATO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/minato-2021.json");
const OSAKA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/osaka-organizations.json");

fn mikomi(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mikomi"));
    for name in ["LISTEN", "DATABASE", "LOG", "LOG_FORMAT", "CONNECTIONS", "CONFIG", "RATE_LIMIT"] {
        command.env_remove(format!("MIKOMI_{name}"));
    }
    command.args(arguments);
    command
}

/// The address of a database, with the password and all.
fn address(database: &TestDatabase) -> String {
    match &database.url {
        mikomi::db::Url::Sqlite(path) => format!("sqlite:{}", path.display()),
        mikomi::db::Url::Postgres(url) => url.clone(),
    }
}

fn on(database: &TestDatabase, arguments: &[&str]) -> Output {
    mikomi(arguments).args(["--database", &address(database)]).output().unwrap()
}

/// What it printed, where it went well.
#[track_caller]
fn said(output: Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What it complained of, where it failed.
#[track_caller]
fn complaint(output: Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// A file that is gone when this is dropped.
struct File(std::path::PathBuf);

impl File {
    fn new(content: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("mikomi_test_{}.json", mikomi::db::new_id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A running service. It is killed when this is dropped.
struct Service {
    process: Child,
    address: SocketAddr,
    /// What it says first, on standard output.
    output: BufReader<std::process::ChildStdout>,
}

/// A key with which everything can be done.
fn key(database: &TestDatabase) -> String {
    let create = ["key", "create", "--label", "試験", "--role", "admin", "--database", &address(database)];
    said(mikomi(&create).output().unwrap()).trim().to_owned()
}

impl Service {
    fn start(arguments: &[&str], database: Option<&TestDatabase>) -> Self {
        let mut command = mikomi(arguments);
        command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Tests ask faster than people do.
        command.env("MIKOMI_RATE_LIMIT", "0");
        if let Some(database) = database {
            command.args(["--database", &self::address(database)]);
        }
        let mut process = command.spawn().unwrap();
        let mut errors = BufReader::new(process.stderr.take().unwrap());
        let mut told = String::new();
        let address = loop {
            let mut line = String::new();
            assert_ne!(errors.read_line(&mut line).unwrap(), 0, "it ended: {told}");
            if let Some((_, rest)) = line.split_once("listening on http://") {
                break rest.split(',').next().unwrap().trim().parse().unwrap();
            }
            told.push_str(&line);
        };
        // Whoever does not read what it says makes it wait.
        std::thread::spawn(move || std::io::copy(&mut errors, &mut std::io::sink()));
        let output = BufReader::new(process.stdout.take().unwrap());
        Self { process, address, output }
    }

    fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

macro_rules! on_both_databases {
    ($(fn $sentence:ident($database:ident: &TestDatabase) $body:block)+) => { $(
        mod $sentence {
            use super::*;

            fn holds($database: &TestDatabase) $body

            #[test]
            fn sqlite() {
                holds(&TestDatabase::new(Kind::Sqlite));
            }

            #[test]
            fn postgres() {
                holds(&TestDatabase::new(Kind::Postgres));
            }
        }
    )+ };
}

on_both_databases! {
    fn migrating_twice_is_migrating_once(database: &TestDatabase) {
        let empty = TestDatabase::empty(database.kind);
        assert!(said(on(&empty, &["migrate"])).contains("migrations run"));
        assert!(said(on(&empty, &["migrate"])).contains("up to date"));
        assert!(said(on(database, &["migrate"])).contains("up to date"));
    }

    fn a_newer_schema_is_left_alone(database: &TestDatabase) {
        run(&mut database.connect(), "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')");
        for command in [["migrate"], ["serve"], ["export"], ["recompute"]] {
            let complaint = complaint(on(database, &command));
            assert!(complaint.contains("99990101000000") && complaint.contains("newer"), "{complaint}");
        }
    }

    fn importing_again_changes_nothing(database: &TestDatabase) {
        assert!(said(on(database, &["import", OSAKA])).contains("25 organizations, 0 plans"));
        assert!(said(on(database, &["import", MINATO])).contains("1 plans, 1 of them new or changed"));
        let before = said(on(database, &["export"]));
        assert!(said(on(database, &["import", MINATO])).contains("1 plans, 0 of them new or changed"));
        assert_eq!(said(on(database, &["export"])), before);
        assert_eq!(said(on(database, &["recompute"])).trim(), "1 plans recomputed, 0 differences");
    }

    fn a_faulty_file_changes_nothing_and_every_place_is_named(database: &TestDatabase) {
        let good: Value = serde_json::from_str(&std::fs::read_to_string(MINATO).unwrap()).unwrap();
        let mut bad = good.clone();
        bad["fiscal_year"] = json!(2022);
        bad["themes"][0]["colour"] = json!("red");
        bad["themes"][1]["title"] = json!("");
        bad["themes"][2]["strategies"][0]["initiatives"][0]["targets"][0]["measure"] = json!("guess");
        bad["themes"][3]["number"] = json!("5");
        let file = File::new(json!([good, bad]).to_string().as_bytes());
        let complaint = complaint(on(database, &["import", file.path()]));
        for place in ["plan 1", "/themes/0/colour", "/themes/1/title", "/themes/2/strategies/0/initiatives/0/targets/0/measure", "/themes/4/number"] {
            assert!(complaint.contains(place), "{place}: {complaint}");
        }
        assert_eq!(serde_json::from_str::<Value>(&said(on(database, &["export"]))).unwrap(), json!({"organizations": [], "plans": []}));
    }

    fn what_is_no_import_is_refused(database: &TestDatabase) {
        for content in ["", "{", "3", "{\"a\": 1}", "[1]", "{\"plans\": 1}", "{\"plans\": [], \"more\": 1}", "\u{feff}"] {
            let file = File::new(content.as_bytes());
            assert!(complaint(on(database, &["import", file.path()])).starts_with("mikomi: "), "{content}");
        }
        assert!(complaint(on(database, &["import", "/nowhere/file.json"])).contains("/nowhere/file.json"));
    }

    fn an_export_can_be_taken_over_by_the_other_database(database: &TestDatabase) {
        let other = TestDatabase::new(if database.kind == Kind::Sqlite { Kind::Postgres } else { Kind::Sqlite });
        for file in [OSAKA, MINATO] {
            said(on(database, &["import", file]));
        }
        let exported = said(on(database, &["export"]));
        let file = File::new(exported.as_bytes());
        said(on(&other, &["import", file.path()]));
        assert_eq!(said(on(&other, &["export"])), exported);
        said(on(database, &["import", file.path()]));
        assert_eq!(said(on(database, &["export"])), exported);
    }

    fn a_plan_that_a_file_cannot_name_is_not_exported_as_if_it_could(database: &TestDatabase) {
        said(on(database, &["import", MINATO]));
        run(&mut database.connect(), "UPDATE organizations SET code = NULL WHERE code = '271071'");
        let complaint = complaint(on(database, &["export"]));
        assert!(complaint.contains("港区") && complaint.contains("`code`"), "{complaint}");
    }

    fn a_demonstration_writes_over_nothing(database: &TestDatabase) {
        said(on(database, &["import", MINATO]));
        run(&mut database.connect(), "UPDATE plans SET title = '別の題名'");
        drop(Service::start(&["demo"], Some(database)));
        assert!(said(on(database, &["export"])).contains("別の題名"));
    }

    fn many_may_migrate_at_once(database: &TestDatabase) {
        let empty = TestDatabase::empty(database.kind);
        let mut first = empty.connect();
        let all: Vec<Child> =
            (0..4).map(|_| mikomi(&["migrate", "--database", &address(&empty)]).stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()).collect();
        let told: Vec<String> = all.into_iter().map(|one| said(one.wait_with_output().unwrap())).collect();
        assert_eq!(told.iter().filter(|told| told.contains("migrations run")).count(), 1, "{told:?}");
        run(&mut first, "SELECT id FROM plans");
    }

    fn what_was_stored_wrongly_is_found_and_put_right(database: &TestDatabase) {
        said(on(database, &["import", MINATO]));
        run(&mut database.connect(), "UPDATE plan_rollups SET body = '{}'");
        let found = on(database, &["recompute"]);
        assert_eq!((found.status.code(), String::from_utf8(found.stdout).unwrap().trim()), (Some(1), "1 plans recomputed, 1 differences"));
        assert!(said(on(database, &["recompute"])).contains("0 differences"));
    }

    fn a_request_that_runs_is_finished_before_the_end(database: &TestDatabase) {
        let key = key(database);
        let mut service = Service::start(&["serve"], Some(database));
        let body = json!({"name": "大阪市", "kind": "city", "code": "271004"}).to_string();
        let mut connection = TcpStream::connect(service.address).unwrap();
        let (first, rest) = body.as_bytes().split_at(10);
        write!(connection, "POST /api/v1/organizations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len()).unwrap();
        // The service says that it has begun with the request.
        let mut begun = [0; 25];
        connection.read_exact(&mut begun).unwrap();
        assert!(begun.starts_with(b"HTTP/1.1 100"), "{}", String::from_utf8_lossy(&begun));
        connection.write_all(first).unwrap();
        service.signal("TERM");
        while TcpStream::connect(service.address).is_ok() {
            std::thread::yield_now();
        }
        connection.write_all(rest).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        assert!(answer.contains("201 Created"), "{answer}");
        assert!(service.process.wait().unwrap().success());
        assert!(said(on(database, &["export"])).contains("大阪市"));
    }
}

#[test]
fn every_fault_of_the_start_names_its_remedy() {
    let database = TestDatabase::new(Kind::Sqlite);
    let old = TestDatabase::empty(Kind::Postgres);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().to_string();
    let good = address(&database);
    for (arguments, remedies) in [
        (vec!["serve", "--database", "mysql://host/x"], vec!["mysql", "sqlite:PATH", "--database"]),
        (vec!["serve", "--database", "sqlite:"], vec!["sqlite:mikomi.sqlite"]),
        (vec!["serve", "--database", "sqlite:/nowhere/x.sqlite"], vec!["/nowhere"]),
        (vec!["serve", "--database", &good, "--listen", &port], vec![&port, "--listen"]),
        (vec!["serve", "--database", &good, "--listen", "nonsense"], vec!["nonsense", "--listen"]),
        (vec!["serve", "--database", &address(&old)], vec!["mikomi migrate"]),
        (vec!["health", "--listen", "127.0.0.1:1"], vec!["127.0.0.1:1", "--listen"]),
        (
            vec!["export", "--database", "sqlite:/tmp/mikomi-nothing.sqlite"],
            vec!["/tmp/mikomi-nothing.sqlite", "--database"],
        ),
        (vec!["recompute", "--database", "sqlite:/tmp/mikomi-nothing.sqlite"], vec!["/tmp/mikomi-nothing.sqlite"]),
        (vec!["serve", "--config", "/nowhere/mikomi.toml"], vec!["/nowhere/mikomi.toml"]),
    ] {
        let complaint = complaint(mikomi(&arguments).output().unwrap());
        for remedy in remedies {
            assert!(complaint.contains(remedy), "{arguments:?} should name {remedy}: {complaint}");
        }
    }
    let unknown = mikomi(&["fly"]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn the_demonstration_prints_addresses_that_work() {
    let mut service = Service::start(&["demo"], None);
    let mut told = String::new();
    while !told.contains("Ctrl-C") {
        assert_ne!(service.output.read_line(&mut told).unwrap(), 0, "{told}");
    }
    let client = Client::new(service.address);
    let root = format!("http://{}", service.address);
    let addresses: Vec<&str> =
        told.split(['\'', ' ', '\n']).filter_map(|word| word.strip_prefix(root.as_str())).collect();
    assert_eq!(addresses.len(), 4, "{told}");
    for address in addresses {
        let answer = client.get(&format!("/{address}")).expect(200);
        if address.contains("rollup") {
            assert_eq!(answer.json()["outlook"]["declared"]["miss"], 3, "{address}");
        } else if address.contains("initiatives") {
            assert_eq!(answer.json()["total"], 3, "{address}");
        }
    }
    let key_of = |role: &str| {
        let line = told.lines().find(|line| line.trim_start().starts_with(&format!("{role} "))).unwrap();
        line.split_whitespace().last().unwrap().to_owned()
    };
    let review = client.get("/reviews?limit=1").expect(200).json()["items"][0]["id"].clone();
    let review = format!("/reviews/{}", review.as_str().unwrap());
    client.patch(&review, "*", &json!({})).expect(401);
    for (role, expected) in [("reader", 403), ("reporter", 200), ("approver", 403), ("planner", 403), ("admin", 200)] {
        Client::new(service.address).with_key(&key_of(role)).patch(&review, "*", &json!({})).expect(expected);
    }
    let health = mikomi(&["health", "--listen", &service.address.to_string()]).output().unwrap();
    assert_eq!(said(health).trim(), "ready");
    service.signal("INT");
    assert!(service.process.wait().unwrap().success());
}

on_both_databases! {
    fn keys_are_made_listed_and_ended(database: &TestDatabase) {
        let key = |arguments: &[&str]| {
            let address = address(database);
            mikomi(&[&["key"], arguments, &["--database", &address]].concat()).output().unwrap()
        };
        let text = said(key(&["create", "--label", "集計表", "--role", "reader", "--expires", "2999-12-31"]));
        let prefix = text.split('_').nth(1).unwrap().to_owned();
        assert_eq!(text.trim().len(), "mikomi_".len() + 8 + 1 + 64, "{text}");
        let listed = said(key(&["list"]));
        assert!(listed.contains(&prefix) && listed.contains("集計表") && listed.contains("counts"), "{listed}");
        assert!(!listed.contains(text.trim().rsplit('_').next().unwrap()), "{listed}");
        said(key(&["revoke", &prefix]));
        assert!(said(key(&["list"])).contains("revoked"));
        assert!(complaint(key(&["revoke", &prefix])).contains("mikomi key list"));
        let nowhere = key(&["create", "--label", "x", "--role", "planner", "--organization", "999999"]);
        assert!(complaint(nowhere).contains("`999999`"));
    }
}

on_both_databases! {
    fn the_history_is_checked(database: &TestDatabase) {
        said(on(database, &["generate", "--municipalities", "1", "--years", "1"]));
        let head = said(on(database, &["audit", "head"])).trim().to_owned();
        let (number, _) = head.split_once(':').unwrap();
        assert!(number.parse::<u32>().unwrap() > 100, "{head}");
        said(on(database, &["key", "create", "--label", "x", "--role", "reader"]));
        assert!(said(on(database, &["audit", "verify", "--head", &head])).contains("each as it was written"));
        let complaint = on(database, &["audit", "verify", "--head", &format!("{number}:0")]);
        assert_eq!(complaint.status.code(), Some(1), "{complaint:?}");
        run(&mut Connection::open(&database.url).unwrap(), "DELETE FROM history WHERE seq = 50");
        let found = on(database, &["audit", "verify"]);
        assert!(String::from_utf8_lossy(&found.stdout).contains("entry 50 is missing"), "{found:?}");
        assert_eq!(found.status.code(), Some(1));
    }
}

#[test]
fn a_text_is_parsed_on_the_command_line() {
    let answer: Value = serde_json::from_str(&said(mikomi(&["parse", "55％以上"]).output().unwrap())).unwrap();
    let expected =
        json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "constant", "value": "55"}, "unit": "%"});
    assert_eq!(answer["criterion"], expected);
    let known = ["parse", "80", "--unit", "%", "--polarity", "lower_is_better", "--fiscal-year", "2021"];
    let answer: Value = serde_json::from_str(&said(mikomi(&known).output().unwrap())).unwrap();
    assert_eq!((&answer["needs_review"], &answer["criterion"]["unit"]), (&json!(false), &json!("%")));
    let refused = mikomi(&["parse", "80%", "--polarity", "up"]).output().unwrap();
    assert!(String::from_utf8(refused.stderr).unwrap().contains("higher_is_better"));
}

#[test]
fn lines_are_parsed_in_their_order_and_a_faulty_one_does_not_hide_the_others() {
    let file =
        File::new("{\"text\": \"55%以上\"}\n\n{\"txt\": 1}\n{\"text\": \"at most 3\", \"unit\": \"件\"}\n".as_bytes());
    let output = mikomi(&["parse", "--lines", file.path()]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let answers: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 3);
    assert_eq!(
        (&answers[0]["criterion"]["comparator"], &answers[2]["criterion"]["comparator"]),
        (&json!("gte"), &json!("lte"))
    );
    assert_eq!(answers[1]["line"], 3);
    assert!(answers[1]["error"].as_str().unwrap().contains("txt"));
    assert!(complaint(mikomi(&["parse", "--lines", "/nowhere/at/all"]).output().unwrap()).contains("/nowhere/at/all"));
}

#[test]
fn cases_are_forecast_in_their_order_and_a_faulty_one_does_not_hide_the_others() {
    let year = |fiscal_year: i32, values: [i32; 4]| json!({"fiscal_year": fiscal_year, "final": values.iter().sum::<i32>(), "values": values});
    let sum = json!({
        "case_id": "visitors", "aggregation": "sum", "direction": "up", "comparator": ">=", "target": 900, "unit": "人",
        "periods_per_year": 4, "elapsed": 2, "values": [210, 240], "outcome_met": true,
        "prior": [year(2019, [180, 220, 250, 250]), year(2020, [190, 230, 260, 260])]
    });
    let missed = json!({
        "case_id": "thefts", "aggregation": "sum", "direction": "down", "comparator": "<=", "target": 400, "unit": "件",
        "periods_per_year": 4, "elapsed": 2, "values": [210, 240], "prior": []
    });
    let stock = json!({
        "case_id": "cards", "aggregation": "latest", "direction": "up", "target": 42.0, "unit": "%",
        "periods_per_year": 12, "elapsed": 6, "values": [29, 31, 33, 35, 36, 36.5], "prior": [{"fiscal_year": 2020, "final": 28}]
    });
    let nothing = json!({
        "case_id": "new", "aggregation": "ratio", "comparator": ">=", "target": 50, "unit": "%",
        "periods_per_year": 12, "elapsed": 0, "values": [], "prior": []
    });
    let survey = json!({
        "case_id": "survey", "aggregation": "latest", "comparator": ">=", "target": 50, "unit": "%",
        "periods_per_year": 1, "elapsed": 0, "values": [], "prior": [{"fiscal_year": 2019, "final": 60}, {"fiscal_year": 2020, "final": 62}]
    });
    let faulty = json!({"case_id": "faulty", "aggregation": "sum", "comparator": ">=", "target": 1, "periods_per_year": 4, "elapsed": 5, "values": []});
    let endless = json!({"case_id": "endless", "aggregation": "sum", "comparator": ">=", "target": 1, "periods_per_year": 99_999_999_999_u64, "elapsed": 1, "values": []});
    let most = json!({
        "case_id": "peak", "aggregation": "maximum", "comparator": ">=", "target": 30, "unit": "人", "periods_per_year": 4, "elapsed": 2,
        "values": [20, 24], "prior": [{"fiscal_year": 2020, "final": 26, "values": [18, 22, 23, 26]}], "estimate": 25
    });
    let least = json!({
        "case_id": "low", "aggregation": "minimum", "comparator": ">=", "target": 21, "unit": "人", "periods_per_year": 4, "elapsed": 2,
        "values": [20, 24], "prior": []
    });
    let estimated = json!({
        "case_id": "estimated", "aggregation": "sum", "comparator": ">=", "target": 900, "unit": "人", "periods_per_year": 4, "elapsed": 2,
        "values": [210, 240], "prior": [], "estimate": 500
    });
    let over = json!({
        "case_id": "over", "aggregation": "sum", "comparator": ">", "target": 0.3, "periods_per_year": 3, "elapsed": 3, "values": [0.1, 0.1, 0.1], "prior": []
    });
    let gap = json!({
        "case_id": "gap", "aggregation": "sum", "comparator": ">=", "target": 90, "periods_per_year": 3, "elapsed": 3, "values": [40, null, 40], "prior": []
    });
    let lines = format!(
        "{sum}\n{missed}\n\n{faulty}\n{stock}\n{nothing}\nnonsense\n{survey}\n{endless}\n{most}\n{least}\n{estimated}\n{over}\n{gap}\n"
    );
    // A line that is no UTF-8 stops nothing either.
    let file = File::new(&[lines.as_bytes(), b"{\"case_id\": \"\xff\"}\n"].concat());
    let output = mikomi(&["outlook", "--cases", file.path()]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("lines refused: 4"));
    let answers: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let verdicts: Vec<(Option<&str>, Option<&str>)> =
        answers.iter().map(|answer| (answer["case_id"].as_str(), answer["verdict"].as_str())).collect();
    assert_eq!(
        verdicts,
        [
            (Some("visitors"), Some("achieve")),
            (Some("thefts"), Some("miss")),
            (Some("faulty"), None),
            (Some("cards"), Some("undetermined")),
            (Some("new"), Some("undetermined")),
            (None, None),
            (Some("survey"), Some("achieve")),
            (Some("endless"), None),
            (Some("peak"), Some("miss")),
            (Some("low"), Some("miss")),
            (Some("estimated"), Some("miss")),
            (Some("over"), Some("miss")),
            (Some("gap"), Some("achieve")),
            (None, None),
        ]
    );
    // Every period is reported: that is the result, and exactly the target is not more than it.
    assert_eq!((&answers[11]["probability"], &answers[11]["forecast"]["high"]), (&json!(0.0), &json!("0.3")));
    assert_eq!(answers[10]["forecast"]["year_end"], "700");
    assert!(answers[0]["probability"].as_f64().unwrap() > 0.8);
    // It is past its limit already.
    assert_eq!(answers[1]["probability"], 0.0);
    assert!(answers[0]["reason"]["ja"].as_str().unwrap().contains("450人"), "{}", answers[0]);
    assert!(answers[0]["forecast"]["year_end"].as_str().unwrap().parse::<f64>().unwrap() > 900.0);
    assert_eq!((&answers[4]["probability"], &answers[4]["forecast"]), (&json!(null), &json!(null)));
    assert_eq!((&answers[2]["line"], &answers[5]["line"]), (&json!(4), &json!(7)));
    assert!(answers[2]["error"].as_str().unwrap().contains("elapsed"));
    assert!(answers[6]["reason"]["en"].as_str().unwrap().contains("past years only"));
    assert!(
        complaint(mikomi(&["outlook", "--cases", "/nowhere/at/all"]).output().unwrap()).contains("/nowhere/at/all")
    );
}

/// Says so when it is dropped: also where a test fails, so that nobody waits for ever for those who look at it.
struct Stopped<'a>(&'a AtomicBool);

impl Drop for Stopped<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn what_was_acknowledged_survives_a_sudden_death() {
    let database = TestDatabase::new(Kind::Sqlite);
    let key = key(&database);
    for _ in 0..3 {
        let mut service = Service::start(&["serve"], Some(&database));
        let (address, dead) = (service.address, AtomicBool::new(false));
        let (dead, key) = (&dead, &key);
        let write = move |writer: usize| {
            let mut acknowledged: Vec<String> = Vec::new();
            while !dead.load(Ordering::Relaxed) {
                let name = format!("{writer}-{}", mikomi::db::new_id());
                let body = json!({"name": name, "kind": "city"}).to_string();
                let Ok(mut connection) = TcpStream::connect(address) else { break };
                let request = write!(
                    connection,
                    "POST /api/v1/organizations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
                let mut answer = String::new();
                if request.is_ok()
                    && connection.read_to_string(&mut answer).is_ok()
                    && answer.starts_with("HTTP/1.1 201")
                {
                    acknowledged.push(name);
                }
            }
            acknowledged
        };
        let acknowledged: Vec<String> = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..6).map(|writer| scope.spawn(move || write(writer))).collect();
            let stopped = Stopped(dead);
            // In the midst of the writing, whenever that is: when this many rows are there.
            let client = Client::new(address).with_key(key);
            let before = client.get("/organizations?limit=1").json()["total"].as_u64().unwrap();
            while client.get("/organizations?limit=1").json()["total"].as_u64().unwrap() < before + 60 {}
            service.process.kill().unwrap();
            service.process.wait().unwrap();
            drop(stopped);
            writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
        });
        assert!(acknowledged.len() > 40, "{}", acknowledged.len());
        let again = Service::start(&["serve"], Some(&database));
        let client = Client::new(again.address).with_key(key);
        let mut names = std::collections::BTreeSet::new();
        let mut path = "/organizations?limit=1000&fields=name".to_owned();
        loop {
            let page = client.get(&path).expect(200).json();
            names
                .extend(page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/organizations?limit=1000&fields=name&cursor={cursor}");
        }
        let lost: Vec<&String> = acknowledged.iter().filter(|name| !names.contains(*name)).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
}

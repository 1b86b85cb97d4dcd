//! People who sign in with the city's identity provider: what their tokens are worth, for how long, and whose name stands
//! in the history.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mikomi::api::{Access, Extras, Limits};
use mikomi::domain::access::Role;
use mikomi::oidc::{Provider, Section, Times};
use serde_json::{Value, json};

use crate::access;
use crate::limits::logged;
use crate::minato::{counting, put, short};
use crate::support::{Client, Issuer, Kind, Response, Signer, TestApp};

/// Keys are asked for as often as a test likes.
const EAGER: Times = Times {
    age: Duration::from_secs(600),
    pause: Duration::from_millis(20),
    retry: Duration::from_millis(20),
    patience: Duration::from_secs(5),
};

/// The service with an identity provider.
pub struct City {
    app: TestApp,
    issuer: Issuer,
    signer: Signer,
}

impl City {
    fn start(kind: Kind) -> Self {
        Self::start_with(kind, EAGER, Extras::default())
    }

    fn start_with(kind: Kind, times: Times, extras: Extras) -> Self {
        let signer = Signer::new("2026-a");
        let issuer = Issuer::start(&[&signer]);
        let provider = Provider::with_times(section(&issuer), times).unwrap();
        let access = Access { provider: Some(provider), ..extras.access };
        Self { app: TestApp::start_with(kind, Extras { access, ..extras }), issuer, signer }
    }

    /// What tokens for this service say of somebody in these groups.
    fn claims(&self, subject: &str, groups: &[&str]) -> Value {
        let now = now();
        json!({"iss": self.issuer.url(), "aud": ["account", "mikomi"], "sub": subject, "iat": now, "nbf": now,
            "exp": now + 300, "preferred_username": format!("name-of-{subject}"), "groups": groups})
    }

    fn token(&self, subject: &str, groups: &[&str]) -> String {
        self.signer.signs(&self.claims(subject, groups))
    }

    /// Somebody in these groups who has signed in.
    fn person(&self, subject: &str, groups: &[&str]) -> Client {
        self.with(&self.token(subject, groups))
    }

    fn with(&self, token: &str) -> Client {
        Client::new(self.app.address).with_key(token)
    }

    /// The answer as it came: the client takes a 5xx for a failure.
    fn raw(&self, token: &str) -> String {
        let request = "GET /api/v1/plans HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer";
        self.app.raw(format!("{request} {token}\r\n\r\n").as_bytes())
    }
}

fn now() -> i64 {
    mikomi::clock::now().and_utc().timestamp()
}

/// Each role has a group for Minato ward; the department of a reporter is taken from the token where it says one.
fn section(issuer: &Issuer) -> Section {
    let group = |value: String, role: &str, organization: &str| json!({"claim": "groups", "value": value, "role": role, "organization": organization});
    let mut grants: Vec<Value> =
        Role::ALL.iter().map(|role| group(format!("minato-{role}"), role.as_str(), "271071")).collect();
    grants.push(group("taisho-approver".to_owned(), "approver", "271080"));
    grants.push(json!({"claim": "groups", "value": "city-reader", "role": "reader"}));
    grants.push(json!({"claim": "realm_access.roles", "value": "reporter", "role": "reporter",
        "organization_claim": "ward", "department_claim": "section"}));
    serde_json::from_value(json!({"issuer": issuer.url(), "audience": "mikomi", "grants": grants})).unwrap()
}

/// A plan of Minato ward, and one of another.
fn two_plans(app: &Client) {
    for (code, name) in [("271071", "港区"), ("271080", "大正区")] {
        let actuals = json!([{"target": 0, "period": "q1", "basis": "increment", "value": "30"}]);
        let mut plan = short(2021, json!([counting("1-1-1", actuals)]));
        plan["organization"]["code"] = json!(code);
        plan["organization"]["name"] = json!(name);
        plan["themes"][0]["strategies"][0]["initiatives"][0]["department"] = json!("福祉課");
        plan["themes"][0]["strategies"][0]["initiatives"][0]["mid_year_review"] =
            json!({"outlook": "achieve", "progress": "on_schedule"});
        plan["checkpoint"] = json!({"kind": "mid_year", "as_of": "2021-09-30"});
        put(app, &plan);
    }
}

fn first(app: &Client, path: &str) -> String {
    app.get(path).expect(200).json()["items"][0]["id"].as_str().unwrap().to_owned()
}

/// The plan, the review and the department of an organization.
fn parts(app: &Client, code: &str) -> [String; 3] {
    let plan = first(app, &format!("/plans?organization={code}"));
    let review = first(app, &format!("/reviews?plan={plan}"));
    let organization = first(app, &format!("/organizations?code={code}"));
    let department = first(app, &format!("/organizations?kind=department&parent={organization}"));
    [plan, review, department]
}

#[track_caller]
fn refused(answer: &Response, code: &str, challenge: &str) {
    assert_eq!((answer.status(), answer.code().as_str()), (401, code), "{answer}");
    assert!(answer.header("www-authenticate").starts_with("Bearer realm=\"mikomi\""), "{answer}");
    assert!(answer.header("www-authenticate").contains(challenge), "{answer}: {}", answer.header("www-authenticate"));
}

on_both! {
    fn nobody_with_a_token_sees_or_changes_what_is_not_theirs(city: &City) {
        access::matrix(&city.app, |role| city.person(role.as_str(), &[&format!("minato-{role}")]));
    }

    fn a_token_gives_the_roles_and_the_places_that_the_configuration_says(city: &City) {
        two_plans(&city.app);
        let [(plan, review), (other_plan, other_review)] = ["271071", "271080"].map(|code| {
            let [plan, review, _] = parts(&city.app, code);
            (format!("/plans/{plan}"), format!("/reviews/{review}"))
        });
        let planner = city.person("1", &["everybody", "minato-planner"]);
        planner.patch(&plan, "*", &json!({"title": "新しい題"})).expect(200);
        planner.patch(&review, "*", &json!({"results": "x"})).expect(403);
        planner.get(&other_plan).expect(404);
        assert_eq!(planner.get("/plans").expect(200).json()["total"], 1);

        let reader = city.person("2", &["city-reader"]);
        assert_eq!(reader.get("/plans").expect(200).json()["total"], 2);
        let refused = reader.patch(&plan, "*", &json!({})).expect(403);
        assert_eq!(refused.code(), "forbidden");
        assert!(refused.json()["detail"].as_str().unwrap().contains("reader"), "{refused}");

        // Each role where it counts, and nowhere else.
        let both = city.person("3", &["minato-reporter", "taisho-approver"]);
        assert_eq!(both.get("/plans").expect(200).json()["total"], 2);
        both.patch(&review, "*", &json!({"results": "開催した"})).expect(200);
        both.patch(&other_review, "*", &json!({"results": "開催した"})).expect(403);

        let reporter = |ward: Value, section: Value| {
            let mut claims = city.claims("4", &[]);
            (claims["realm_access"], claims["ward"], claims["section"]) = (json!({"roles": ["reporter"]}), ward, section);
            city.with(&city.signer.signs(&claims))
        };
        let own = reporter(json!("271071"), json!("福祉課"));
        own.patch(&review, "*", &json!({"results": "5回開催した"})).expect(200);
        own.get(&other_plan).expect(404);
        for (ward, section) in [(json!("271071"), json!("別の課")), (json!("999999"), json!("福祉課")), (json!(null), json!("福祉課"))] {
            assert_eq!(reporter(ward, section).get("/plans").expect(403).code(), "no_role");
        }
    }

    fn whoever_is_given_no_role_is_told_so_until_it_counts_somewhere(city: &City) {
        let nobody = city.person("1", &["everybody"]);
        for language in ["ja", "en"] {
            let refused = nobody.request("GET", "/plans").language(language).send().expect(403);
            assert_eq!((refused.code().as_str(), refused.header("content-language")), ("no_role", language));
        }
        // The ward is not there yet.
        let planner = city.person("2", &["minato-planner"]);
        assert_eq!(planner.get("/plans").expect(403).code(), "no_role");
        two_plans(&city.app);
        planner.get("/plans").expect(200);
        nobody.get("/plans").expect(403);
    }

    fn what_is_no_token_of_the_provider_for_this_service_is_refused(city: &City) {
        let good = city.token("1", &["minato-admin"]);
        let changed = |name: &str, value: Value| {
            let mut claims = city.claims("1", &["minato-admin"]);
            claims[name] = value;
            city.signer.signs(&claims)
        };
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let claims = part(city.claims("1", &["minato-admin"]));
        let unsigned = format!("{}.{claims}.", part(json!({"alg": "none", "typ": "JWT", "kid": "2026-a"})));
        let public = city.signer.published().to_string();
        let head = jsonwebtoken::Header { kid: Some("2026-a".to_owned()), ..Default::default() };
        let secret = jsonwebtoken::EncodingKey::from_secret(public.as_bytes());
        let symmetric = jsonwebtoken::encode(&head, &city.claims("1", &["minato-admin"]), &secret).unwrap();
        let foreign = Signer::new("2026-a").signs(&city.claims("1", &["minato-admin"]));
        let unknown = Signer::new("2026-b").signs(&city.claims("1", &["minato-admin"]));
        let (start, _) = good.rsplit_once('.').unwrap();
        for (what, token) in [
            ("unsigned", unsigned),
            ("symmetric", symmetric),
            ("another's key", foreign),
            ("an unknown key", unknown),
            ("another issuer", changed("iss", json!("https://login.example.jp"))),
            ("another audience", changed("aud", json!("account"))),
            ("not yet", changed("nbf", json!(now() + 300))),
            ("no subject", changed("sub", json!(null))),
            ("no end", changed("exp", json!(null))),
            ("no signature", format!("{start}.")),
            ("no token", "a.b.c".to_owned()),
        ] {
            let answer = city.with(&token).get("/plans");
            refused(&answer, "invalid_token", "error=\"invalid_token\"");
            // Which of it was wrong is for the log.
            assert!(answer.json().get("detail").is_none() && answer.json()["errors"] == json!([]), "{what}: {answer}");
        }
        refused(&city.with(&changed("exp", json!(now() - 120))).get("/plans"), "token_expired", "The token has expired");
        // No token, whatever else it is: a password is a key.
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("excel:{good}"));
        let nobody = city.app.client_without_key();
        let answer = nobody.request("GET", "/plans").header("authorization", &format!("Basic {basic}")).send();
        refused(&answer, "unauthenticated", "");
        refused(&city.with("mikomi_00000000_0").get("/plans"), "unauthenticated", "error=\"invalid_token\"");
        let answer = nobody.get("/plans");
        refused(&answer, "unauthenticated", "");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"mikomi\"");
        for (language, title) in [("ja", "このトークンは使えません。"), ("en", "This token does not count.")] {
            let answer = city.with("a.b.c").request("GET", "/plans").language(language).send();
            assert_eq!(answer.json()["title"], title);
        }
        two_plans(&city.app);
        city.with(&good).get("/plans").expect(200);
        city.app.get("/plans").expect(200);
    }

    fn a_new_key_of_the_provider_counts_at_once_and_an_old_one_no_longer(city: &City) {
        two_plans(&city.app);
        let old = city.person("1", &["minato-reader"]);
        old.get("/plans").expect(200);
        let next = Signer::new("2026-b");
        let new = city.with(&next.signs(&city.claims("1", &["minato-reader"])));
        refused(&new.get("/plans"), "invalid_token", "");
        // Both, as providers do while they change; then the new one alone.
        city.issuer.publishes(&[&city.signer, &next]);
        std::thread::sleep(EAGER.pause);
        new.get("/plans").expect(200);
        old.get("/plans").expect(200);
        city.issuer.publishes(&[&next]);
        std::thread::sleep(EAGER.pause);
        city.person("1", &["minato-reader"]).get("/plans").expect(200);
        let third = Signer::new("2026-c");
        refused(&city.with(&third.signs(&city.claims("1", &[]))).get("/plans"), "invalid_token", "");
        new.get("/plans").expect(200);
        refused(&old.get("/plans"), "invalid_token", "");
    }

    fn a_provider_that_is_away_locks_nobody_out_whose_key_is_known(city: &City) {
        two_plans(&city.app);
        let token = city.token("1", &["minato-reader"]);
        city.with(&token).get("/plans").expect(200);
        city.issuer.is_away(true);
        let unknown = Signer::new("2026-b").signs(&city.claims("1", &["minato-reader"]));
        for _ in 0..3 {
            std::thread::sleep(EAGER.pause);
            city.with(&token).get("/plans").expect(200);
            refused(&city.with(&unknown).get("/plans"), "invalid_token", "");
        }
    }

    fn the_history_names_the_person(city: &City) {
        two_plans(&city.app);
        let [plan, ..] = parts(&city.app, "271071");
        city.person("f3a2", &["minato-planner"]).patch(&format!("/plans/{plan}"), "*", &json!({"title": "題"})).expect(200);
        let history = city.app.get(&format!("/plans/{plan}/history")).expect(200).json();
        let actors: Vec<&str> = history["items"].as_array().unwrap().iter().map(|entry| entry["actor"].as_str().unwrap()).collect();
        assert!(actors.contains(&format!("person name-of-f3a2 (f3a2 at {})", city.issuer.url()).as_str()), "{actors:?}");
    }

    fn nobody_approves_their_own_under_whatever_name(city: &City) {
        two_plans(&city.app);
        let [plan, _, department] = parts(&city.app, "271071");
        let checkpoint = first(&city.app, &format!("/checkpoints?plan={plan}"));
        let groups = ["minato-reporter", "minato-approver"];
        let person = city.person("1", &groups);
        let begun = person.create("/submissions", &json!({"checkpoint_id": checkpoint, "organization_id": department}));
        let steps = format!("/submissions/{}/steps", begun["id"].as_str().unwrap());
        let submitted = person.post(&steps, &json!({"step": "submit"})).expect(200).json();
        assert!(submitted["submitted_by"].as_str().unwrap().starts_with("person name-of-1 (1 at "), "{submitted}");
        person.post(&steps, &json!({"step": "approve"})).expect(403);
        let mut claims = city.claims("1", &groups);
        claims["preferred_username"] = json!("married-name");
        city.with(&city.signer.signs(&claims)).post(&steps, &json!({"step": "approve"})).expect(403);
        // Somebody else of the same name.
        claims["sub"] = json!("2");
        claims["preferred_username"] = json!("name-of-1");
        city.with(&city.signer.signs(&claims)).post(&steps, &json!({"step": "approve"})).expect(200);
    }

    fn an_idempotency_key_is_the_persons_with_whichever_token(city: &City) {
        two_plans(&city.app);
        let organization = first(&city.app, "/organizations?code=271071");
        let body = json!({"organization_id": organization, "name": "件数", "measure": "sum"});
        let post = |client: &Client| client.request("POST", "/indicators").header("idempotency-key", "a").json(&body).send().expect(201);
        let made = post(&city.person("1", &["minato-planner"]));
        let mut claims = city.claims("1", &["minato-planner"]);
        claims["jti"] = json!("another token");
        assert_eq!(post(&city.with(&city.signer.signs(&claims))).body, made.body);
        assert_ne!(post(&city.person("2", &["minato-planner"])).body, made.body);
        assert_ne!(post(&city.app).body, made.body);
    }
}

#[test]
fn as_long_as_no_keys_are_known_nobody_can_tell_and_keys_of_our_own_go_on() {
    let times = Times { retry: Duration::from_millis(1_500), ..EAGER };
    let city = City::start_with(Kind::Sqlite, times, Extras::default());
    // It has asked once when it was started.
    let started = Instant::now();
    while city.issuer.asked() == 0 && started.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(city.issuer.asked(), 1);

    let (signer, issuer) = (Signer::new("a"), Issuer::start(&[]));
    issuer.is_away(true);
    let provider = Provider::with_times(section(&issuer), times).unwrap();
    let access = Access { provider: Some(provider), public_reading: false };
    let app = TestApp::start_with(Kind::Sqlite, Extras { access, ..Extras::default() });
    let city = City { app, issuer, signer };
    two_plans(&city.app);
    let token = city.token("1", &["minato-reader"]);
    let answer = city.raw(&token);
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    let lower = answer.to_ascii_lowercase();
    // What is left of a second and a half, rounded up.
    assert!(["retry-after: 2\r", "retry-after: 1\r"].iter().any(|header| lower.contains(header)), "{answer}");
    assert!(lower.contains("application/problem+json"), "{answer}");
    assert!(answer.contains("\"unavailable\"") && !answer.contains("127.0.0.1"), "{answer}");
    assert!(city.raw("a.b.c").starts_with("HTTP/1.1 401 "));
    city.app.get("/plans").expect(200);
    city.issuer.publishes(&[&city.signer]);
    city.issuer.is_away(false);
    std::thread::sleep(times.retry);
    city.with(&token).get("/plans").expect(200);
}

#[test]
fn unknown_keys_do_not_make_the_provider_be_asked_again_and_again() {
    let city = City::start_with(Kind::Sqlite, Times::default(), Extras::default());
    city.person("1", &["city-reader"]).get("/plans").expect(200);
    for kid in ["a", "b", "c", "d", "e", "f"] {
        let unknown = Signer::new(kid).signs(&city.claims("1", &["city-reader"]));
        refused(&city.with(&unknown).get("/plans"), "invalid_token", "");
    }
    assert_eq!(city.issuer.asked(), 1);
}

#[test]
fn keys_that_are_too_old_are_asked_for_again() {
    let times = Times { age: Duration::from_millis(300), ..EAGER };
    let city = City::start_with(Kind::Sqlite, times, Extras::default());
    let person = city.person("1", &["city-reader"]);
    person.get("/plans").expect(200);
    city.issuer.publishes(&[&Signer::new("2026-b")]);
    std::thread::sleep(times.age);
    refused(&person.get("/plans"), "invalid_token", "");
}

#[test]
fn a_new_token_does_not_make_somebody_else_of_anybody() {
    let limits = Limits { a_second: 4, ..Limits::default() };
    let city = City::start_with(Kind::Sqlite, EAGER, Extras { limits, ..Extras::default() });
    let token = |number: usize| {
        let mut claims = city.claims("1", &["city-reader"]);
        claims["jti"] = json!(number);
        city.signer.signs(&claims)
    };
    let answers: Vec<u16> = (0..40).map(|number| city.with(&token(number)).get("/plans").status()).collect();
    assert!(answers.contains(&429), "{answers:?}");
    let refused = (40..80).map(|number| city.with(&token(number)).get("/plans")).find(|answer| answer.status() == 429);
    assert!(!refused.unwrap().header("retry-after").is_empty());
    city.person("2", &["city-reader"]).get("/plans").expect(200);
}

#[test]
fn where_plans_are_public_whoever_has_no_role_reads_what_everybody_does() {
    let access = Access { public_reading: true, ..Access::default() };
    let city = City::start_with(Kind::Sqlite, EAGER, Extras { access, ..Extras::default() });
    two_plans(&city.app);
    let [plan, ..] = parts(&city.app, "271071");
    let plan = format!("/plans/{plan}");
    let nobody = city.person("1", &["everybody"]);
    assert_eq!(
        nobody.get("/plans").expect(200).json()["total"],
        city.app.client_without_key().get("/plans").json()["total"]
    );
    city.app.patch(&plan, "*", &json!({"status": "adopted"})).expect(200);
    nobody.get(&plan).expect(200);
    assert_eq!(nobody.patch(&plan, "*", &json!({"title": "x"})).expect(403).code(), "no_role");
    refused(&city.with("a.b.c").get("/plans"), "invalid_token", "");
}

#[test]
fn without_an_identity_provider_a_token_is_a_key_that_nobody_knows() {
    let app = TestApp::start(Kind::Sqlite);
    let token = Signer::new("a").signs(&json!({"sub": "1"}));
    refused(&Client::new(app.address).with_key(&token).get("/plans"), "unauthenticated", "error=\"invalid_token\"");
}

#[test]
fn the_program_reads_its_configuration_and_tokens_are_not_in_its_log() {
    let app = TestApp::start(Kind::Sqlite);
    let mikomi::db::Url::Sqlite(path) = &app.database.url else { panic!("it is on SQLite") };
    let (folder, signer) = (path.parent().unwrap(), Signer::new("a"));
    let (keys, file) = (folder.join("jwks.json"), folder.join("mikomi.toml"));
    std::fs::write(&keys, json!({"keys": [signer.published()]}).to_string()).unwrap();
    let settings = "[oidc]\nissuer = \"https://login.example.jp\"\naudience = \"other\"\n\
        [[oidc.grants]]\nclaim = \"groups\"\nvalue = \"a\"\nrole = \"admin\"\n\
        [[oidc.grants]]\nclaim = \"groups\"\nvalue = \"b\"\nrole = \"planner\"\norganization = \"279999\"\n";
    std::fs::write(&file, settings).unwrap();
    let environment = [
        ("MIKOMI_CONFIG", file.to_str().unwrap()),
        ("MIKOMI_OIDC_AUDIENCE", "mikomi"),
        ("MIKOMI_OIDC_JWKS_FILE", keys.to_str().unwrap()),
    ];
    let claims =
        json!({"iss": "https://login.example.jp", "aud": "mikomi", "sub": "f3a2", "exp": now() + 300, "groups": "a"});
    let token = signer.signs(&claims);
    let log = logged(&format!("sqlite:{}", path.display()), &token, "debug", &environment);
    let (start, signature) = token.rsplit_once('.').unwrap();
    for secret in [token.as_str(), signature, start.split_once('.').unwrap().1] {
        assert!(!log.contains(secret), "it says `{secret}`: {log}");
    }
    assert!(log.contains("a token was refused") && log.contains("does not verify"), "{log}");
    assert!(log.contains("279999") && log.contains("is not there"), "{log}");
    // What it was asked to make with the token is there.
    assert_eq!(app.get("/organizations").expect(200).json()["total"], 1);
}

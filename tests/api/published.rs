//! The public reads what is published and nothing else, whichever way it asks: every operation that reads, for everything that there is.

use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use mikomi::api::{Access, Extras};
use mikomi::db::states;
use mikomi::domain::access::Role;
use serde_json::{Value, json};

use crate::minato::{PLAN_2021, RESOURCES, department, put, short};
use crate::support::{Client, Contract, Kind, TestApp, Workbook};

/// A figure and a word that stand nowhere else.
const MARKER: &str = "987654321";
const WORD: &str = "まだ公表しない";
/// A figure that is corrected before anybody has published it.
const OVERTAKEN: &str = "192837465";

/// A plan with two departments, which have one indicator in common.
fn plan() -> Value {
    let initiative = |number: &str, department: &str, indicator: &str| {
        json!({"number": number, "title": format!("取組{number}"), "department": department,
            "targets": [{"indicator": indicator, "text": "100人以上", "unit": "人", "measure": "sum", "history": {"2020": "80"}}],
            "actuals": [{"target": 0, "period": "q1", "basis": "increment", "value": "30"}],
            "activities": [{"title": "講座", "planned": "4", "unit": "回", "done": "2"}, {"title": "広報", "planned": "4", "unit": "回"}],
            "mid_year_review": {"results": "開催した", "outlook": "achieve", "progress": "on_schedule"}})
    };
    let mut shared = initiative("1-1-3", "総務課", "指標1-1-1");
    shared.as_object_mut().unwrap().remove("actuals");
    shared["targets"][0].as_object_mut().unwrap().remove("history");
    let initiatives =
        json!([initiative("1-1-1", "福祉課", "指標1-1-1"), initiative("1-1-2", "総務課", "指標1-1-2"), shared]);
    let mut plan = short(2021, initiatives);
    plan["checkpoint"] = json!({"kind": "mid_year", "as_of": "2021-09-30"});
    plan["checkpoints"] = json!([{"kind": "year_end", "as_of": "2022-03-31"}]);
    plan
}

fn public_app(kind: Kind) -> TestApp {
    let access = Access { public_reading: true, ..Access::default() };
    TestApp::start_with(kind, Extras { access, ..Extras::default() })
}

/// The only row that a list holds, or the first of them.
fn first(app: &Client, path: &str) -> Value {
    app.get(path).expect(200).json()["items"][0].clone()
}

fn id(row: &Value) -> String {
    row["id"].as_str().unwrap_or_else(|| panic!("{row}")).to_owned()
}

/// What is asked for beside an address: everything by which what is reported decides what is answered.
fn queries(operation: &str, plan: &str) -> Vec<String> {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let moments = |first: &str| {
        let more = ["", "&checkpoint=year_end", "&as_of=2021-08-31", "&as_of=2021-12-31", "&known_at=2199-01-01"];
        more.map(|more| format!("?{}", format!("{first}{more}").trim_start_matches('&'))).to_vec()
    };
    let by =
        |groups: &[&str]| groups.iter().flat_map(|by| moments(&format!("fiscal_year=2021&group_by={by}"))).collect();
    match operation {
        "get_plan_rollup" | "get_objective_rollup" | "get_initiative_rollup" => {
            [moments("depth=1"), moments("depth=3")].concat()
        }
        "get_initiative_status" | "get_target_outlook" => moments(""),
        "get_organization_rollup" => moments("fiscal_year=2021"),
        "list_rollups" => by(&["organization", "objective", "department", "sdg"]),
        "get_reporting" => texts(&["?fiscal_year=2021"]),
        "export_actuals" => vec![format!("?plan={plan}")],
        "list_actuals" | "list_observations" => texts(&[
            "?limit=1000",
            "?sort=-as_of",
            "?sort=-updated_at",
            "?as_of_from=2021-07-01",
            "?basis=increment&period=q2",
        ]),
        "list_activities" => texts(&["?limit=1000", "?state=done", "?sort=title"]),
        "list_reviews" => texts(&["?limit=1000", "?outlook=achieve", "?outlook=miss", "?progress=behind"]),
        "list_targets" => {
            texts(&["?limit=1000", "?state=open", "?state=already_met", "?state=already_missed", "?state=final_met"])
        }
        "list_initiatives" => texts(&[
            "?limit=1000",
            "?declared_outlook=miss",
            "?declared_outlook=achieve",
            "?declared_progress=behind",
            "?computed_outlook=achieve",
            "?computed_outlook=miss",
            "?computed_outlook=undetermined",
            "?computed_progress=behind",
            "?computed_progress=on_schedule",
            "?disagree=outlook",
            "?disagree=progress",
            "?checkpoint=year_end&computed_outlook=achieve",
        ]),
        other if other.starts_with("list_") && !other.ends_with("_history") && !other.ends_with("_revisions") => {
            texts(&["?limit=1000"])
        }
        _ => texts(&[""]),
    }
}

/// Every answer that somebody gets, by what was asked; of what is not there, nothing.
fn answers(app: &TestApp, asker: &Client) -> BTreeMap<String, String> {
    let plan = id(&first(app, "/plans?fiscal_year=2021"));
    // Also what somebody else has removed, or does not see yet.
    let ids = |resource: &str| -> Vec<String> {
        let listed =
            [app, asker].map(|client| client.get(&format!("/{resource}?limit=1000&fields=id")).expect(200).json());
        let all: BTreeSet<String> =
            listed.iter().flat_map(|list| list["items"].as_array().unwrap().iter().map(id)).collect();
        all.into_iter().collect()
    };
    let known: BTreeMap<&str, Vec<String>> =
        RESOURCES.iter().copied().chain(["submissions", "errata"]).map(|resource| (resource, ids(resource))).collect();
    let mut answers = BTreeMap::new();
    for (operation, method, path, _) in Contract::of_this_program().operations() {
        if method != "GET" {
            continue;
        }
        let path = path.strip_prefix("/api/v1").unwrap().replace("{organization}/{fiscal_year}", "271071/2021");
        let resource = path.split('/').nth(1).unwrap();
        let paths: Vec<String> = match path.contains("{id}") {
            true => known[resource].iter().map(|id| path.replace("{id}", id)).collect(),
            false => vec![path.clone()],
        };
        for path in paths {
            for query in queries(operation, &plan) {
                let asked = format!("{path}{query}");
                let answer = asker.get(&asked);
                match answer.status() {
                    // A workbook is compressed: what it says is within.
                    200 if operation == "get_submission_form" => {
                        drop(answers.insert(asked, Workbook::read(&answer.body).text()))
                    }
                    200 => drop(answers.insert(asked, answer.text().to_owned())),
                    404 => {}
                    other => panic!("{asked}: {other} {}", answer.text()),
                }
            }
        }
    }
    assert!(answers.len() > 50, "{:?}", answers.keys());
    answers
}

#[track_caller]
fn same(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>, when: &str) {
    for (asked, answer) in after {
        assert!(!answer.contains(MARKER) && !answer.contains(WORD), "{when}: {asked} tells {answer}");
        assert_eq!(before.get(asked), Some(answer), "{when}: {asked} has changed");
    }
    let gone: Vec<&String> = before.keys().filter(|asked| !after.contains_key(*asked)).collect();
    assert!(gone.is_empty(), "{when}: not answered any more: {gone:?}");
}

/// What is stored of the plan is what its figures say, for those who work with it and for the public: what is shown as stored is what is computed on the spot.
#[track_caller]
fn holds_together(app: &TestApp, when: &str) {
    let plan = id(&first(app, "/plans?fiscal_year=2021"));
    let mut connection = app.database.connect();
    assert!(states::are_current(&mut connection, slice::from_ref(&plan)).unwrap(), "{when}: something stored is stale");
    assert_eq!(states::mend(&mut connection, &plan).unwrap(), 0, "{when}");
    for client in [app, &app.client_without_key()] as [&Client; 2] {
        for (kind, day) in [("mid_year", "2021-09-30"), ("year_end", "2022-03-31")] {
            let stored = client.get(&format!("/plans/{plan}/rollup?checkpoint={kind}")).expect(200).json();
            let computed =
                client.get(&format!("/plans/{plan}/rollup?checkpoint={kind}&as_of={day}&depth=2")).expect(200).json();
            for part in ["initiatives", "outlook", "progress", "targets"] {
                assert_eq!(stored[part], computed[part], "{when}: {part} at {kind}");
            }
        }
    }
}

struct Cycle {
    app: TestApp,
    public: Client,
    reporter: Client,
    approver: Client,
    planner: Client,
    submission: String,
    indicator: String,
    actual: String,
    review: String,
    activities: Vec<String>,
}

impl Cycle {
    fn begin(kind: Kind) -> Self {
        let app = public_app(kind);
        put(&app, &plan());
        let department = department(&app, "福祉課");
        let reporter = app.client_with(Role::Reporter, Some(&department));
        let initiative = id(&first(&app, "/initiatives?number=1-1-1"));
        let checkpoint = id(&first(&app, "/checkpoints?kind=mid_year"));
        let begun =
            reporter.create("/submissions", &json!({"checkpoint_id": checkpoint, "organization_id": department}));
        let actual = first(&app, &format!("/actuals?initiative={initiative}&fiscal_year=2021"));
        let activities = app.get(&format!("/activities?initiative={initiative}")).expect(200).json();
        Self {
            public: app.client_without_key(),
            approver: app.client_with(Role::Approver, Some("271071")),
            planner: app.client_with(Role::Planner, Some("271071")),
            submission: id(&begun),
            indicator: id(&json!({"id": actual["indicator_id"]})),
            actual: format!("/actuals/{}", id(&actual)),
            review: format!("/reviews/{}", id(&first(&app, &format!("/reviews?initiative={initiative}")))),
            activities: activities["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| format!("/activities/{}", id(row)))
                .collect(),
            reporter,
            app,
        }
    }

    fn public(&self) -> BTreeMap<String, String> {
        answers(&self.app, &self.public)
    }

    fn figure(&self, period: &str, value: &str) -> Value {
        json!({"indicator_id": self.indicator, "fiscal_year": 2021, "basis": "increment", "period": period, "value": value})
    }

    fn step(&self, client: &Client, step: Value) {
        client.post(&format!("/submissions/{}/steps", self.submission), &step).expect(200);
    }

    /// The department reports in every way that there is.
    fn report(&self) -> String {
        let Self { reporter, .. } = self;
        let added = id(&reporter.create("/actuals", &self.figure("q2", OVERTAKEN)));
        reporter.patch(&format!("/actuals/{added}"), "*", &json!({"value": MARKER, "note": WORD})).expect(200);
        let rows = json!([self.figure("m07", "5"), self.figure("q1", "31"), self.figure("q3", MARKER)]);
        reporter.post("/actuals/bulk", &rows).expect(200);
        let taken_back = id(&first(reporter, "/actuals?period=m07"));
        reporter.delete(&format!("/actuals/{taken_back}"), "*").expect(204);
        let [done, gone] = &self.activities[..] else { panic!("two activities") };
        reporter.patch(done, "*", &json!({"done": "4", "state": "done", "note": WORD})).expect(200);
        reporter.delete(gone, "*").expect(204);
        let initiative = reporter.get(done).expect(200).json()["initiative_id"].clone();
        let another = json!({"initiative_id": initiative, "title": WORD, "planned": "4", "unit": "回"});
        reporter.create("/activities", &another);
        let review = json!({"outlook": "miss", "progress": "behind", "results": WORD, "issues_and_measures": WORD});
        reporter.patch(&self.review, "*", &review).expect(200);
        added
    }
}

#[test]
fn what_a_department_reports_is_nobody_elses_until_it_is_published() {
    for kind in Kind::BOTH {
        let cycle = Cycle::begin(kind);
        let Cycle { app, reporter, approver, review, .. } = &cycle;
        let before = cycle.public();
        let added = cycle.report();
        same(&before, &cycle.public(), "reported");
        holds_together(app, "reported");
        let own: String = answers(app, reporter).into_values().collect();
        assert!(own.contains(MARKER) && own.contains(WORD), "the department sees what it has reported");
        for step in [
            json!({"step": "submit"}),
            json!({"step": "return", "comments": [{"text": WORD}]}),
            json!({"step": "submit"}),
            json!({"step": "approve"}),
        ] {
            let client = if step["step"] == "submit" { reporter } else { approver };
            cycle.step(client, step.clone());
            same(&before, &cycle.public(), &step.to_string());
            holds_together(app, &step.to_string());
        }

        cycle.step(approver, json!({"step": "publish"}));
        let published = cycle.public();
        assert!(!published.values().any(|answer| answer.contains(OVERTAKEN)), "what was overtaken was never published");
        let later = id(&first(app, "/actuals?period=q3"));
        cycle.public.get(&format!("/actuals/{later}")).expect(404);
        let shown = cycle.public.get(&format!("/actuals/{added}")).expect(200);
        assert_eq!(shown.text(), reporter.get(&format!("/actuals/{added}")).expect(200).text());
        let revisions = cycle.public.get(&format!("/actuals/{added}/revisions")).expect(200).json();
        assert_eq!((&revisions["total"], &revisions["items"][0]["value"]), (&json!(1), &json!(MARKER)));
        assert_eq!(cycle.public.get(review).expect(200).text(), reporter.get(review).expect(200).text());
        cycle.public.get(&cycle.activities[1]).expect(404);
        holds_together(app, "published");
        // Up to the checkpoint's day the public reads what the department does.
        for target in app.get("/targets").expect(200).json()["items"].as_array().unwrap() {
            let path = format!("/targets/{}/outlook?checkpoint=mid_year", id(target));
            let outlook = |client: &Client| client.get(&path).expect(200).json()["outlook"].clone();
            assert_eq!(outlook(&cycle.public), outlook(reporter), "{path}");
        }
        for initiative in app.get("/initiatives").expect(200).json()["items"].as_array().unwrap() {
            let path = format!("/initiatives/{}/status?checkpoint=mid_year", id(initiative));
            assert_eq!(cycle.public.get(&path).expect(200).text(), reporter.get(&path).expect(200).text(), "{path}");
        }
    }
}

#[test]
fn what_is_published_changes_by_errata_at_once_and_by_reports_not_at_all() {
    for kind in Kind::BOTH {
        let cycle = Cycle::begin(kind);
        let Cycle { app, public, reporter, approver, actual, activities, .. } = &cycle;
        for (client, step) in [(reporter, "submit"), (approver, "approve"), (approver, "publish")] {
            cycle.step(client, json!({"step": step}));
        }
        // For a later day it is another report, which leaves what is published.
        let before = cycle.public();
        reporter.patch(&activities[0], "*", &json!({"done": MARKER, "as_of": "2021-12-31"})).expect(200);
        reporter.create("/actuals", &cycle.figure("q3", MARKER));
        same(&before, &cycle.public(), "reported for later");
        holds_together(app, "reported for later");
        let number = actual.rsplit('/').next().unwrap();
        let erratum = json!({"resource": "actuals", "resource_id": number, "change": {"value": "99"}, "reason": "誤記", "author": "福祉課"});
        approver.create("/errata", &erratum);
        let after = cycle.public();
        assert_eq!(public.get(actual).expect(200).json()["value"], "99");
        assert_eq!(public.get("/errata").expect(200).json()["items"][0]["after"]["value"], "99");
        assert!(!after.values().any(|answer| answer.contains(MARKER)), "what is reported for later stays kept back");
        assert_ne!(before, after);
        holds_together(app, "corrected");
    }
}

#[test]
fn what_the_plan_says_meanwhile_is_public_at_once_over_what_is_published() {
    for kind in Kind::BOTH {
        let cycle = Cycle::begin(kind);
        let Cycle { app, public, reporter, planner, .. } = &cycle;
        cycle.report();
        let target = id(&first(app, "/targets?fiscal_year=2021"));
        planner.patch(&format!("/targets/{target}"), "*", &json!({"text": "30人以上"})).expect(200);
        let outlook =
            |client: &Client| client.get(&format!("/targets/{target}/outlook")).expect(200).json()["outlook"].clone();
        // The first quarter has 30, by what is published; by what is reported it is more.
        let (theirs, own) = (outlook(public), outlook(reporter));
        assert_eq!((&theirs["state"], &theirs["figure"]), (&json!("already_met"), &json!("30")));
        assert_ne!(own["figure"], theirs["figure"]);
        holds_together(app, "another criterion");
        let met = public.get("/targets?state=already_met").expect(200).json();
        assert!(met["items"].as_array().unwrap().iter().any(|row| row["id"] == target.as_str()), "{met}");
        // What the planner promises is not a report, nor is what the plan states of earlier years; what is done of it is one.
        let initiative = id(&first(app, "/initiatives?number=1-1-1"));
        let promised = planner.create(
            "/activities",
            &json!({"initiative_id": initiative, "title": "新規", "planned": "2", "unit": "回"}),
        );
        let path = format!("/activities/{}", id(&promised));
        assert_eq!(public.get(&path).expect(200).text(), reporter.get(&path).expect(200).text());
        let shown = public.get(&path).expect(200).text().to_owned();
        reporter.patch(&path, "*", &json!({"done": "1"})).expect(200);
        assert_eq!(public.get(&path).expect(200).text(), shown);
        // Another checkpoint is computed for both, and one that goes is gone for both.
        let plan = id(&first(app, "/plans?fiscal_year=2021"));
        let extra =
            id(&planner.create("/checkpoints", &json!({"plan_id": plan, "kind": "extra", "as_of": "2021-12-31"})));
        holds_together(app, "another checkpoint");
        public.get(&format!("/plans/{plan}/rollup?checkpoint=extra")).expect(200);
        planner.delete(&format!("/checkpoints/{extra}"), "*").expect(204);
        public.get(&format!("/plans/{plan}/rollup?checkpoint=extra")).expect(404);
        holds_together(app, "one less");
        let everything: String = cycle.public().into_values().collect();
        assert!(!everything.contains(MARKER) && !everything.contains(WORD) && !everything.contains(OVERTAKEN));
    }
}

#[test]
fn a_plan_whose_checkpoint_has_a_window_is_in_a_cycle_and_others_are_public_at_once() {
    for kind in Kind::BOTH {
        let app = public_app(kind);
        let public = app.client_without_key();
        put(&app, &plan());
        let stands = public.get(PLAN_2021).expect(200);
        assert_eq!(stands.text(), app.get(PLAN_2021).expect(200).text());
        let figure = first(&app, "/actuals?fiscal_year=2021&period=q1");
        let path = format!("/actuals/{}", id(&figure));
        app.patch(&path, "*", &json!({"value": "31"})).expect(200);
        assert_eq!(public.get(&path).expect(200).json()["value"], "31");
        let checkpoint = format!("/checkpoints/{}", id(&first(&app, "/checkpoints?kind=year_end")));
        app.patch(&checkpoint, "*", &json!({"closes": "2022-04-30"})).expect(200);
        let before = answers(&app, &public);
        app.patch(&path, "*", &json!({"value": MARKER})).expect(200);
        // A document reports as well, and states what was before.
        let mut document = app.get(PLAN_2021).expect(200).json();
        document["themes"][0]["strategies"][0]["initiatives"][1]["mid_year_review"]["results"] = json!(WORD);
        put(&app, &document);
        same(&before, &answers(&app, &public), "reported");
        document["themes"][0]["strategies"][0]["initiatives"][1]["targets"][0]["history"]["2020"] = json!("81");
        put(&app, &document);
        let stated = public.get(PLAN_2021).expect(200).json();
        assert_eq!(stated["themes"][0]["strategies"][0]["initiatives"][1]["targets"][0]["history"]["2020"], "81");
        holds_together(&app, "stated");
        // What makes a new plan is its planner's own word, whatever windows it will have.
        let mut new = short(
            2020,
            json!([{"number": "1-1-1", "title": "取組", "activities": [{"title": "講座", "done": "1"}],
            "targets": [{"indicator": "別の指標", "text": "100人以上", "unit": "人", "measure": "sum"}],
            "actuals": [{"target": 0, "period": "q1", "basis": "increment", "value": "30"}],
            "mid_year_review": {"outlook": "achieve", "progress": "on_schedule"}}]),
        );
        new["checkpoint"] = json!({"kind": "mid_year", "as_of": "2020-09-30", "closes": "2020-10-31"});
        put(&app, &new);
        let path = "/plan-documents/271071/2020";
        assert_eq!(public.get(path).expect(200).text(), app.get(path).expect(200).text());
        new["themes"][0]["strategies"][0]["initiatives"][0]["actuals"][0]["value"] = json!(MARKER);
        let before = public.get(path).expect(200).text().to_owned();
        put(&app, &new);
        assert_eq!(public.get(path).expect(200).text(), before);
        // An initiative that goes takes with it what was reported of it, and the public is not told what that was.
        document["themes"][0]["strategies"][0]["initiatives"].as_array_mut().unwrap().remove(1);
        put(&app, &document);
        assert_eq!(public.get("/initiatives").expect(200).json()["total"], 3);
        holds_together(&app, "one less");
        let everything: String = answers(&app, &public).into_values().collect();
        assert!(!everything.contains(MARKER) && !everything.contains(WORD));
    }
}

#[test]
fn a_key_shows_what_is_its_own_and_what_others_publish_is_read_without_one() {
    for kind in Kind::BOTH {
        let app = public_app(kind);
        put(&app, &plan());
        let elsewhere = app.create("/organizations", &json!({"name": "大正区", "kind": "ward", "code": "271080"}));
        let stranger = app.client_with(Role::Reader, elsewhere["id"].as_str());
        let plan = id(&first(&app, "/plans?fiscal_year=2021"));
        let total = |client: &Client, path: &str| client.get(path).expect(200).json()["total"].clone();
        for path in ["/plans", "/initiatives", "/actuals", "/observations", "/reviews"] {
            assert_eq!(total(&stranger, path), json!(0), "{path}");
            assert_eq!(total(&app.client_without_key(), path), total(&app, path), "{path}");
        }
        for path in [format!("/plans/{plan}"), format!("/plans/{plan}/rollup"), PLAN_2021.to_owned()] {
            stranger.get(&path).expect(404);
            app.client_without_key().get(&path).expect(200);
        }
    }
}

//! Nobody sees or changes what is not theirs: every operation of the OpenAPI document, for each role, on what is its own, on
//! another ward's and on the city's. An operation that nobody has thought of here fails.

use std::collections::BTreeMap;

use mikomi::domain::access::Role;
use serde_json::{Value, json};

use crate::minato::{RESOURCES, department, put, short};
use crate::support::{Client, Contract, TestApp, Workbook};

/// The ward that the keys are for, another one, and the city above both.
const WARDS: [&str; 3] = ["271071", "271080", "271004"];

/// Who may change what, beside administrators.
fn changers(resource: &str, operation: &str) -> &'static [Role] {
    match resource {
        // What the matrix does with one is to submit it.
        "submissions" if operation == "take_submission_step" => &[Role::Reporter],
        "submissions" => &[Role::Planner, Role::Reporter],
        "errata" => &[Role::Approver],
        "organizations" => &[],
        "plans" | "objectives" | "checkpoints" | "initiatives" | "indicators" | "targets" | "plan-documents" => {
            &[Role::Planner]
        }
        "activities" => &[Role::Planner, Role::Reporter],
        "actuals" | "imports" | "reviews" => &[Role::Reporter],
        unknown => panic!("who may change {unknown}?"),
    }
}

/// What answers everybody alike.
const OPEN: [&str; 3] = ["list_problems", "get_plan_document_schema", "parse_criterion"];

/// A plan of an organization, with something of everything in it, in words that nobody else uses.
fn document(code: &str) -> Value {
    let mut document = short(
        2021,
        json!([{"number": "1-1-1", "title": format!("取組{code}"), "department": format!("課{code}"),
            "targets": [{"indicator": format!("指標{code}"), "text": "100人以上", "unit": "人", "measure": "sum"}],
            "actuals": [{"target": 0, "period": "q1", "basis": "increment", "value": "30"}],
            "activities": [{"title": format!("活動{code}"), "planned": "4", "unit": "回"}],
            "mid_year_review": {"results": format!("実績{code}"), "outlook": "achieve", "progress": "on_schedule"}}]),
    );
    document["title"] = json!(format!("運営方針{code}"));
    document["checkpoint"] = json!({"kind": "mid_year", "as_of": "2021-09-30"});
    document["organization"] = match code {
        "271004" => json!({"code": code, "name": "大阪市"}),
        _ => json!({"code": code, "name": format!("区{code}"), "parent": {"code": "271004", "name": "大阪市"}}),
    };
    document
}

/// The ids of what belongs to an organization, by resource.
struct Place {
    code: &'static str,
    ids: BTreeMap<&'static str, String>,
}

impl Place {
    fn of(admin: &Client, code: &'static str) -> Self {
        let id = |resource: &str, query: &str| {
            let path = format!("/{resource}?{query}&limit=1");
            admin.get(&path).expect(200).json()["items"][0]["id"]
                .as_str()
                .unwrap_or_else(|| panic!("{path}"))
                .to_owned()
        };
        let plan = id("plans", &format!("organization={code}"));
        let ids = RESOURCES.map(|resource| {
            let id = match resource {
                "organizations" => id(resource, &format!("code={code}")),
                "plans" => plan.clone(),
                "indicators" => id(resource, &format!("organization={code}")),
                _ => id(resource, &format!("plan={plan}")),
            };
            (resource, id)
        });
        let mut ids = BTreeMap::from(ids);
        let begun = admin.create("/submissions", &json!({"checkpoint_id": ids["checkpoints"]}));
        ids.insert("submissions", begun["id"].as_str().unwrap().to_owned());
        Self { code, ids }
    }

    /// A body that adds one more of a resource here.
    fn another(&self, resource: &str, number: usize) -> Value {
        let id = |resource: &str| self.ids[resource].clone();
        match resource {
            "organizations" => json!({"name": "新しい課", "kind": "department", "parent_id": id("organizations")}),
            "plans" => {
                json!({"organization_id": id("organizations"), "fiscal_year": 1900 + number % 300, "title": "次期"})
            }
            "checkpoints" => json!({"plan_id": id("plans"), "kind": format!("extra_{number}"), "as_of": "2021-12-31"}),
            "objectives" => json!({"plan_id": id("plans"), "number": format!("9{number}"), "title": "課題"}),
            "initiatives" => {
                json!({"objective_id": id("objectives"), "number": format!("9-{number}"), "title": "取組"})
            }
            "indicators" => json!({"organization_id": id("organizations"), "name": "件数", "measure": "sum"}),
            "targets" => {
                json!({"initiative_id": id("initiatives"), "indicator_id": id("indicators"), "text": "9人以上"})
            }
            "actuals" => {
                json!({"indicator_id": id("indicators"), "fiscal_year": 1900 + number % 300, "basis": "to_date",
                "period": "year", "value": "1"})
            }
            "actuals/bulk" => json!([self.another("actuals", number + 5)]),
            "activities" => json!({"initiative_id": id("initiatives"), "title": "活動"}),
            "submissions" => json!({"checkpoint_id": id("checkpoints")}),
            "errata" => {
                json!({"resource": "actuals", "resource_id": id("actuals"), "change": {}, "reason": "訂正", "author": "課"})
            }
            "reviews" => json!({"initiative_id": id("initiatives"), "checkpoint_id": id("checkpoints")}),
            unknown => panic!("how is one of {unknown} made?"),
        }
    }
}

/// Holds every operation against what each role may do, by somebody who has it in Minato ward.
pub fn matrix(app: &TestApp, somebody: impl Fn(Role) -> Client) {
    // The city first: it is the parent of both.
    for code in ["271004", "271071", "271080"] {
        put(app, &document(code));
    }
    let [own, foreign, parent] = WARDS.map(|code| Place::of(app, code));
    for role in Role::ALL {
        let client = somebody(*role);
        for (number, (id, method, path, _)) in Contract::of_this_program().operations().enumerate() {
            if OPEN.contains(&id) {
                continue;
            }
            let path = path.strip_prefix("/api/v1").unwrap();
            let resource = path.split('/').nth(1).unwrap();
            let may = method == "GET" || *role == Role::Admin || changers(resource, id).contains(role);
            for place in [&foreign, &parent, &own] {
                let is_own = place.code == own.code;
                let asked = path.replace("{organization}/{fiscal_year}", &format!("{}/2021", place.code));
                let asked = asked.replace("{id}", place.ids.get(resource).map_or("", String::as_str));
                let asked = match (id, is_own) {
                    ("get_reporting", true) => format!("{asked}?fiscal_year=2021"),
                    ("get_reporting", false) => format!("{asked}?fiscal_year=2021&organization={}", place.code),
                    ("get_organization_rollup", _) => format!("{asked}?fiscal_year=2021"),
                    ("export_actuals", _) => format!("{asked}?plan={}", place.ids["plans"]),
                    ("list_rollups", true) => format!("{asked}?fiscal_year=2021&group_by=organization"),
                    ("list_rollups", false) => {
                        format!("{asked}?fiscal_year=2021&group_by=organization&organization={}", place.code)
                    }
                    _ => asked,
                };
                let request = client.request(&method, &asked);
                let answer = match method.as_str() {
                    "GET" => request.send(),
                    "POST" if id == "take_submission_step" => request.json(&json!({"step": "submit"})).send(),
                    "POST" if id == "report_actuals" => {
                        request.json(&place.another("actuals/bulk", number * 10 + *role as usize)).send()
                    }
                    "POST" if id == "import_actuals" => {
                        let file =
                            format!("指標ID,年度,期間,実績\n{},{},年間,1\n", place.ids["indicators"], 2101 + number);
                        request.body("text/csv", file).send()
                    }
                    "POST" => request.json(&place.another(resource, number * 10 + *role as usize)).send(),
                    "PUT" => request.json(&document(place.code)).send(),
                    "PATCH" => request.header("if-match", "*").json(&json!({})).send(),
                    // What is deleted cannot be asked for any more: it is enough to be asked for the version.
                    _ => request.header("if-match", "\"0-0\"").send(),
                };
                // A workbook is compressed: what it says is within.
                let text = match id {
                    "get_submission_form" if answer.status() == 200 => Workbook::read(&answer.body).text(),
                    _ => answer.text().to_owned(),
                };
                let status = answer.status();
                let case = format!("{role} {method} {asked}: {status} {text:.300}");
                let listed = method == "GET" && !path.contains('{');
                match (may, is_own, method.as_str()) {
                    (false, _, _) => assert_eq!(status, 403, "{case}"),
                    (true, true, "GET" | "PATCH") => assert_eq!(status, 200, "{case}"),
                    // By now the plan holds what was added to it.
                    (true, true, "PUT") => assert!([200, 428].contains(&status), "{case}"),
                    (true, true, "POST") if id == "create_erratum" => {
                        assert!(status == 422 && text.contains("not_published"), "{case}");
                    }
                    (true, true, "POST") if id == "take_submission_step" => {
                        assert!([200, 409].contains(&status), "{case}");
                    }
                    (true, true, "POST") if matches!(id, "report_actuals" | "import_actuals") => {
                        assert_eq!(status, 200, "{case}")
                    }
                    (true, true, "POST") => assert!([201, 409].contains(&status), "{case}"),
                    (true, true, _) => assert_eq!(status, 412, "{case}"),
                    (true, false, "POST") if id != "take_submission_step" => {
                        assert_eq!(status, 422, "{case}");
                        assert!(text.contains("unknown_reference"), "{case}");
                    }
                    (true, false, _)
                        if listed && !matches!(id, "list_rollups" | "get_reporting" | "export_actuals") =>
                    {
                        assert_eq!(status, 200, "{case}");
                    }
                    (true, false, _) => assert_eq!(status, 404, "{case}"),
                }
                for other in [&foreign, &parent] {
                    if method == "POST" && other.code == place.code {
                        // What was sent comes back as what was received.
                        continue;
                    }
                    let plain = text.replace(&asked, "");
                    for (what, word) in other.ids.iter().filter(|(what, _)| **what != "organizations") {
                        assert!(!plain.contains(word.as_str()), "a foreign id among {what}: {case}");
                    }
                    for word in ["取組", "指標", "活動", "実績", "運営方針", "課"] {
                        assert!(!plain.contains(&format!("{word}{}", other.code)), "{case}");
                    }
                }
            }
        }
    }
}

on_both! {
    fn nobody_sees_or_changes_what_is_not_theirs(app: &TestApp) {
        matrix(app, |role| app.client_with(role, Some("271071")));
    }

    fn what_only_the_service_says_and_what_nobody_knows_is_refused(app: &TestApp) {
        put(app, &document("271004"));
        let place = Place::of(app, "271004");
        let document = &Contract::of_this_program().document;
        for (resource, id) in &place.ids {
            let schema = |name: &str| document["components"]["schemas"][name]["properties"].as_object().cloned().unwrap_or_default();
            let singular = match *resource {
                "activities" => "Activity".to_owned(),
                other => other[..1].to_uppercase() + &other[1..other.len() - 1],
            };
            let (shown, given) = (schema(&singular), schema(&format!("{singular}Input")));
            assert!(shown.len() > given.len() && !given.is_empty(), "{singular}");
            let read_only = shown.keys().filter(|name| !given.contains_key(*name)).map(String::as_str).chain(["colour"]);
            for name in read_only {
                let mut body = place.another(resource, 7);
                body[name] = json!("x");
                let faults = app.post(&format!("/{resource}"), &body).expect(400).faults();
                assert!(faults.contains(&format!("/{name} unknown_field")), "{resource}: {faults:?}");
                if *resource != "submissions" {
                    let patch = app.patch(&format!("/{resource}/{id}"), "*", &json!({name: "x"})).expect(400);
                    assert_eq!(patch.faults(), [format!("/{name} unknown_field")], "{resource}");
                }
            }
        }
    }

    fn without_a_key_there_is_nothing_to_see_unless_it_is_published(app: &TestApp) {
        put(app, &document("271004"));
        let nobody = app.client_without_key();
        for (id, method, path, _) in Contract::of_this_program().operations() {
            let path = path.strip_prefix("/api/v1").unwrap().replace("{organization}/{fiscal_year}", "271004/2021");
            let asked = nobody.request(&method, &path.replace("{id}", "271004")).send();
            assert_eq!(asked.status() != 401, OPEN.contains(&id), "{asked}");
        }
        let refused = nobody.get("/plans").expect(401);
        assert_eq!((refused.code().as_str(), refused.header("www-authenticate")), ("unauthenticated", "Bearer realm=\"mikomi\""));
    }

    fn a_key_counts_as_bearer_and_as_password_until_it_is_revoked_or_expires(app: &TestApp) {
        let (text, prefix) = app.key(Role::Reader, None, None);
        let client = app.client_without_key();
        let bearer = format!("Bearer {text}");
        let asked = |value: &str| client.request("GET", "/plans").header("authorization", value).send();
        asked(&bearer).expect(200);
        use base64::Engine;
        let basic = |pair: &str| format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair));
        asked(&basic(&format!("excel:{text}"))).expect(200);
        for wrong in [&text[..], "Bearer", "Bearer x", &basic(&text), &basic("a:b"), "Digest x", &bearer[..bearer.len() - 1],
            "Basic ====", &format!("Bearer {}", text.to_uppercase())] {
            assert_eq!(asked(wrong).expect(401).code(), "unauthenticated", "{wrong}");
        }
        let (expired, _) = app.key(Role::Reader, None, Some(mikomi::clock::now()));
        asked(&format!("Bearer {expired}")).expect(401);
        assert!(app.revoke(&prefix));
        asked(&bearer).expect(401);
        assert!(!app.revoke(&prefix), "once");
    }

    fn a_department_reports_its_own_initiatives_and_reads_its_ward(app: &TestApp) {
        let mut plan = document("271071");
        let initiatives = plan["themes"][0]["strategies"][0]["initiatives"].as_array_mut().unwrap();
        let mut second = initiatives[0].clone();
        second["number"] = json!("1-1-2");
        second["department"] = json!("別の課");
        second["targets"][0]["indicator"] = json!("別の指標");
        initiatives.push(second);
        put(app, &plan);
        let reporter = app.client_with(Role::Reporter, Some(&department(app, "課271071")));
        for (number, expected) in [("1-1-1", 200), ("1-1-2", 403)] {
            let initiative = reporter.get(&format!("/initiatives?number={number}")).expect(200).json()["items"][0]["id"].clone();
            let initiative = initiative.as_str().unwrap();
            for resource in ["reviews", "activities", "actuals"] {
                let row = reporter.get(&format!("/{resource}?initiative={initiative}")).expect(200).json()["items"][0].clone();
                let path = format!("/{resource}/{}", row["id"].as_str().unwrap());
                reporter.patch(&path, "*", &json!({})).expect(expected);
            }
        }
    }

    fn what_stands_in_the_way_is_told_as_far_as_it_may_be_seen(app: &TestApp) {
        for code in ["271004", "271071", "271080"] {
            put(app, &document(code));
        }
        let [own, foreign, _] = WARDS.map(|code| Place::of(app, code));
        let mut target = foreign.another("targets", 1);
        target["indicator_id"] = json!(own.ids["indicators"]);
        let target = app.create("/targets", &target)["id"].clone();
        let planner = app.client_with(Role::Planner, Some("271071"));
        let refused = planner.delete(&format!("/indicators/{}", own.ids["indicators"]), "*").expect(409);
        assert!(!refused.text().contains(target.as_str().unwrap()), "{refused}");
        let of_targets = json!({"resource": "targets", "count": 1, "ids": [own.ids["targets"]]});
        assert!(refused.json()["dependents"].as_array().unwrap().contains(&of_targets), "{refused}");
        let told = app.delete(&format!("/indicators/{}", own.ids["indicators"]), "*").expect(409);
        assert!(told.text().contains(target.as_str().unwrap()), "{told}");
    }
}

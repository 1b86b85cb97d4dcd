//! Organizations; and, because they share all of it with every other resource, the five verbs, paging and versions.

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

/// A city, two of its wards, and a department of the first ward; their ids in this order.
fn osaka(app: &Client) -> [String; 4] {
    let create = |body: Value| app.create("/organizations", &body)["id"].as_str().unwrap().to_owned();
    let city = create(json!({"code": "271004", "name": "大阪市", "kind": "city"}));
    let minato = create(json!({"code": "271071", "name": "港区", "kind": "ward", "parent_id": city}));
    let taisho = create(json!({"code": "271080", "name": "大正区", "kind": "ward", "parent_id": "271004"}));
    let section = create(json!({"name": "総務課", "kind": "department", "parent_id": minato}));
    [city, minato, taisho, section]
}

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

/// The ids of a whole list, walked page by page; and that every page tells the same total.
fn walk(app: &Client, query: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut page = app.get(&format!("/organizations?limit=1{query}")).expect(200).json();
    let total = page["total"].clone();
    loop {
        assert_eq!(page["total"], total);
        ids.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        assert!(ids.len() <= 100, "the walk does not end");
        let Some(cursor) = page["next_cursor"].as_str() else { return ids };
        page = app.get(&format!("/organizations?limit=1{query}&cursor={cursor}")).expect(200).json();
    }
}

on_both! {
    fn what_was_created_can_be_read_at_its_location(app: &TestApp) {
        let created = app.post("/organizations", &json!({"code": "271071", "name": "港区", "kind": "ward"})).expect(201);
        let location = created.header("location");
        let shown = created.json();
        assert_eq!(location, format!("/api/v1/organizations/{}", shown["id"].as_str().unwrap()));
        assert_eq!(
            (&shown["fiscal_year_start_month"], &shown["time_zone"], &shown["version"]),
            (&json!(4), &json!("Asia/Tokyo"), &json!(1))
        );
        let read = app.get(location.strip_prefix("/api/v1").unwrap()).expect(200);
        assert_eq!((read.json(), read.etag()), (shown, created.etag()));
    }

    fn a_merge_patch_changes_what_it_names_and_counts_the_version(app: &TestApp) {
        let [_, minato, ..] = osaka(app);
        let path = format!("/organizations/{minato}");
        let before = app.get(&path).expect(200);
        let after = app.patch(&path, before.etag(), &json!({"name": "港区役所", "code": null})).expect(200);
        assert_eq!((&after.json()["name"], &after.json()["version"]), (&json!("港区役所"), &json!(2)));
        assert_eq!(after.json().get("code"), None);
        assert_eq!(after.json()["parent_id"], before.json()["parent_id"]);
        let read = app.get(&path).expect(200);
        assert_eq!((read.json(), read.etag()), (after.json(), after.etag()));
    }

    fn a_merge_patch_that_changes_nothing_leaves_the_version(app: &TestApp) {
        let [city, ..] = osaka(app);
        let path = format!("/organizations/{city}");
        let before = app.get(&path).expect(200);
        for patch in [json!({}), json!({"name": "大阪市"}), json!({"parent_id": null})] {
            let after = app.patch(&path, before.etag(), &patch).expect(200);
            assert_eq!((after.json(), after.etag()), (before.json(), before.etag()), "{patch}");
        }
    }

    fn removing_a_member_that_has_a_default_gives_it_the_default(app: &TestApp) {
        let body = json!({"name": "x", "kind": "city", "fiscal_year_start_month": 1, "time_zone": "UTC"});
        let created = app.post("/organizations", &body).expect(201);
        let path = format!("/organizations/{}", created.json()["id"].as_str().unwrap());
        let patch = json!({"fiscal_year_start_month": null, "time_zone": null});
        let after = app.patch(&path, created.etag(), &patch).expect(200).json();
        assert_eq!((&after["fiscal_year_start_month"], &after["time_zone"]), (&json!(4), &json!("Asia/Tokyo")));
    }

    fn the_fiscal_calendar_stays_once_days_hang_on_it(app: &TestApp) {
        let made = |body: Value| app.post("/organizations", &body).expect(201);
        let id = |row: &Value| row["id"].as_str().unwrap().to_owned();
        for (number, dated_by) in [(1, "checkpoints"), (2, "actuals")] {
            let created = made(json!({"name": format!("市{number}"), "kind": "city"}));
            let path = format!("/organizations/{}", id(&created.json()));
            let own = id(&created.json());
            // As long as nothing has a day it may change.
            let changed = app.patch(&path, created.etag(), &json!({"fiscal_year_start_month": 7})).expect(200);
            let plan = id(&app.create("/plans", &json!({"organization_id": own, "fiscal_year": 2021, "title": "方針"})));
            let changed = app.patch(&path, changed.etag(), &json!({"fiscal_year_start_month": 4})).expect(200);
            if dated_by == "checkpoints" {
                app.create("/checkpoints", &json!({"plan_id": plan, "kind": "mid_year"}));
            } else {
                let indicator = id(&app.create("/indicators", &json!({"organization_id": own, "name": "件数", "measure": "sum", "unit": "件"})));
                app.create("/actuals", &json!({"indicator_id": indicator, "fiscal_year": 2021, "basis": "increment", "period": "m01", "value": "3"}));
            }
            let refused = app.patch(&path, changed.etag(), &json!({"fiscal_year_start_month": 1})).expect(422);
            assert_eq!(refused.json()["errors"][0]["pointer"], "/fiscal_year_start_month", "{dated_by}");
            assert_eq!(app.get(&path).expect(200).json()["fiscal_year_start_month"], 4);
            app.patch(&path, changed.etag(), &json!({"name": "別の名", "fiscal_year_start_month": 4})).expect(200);
        }
    }

    fn a_change_needs_the_etag_that_stands(app: &TestApp) {
        let [_, minato, ..] = osaka(app);
        let path = format!("/organizations/{minato}");
        let first = app.get(&path).expect(200).etag().to_owned();
        let second = app.patch(&path, &first, &json!({"name": "b"})).expect(200).etag().to_owned();
        for method in ["PATCH", "DELETE"] {
            let request = || app.request(method, &path).json(&json!({"name": "c"}));
            assert_eq!(request().send().expect(428).code(), "precondition_required");
            for stale in [first.as_str(), "\"0\"", "\"3\"", "\"\"", "2", "nonsense", "W/\"2\""] {
                assert_eq!(request().header("if-match", stale).send().expect(412).code(), "version_conflict", "{stale}");
            }
        }
        assert_eq!(app.get(&path).expect(200).etag(), second);
        app.request("PATCH", &path).header("if-match", &format!("\"9\", {second}")).json(&json!({})).send().expect(200);
        app.request("PATCH", &path).header("if-match", "*").json(&json!({})).send().expect(200);
    }

    fn what_the_client_has_already_is_not_sent_again(app: &TestApp) {
        let [city, ..] = osaka(app);
        for path in [format!("/organizations/{city}"), "/organizations".to_owned()] {
            let etag = app.get(&path).expect(200).etag().to_owned();
            for known in [etag.clone(), format!("\"other\", {etag}"), format!("W/{etag}"), "*".to_owned()] {
                let answer = app.request("GET", &path).header("if-none-match", &known).send().expect(304);
                assert_eq!((answer.etag(), answer.body.len()), (etag.as_str(), 0), "{known}");
            }
            app.request("GET", &path).header("if-none-match", "\"other\"").send().expect(200);
        }
    }

    fn what_others_depend_on_stays_and_they_are_named(app: &TestApp) {
        let [city, minato, taisho, section] = osaka(app);
        let remove = |id: &str| app.delete(&format!("/organizations/{id}"), "*");
        let refused = remove(&city).expect(409);
        assert_eq!(refused.code(), "has_dependents");
        let children = json!([{"resource": "organizations", "count": 2, "ids": [minato, taisho]}]);
        assert_eq!(refused.json()["dependents"], children);
        for id in [section, minato, taisho, city] {
            remove(&id).expect(204);
            assert_eq!(remove(&id).expect(404).code(), "not_found");
            assert_eq!(app.get(&format!("/organizations/{id}")).expect(404).code(), "not_found");
        }
        assert_eq!(app.get("/organizations").expect(200).json()["total"], 0);
    }

    fn lists_hold_what_the_filters_ask_for(app: &TestApp) {
        let [city, ..] = osaka(app);
        for (query, expected) in [
            (String::new(), vec!["大正区", "大阪市", "港区", "総務課"]),
            ("?kind=ward".to_owned(), vec!["大正区", "港区"]),
            ("?code=271071".to_owned(), vec!["港区"]),
            (format!("?parent={city}"), vec!["大正区", "港区"]),
            ("?parent=271004".to_owned(), vec!["大正区", "港区"]),
            ("?parent=271004&kind=city".to_owned(), vec![]),
            ("?parent=nobody".to_owned(), vec![]),
            ("?code=999999".to_owned(), vec![]),
            ("?sort=-name".to_owned(), vec!["総務課", "港区", "大阪市", "大正区"]),
            ("?sort=created_at".to_owned(), vec!["大阪市", "港区", "大正区", "総務課"]),
            ("?sort=-created_at&limit=2".to_owned(), vec!["総務課", "大正区"]),
        ] {
            let page = app.get(&format!("/organizations{query}")).expect(200).json();
            assert_eq!(names(&page), expected, "{query}");
        }
    }

    fn walking_a_list_in_any_order_meets_every_row_exactly_once(app: &TestApp) {
        osaka(app);
        // Names that are the same, so that only the id tells the rows apart, and some that sort unlike they look.
        for name in ["同名", "同名", "同名", "Ａ", "a", "Z", "ゞ", "𠮷野", "é", "1", "10", "9"] {
            app.create("/organizations", &json!({"name": name, "kind": "department"}));
        }
        for key in ["name", "created_at", "updated_at"] {
            let up = walk(app, &format!("&sort={key}"));
            let mut down = walk(app, &format!("&sort=-{key}"));
            assert_eq!(up.len(), 16, "{key}");
            assert_eq!(up.iter().collect::<std::collections::BTreeSet<_>>().len(), 16, "{key}");
            down.reverse();
            assert_eq!(up, down, "{key}");
        }
        assert_eq!(walk(app, "&kind=ward&sort=-name").len(), 2);
    }

    fn both_databases_order_texts_by_their_code_points(app: &TestApp) {
        for name in ["ん", "a", "Z", "é", "亜", "𠮷", "ｱ", "ア", "1"] {
            app.create("/organizations", &json!({"name": name, "kind": "city"}));
        }
        let page = app.get("/organizations?sort=name").expect(200).json();
        assert_eq!(names(&page), ["1", "Z", "a", "é", "ん", "ア", "亜", "ｱ", "𠮷"]);
    }

    fn the_link_header_leads_to_the_next_page_and_keeps_the_query(app: &TestApp) {
        osaka(app);
        let mut seen = Vec::new();
        let mut path = "/organizations?sort=-name&kind=ward&limit=1".to_owned();
        loop {
            let page = app.get(&path).expect(200);
            seen.extend(names(&page.json()).into_iter().map(str::to_owned));
            let link = page.header("link").to_owned();
            assert_eq!(link.is_empty(), page.json()["next_cursor"].is_null());
            let Some(next) = link.strip_prefix("</api/v1").and_then(|rest| rest.strip_suffix(">; rel=\"next\"")) else {
                break;
            };
            path = next.to_owned();
        }
        assert_eq!(seen, ["港区", "大正区"]);
    }

    fn a_cursor_is_good_for_its_own_order_only(app: &TestApp) {
        osaka(app);
        let page = app.get("/organizations?limit=1&sort=name").expect(200).json();
        let cursor = page["next_cursor"].as_str().unwrap();
        for query in [format!("cursor={cursor}&sort=-name"), "cursor=x".to_owned(), "cursor=eyJhIjoxfQ".to_owned()] {
            let refused = app.get(&format!("/organizations?{query}")).expect(422);
            assert_eq!((refused.code().as_str(), refused.faults()), ("rule_broken", vec!["cursor unusable_cursor".to_owned()]));
        }
    }

    fn a_list_shows_only_the_fields_that_are_asked_for(app: &TestApp) {
        osaka(app);
        let page = app.get("/organizations?fields=id,name&kind=city").expect(200).json();
        let members: Vec<&String> = page["items"][0].as_object().unwrap().keys().collect();
        assert_eq!(members, ["id", "name"]);
    }

    fn codes_are_unique(app: &TestApp) {
        let [_, _, taisho, _] = osaka(app);
        let again = json!({"code": "271071", "name": "x", "kind": "ward"});
        assert_eq!(app.post("/organizations", &again).expect(409).code(), "duplicate");
        let clash = app.patch(&format!("/organizations/{taisho}"), "*", &json!({"code": "271071"})).expect(409);
        assert_eq!(clash.code(), "duplicate");
        assert_eq!(app.get("/organizations").expect(200).json()["total"], 4);
    }

    fn nothing_belongs_to_itself_or_to_what_is_below_it(app: &TestApp) {
        let [city, minato, taisho, section] = osaka(app);
        for parent in [&city, &minato, &section] {
            let refused = app.patch(&format!("/organizations/{city}"), "*", &json!({"parent_id": parent})).expect(422);
            assert_eq!(refused.faults(), ["/parent_id circular"]);
        }
        app.patch(&format!("/organizations/{section}"), "*", &json!({"parent_id": taisho})).expect(200);
    }
}

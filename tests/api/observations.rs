//! What was reported as flat rows with numbers.

use mikomi::domain::access::Role;
use serde_json::{Value, json};

use crate::minato::{counting, put, short};
use crate::support::TestApp;

on_both! {
    fn an_observation_says_all_that_it_takes_to_read_it_in_numbers(app: &TestApp) {
        let actuals = json!([
            {"target": 0, "period": "q1", "basis": "increment", "value": "123456789012.345"},
            {"target": 0, "period": "q2", "basis": "increment", "missing": "not_measurable", "note": "中止"},
        ]);
        put(app, &short(2021, json!([counting("1-1-1", actuals)])));
        let answer = app.get("/observations?organization=271071&sort=as_of").expect(200);
        // Digit by digit, and not as a double would have it.
        assert!(answer.text().contains("\"value\":123456789012.345,"), "{answer}");
        let page = answer.json();
        assert_eq!((&page["total"], &page["next_cursor"]), (&json!(2), &Value::Null));
        let [first, second] = [&page["items"][0], &page["items"][1]];
        let read = ["organization_code", "organization", "indicator", "unit", "measure", "fiscal_year", "basis", "period", "as_of"];
        assert_eq!(
            read.map(|name| &first[name]).to_vec(),
            [&json!("271071"), &json!("大阪市港区"), &json!("参加者数"), &json!("人"), &json!("sum"), &json!(2021),
                &json!("increment"), &json!("q1"), &json!("2021-06-30")]
        );
        assert_eq!((&second["value"], &second["missing"], &second["note"]), (&Value::Null, &json!("not_measurable"), &json!("中止")));
        let actual = app.get(&format!("/actuals/{}", first["actual_id"].as_str().unwrap())).expect(200).json();
        assert_eq!((&actual["indicator_id"], &actual["version"]), (&first["indicator_id"], &first["revision"]));
    }

    fn observations_are_a_list_like_the_others(app: &TestApp) {
        let actuals = json!([{"target": 0, "period": "q1", "basis": "increment", "value": 0},
            {"target": 0, "period": "q2", "basis": "increment", "value": "2.5"}]);
        put(app, &short(2021, json!([counting("1-1-1", actuals)])));
        let first = app.get("/observations?limit=1&sort=-as_of&fields=period,value").expect(200).json();
        assert_eq!(first["items"], json!([{"period": "q2", "value": 2.5}]));
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = app.get(&format!("/observations?limit=1&sort=-as_of&fields=period,value&cursor={cursor}")).expect(200).json();
        assert_eq!((&second["items"], &second["next_cursor"]), (&json!([{"period": "q1", "value": 0}]), &Value::Null));
        for (query, status) in [("period=q2&fiscal_year=2021", 200), ("fields=password", 400), ("value=1", 400), ("limit=0", 400)] {
            app.get(&format!("/observations?{query}")).expect(status);
        }
        app.create("/organizations", &json!({"code": "271080", "name": "浪速区", "kind": "ward"}));
        let stranger = app.client_with(Role::Admin, Some("271080"));
        assert_eq!(stranger.get("/observations").expect(200).json()["total"], 0);
    }
}

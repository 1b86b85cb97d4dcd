//! Every failure, those of the framework included, is a problem document with a stable code, in both languages. That
//! it has the documented shape is checked by the client with every answer.

use mikomi::domain::access::Role;
use serde_json::{Value, json};

use crate::support::{Client, Response, TestApp};

const CITY: &str = r#"{"name": "大阪市", "kind": "city"}"#;

/// Sends the same request in Japanese and in English, and expects the same failure told in two ways.
fn refused(status: u16, code: &str, send: impl Fn(&str) -> Response) -> [Value; 2] {
    ["ja", "en"].map(|language| {
        let answer = send(language).expect(status);
        assert_eq!((answer.code().as_str(), answer.header("content-language")), (code, language), "{answer}");
        let title = answer.json()["title"].as_str().unwrap().to_owned();
        assert_eq!(title.is_ascii(), language == "en", "{title}");
        for fault in answer.json()["errors"].as_array().unwrap() {
            let message = fault["message"].as_str().unwrap();
            assert_eq!(message.is_ascii(), language == "en", "{message}");
        }
        answer.json()
    })
}

fn post<'a>(app: &'a Client, content_type: &'a str, body: &'a [u8]) -> impl Fn(&str) -> Response + 'a {
    move |language| app.request("POST", "/organizations").language(language).body(content_type, body).send()
}

fn get<'a>(app: &'a Client, path: &'a str) -> impl Fn(&str) -> Response + 'a {
    move |language| app.request("GET", path).language(language).send()
}

on_both! {
    fn a_body_that_is_not_json_is_refused_with_the_place(app: &TestApp) {
        for body in [
            &b""[..], b"{", b"{} {}", b"nonsense", b"{\"name\": \"a\" \"kind\": 1}", b"\xff\xfe", b"\"\xc3\"", b"\"\\ud800\"", b"[1,]",
            b"NaN", b"{\"a\":\"\x01\"}", b"\xef\xbb\xbf{}",
        ] {
            let [_, english] = refused(400, "malformed_json", post(app, "application/json", body));
            assert!(english["detail"].as_str().unwrap().contains("column"), "{english}");
        }
    }

    fn a_member_that_is_given_twice_is_refused(app: &TestApp) {
        let body = br#"{"name": "a", "kind": "city", "name": "b"}"#;
        let [_, english] = refused(400, "malformed_json", post(app, "application/json", body));
        assert!(english["detail"].as_str().unwrap().contains("`name` is given twice"), "{english}");
    }

    fn a_deeply_nested_body_is_refused(app: &TestApp) {
        let body = "[".repeat(100_000);
        refused(400, "malformed_json", post(app, "application/json", body.as_bytes()));
        let body = format!("{}{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
        refused(400, "malformed_json", post(app, "application/json", body.as_bytes()));
    }

    fn another_content_type_is_refused(app: &TestApp) {
        for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "nonsense", "text/json"] {
            refused(415, "unsupported_media_type", post(app, content_type, CITY.as_bytes()));
        }
        refused(415, "unsupported_media_type", |language| app.request("POST", "/organizations").language(language).send());
        for content_type in ["application/json; charset=utf-8", "Application/JSON"] {
            app.request("POST", "/organizations").body(content_type, CITY).send().expect(201);
        }
    }

    fn an_unknown_route_is_told_from_an_unknown_resource(app: &TestApp) {
        for path in ["/nothing", "/organizations/", "/organizations/a/b", "//", "//api", "//api/v2/organizations", "//%00", "/%e3%81%82"] {
            refused(404, "unknown_route", get(app, path));
        }
        for path in [
            "/organizations/nobody", "/organizations/%00", "/organizations/%ff", "/organizations/a%2Fb", "/organizations/%e6%b8%af%e5%8c%ba",
        ] {
            refused(404, "not_found", get(app, path));
        }
    }

    fn a_wrong_method_is_told_which_ones_there_are(app: &TestApp) {
        for (method, path, allowed) in [
            ("PUT", "/organizations", "GET, HEAD, POST"),
            ("DELETE", "/organizations", "GET, HEAD, POST"),
            ("POST", "/organizations/x", "GET, HEAD, PATCH, DELETE"),
            ("POST", "/openapi.json", "GET, HEAD"),
            ("OPTIONS", "/organizations", "GET, HEAD, POST"),
            ("TRACE", "/organizations", "GET, HEAD, POST"),
        ] {
            refused(405, "method_not_allowed", |language| {
                let answer = app.request(method, path).language(language).send();
                assert_eq!(answer.header("allow"), allowed, "{method} {path}");
                answer
            });
        }
    }

    fn a_body_above_the_limit_is_refused(app: &TestApp) {
        let large = vec![b' '; 8 * 1024 * 1024 + 1];
        refused(413, "body_too_large", post(app, "application/json", &large));
        let chunks = "ffff\r\n".to_owned() + &"x".repeat(0xffff) + "\r\n";
        let (key, _) = app.key(Role::Admin, None, None);
        let request = format!("POST /api/v1/organizations HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                       authorization: Bearer {key}\r\ntransfer-encoding: chunked\r\n\r\n") + &chunks.repeat(129) + "0\r\n\r\n";
        let answer = app.raw(request.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("\"body_too_large\""), "{answer}");
        let mut just_fits = vec![b' '; 8 * 1024 * 1024 - CITY.len()];
        just_fits.extend(CITY.as_bytes());
        app.request("POST", "/organizations").body("application/json", just_fits).send().expect(201);
    }

    fn the_character_nul_is_refused_wherever_it_comes_from(app: &TestApp) {
        for query in ["code=%00", "parent=a%00b", "%00=1", "cursor=%00", "sort=%00"] {
            refused(400, "invalid_request", get(app, &format!("/organizations?{query}")));
        }
        let body = br#"{"name": "a\u0000b", "kind": "city"}"#;
        let [_, english] = refused(400, "invalid_request", post(app, "application/json", body));
        assert_eq!(english["errors"][0]["pointer"], "/name");
        // {"sort":"name","key":"\u0000","id":"x"}
        let cursor = "eyJzb3J0IjoibmFtZSIsImtleSI6Ilx1MDAwMCIsImlkIjoieCJ9";
        refused(422, "rule_broken", get(app, &format!("/organizations?cursor={cursor}")));
    }

    fn parameters_have_their_documented_types(app: &TestApp) {
        for (query, faults) in [
            ("limit=x", vec!["limit wrong_type"]),
            ("limit=0", vec!["limit too_small"]),
            ("limit=-1", vec!["limit too_small"]),
            ("limit=1001", vec!["limit too_large"]),
            ("limit=99999999999999999999", vec!["limit wrong_type"]),
            ("limit=1.5", vec!["limit wrong_type"]),
            ("limit=", vec!["limit wrong_type"]),
            ("limit=1&limit=2", vec!["limit repeated"]),
            ("kind=village", vec!["kind unknown_word"]),
            ("sort=size", vec!["sort unknown_word"]),
            ("fields=secret", vec!["fields wrong_format"]),
            ("fields=", vec!["fields wrong_format"]),
            ("code=", vec!["code too_short"]),
            ("nonsense=1", vec!["nonsense unknown_parameter"]),
            ("limit=0&sort=size&kind=x&a=1&b=2", vec![
                "a unknown_parameter", "b unknown_parameter", "kind unknown_word", "limit too_small", "sort unknown_word",
            ]),
        ] {
            let answer = app.get(&format!("/organizations?{query}")).expect(400);
            assert_eq!((answer.code().as_str(), answer.faults()), ("invalid_request", faults.into_iter().map(str::to_owned).collect()), "{answer}");
            refused(400, "invalid_request", get(app, &format!("/organizations?{query}")));
        }
    }

    fn all_the_faults_of_a_body_come_at_once(app: &TestApp) {
        let body = json!({
            "code": "12", "kind": "village", "parent_id": 7, "fiscal_year_start_month": 13, "time_zone": "", "a/b~c": true, "spare": null,
        });
        let answer = app.post("/organizations", &body).expect(400);
        assert_eq!(answer.faults(), [
            "/a~1b~0c unknown_field", "/code wrong_format", "/fiscal_year_start_month too_large", "/kind unknown_word", "/name required",
            "/parent_id wrong_type", "/spare unknown_field", "/time_zone too_short",
        ]);
        for fault in answer.json()["errors"].as_array().unwrap() {
            assert_eq!(fault["code"] == "required", fault.get("received").is_none(), "{fault}");
        }
        refused(400, "invalid_request", post(app, "application/json", body.to_string().as_bytes()));
    }

    fn all_the_broken_rules_come_at_once(app: &TestApp) {
        let body = json!({"name": "x", "kind": "ward", "parent_id": "nobody", "time_zone": "Mars/Olympus"});
        let answer = app.post("/organizations", &body).expect(422);
        assert_eq!((answer.code().as_str(), answer.faults()), ("rule_broken", vec![
            "/parent_id unknown_reference".to_owned(), "/time_zone not_a_time_zone".to_owned(),
        ]));
        assert!(answer.json()["errors"][0]["received"].is_string());
        refused(422, "rule_broken", post(app, "application/json", body.to_string().as_bytes()));
    }

    fn a_patch_that_is_no_object_is_refused(app: &TestApp) {
        let path = format!("/organizations/{}", app.create("/organizations", &json!({"name": "a", "kind": "city"}))["id"].as_str().unwrap());
        for patch in [json!(null), json!([]), json!("x"), json!(1)] {
            assert_eq!(app.patch(&path, "*", &patch).expect(400).code(), "invalid_request");
        }
        for patch in [json!({"name": null}), json!({"kind": null})] {
            let answer = app.patch(&path, "*", &patch);
            assert!(matches!(answer.status(), 400 | 422), "{answer}");
        }
    }

    fn headers_that_cannot_be_read_are_refused_in_peace(app: &TestApp) {
        let huge = format!("GET /api/v1/organizations HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "y".repeat(200_000));
        for request in [
            "nonsense\r\n\r\n".as_bytes(),
            b"GET /api/v1/organizations HTTP/9.9\r\n\r\n",
            b"GET /api/v1/organizations HTTP/1.1\r\ncontent-length: x\r\n\r\n",
            b"GET \xff HTTP/1.1\r\n\r\n",
            huge.as_bytes(),
        ] {
            let answer = app.raw(request);
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
        }
        for known in ["\u{e9}", "\"", ",,,", ""] {
            app.request("GET", "/organizations").header("if-none-match", known).send().expect(200);
        }
        app.request("GET", "/organizations").header("accept-language", "\u{e9};;q=9999,en;q=-1").send().expect(200);
    }

    fn a_refused_write_leaves_nothing_behind(app: &TestApp) {
        app.post("/organizations", &json!({"name": "x", "kind": "ward", "parent_id": "nobody"})).expect(422);
        app.post("/organizations", &json!({"name": "x"})).expect(400);
        assert_eq!(app.get("/organizations").expect(200).json()["total"], 0);
    }

    fn head_answers_like_get_without_the_body(app: &TestApp) {
        let id = app.create("/organizations", &json!({"name": "a", "kind": "city"}))["id"].as_str().unwrap().to_owned();
        for path in [format!("/organizations/{id}"), "/organizations?limit=1".to_owned(), "/openapi.json".to_owned(), "/organizations/nobody".to_owned()] {
            let (get, head) = (app.get(&path), app.request("HEAD", &path).send());
            assert_eq!(get.status(), if path.ends_with("nobody") { 404 } else { 200 }, "{path}");
            assert_eq!((head.status(), head.body.len()), (get.status(), 0), "{path}");
            for name in ["content-type", "etag", "link", "cache-control", "content-language"] {
                assert_eq!(head.header(name), get.header(name), "{path} {name}");
            }
            if get.status() == 200 {
                assert_eq!(head.header("content-length"), get.body.len().to_string(), "{path}");
            }
        }
    }
}

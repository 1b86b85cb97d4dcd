//! Tokens as they come, good and forged, against the keys and the configuration of a made-up city.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDateTime};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::claims::Claims;
use super::keys::Keys;
use super::{Person, Provider, Refusal, Section, Times, token};
use crate::domain::access::Role;

const NOW: i64 = 1_700_000_000;
const ISSUER: &str = "https://login.city.example.jp/realms/city";

fn now() -> NaiveDateTime {
    DateTime::from_timestamp(NOW, 0).unwrap().naive_utc()
}

/// One of the provider's keys, or of somebody who would like to be the provider.
struct Signer {
    kid: &'static str,
    algorithm: Algorithm,
    key: EncodingKey,
}

impl Signer {
    fn new(kid: &'static str, algorithm: Algorithm) -> Self {
        let random = SystemRandom::new();
        let ec = |curve| EncodingKey::from_ec_der(EcdsaKeyPair::generate_pkcs8(curve, &random).unwrap().as_ref());
        let key = match algorithm {
            Algorithm::ES256 => ec(&ECDSA_P256_SHA256_FIXED_SIGNING),
            Algorithm::ES384 => ec(&ECDSA_P384_SHA384_FIXED_SIGNING),
            Algorithm::EdDSA => EncodingKey::from_ed_der(Ed25519KeyPair::generate_pkcs8v1(&random).unwrap().as_ref()),
            _ => {
                let pkcs8: Pkcs8V1Der<'_> = KeyPair::generate(KeySize::Rsa2048).unwrap().as_der().unwrap();
                // PKCS #1 is what is in it after a head of 26 bytes, with this size of key.
                EncodingKey::from_rsa_der(&pkcs8.as_ref()[26..])
            }
        };
        Self { kid, algorithm, key }
    }

    /// As the provider publishes it.
    fn published(&self) -> Value {
        let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&self.key, self.algorithm).unwrap()).unwrap();
        (jwk["kid"], jwk["use"]) = (json!(self.kid), json!("sig"));
        jwk
    }

    fn head(&self) -> Header {
        Header { kid: Some(self.kid.to_owned()), ..Header::new(self.algorithm) }
    }

    fn signs(&self, claims: &Value) -> String {
        self.signs_with(&self.head(), claims)
    }

    fn signs_with(&self, head: &Header, claims: &Value) -> String {
        encode(head, claims, &self.key).unwrap()
    }
}

fn set(keys: &[Value]) -> Vec<u8> {
    json!({ "keys": keys }).to_string().into_bytes()
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": "mikomi", "sub": "f3a2c1d0", "exp": NOW + 300, "iat": NOW, "nbf": NOW,
        "preferred_username": "yamada", "groups": ["everybody", "minato-planners"]})
}

/// The claims with some of them changed, or without those that are `null`.
fn claims_but(changes: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims
}

fn section() -> Section {
    serde_json::from_value(json!({"issuer": ISSUER, "audience": "mikomi", "grants": [
        {"claim": "groups", "value": "minato-planners", "role": "planner", "organization": "271071"},
        {"claim": "groups", "value": "minato-approvers", "role": "approver", "organization": "271071"},
        {"claim": "groups", "value": "city-readers", "role": "reader"},
        {"claim": "realm_access.roles", "value": "reporter", "role": "reporter",
            "organization_claim": "ward", "department_claim": "section"},
    ]}))
    .unwrap()
}

/// What becomes of a token with these keys published, without any network.
fn judged(published: &[Value], text: &str) -> Result<Person, Refusal> {
    let keys = Keys::read(&set(published)).unwrap();
    let (terms, _) = section().understood(Times::default().patience).unwrap();
    let wanted = token::wanted(text)?;
    terms.person(&token::verified(text, keys.key(&wanted)?, &wanted)?, NOW)
}

#[track_caller]
fn refused(outcome: Result<Person, Refusal>, why: &str) {
    match outcome {
        Err(Refusal::Invalid(found)) => assert!(found.contains(why), "{found:?} does not say {why:?}"),
        other => panic!("{other:?}, not {why:?}"),
    }
}

fn by_hand(head: &Value, claims: &Value, signature: &[u8]) -> String {
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (head, claims) = (part(head.to_string().as_bytes()), part(claims.to_string().as_bytes()));
    format!("{head}.{claims}.{}", part(signature))
}

#[test]
fn every_algorithm_with_a_public_key_is_taken() {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    let mut rsa = Signer::new("rsa", RS256);
    for algorithm in [RS256, RS384, RS512, PS256, PS384, PS512] {
        rsa.algorithm = algorithm;
        let person = judged(&[rsa.published()], &rsa.signs(&claims())).unwrap();
        assert_eq!(person.identity.to_string(), format!("person yamada (f3a2c1d0 at {ISSUER})"), "{algorithm:?}");
    }
    for algorithm in [ES256, ES384, EdDSA] {
        let signer = Signer::new("other", algorithm);
        let posts = judged(&[signer.published()], &signer.signs(&claims())).unwrap().posts;
        assert_eq!((posts.len(), posts[0].role), (1, Role::Planner), "{algorithm:?}");
    }
}

#[test]
fn a_token_without_a_signature_is_refused() {
    let signer = Signer::new("a", Algorithm::ES256);
    for algorithm in ["none", "None", "NONE", ""] {
        let head = json!({"alg": algorithm, "typ": "JWT", "kid": "a"});
        refused(judged(&[signer.published()], &by_hand(&head, &claims(), b"")), "head is not taken");
    }
    let token = signer.signs(&claims());
    let (signed, _) = token.rsplit_once('.').unwrap();
    refused(judged(&[signer.published()], &format!("{signed}.")), "does not verify");
    let (head, rest) = token.split_once('.').unwrap();
    let other = URL_SAFE_NO_PAD.encode(claims_but(&json!({"sub": "admin"})).to_string());
    let (_, signature) = rest.split_once('.').unwrap();
    refused(judged(&[signer.published()], &format!("{head}.{other}.{signature}")), "does not verify");
    for text in ["..", "a.b.c", "", &format!("{token}.{token}"), &format!("{token}="), &"a.".repeat(40_000)] {
        assert!(matches!(judged(&[signer.published()], text), Err(Refusal::Invalid(_))), "{text:.20}");
    }
}

#[test]
fn a_public_key_is_no_secret_to_sign_with() {
    let signer = Signer::new("a", Algorithm::RS256);
    let published = signer.published();
    let modulus = URL_SAFE_NO_PAD.decode(published["n"].as_str().unwrap()).unwrap();
    for secret in [modulus, published.to_string().into_bytes(), set(std::slice::from_ref(&published))] {
        let head = Header { kid: Some("a".to_owned()), ..Header::new(Algorithm::HS256) };
        let forged = encode(&head, &claims(), &EncodingKey::from_secret(&secret)).unwrap();
        refused(judged(std::slice::from_ref(&published), &forged), "HS256 is not taken");
    }
    // Nor does a secret among the keys make one.
    let secret = json!({"kty": "oct", "kid": "s", "alg": "HS256", "k": URL_SAFE_NO_PAD.encode("secret")});
    assert!(Keys::read(&set(&[secret])).is_err());
}

#[test]
fn a_key_that_is_not_the_providers_does_not_count_whatever_the_token_says_about_it() {
    let (own, foreign) = (Signer::new("a", Algorithm::ES256), Signer::new("a", Algorithm::ES256));
    refused(judged(&[own.published()], &foreign.signs(&claims())), "does not verify");
    let carried: Jwk = serde_json::from_value(foreign.published()).unwrap();
    let elsewhere = Some("https://attacker.example/jwks".to_owned());
    for head in [
        Header { jwk: Some(carried), ..foreign.head() },
        Header { jku: elsewhere.clone(), ..foreign.head() },
        Header { x5u: elsewhere, ..foreign.head() },
    ] {
        refused(judged(&[own.published()], &foreign.signs_with(&head, &claims())), "does not verify");
    }
    for kid in ["b", "", "../../etc/passwd", "a' OR '1'='1", "a\0", "A"] {
        let head = Header { kid: Some(kid.to_owned()), ..own.head() };
        refused(judged(&[own.published()], &own.signs_with(&head, &claims())), "is none of the provider's");
    }
}

#[test]
fn a_key_is_used_only_for_what_it_is_published_for() {
    let signer = Signer::new("a", Algorithm::ES256);
    let other = Signer::new("b", Algorithm::EdDSA);
    let token = signer.signs(&claims());
    let with = |name: &str, value: Value| {
        let mut jwk = signer.published();
        jwk[name] = value;
        judged(&[jwk, other.published()], &token)
    };
    assert!(with("key_ops", json!(["verify"])).is_ok());
    for (name, value) in
        [("use", json!("enc")), ("key_ops", json!(["sign"])), ("alg", json!("ES384")), ("crv", json!("P-384"))]
    {
        assert!(matches!(with(name, value.clone()), Err(Refusal::Invalid(_))), "{name} {value}");
    }
    // The same name on a key of another kind.
    let rsa = Signer { kid: "a", ..Signer::new("a", Algorithm::RS256) };
    refused(judged(&[rsa.published()], &token), "is not for its algorithm");
    let short = json!({"kty": "RSA", "kid": "a", "n": "AQAB", "e": "AQAB"});
    let token = rsa.signs(&claims());
    refused(judged(&[short], &token), "does not verify");
}

#[test]
fn without_a_name_the_only_key_that_fits_is_meant() {
    let (one, other) = (Signer::new("a", Algorithm::ES256), Signer::new("b", Algorithm::ES256));
    let ed = Signer::new("c", Algorithm::EdDSA);
    let nameless = one.signs_with(&Header { kid: None, ..one.head() }, &claims());
    assert!(judged(&[one.published(), ed.published()], &nameless).is_ok());
    refused(judged(&[one.published(), other.published()], &nameless), "several");
    refused(judged(&[ed.published()], &nameless), "names no key");
}

#[test]
fn what_is_critical_or_of_another_type_is_refused() {
    let signer = Signer::new("a", Algorithm::ES256);
    let head = Header { crit: Some(vec!["exp".to_owned()]), ..signer.head() };
    refused(judged(&[signer.published()], &signer.signs_with(&head, &claims())), "critical");
    for (kind, taken) in [(None, true), (Some("jwt"), true), (Some("at+JWT"), true), (Some("logout+jwt"), false)] {
        let head = Header { typ: kind.map(str::to_owned), ..signer.head() };
        assert_eq!(judged(&[signer.published()], &signer.signs_with(&head, &claims())).is_ok(), taken, "{kind:?}");
    }
}

#[test]
fn a_token_is_for_this_service_from_this_issuer_and_now() {
    let signer = Signer::new("a", Algorithm::ES256);
    let outcome = |changes: Value| judged(&[signer.published()], &signer.signs(&claims_but(&changes)));
    for (changes, why) in [
        (json!({"iss": "https://login.city.example.jp/realms/other"}), "its issuer is"),
        (json!({"iss": format!("{ISSUER}/")}), "its issuer is"),
        (json!({"iss": [ISSUER]}), "its issuer is"),
        (json!({"iss": null}), "its issuer is"),
        (json!({"aud": "somebody-else"}), "its audience is"),
        (json!({"aud": ["account", "mikomi-admin"]}), "its audience is"),
        (json!({"aud": {"mikomi": true}}), "its audience is"),
        (json!({"aud": null}), "its audience is"),
        (json!({"exp": null}), "no end"),
        (json!({"exp": "tomorrow"}), "exp is no moment"),
        (json!({"exp": 1e300}), "exp is no moment"),
        (json!({"nbf": NOW + 61}), "does not count yet"),
        (json!({"nbf": true}), "nbf is no moment"),
        (json!({"sub": null}), "no subject"),
        (json!({"sub": 12}), "no subject"),
        (json!({"sub": ""}), "its subject is"),
        (json!({"sub": " "}), "its subject is"),
        (json!({"sub": "a\nb"}), "its subject is"),
        (json!({"sub": "x".repeat(256)}), "its subject is"),
    ] {
        refused(outcome(changes), why);
    }
    for end in [json!(NOW - 60), json!(NOW as f64 - 60.5), json!(0), json!(-5)] {
        assert_eq!(outcome(json!({"exp": end})), Err(Refusal::Expired), "{end}");
    }
    for changes in [
        json!({"exp": NOW - 59}),
        json!({"exp": NOW as f64 + 0.5}),
        json!({"nbf": NOW + 60}),
        json!({"nbf": null}),
        json!({"aud": ["account", "mikomi"]}),
    ] {
        assert!(outcome(changes.clone()).is_ok(), "{changes}");
    }
}

/// The posts of somebody with these claims beside the necessary ones, as words.
fn posts(changes: &Value) -> Vec<String> {
    let (terms, _) = section().understood(Times::default().patience).unwrap();
    let claims: Claims = claims_but(changes).as_object().unwrap().clone();
    let posts = terms.person(&claims, NOW).unwrap().posts;
    let word = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    posts
        .into_iter()
        .map(|post| format!("{} {} {}", post.role, word(post.organization), word(post.department)))
        .collect()
}

#[test]
fn claims_become_roles_as_the_configuration_says() {
    let both = json!(["minato-planners", "minato-approvers", "minato-planners"]);
    let reporter = |ward: Value, section: Value| json!({"groups": null, "realm_access": {"roles": ["reporter", "offline_access"]}, "ward": ward, "section": section});
    for (changes, expected) in [
        (json!({"groups": null}), vec![]),
        (json!({"groups": "city-readers"}), vec!["reader - -"]),
        (json!({"groups": "City-Readers"}), vec![]),
        (json!({"groups": {"minato-planners": true}}), vec![]),
        (json!({"groups": both}), vec!["approver 271071 -", "planner 271071 -"]),
        (reporter(json!("271071"), json!("福祉課")), vec!["reporter 271071 福祉課"]),
        (
            reporter(json!(["271071", "271080"]), json!("福祉課")),
            vec!["reporter 271071 福祉課", "reporter 271080 福祉課"],
        ),
        // Less said is never more granted.
        (reporter(json!("271071"), json!(null)), vec![]),
        (reporter(json!(null), json!("福祉課")), vec![]),
        (reporter(json!(""), json!("福祉課")), vec![]),
        (reporter(json!([]), json!([])), vec![]),
    ] {
        assert_eq!(posts(&changes), expected, "{changes}");
    }
}

#[test]
fn a_claim_is_found_by_its_name_or_its_path() {
    let grants = ["https://city.example.jp/roles", "resource_access.mikomi.roles"]
        .map(|claim| json!({"claim": claim, "value": "x", "role": "reader"}));
    let section = Section { grants: serde_json::from_value(json!(grants)).unwrap(), ..section() };
    let (terms, _) = section.understood(Times::default().patience).unwrap();
    let count = |changes: Value| terms.person(claims_but(&changes).as_object().unwrap(), NOW).unwrap().posts.len();
    assert_eq!(count(json!({"https://city.example.jp/roles": ["x"]})), 1);
    assert_eq!(count(json!({"resource_access": {"mikomi": {"roles": ["x"]}}})), 1);
    assert_eq!(count(json!({"resource_access": {"mikomi.roles": "x"}})), 1);
    assert_eq!(count(json!({"resource_access": ["mikomi"], "https://city": "x"})), 0);
}

#[test]
fn people_are_known_by_the_claim_that_is_there_in_one_line() {
    let (terms, _) = section().understood(Times::default().patience).unwrap();
    let name =
        |changes: Value| terms.person(claims_but(&changes).as_object().unwrap(), NOW).unwrap().identity.to_string();
    let tail = format!(" (f3a2c1d0 at {ISSUER})");
    for (changes, expected) in [
        (json!({"email": "y@city.example.jp"}), "person yamada".to_owned()),
        (json!({"preferred_username": null, "email": "y@city.example.jp"}), "person y@city.example.jp".to_owned()),
        (json!({"preferred_username": " ", "name": "山田 花子"}), "person 山田 花子".to_owned()),
        (json!({"preferred_username": null}), "person f3a2c1d0".to_owned()),
        (json!({"preferred_username": "a\nb"}), "person a b".to_owned()),
        (json!({"preferred_username": "あ".repeat(200)}), format!("person {}", "あ".repeat(100))),
    ] {
        assert_eq!(name(changes), expected + &tail);
    }
}

#[test]
fn a_faulty_section_is_refused_with_its_remedy() {
    for (name, value, said) in [
        ("issuer", json!("login.example.jp"), "https://"),
        ("issuer", json!("http://login.example.jp"), "https://"),
        ("audience", json!(""), "`aud`"),
        ("grants", json!([]), "add at least one [[oidc.grants]]"),
        ("jwks_uri", json!("http://login.example.jp/jwks"), "`jwks_file`"),
        ("jwks_file", json!("/nowhere/jwks.json"), "/nowhere/jwks.json"),
        ("grants", json!([{"claim": "a", "value": "b", "role": "boss"}]), "reader, reporter, approver, planner, admin"),
        ("grants", json!([{"claim": "", "value": "b", "role": "reader"}]), "`oidc.grants` number 1, `claim`"),
        ("grants", json!([{"claim": "a", "value": "b", "role": "reader", "department": "c"}]), "of which organization"),
        (
            "grants",
            json!([{"claim": "a", "value": "b", "role": "reader", "organization": "c", "organization_claim": "d"}]),
            "give either",
        ),
    ] {
        let mut written = json!({"issuer": ISSUER, "audience": "mikomi",
            "grants": [{"claim": "groups", "value": "a", "role": "reader"}]});
        written[name] = value;
        let section: Section = serde_json::from_value(written).unwrap();
        let found = section.understood(Times::default().patience).unwrap_err().to_string();
        assert!(found.contains(said) && found.contains(&format!("oidc.{name}")), "{found}");
    }
}

#[test]
fn keys_in_a_file_are_read_again_when_they_change_and_kept_while_they_are_none() {
    let (old, new) = (Signer::new("old", Algorithm::ES256), Signer::new("new", Algorithm::ES256));
    let file = std::env::temp_dir().join(format!("mikomi-jwks-{}.json", std::process::id()));
    std::fs::write(&file, set(&[old.published()])).unwrap();
    let section = Section { jwks_file: Some(file.clone()), ..section() };
    let times =
        Times { age: Default::default(), pause: Default::default(), retry: Default::default(), ..Times::default() };
    let provider = Provider::with_times(section, times).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let takes = |signer: &Signer| runtime.block_on(provider.person(&signer.signs(&claims()), now())).is_ok();
    assert!(takes(&old) && !takes(&new));
    std::fs::write(&file, set(&[new.published()])).unwrap();
    assert!(takes(&new) && !takes(&old));
    std::fs::write(&file, "half a fi").unwrap();
    assert!(takes(&new));
    std::fs::remove_file(&file).unwrap();
    assert!(takes(&new) && !takes(&old));
}

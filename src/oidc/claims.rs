//! What the claims of a token say: whether it is for this service, of whom it speaks, what they may do.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::section::Rule;
use super::token::shown;
use super::{Person, Refusal};
use crate::domain::access::{Identity, Post, Role};

/// By how many seconds clocks may differ, before and after.
const LEEWAY: i64 = 60;

/// The longest subject (OpenID Connect Core, section 2).
const LONGEST_SUBJECT: usize = 255;

/// How much of a name is kept.
const LONGEST_NAME: usize = 100;

/// By which claims people are known where the configuration names none, the first that is there.
const NAMES: [&str; 3] = ["preferred_username", "email", "name"];

/// A token's claims.
pub(super) type Claims = Map<String, Value>;

/// What tokens have to say, and what is made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) issuer: String,
    pub(super) audience: String,
    pub(super) name_claim: Option<String>,
    /// Each with the role that it gives.
    pub(super) rules: Vec<(Role, Rule)>,
}

impl Terms {
    /// The person that claims speak of, at a moment in seconds since 1970.
    pub(super) fn person(&self, claims: &Claims, now: i64) -> Result<Person, Refusal> {
        self.hold(claims, now)?;
        let subject = text(claims, "sub").ok_or_else(|| Refusal::invalid("it has no subject"))?;
        if subject.trim().is_empty() || subject.len() > LONGEST_SUBJECT || subject.chars().any(char::is_control) {
            return Err(Refusal::invalid("its subject is empty or no text of one line"));
        }
        let name = self.name(claims).unwrap_or_else(|| subject.to_owned());
        let identity = Identity::marked(format!("person {name}"), format!("{subject} at {}", self.issuer));
        let posts: BTreeSet<Post> = self.rules.iter().flat_map(|(role, rule)| rule.posts(*role, claims)).collect();
        Ok(Person { identity, posts: posts.into_iter().collect() })
    }

    /// Refuses what somebody else made, what is for somebody else, what is over and what has not begun (RFC 7519,
    /// section 4.1).
    fn hold(&self, claims: &Claims, now: i64) -> Result<(), Refusal> {
        let issuer = text(claims, "iss").unwrap_or_default();
        if issuer != self.issuer {
            return Err(Refusal::invalid(format!("its issuer is {}, not {}", shown(issuer), self.issuer)));
        }
        let audiences = values(claims, "aud");
        if !audiences.contains(&self.audience) {
            let found = shown(&audiences.join(" "));
            return Err(Refusal::invalid(format!("its audience is {found}, not {}", self.audience)));
        }
        let end = moment(claims, "exp")?.ok_or_else(|| Refusal::invalid("it has no end (exp)"))?;
        // Not `<`: on its last second it has expired.
        if end + LEEWAY <= now {
            return Err(Refusal::Expired);
        }
        match moment(claims, "nbf")? {
            Some(start) if start - LEEWAY > now => Err(Refusal::invalid("it does not count yet (nbf)")),
            _ => Ok(()),
        }
    }

    /// What people know the person by, in one line.
    fn name(&self, claims: &Claims) -> Option<String> {
        let named = self.name_claim.as_deref();
        let texts = named.into_iter().chain(NAMES).filter_map(|claim| found(claims, claim)?.as_str());
        let line = |text: &str| {
            let plain = text.chars().map(|one| if one.is_control() { ' ' } else { one });
            plain.take(LONGEST_NAME).collect::<String>().trim().to_owned()
        };
        texts.map(line).find(|name| !name.is_empty())
    }

    /// The organizations that rules name themselves.
    pub(super) fn places(&self) -> impl Iterator<Item = Post> {
        let named = self.rules.iter().filter(|(_, rule)| rule.organization.is_some());
        named.map(|(role, rule)| Post {
            role: *role,
            organization: rule.organization.clone(),
            department: rule.department.clone(),
        })
    }
}

impl Rule {
    /// What claims make of a person by this rule. Where the place is taken from claims that are not there, nothing: a role
    /// never counts in more places because a token says less.
    fn posts(&self, role: Role, claims: &Claims) -> Vec<Post> {
        let Self { claim, value, organization, organization_claim, department, department_claim, role: _ } = self;
        if !values(claims, claim).contains(value) {
            return Vec::new();
        }
        let organizations = places(claims, organization.as_ref(), organization_claim.as_deref());
        let departments = places(claims, department.as_ref(), department_claim.as_deref());
        let each = organizations.iter().flat_map(|organization| {
            departments.iter().map(move |department| Post {
                role,
                organization: organization.clone(),
                department: department.clone(),
            })
        });
        each.collect()
    }
}

/// The places that a rule names, or that the claim does which it points to; one `None` where it does neither.
fn places(claims: &Claims, named: Option<&String>, claim: Option<&str>) -> Vec<Option<String>> {
    match claim {
        None => vec![named.cloned()],
        Some(claim) => values(claims, claim).into_iter().filter(|value| !value.is_empty()).map(Some).collect(),
    }
}

/// The claim at a path: `groups`, `realm_access.roles`. A name with dots in it comes before a path that looks the same.
fn found<'a>(claims: &'a Claims, path: &str) -> Option<&'a Value> {
    claims.get(path).or_else(|| {
        let steps = path.match_indices('.').map(|(at, _)| path.split_at(at));
        let mut inner = steps.filter_map(|(first, rest)| found(claims.get(first)?.as_object()?, rest.get(1..)?));
        inner.next()
    })
}

fn text<'a>(claims: &'a Claims, claim: &str) -> Option<&'a str> {
    claims.get(claim)?.as_str()
}

/// What a claim says: one text or a list of texts; truth and numbers as they are written.
fn values(claims: &Claims, path: &str) -> Vec<String> {
    let word = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    match found(claims, path) {
        Some(Value::Array(several)) => several.iter().filter_map(word).collect(),
        Some(one) => word(one).into_iter().collect(),
        None => Vec::new(),
    }
}

/// A moment in seconds since 1970, which may have a fraction (RFC 7519, section 2).
fn moment(claims: &Claims, claim: &str) -> Result<Option<i64>, Refusal> {
    let Some(value) = claims.get(claim) else { return Ok(None) };
    let wrong = || Refusal::invalid(format!("its {claim} is no moment"));
    let seconds = value.as_f64().filter(|seconds| seconds.abs() < 1e12).ok_or_else(wrong)?;
    #[expect(clippy::cast_possible_truncation, reason = "it is within the bounds above")]
    Ok(Some(seconds.floor() as i64))
}

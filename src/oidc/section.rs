//! The section `[oidc]` of the configuration, as it is written and as it is understood.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::claims::Terms;
use super::source::{Place, Source, is_safe};
use crate::domain::access::Role;

/// Whose tokens are taken, and what they are worth.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Who makes the tokens, exactly as their `iss` says.
    pub issuer: String,
    /// For whom they are made: one of their `aud`.
    pub audience: String,
    /// Where the issuer's keys are, if not where it says itself.
    pub jwks_uri: Option<String>,
    /// The issuer's keys in a file (JWK Set), where there is no way to it.
    pub jwks_file: Option<PathBuf>,
    /// By which claim people are known in the history; `preferred_username`, else `email`, else `name`.
    pub name_claim: Option<String>,
    /// What is made of whom.
    #[serde(default)]
    pub grants: Vec<Rule>,
}

/// A role for whoever has a value in a claim.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The claim, with dots between the names on the way to it: `groups`, `realm_access.roles`.
    pub claim: String,
    /// The value that it has to have, or to list.
    pub value: String,
    /// What it gives: `reader`, `reporter`, `approver`, `planner`, `admin`.
    pub role: String,
    /// Where, by national code or id; everywhere where neither this nor `organization_claim` is given.
    pub organization: Option<String>,
    /// The claim that says where.
    pub organization_claim: Option<String>,
    /// Only in the department of this name, directly below the organization.
    pub department: Option<String>,
    /// The claim that says in which department.
    pub department_claim: Option<String>,
}

/// What is wrong with the section.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the setting `oidc.{setting}`: {what}")]
pub struct Faulty {
    setting: String,
    what: String,
}

impl Faulty {
    fn new(setting: impl Into<String>, what: impl Into<String>) -> Self {
        Self { setting: setting.into(), what: what.into() }
    }
}

impl Section {
    /// What it means.
    pub(super) fn understood(self, patience: Duration) -> Result<(Terms, Source), Faulty> {
        let Self { issuer, audience, jwks_uri, jwks_file, name_claim, grants } = self;
        if !is_safe(&issuer) {
            let what = format!("`{issuer}` is no address that begins with https:// (http:// only on this machine)");
            return Err(Faulty::new("issuer", what));
        }
        if audience.is_empty() {
            return Err(Faulty::new("audience", "name what the provider writes into `aud` of tokens for this service"));
        }
        if grants.is_empty() {
            return Err(Faulty::new("grants", "nobody would have a role: add at least one [[oidc.grants]]"));
        }
        let place = match (jwks_uri, jwks_file) {
            (Some(_), Some(_)) => return Err(Faulty::new("jwks_file", "give either it or `jwks_uri`")),
            (Some(address), None) if is_safe(&address) => Place::Address(address),
            (Some(address), None) => {
                let what = format!("`{address}` does not begin with https://; keys can also be in a `jwks_file`");
                return Err(Faulty::new("jwks_uri", what));
            }
            (None, Some(file)) => Place::File(file),
            (None, None) => Place::Issuer(issuer.clone()),
        };
        let source = Source::new(place.clone(), patience);
        if let Place::File(_) = place {
            source.read().map_err(|cause| Faulty::new("jwks_file", cause.to_string()))?;
        }
        let rules = grants.into_iter().enumerate().map(|(at, rule)| Ok((rule.checked(at + 1)?, rule)));
        let rules = rules.collect::<Result<_, Faulty>>()?;
        Ok((Terms { issuer, audience, name_claim, rules }, source))
    }
}

impl Rule {
    /// The role, where nothing contradicts itself. `number` counts from 1.
    fn checked(&self, number: usize) -> Result<Role, Faulty> {
        let faulty = |field: &str, what: &str| Faulty::new(format!("grants` number {number}, `{field}"), what);
        let Self { claim, value, role, organization, organization_claim, department, department_claim } = self;
        for (field, text) in [("claim", Some(claim)), ("value", Some(value)), ("organization", organization.as_ref())] {
            if text.is_some_and(|text| text.trim().is_empty()) {
                return Err(faulty(field, "it is empty"));
            }
        }
        if organization.is_some() && organization_claim.is_some() {
            return Err(faulty("organization_claim", "give either it or `organization`"));
        }
        if department.is_some() && department_claim.is_some() {
            return Err(faulty("department_claim", "give either it or `department`"));
        }
        let has_department = department.is_some() || department_claim.is_some();
        if has_department && organization.is_none() && organization_claim.is_none() {
            return Err(faulty("department", "say of which organization: `organization = \"271071\"`"));
        }
        role.parse().map_err(|unknown: crate::domain::words::UnknownWord| faulty("role", &unknown.to_string()))
    }
}

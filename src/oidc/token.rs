//! What a token has to be before anything that it says is read: a JWS in compact form (RFC 7515) with a signature by one
//! of the provider's keys.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};

use super::Refusal;

/// What a token may be signed with: by a key that its holder does not have. Neither `none` nor HMAC, whose key would be
/// the public one.
pub(super) const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// What is said to be in a token: an access token (RFC 9068) or any.
const TYPES: [&str; 3] = ["JWT", "at+jwt", "application/at+jwt"];

/// The longest token: with more groups than fit in it, providers leave them out.
const LONGEST: usize = 32 * 1024;

/// The key that a token asks to be checked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) kid: Option<String>,
    pub(super) algorithm: Algorithm,
}

/// Reads a token's head. Of what it holds nothing but the name of the key and the algorithm is made use of: keys and
/// addresses of keys in it (`jwk`, `jku`, `x5c`, `x5u`) are whoever's who wrote it.
pub(super) fn wanted(token: &str) -> Result<Wanted, Refusal> {
    if token.len() > LONGEST {
        return Err(Refusal::invalid("it is too long"));
    }
    // Here an unknown algorithm fails as well: `none` is one.
    let head = decode_header(token).map_err(|error| Refusal::invalid(format!("its head is not taken: {error}")))?;
    if !ALGORITHMS.contains(&head.alg) {
        return Err(Refusal::invalid(format!("its algorithm {:?} is not taken", head.alg)));
    }
    if let Some(kind) = &head.typ
        && !TYPES.iter().any(|one| one.eq_ignore_ascii_case(kind))
    {
        return Err(Refusal::invalid(format!("its type {} is not taken", shown(kind))));
    }
    // RFC 7515, section 4.1.11: what is critical has to be understood, and nothing is here.
    if head.crit.is_some() {
        return Err(Refusal::invalid("its head has critical parameters"));
    }
    Ok(Wanted { kid: head.kid, algorithm: head.alg })
}

/// The claims of a token that this key has signed. Whether they are for us is still to be seen.
pub(super) fn verified(token: &str, key: &DecodingKey, wanted: &Wanted) -> Result<Map<String, Value>, Refusal> {
    let mut validation = Validation::new(wanted.algorithm);
    // `Terms` does, with our clock, and with times that are no whole numbers.
    (validation.validate_exp, validation.validate_aud) = (false, false);
    validation.required_spec_claims.clear();
    let token = decode::<Map<String, Value>>(token, key, &validation);
    token.map(|token| token.claims).map_err(|error| Refusal::invalid(format!("it does not verify: {error}")))
}

/// A word of somebody else's, for the log.
pub(super) fn shown(word: &str) -> String {
    format!("{:?}", word.chars().take(100).collect::<String>())
}

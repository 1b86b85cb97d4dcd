//! The public keys of a provider (JWK Set, RFC 7517), as far as tokens can be checked with them.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

use super::Refusal;
use super::token::{ALGORITHMS, Wanted, shown};

/// A set as it is published.
#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

/// What is no set of keys.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoKeys {
    #[error("it is no JWK Set: {0}")]
    Shape(#[from] serde_json::Error),
    #[error("it has no key that a token could be signed with (RSA, P-256, P-384 or Ed25519, for signatures)")]
    Empty,
}

/// The keys that count.
#[derive(Debug, Clone)]
pub(super) struct Keys(Vec<Key>);

#[derive(Debug, Clone)]
struct Key {
    kid: Option<String>,
    /// What it can be used with: its own kind's, and of these the one that it names if it does.
    algorithms: Vec<Algorithm>,
    key: DecodingKey,
}

impl Key {
    /// A published key; `None` for one that is not for signatures, or of a kind that is not known here. RFC 7517, section 5:
    /// such a key is passed over.
    fn of(jwk: &Jwk) -> Option<Self> {
        let common = &jwk.common;
        let for_signatures = common.public_key_use.as_ref().is_none_or(|one| *one == PublicKeyUse::Signature);
        let to_verify =
            common.key_operations.as_ref().is_none_or(|operations| operations.contains(&KeyOperations::Verify));
        if !for_signatures || !to_verify {
            return None;
        }
        let named = |one: &Algorithm| common.key_algorithm.is_none_or(|named| named == KeyAlgorithm::from(*one));
        let algorithms: Vec<Algorithm> = ALGORITHMS.into_iter().filter(|one| is_for(jwk, *one)).filter(named).collect();
        let key = DecodingKey::from_jwk(jwk).ok().filter(|_| !algorithms.is_empty())?;
        Some(Self { kid: common.key_id.clone(), algorithms, key })
    }

    fn is_named(&self, wanted: &Wanted) -> bool {
        wanted.kid.is_none() || self.kid == wanted.kid
    }
}

/// Whether a key is of the kind that an algorithm needs (RFC 7518, section 3.1; RFC 8037).
fn is_for(jwk: &Jwk, algorithm: Algorithm) -> bool {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => matches!(algorithm, RS256 | RS384 | RS512 | PS256 | PS384 | PS512),
        AlgorithmParameters::EllipticCurve(key) => match key.curve {
            EllipticCurve::P256 => algorithm == ES256,
            EllipticCurve::P384 => algorithm == ES384,
            _ => false,
        },
        AlgorithmParameters::OctetKeyPair(key) => key.curve == EllipticCurve::Ed25519 && algorithm == EdDSA,
        _ => false,
    }
}

impl Keys {
    /// Reads a published set.
    pub(super) fn read(json: &[u8]) -> Result<Self, NoKeys> {
        let Published { keys } = serde_json::from_slice(json)?;
        let known = keys.into_iter().filter_map(|key| Key::of(&serde_json::from_value(key).ok()?)).collect::<Vec<_>>();
        if known.is_empty() { Err(NoKeys::Empty) } else { Ok(Self(known)) }
    }

    /// Whether there is any key that a token may mean.
    pub(super) fn know(&self, wanted: &Wanted) -> bool {
        let fits =
            |key: &Key| key.is_named(wanted) && (wanted.kid.is_some() || key.algorithms.contains(&wanted.algorithm));
        self.0.iter().any(fits)
    }

    /// The key that a token means: the one that it names, or without a name the only one that fits.
    pub(super) fn key(&self, wanted: &Wanted) -> Result<&DecodingKey, Refusal> {
        let Wanted { kid, algorithm } = wanted;
        let mut fitting = self.0.iter().filter(|key| key.is_named(wanted) && key.algorithms.contains(algorithm));
        match (fitting.next(), fitting.next(), kid) {
            (Some(key), None, _) => Ok(&key.key),
            (None, _, Some(kid)) => {
                let what = if self.know(wanted) { "is not for its algorithm" } else { "is none of the provider's" };
                Err(Refusal::invalid(format!("its key {} {what}", shown(kid))))
            }
            (None, _, None) => Err(Refusal::invalid("it names no key, and the provider has none for its algorithm")),
            (Some(_), Some(_), _) => Err(Refusal::invalid("several of the provider's keys may be meant")),
        }
    }
}

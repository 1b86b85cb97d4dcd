//! People who sign in with the city's identity provider (OpenID Connect): what a token of theirs has to be, and who and
//! what it makes of them.
//!
//! A token is never believed about where its keys are, who made it or how it is signed: all of that the configuration
//! says ([`Section`]). The keys come from the provider, or from a file where there is no way to it, and are kept; when
//! the provider is away, they go on to count.

mod claims;
mod keys;
mod ring;
mod section;
mod source;
#[cfg(test)]
mod tests;
mod token;

use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDateTime;

use crate::domain::access::{Identity, Post};
use claims::Terms;
use ring::Ring;
pub use section::{Faulty, Rule, Section};

/// How often keys are asked for, and for how long they are waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// After how long keys are asked for again, so that one that was withdrawn does not count any longer.
    pub age: Duration,
    /// How long nothing is asked for after an answer, whatever unknown keys tokens name.
    pub pause: Duration,
    /// How long nothing is asked for after there was no answer.
    pub retry: Duration,
    /// How long an answer is waited for.
    pub patience: Duration,
}

impl Default for Times {
    fn default() -> Self {
        let [age, pause, retry, patience] = [600, 30, 5, 5].map(Duration::from_secs);
        Self { age, pause, retry, patience }
    }
}

impl Times {
    /// For a file, which costs nothing to read.
    fn of_file() -> Self {
        let [age, pause, retry, patience] = [10, 1, 1, 5].map(Duration::from_secs);
        Self { age, pause, retry, patience }
    }
}

/// Who comes with a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who it is: told from others by subject and issuer, whatever the name.
    pub identity: Identity,
    /// What the configuration makes of the token's claims; empty where that is nothing.
    pub posts: Vec<Post>,
}

/// Why a token is not taken. What it says is for the log: whoever sent the token learns which of the three it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It was good once.
    #[error("it has expired")]
    Expired,
    /// It is none of the provider's for this service.
    #[error("{0}")]
    Invalid(String),
    /// Nobody can tell, because the provider's keys are not known yet.
    #[error("the keys of the identity provider are not known: {cause}")]
    Unavailable {
        /// Why not.
        cause: String,
        /// When it is worth trying again.
        retry_after: Duration,
    },
}

impl Refusal {
    fn invalid(why: impl Into<String>) -> Self {
        Self::Invalid(why.into())
    }
}

/// The city's identity provider.
#[derive(Debug)]
pub struct Provider {
    terms: Terms,
    ring: Ring,
}

impl Provider {
    /// As a section of the configuration describes it.
    ///
    /// # Errors
    /// [`Faulty`], which names the setting and its remedy.
    pub fn new(section: Section) -> Result<Arc<Self>, Faulty> {
        let times = if section.jwks_file.is_some() { Times::of_file() } else { Times::default() };
        Self::with_times(section, times)
    }

    /// The same, with times of one's own.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_times(section: Section, times: Times) -> Result<Arc<Self>, Faulty> {
        let (terms, source) = section.understood(times.patience)?;
        Ok(Arc::new(Self { terms, ring: Ring::new(source, times) }))
    }

    /// Who comes with a token at this moment, in UTC.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn person(&self, token: &str, now: NaiveDateTime) -> Result<Person, Refusal> {
        let wanted = token::wanted(token)?;
        let mut keys = self.ring.keys().await?;
        if !keys.know(&wanted) {
            // The provider may have begun to sign with another one.
            keys = self.ring.newer().await?;
        }
        let claims = token::verified(token, keys.key(&wanted)?, &wanted)?;
        self.terms.person(&claims, now.and_utc().timestamp())
    }

    /// Asks for the keys before anybody needs them. Where that fails, the log says why.
    pub async fn prepare(&self) {
        let _ = self.ring.keys().await;
    }

    /// The organizations that the configuration names, with the department where it names one.
    pub fn places(&self) -> impl Iterator<Item = Post> {
        self.terms.places()
    }
}

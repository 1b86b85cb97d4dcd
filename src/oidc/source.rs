//! Where a provider's keys come from: what it says of itself (OpenID Connect Discovery), an address, or a file.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use ureq::Agent;
use ureq::http::{StatusCode, Uri};
use ureq::tls::{RootCerts, TlsConfig};

use super::keys::{Keys, NoKeys};

/// The longest answer that is read; a provider's keys with their certificates are some 20 kB.
const LONGEST: u64 = 512 * 1024;

/// Where keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// Where the issuer says.
    Issuer(String),
    /// At this address.
    Address(String),
    /// In this file.
    File(PathBuf),
}

/// Reads keys.
pub(super) struct Source {
    place: Place,
    agent: Agent,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.fmt(f)
    }
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unread {
    #[error("{address}: {cause}")]
    Fetch { address: String, cause: Box<ureq::Error> },
    #[error("{address} answered {status}")]
    Status { address: String, status: StatusCode },
    #[error("{address} is no description of an OpenID provider: {cause}")]
    Description { address: String, cause: serde_json::Error },
    #[error(
        "{address} describes the issuer {found:?}: set `oidc.issuer` to what it says, if that is the one that is meant"
    )]
    OtherIssuer { address: String, found: String },
    #[error("{address} says that the keys are at {found:?}, which is not https://")]
    Unsafe { address: String, found: String },
    #[error("{place}: {cause}")]
    Keys { place: String, cause: NoKeys },
    #[error("{}: {cause}", file.display())]
    File { file: PathBuf, cause: std::io::Error },
}

/// As much of a provider's description as is needed.
#[derive(Deserialize)]
struct Description {
    issuer: String,
    jwks_uri: String,
}

impl Source {
    pub(super) fn new(place: Place, patience: Duration) -> Self {
        // The machine's own certificates, so that a city's own authority counts; `SSL_CERT_FILE` names others.
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(patience))
            .http_status_as_error(false)
            // Who answers elsewhere is not whom the configuration names.
            .max_redirects(0)
            .max_idle_connections(0)
            .user_agent("mikomi")
            .build()
            .new_agent();
        Self { place, agent }
    }

    /// Reads the keys. It waits for the network or the disk.
    pub(super) fn read(&self) -> Result<Keys, Unread> {
        let (place, json) = match &self.place {
            Place::Issuer(issuer) => {
                let address = self.discovered(issuer)?;
                (address.clone(), self.fetched(&address)?)
            }
            Place::Address(address) => (address.clone(), self.fetched(address)?),
            Place::File(file) => {
                let failed = |cause| Unread::File { file: file.clone(), cause };
                (file.display().to_string(), std::fs::read(file).map_err(failed)?)
            }
        };
        Keys::read(&json).map_err(|cause| Unread::Keys { place, cause })
    }

    /// The address at which an issuer says that its keys are. Section 4.3: what it says of itself has to be exactly
    /// whom one asked.
    fn discovered(&self, issuer: &str) -> Result<String, Unread> {
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let json = self.fetched(&address)?;
        let described = serde_json::from_slice(&json);
        let Description { issuer: found, jwks_uri } =
            described.map_err(|cause| Unread::Description { address: address.clone(), cause })?;
        if found != issuer {
            return Err(Unread::OtherIssuer { address, found });
        }
        if !is_safe(&jwks_uri) {
            return Err(Unread::Unsafe { address, found: jwks_uri });
        }
        Ok(jwks_uri)
    }

    fn fetched(&self, address: &str) -> Result<Vec<u8>, Unread> {
        let failed = |cause| Unread::Fetch { address: address.to_owned(), cause: Box::new(cause) };
        let mut answer = self.agent.get(address).call().map_err(failed)?;
        if answer.status() != StatusCode::OK {
            return Err(Unread::Status { address: address.to_owned(), status: answer.status() });
        }
        answer.body_mut().with_config().limit(LONGEST).read_to_vec().map_err(failed)
    }
}

/// Whether nobody on the way can change what an address answers: with TLS, or on this machine.
pub(super) fn is_safe(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    match (uri.scheme_str(), uri.host()) {
        (Some("https"), Some(host)) => !host.is_empty(),
        (Some("http"), Some(host)) => matches!(host, "localhost" | "127.0.0.1" | "[::1]"),
        _ => false,
    }
}

//! An identity provider of the test's own: it says where its keys are, publishes them, and signs tokens.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

/// A key that signs tokens.
pub struct Signer {
    kid: &'static str,
    key: EncodingKey,
}

impl Signer {
    pub fn new(kid: &'static str) -> Self {
        let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        Self { kid, key: EncodingKey::from_ec_der(pair.as_ref()) }
    }

    pub fn published(&self) -> Value {
        let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&self.key, Algorithm::ES256).unwrap()).unwrap();
        (jwk["kid"], jwk["use"]) = (json!(self.kid), json!("sig"));
        jwk
    }

    pub fn signs(&self, claims: &Value) -> String {
        let head = Header { kid: Some(self.kid.to_owned()), ..Header::new(Algorithm::ES256) };
        encode(&head, claims, &self.key).unwrap()
    }
}

/// What an issuer does, as it can be changed while it runs.
#[derive(Default)]
struct Conduct {
    keys: Mutex<Vec<Value>>,
    /// Does not answer.
    away: AtomicBool,
    /// How often somebody came for the keys.
    asked: AtomicUsize,
    ended: AtomicBool,
}

/// Listens on a port of its own until it is dropped.
pub struct Issuer {
    address: SocketAddr,
    conduct: Arc<Conduct>,
}

impl Issuer {
    pub fn start(signers: &[&Signer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = Self { address: listener.local_addr().unwrap(), conduct: Arc::default() };
        issuer.publishes(signers);
        let (conduct, url) = (Arc::clone(&issuer.conduct), issuer.url());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if conduct.ended.load(Ordering::SeqCst) {
                    return;
                }
                // Whoever is away closes the connection without a word.
                if !conduct.away.load(Ordering::SeqCst) {
                    answer(stream, &conduct, &url);
                }
            }
        });
        issuer
    }

    /// Who it says that it is.
    pub fn url(&self) -> String {
        format!("http://{}/realms/city", self.address)
    }

    pub fn publishes(&self, signers: &[&Signer]) {
        *self.conduct.keys.lock().unwrap() = signers.iter().map(|signer| signer.published()).collect();
    }

    pub fn is_away(&self, away: bool) {
        self.conduct.away.store(away, Ordering::SeqCst);
    }

    pub fn asked(&self) -> usize {
        self.conduct.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.conduct.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn answer(mut stream: TcpStream, conduct: &Conduct, url: &str) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
        head.extend(byte);
    }
    let head = String::from_utf8_lossy(&head);
    let (status, body) = match head.split(' ').nth(1) {
        Some("/realms/city/.well-known/openid-configuration") => {
            ("200 OK", json!({"issuer": url, "jwks_uri": format!("{url}/certs"), "token_endpoint": "x"}))
        }
        Some("/realms/city/certs") => {
            conduct.asked.fetch_add(1, Ordering::SeqCst);
            ("200 OK", json!({"keys": *conduct.keys.lock().unwrap()}))
        }
        _ => ("404 Not Found", json!({})),
    };
    let body = body.to_string();
    let length = body.len();
    let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
}

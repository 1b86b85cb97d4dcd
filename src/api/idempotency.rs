//! `Idempotency-Key`: a POST that is sent again gets the first one's answer and changes nothing.
//!
//! The answer is stored in the write's own transaction, so there is no moment at which one of the two is lost.

use std::collections::HashSet;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::problem::{Code, Fault, Place, Problem};
use super::representation::Answer;
use super::session::Session;
use crate::db::Connection;
use crate::db::idempotency::{self, Remembered};

const HEADER: &str = "Idempotency-Key";

/// The request's `Idempotency-Key`, if it carries one, together with what was asked for.
pub struct Retry {
    key: Option<String>,
    request: String,
}

impl FromRequest for Retry {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let route = format!("{} {}", request.method(), request.uri());
        let key = match request.headers().get(HEADER).map(|value| value.to_str().map(str::to_owned)) {
            None => None,
            Some(Ok(key)) if (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) => Some(key),
            Some(_) => {
                let fault = Fault::at(
                    "",
                    "wrong_format",
                    "空白を除く1文字以上255文字以内のASCII文字です。",
                    "It is 1 to 255 ASCII characters without spaces.",
                );
                let fault = Fault { place: Place::Header(HEADER), ..fault };
                return ready(Err(Problem::faults(Code::InvalidRequest, vec![fault])));
            }
        };
        ready(Ok(Self { key, request: route }))
    }
}

/// The keys of the requests that this process is working on.
#[derive(Clone, Default)]
pub struct InFlight(Arc<Mutex<HashSet<String>>>);

/// Keeps a key taken for as long as it lives.
struct Taken(InFlight, String);

impl InFlight {
    fn take(&self, key: &str) -> Option<Taken> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(key.to_owned()).then(|| Taken(self.clone(), key.to_owned()))
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

/// Runs a write once for its key: the second time the first answer is given again.
///
/// # Errors
/// [`Code::IdempotencyInProgress`], [`Code::IdempotencyMismatch`], and the write's own.
pub async fn once(
    session: &Session,
    retry: Retry,
    body: &str,
    write: impl FnOnce(&mut Connection) -> Result<Answer, Problem> + Send + 'static,
) -> Result<Answer, Problem> {
    let Retry { key: Some(key), request } = retry else { return session.write(write).await };
    // Two callers that happen to choose the same key know nothing of each other.
    let key = super::representation::hash(format!("{}\n{key}", session.caller().identity.mark()).as_bytes());
    let Some(taken) = session.context().in_flight.take(&key) else {
        return Err(Problem::new(Code::IdempotencyInProgress));
    };
    let fingerprint = super::representation::hash(format!("{request}\n{body}").as_bytes());
    session
        .write(move |c| {
            // Held until the write is committed or refused, also when the client has hung up.
            let _taken = taken;
            if !idempotency::lock(c, &key)? {
                return Err(Problem::new(Code::IdempotencyInProgress));
            }
            if let Some(before) = idempotency::find(c, &key)? {
                let Remembered { fingerprint: stored, status, location, etag, body, .. } = before;
                if stored != fingerprint {
                    return Err(Problem::new(Code::IdempotencyMismatch));
                }
                return Ok(Answer { status: u16::try_from(status).unwrap_or(200), location, etag, body });
            }
            let answer = write(c)?;
            let Answer { status, location, etag, body } = &answer;
            let remembered = Remembered {
                key,
                fingerprint,
                status: i32::from(*status),
                location: location.clone(),
                etag: etag.clone(),
                body: body.clone(),
                created_at: crate::clock::now(),
            };
            idempotency::remember(c, &remembered)?;
            Ok(answer)
        })
        .await
}

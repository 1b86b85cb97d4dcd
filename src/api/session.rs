//! Who asks: every request below the API's path is made by somebody, before anything else of it is looked at.

use std::collections::BTreeSet;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, ResponseError, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tracing_actix_web::RequestId;

use super::context::Context;
use super::extract;
use super::people;
use super::problem::{Code, Fault, Place, Problem};
use crate::db::{Connection, Database, DbError, keys};
use crate::domain::access::{Caller, Deed, Home};

/// What is the same for everybody, and stores nothing: below [`super::routes::BASE`].
pub const OPEN: &[&str] = &["/problems", "/schemas/plan-document.json", "/criteria/parse"];

/// Finds out who asks, and refuses whoever has no right to know anything with [`Code::Unauthenticated`].
///
/// # Errors
/// The handler's own.
pub async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    if is_for_somebody(request.path()) {
        match caller(&request).await {
            Ok(caller) => drop(request.extensions_mut().insert(Arc::new(caller))),
            Err(problem) => return Ok(request.into_response(problem.error_response()).map_into_right_body()),
        }
    }
    Ok(next.call(request).await?.map_into_left_body())
}

/// Whether what a path answers depends on who asks.
pub(super) fn is_for_somebody(path: &str) -> bool {
    let below = path.strip_prefix(super::routes::BASE);
    below.is_some_and(|below| !OPEN.contains(&below) && !super::system::BESIDE.contains(&path))
}

async fn caller(request: &ServiceRequest) -> Result<Caller, Problem> {
    let context = Context::of(request.request())?;
    match credentials(request.headers())? {
        Some(Credentials::Key(key)) => known(&context, key).await,
        Some(Credentials::Token(token)) => people::caller(&context, &token).await,
        None if context.access.public_reading => Ok(Caller::public()),
        None => Err(Problem::new(Code::Unauthenticated)),
    }
}

/// What somebody comes with.
#[derive(PartialEq, Eq)]
pub(super) enum Credentials {
    /// A key, or what passes for one.
    Key(String),
    /// A token of the identity provider: three parts with dots between, as a JWS has them. A key has no dots.
    Token(String),
}

impl Credentials {
    /// As it came.
    pub(super) fn text(&self) -> &str {
        let (Self::Key(text) | Self::Token(text)) = self;
        text
    }
}

/// What a request carries: a key or a token as Bearer (RFC 6750), or a key as the password of Basic (RFC 7617) with any name,
/// since spreadsheets can send nothing else.
pub(super) fn credentials(headers: &HeaderMap) -> Result<Option<Credentials>, Problem> {
    let Some(header) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let unreadable = || {
        Problem::new(Code::Unauthenticated).detail(
            "Authorization は「Bearer キー」（またはトークン）、またはパスワードをキーとしたBasic認証にしてください。",
            "Send `Authorization: Bearer KEY` (or a token), or Basic with the key as the password.",
        )
    };
    let (scheme, value) = header.to_str().ok().and_then(|text| text.trim().split_once(' ')).ok_or_else(unreadable)?;
    let value = value.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        let text = value.to_owned();
        let is_token = text.matches('.').count() == 2;
        return Ok(Some(if is_token { Credentials::Token(text) } else { Credentials::Key(text) }));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(unreadable());
    }
    let pair = STANDARD.decode(value).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let key = pair.as_deref().and_then(|pair| pair.split_once(':')).map(|(_, key)| Credentials::Key(key.to_owned()));
    key.map(Some).ok_or_else(unreadable)
}

/// Who comes with this key.
async fn known(context: &web::Data<Context>, text: String) -> Result<Caller, Problem> {
    let read = move |c: &mut Connection| match keys::find(c, &text)? {
        Some(key) if key.counts(crate::clock::now()) => Ok(Some((keys::caller(c, &key)?, key))),
        _ => Ok::<_, DbError>(None),
    };
    let Some((caller, key)) = context.db.snapshot(read).await? else { return Err(unknown_key()) };
    if key.is_due(crate::clock::now()) {
        let db = context.db.clone();
        // Nobody waits for it, and a request is not refused because it could not be noted.
        actix_web::rt::spawn(async move { db.write(move |c| keys::note_use(c, &key.id)).await });
    }
    Ok(caller)
}

/// Refuses what is no key that counts.
pub(super) fn unknown_key() -> Problem {
    Problem::new(Code::Unauthenticated).detail(
        "このキーは使えません。無効、期限切れ、または取り消されています。",
        "This key does not count: it is unknown, expired or revoked.",
    )
}

/// Why something is changed, for the history: percent-encoded UTF-8, because a header is ASCII.
pub const REASON: &str = "X-Change-Reason";

/// The longest header that says why: some 160 Japanese characters.
pub const LONGEST_REASON: usize = 1_500;

/// What the header says; where its escapes are no text, as it came.
fn reason(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(header) = headers.get(REASON) else { return Ok(None) };
    let Some(text) = header
        .to_str()
        .ok()
        .filter(|text| text.len() <= LONGEST_REASON && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)))
    else {
        let (ja, en) = (
            "1,500文字以内のASCII（パーセント符号化したUTF-8）です。",
            "It is ASCII of up to 1,500 characters: percent-encoded UTF-8.",
        );
        let fault = Fault { place: Place::Header(REASON), ..Fault::at("", "wrong_format", ja, en) };
        return Err(Problem::faults(Code::InvalidRequest, vec![fault]));
    };
    let decoded = extract::decoded(text).filter(|text| !text.contains('\0'));
    Ok(Some(decoded.unwrap_or_else(|| text.to_owned())))
}

/// A request's way to the database: all that it asks and changes is asked and changed for its caller.
pub struct Session {
    context: web::Data<Context>,
    caller: Arc<Caller>,
    /// From where it comes: the client's address and the request's id.
    origin: String,
    /// Why, where the caller says so.
    reason: Option<String>,
}

impl FromRequest for Session {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = request.extensions().get::<Arc<Caller>>().cloned();
        let caller = caller.ok_or_else(|| Problem::new(Code::Internal).cause("nobody was found to ask"));
        let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
        let made = || {
            let reason = reason(request.headers())?;
            let context = Context::of(request)?;
            let origin = format!("{} {id}", context.limits.proxies.client(request));
            Ok(Self { context, caller: caller?, origin, reason })
        };
        ready(made())
    }
}

impl Session {
    /// What is shared by all requests.
    pub fn context(&self) -> &web::Data<Context> {
        &self.context
    }

    /// Who asks.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Where the caller reads: everybody who has no grant reads what is published, whoever they are.
    pub fn database(&self) -> &Database {
        if self.caller.grants.is_empty() { &self.context.published } else { &self.context.db }
    }

    /// Runs several queries that all see the same state, for the caller.
    ///
    /// # Errors
    /// The queries' own, or the database's.
    pub async fn read<T: Send + 'static>(
        &self,
        queries: impl FnOnce(&mut Connection) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let caller = Arc::clone(&self.caller);
        let queries = move |c: &mut Connection| {
            c.caller = caller;
            queries(c)
        };
        self.database().snapshot(queries).await
    }

    /// Runs a change for the caller: all of it is on the disk when this returns `Ok`, nothing of it when it returns `Err`.
    ///
    /// # Errors
    /// The change's own, or the database's.
    pub async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Connection) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (caller, origin, reason) = (Arc::clone(&self.caller), self.origin.clone(), self.reason.clone());
        let change = move |c: &mut Connection| {
            c.caller = caller;
            (c.origin, c.reason) = (Some(origin), reason);
            change(c)
        };
        self.context.db.write(change).await
    }

    /// Refuses whoever has not the role for any of these deeds, wherever.
    ///
    /// # Errors
    /// [`Code::Unauthenticated`] for the public, which could come with a key, and [`Code::Forbidden`].
    pub fn may_anywhere(&self, deeds: &[Deed]) -> Result<(), Problem> {
        if self.caller.may_anywhere(deeds) { Ok(()) } else { Err(refusal(&self.caller)) }
    }
}

/// Refuses a change that the caller may not make there.
///
/// # Errors
/// [`Code::Forbidden`].
pub fn may(c: &Connection, deeds: &[Deed], home: &Home) -> Result<(), Problem> {
    if c.caller.may(deeds, home) { Ok(()) } else { Err(refusal(&c.caller)) }
}

fn refusal(caller: &Caller) -> Problem {
    if *caller == Caller::public() {
        return Problem::new(Code::Unauthenticated);
    }
    if caller.grants.is_empty() {
        return Problem::new(Code::NoRole);
    }
    let roles: BTreeSet<&str> = caller.grants.iter().map(|grant| grant.role.as_str()).collect();
    let roles = roles.into_iter().collect::<Vec<_>>().join(", ");
    Problem::new(Code::Forbidden).detail(
        format!("権限（{roles}）では、この組織のこの操作はできません。"),
        format!("The role ({roles}) and organization do not allow this."),
    )
}

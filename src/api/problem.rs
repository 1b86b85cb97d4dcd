//! Every failure is an answer: problem details (RFC 9457) with a stable code, in Japanese or English.

use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Value, json};

use super::language::Language;
use crate::db::DbError;
use crate::domain::Bilingual;

/// Defines the table of codes: one row a code, with its status and its title in both languages.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $status:ident, $ja:literal, $en:literal;)+) => {
        /// The stable codes of all failures. A client may branch on them; they never change their meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $variant,)+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as it stands in the answer.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),+ }
            }

            /// What happened, in one sentence.
            pub const fn title(self, language: Language) -> &'static str {
                match (self, language) { $((Self::$variant, Language::Ja) => $ja, (Self::$variant, Language::En) => $en),+ }
            }
        }
    };
}

codes! {
    /// The body is not JSON.
    MalformedJson = "malformed_json", BAD_REQUEST, "本文がJSONとして読めません。", "The body is not valid JSON.";
    /// A body or a parameter has not the documented shape.
    InvalidRequest = "invalid_request", BAD_REQUEST, "要求の形が文書と異なります。", "The request does not have the documented shape.";
    /// The framework refused the request before a handler saw it.
    BadRequest = "bad_request", BAD_REQUEST, "要求を解釈できません。", "The request cannot be understood.";
    /// The body is no file of the kind that it says it is, or none with a head that is known.
    UnreadableFile = "unreadable_file", BAD_REQUEST, "ファイルを読めません。", "The file cannot be read.";
    /// Nobody in particular asks, or with a key that does not count.
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "キーまたはトークンが必要です。", "A key or a token is needed.";
    /// The identity provider's token is over.
    TokenExpired = "token_expired", UNAUTHORIZED, "トークンの有効期限が切れています。もう一度サインインしてください。", "The token has expired: sign in again.";
    /// The token is none of the identity provider's for this service.
    InvalidToken = "invalid_token", UNAUTHORIZED, "このトークンは使えません。", "This token does not count.";
    /// Whoever asks may not do that there.
    Forbidden = "forbidden", FORBIDDEN, "この操作の権限がありません。", "This is not allowed.";
    /// The token is good, but the configuration gives whoever has it no role.
    NoRole = "no_role", FORBIDDEN, "このトークンの持ち主には、権限が割り当てられていません。", "Whoever has this token has no role here.";
    /// No such resource.
    NotFound = "not_found", NOT_FOUND, "指定されたものは見つかりません。", "There is no such resource.";
    /// No such route.
    UnknownRoute = "unknown_route", NOT_FOUND, "この経路はありません。", "There is no such route.";
    /// The route does not take this method.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "この経路ではその方法を使えません。", "The route does not take this method.";
    /// The client was too slow.
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT, "要求が時間内に届きませんでした。", "The request did not arrive in time.";
    /// What the request would store exists already.
    Duplicate = "duplicate", CONFLICT, "同じものが既にあります。", "The same thing exists already.";
    /// Something depends on what the request would remove.
    HasDependents = "has_dependents", CONFLICT, "これに依存するものがあるため削除できません。", "It cannot be deleted while other things depend on it.";
    /// Another request with the same Idempotency-Key is being worked on.
    IdempotencyInProgress = "idempotency_in_progress", CONFLICT, "同じIdempotency-Keyの要求を処理中です。", "A request with this Idempotency-Key is being worked on.";
    /// What was submitted stands still.
    Locked = "locked", CONFLICT, "提出済みのため変更できません。差戻し、または公表後は正誤によります。", "It was submitted and stands still: it has to be returned, or after publication corrected by an erratum.";
    /// The submission is not where this can be done with it.
    WrongState = "wrong_state", CONFLICT, "提出の状態が異なるため、この操作はできません。", "The submission's state does not allow this.";
    /// Somebody else has changed what a form changes, since it was made.
    Overtaken = "overtaken", CONFLICT, "様式の取得後に、他の人が同じ欄を変更しました。", "Somebody else has changed the same cells since the form was made.";
    /// If-Match names a version that no longer stands.
    VersionConflict = "version_conflict", PRECONDITION_FAILED, "読んだ後に他の人が変更しました。", "It was changed since it was read.";
    /// The body is larger than the limit.
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE, "本文が上限を超えています。", "The body is larger than the limit.";
    /// The body's media type is not taken.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "このContent-Typeは扱えません。", "The media type of the body is not taken here.";
    /// The request has the documented shape but breaks a rule.
    RuleBroken = "rule_broken", UNPROCESSABLE_ENTITY, "形は正しいものの、規則に反しています。", "The request has the right shape but breaks a rule.";
    /// The same Idempotency-Key came with another request.
    IdempotencyMismatch = "idempotency_mismatch", UNPROCESSABLE_ENTITY, "このIdempotency-Keyは別の要求で使われています。", "This Idempotency-Key was used with another request.";
    /// A change needs If-Match.
    PreconditionRequired = "precondition_required", PRECONDITION_REQUIRED, "変更にはIf-Matchが必要です。", "A change needs If-Match.";
    /// Too many requests a second.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "要求が多すぎます。Retry-Afterの秒数だけお待ちください。", "These are too many requests: wait for as many seconds as Retry-After says.";
    /// A header is too large.
    HeadersTooLarge = "headers_too_large", REQUEST_HEADER_FIELDS_TOO_LARGE, "ヘッダーが大きすぎます。", "The headers are too large.";
    /// The service failed. The log has the cause.
    Internal = "internal_error", INTERNAL_SERVER_ERROR, "サーバー内部で問題が起きました。", "The service failed.";
    /// The database cannot be reached or is busy, or the identity provider cannot be reached and its keys are not known.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "いまは応答できません。少し後でもう一度お試しください。", "The service is not available right now. Try again shortly.";
}

impl Code {
    /// The code for a failure of the framework that says nothing but its status.
    fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::UnknownRoute,
            status => Self::ALL
                .iter()
                .copied()
                .filter(|code| !matches!(code, Self::MalformedJson | Self::InvalidRequest))
                .find(|code| code.status() == status)
                .unwrap_or(if status.is_server_error() { Self::Internal } else { Self::BadRequest }),
        }
    }
}

/// Where a fault is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the body, by JSON Pointer (RFC 6901).
    Pointer(String),
    /// In the query, by the parameter's name.
    Parameter(String),
    /// In a header.
    Header(&'static str),
    /// In a row of a list or a file.
    Row(RowPlace),
}

/// Where in a row a fault is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowPlace {
    /// In a workbook with several sheets that are read: the name of the sheet.
    pub sheet: Option<String>,
    /// Counted from 1: the item of a list, the line of a text, the row of a sheet.
    pub row: usize,
    /// Within JSON, by JSON Pointer (RFC 6901).
    pub pointer: Option<String>,
    /// Within a sheet: the letters of the column.
    pub column: Option<String>,
    /// What stands at the head of the column.
    pub column_name: Option<String>,
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// A stable word for the kind of fault.
    pub code: &'static str,
    /// What is wrong.
    pub message: Bilingual,
    /// What was received, where there was something.
    pub received: Option<Value>,
    /// What would be accepted.
    pub accepted: Option<Value>,
}

impl Fault {
    /// A fault in the body.
    pub fn at(pointer: impl Into<String>, code: &'static str, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            place: Place::Pointer(pointer.into()),
            code,
            message: Bilingual::new(ja, en),
            received: None,
            accepted: None,
        }
    }

    /// A reference in the body to something that does not exist.
    pub fn unknown(pointer: impl Into<String>, resource: &str, received: &str) -> Self {
        Self::at(
            pointer,
            "unknown_reference",
            format!("{resource}に「{received}」はありません。"),
            format!("There is no `{received}` among the {resource}."),
        )
        .received(received)
    }

    /// A reference in the body to something of another plan, where it has to be of the same.
    pub fn other_plan(pointer: impl Into<String>, received: &str) -> Self {
        Self::at(pointer, "other_plan", "同じ運営方針のものではありません。", "It belongs to another plan.")
            .received(received)
    }

    /// Adds what was received.
    pub fn received(mut self, value: impl Into<Value>) -> Self {
        self.received = Some(value.into());
        self
    }

    /// Adds what would be accepted.
    pub fn accepted(mut self, value: impl Into<Value>) -> Self {
        self.accepted = Some(value.into());
        self
    }

    /// As it is shown, in a language.
    pub fn to_json(&self, language: Language) -> Value {
        let mut fault = serde_json::Map::new();
        match &self.place {
            Place::Pointer(pointer) => fault.insert("pointer".to_owned(), json!(pointer)),
            Place::Parameter(name) => fault.insert("parameter".to_owned(), json!(name)),
            Place::Header(name) => fault.insert("header".to_owned(), json!(name)),
            Place::Row(RowPlace { sheet, row, pointer, column, column_name }) => {
                if let Some(sheet) = sheet {
                    fault.insert("sheet".to_owned(), json!(sheet));
                }
                fault.insert("row".to_owned(), json!(row));
                let texts = [("pointer", pointer), ("column", column), ("column_name", column_name)];
                for (name, text) in texts {
                    if let Some(text) = text {
                        fault.insert(name.to_owned(), json!(text));
                    }
                }
                None
            }
        };
        fault.insert("code".to_owned(), json!(self.code));
        fault.insert("message".to_owned(), json!(language.of(&self.message)));
        if let Some(received) = &self.received {
            fault.insert("received".to_owned(), received.clone());
        }
        if let Some(accepted) = &self.accepted {
            fault.insert("accepted".to_owned(), accepted.clone());
        }
        Value::Object(fault)
    }
}

/// A failure, before it is put into a language. In a box, so that a `Result` that holds one stays small.
#[derive(Debug, Clone)]
pub struct Problem(Box<Failure>);

#[derive(Debug, Clone)]
struct Failure {
    code: Code,
    detail: Option<Bilingual>,
    errors: Vec<Fault>,
    dependents: Vec<Dependent>,
    /// For the log only.
    cause: Option<String>,
    /// In seconds.
    retry_after: Option<u64>,
}

/// Things that depend on one that was to be deleted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Dependent {
    /// The resource, as in its path.
    pub resource: String,
    /// How many there are that may be seen.
    pub count: i64,
    /// The ids of the first of them.
    pub ids: Vec<String>,
}

impl Problem {
    /// A failure that its code says everything about.
    pub fn new(code: Code) -> Self {
        let (errors, dependents) = (Vec::new(), Vec::new());
        Self(Box::new(Failure { code, detail: None, errors, dependents, cause: None, retry_after: None }))
    }

    /// A failure with all the faults that were found.
    pub fn faults(code: Code, errors: Vec<Fault>) -> Self {
        let mut problem = Self::new(code);
        problem.0.errors = errors;
        problem
    }

    /// A deletion that is refused.
    pub fn dependents(dependents: Vec<Dependent>) -> Self {
        let mut problem = Self::new(Code::HasDependents);
        problem.0.dependents = dependents;
        problem
    }

    /// Adds what would help.
    pub fn detail(mut self, ja: impl Into<String>, en: impl Into<String>) -> Self {
        self.0.detail = Some(Bilingual::new(ja, en));
        self
    }

    /// Adds the cause, which goes to the log and never to the client.
    pub fn cause(mut self, cause: impl fmt::Display) -> Self {
        self.0.cause = Some(cause.to_string());
        self
    }

    /// Adds how long to wait before it is worth trying again.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(whole_seconds(wait));
        self
    }

    /// In how many seconds it is worth trying again, where that is known.
    pub fn wait(&self) -> Option<u64> {
        self.0.retry_after.or((self.0.code == Code::Unavailable).then_some(1))
    }

    /// The first of its faults; one that only says what happened where it has none.
    pub fn into_first_fault(self) -> Fault {
        let Failure { code, errors, .. } = *self.0;
        let title = |language| code.title(language).to_owned();
        let bare = || Fault::at("", code.as_str(), title(Language::Ja), title(Language::En));
        errors.into_iter().next().unwrap_or_else(bare)
    }

    /// What is wrong with the request, where that is what it says; itself otherwise.
    ///
    /// # Errors
    /// Itself, where it is no list of broken rules.
    pub fn into_faults(self) -> Result<Vec<Fault>, Self> {
        match self.0.code {
            Code::RuleBroken if !self.0.errors.is_empty() => Ok(self.0.errors),
            _ => Err(self),
        }
    }

    /// Its code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// As lines for a terminal, in English: what happened, then each fault.
    pub fn lines(&self) -> Vec<String> {
        let what = self.0.detail.as_ref().map_or(self.0.code.title(Language::En), |detail| &detail.en);
        let cause = self.0.cause.iter().cloned();
        let fault = |fault: &Fault| {
            let (Place::Pointer(place) | Place::Parameter(place)) = &fault.place else {
                return fault.message.en.clone();
            };
            let received = fault.received.as_ref().map(|value| format!(" (received {value})")).unwrap_or_default();
            format!("{place}: {}{received}", fault.message.en)
        };
        std::iter::once(what.to_owned()).chain(cause).chain(self.0.errors.iter().map(fault)).collect()
    }

    /// What the framework meant by a bare status.
    pub fn of_status(status: StatusCode) -> Self {
        Self::new(Code::of_status(status))
    }

    /// The answer's body, in a language.
    pub fn body(&self, language: Language, request_id: &str) -> Value {
        let mut body = json!({
            "type": format!("/api/v1/problems#{}", self.0.code.as_str()),
            "title": self.0.code.title(language),
            "status": self.0.code.status().as_u16(),
            "code": self.0.code.as_str(),
            "request_id": request_id,
        });
        if let Some(body) = body.as_object_mut() {
            if let Some(detail) = &self.0.detail {
                body.insert("detail".to_owned(), json!(language.of(detail)));
            }
            let errors: Vec<Value> = self.0.errors.iter().map(|fault| fault.to_json(language)).collect();
            body.insert("errors".to_owned(), json!(errors));
            if !self.0.dependents.is_empty() {
                body.insert("dependents".to_owned(), json!(self.0.dependents));
            }
        }
        body
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.as_str())?;
        match &self.0.cause {
            Some(cause) => write!(f, ": {cause}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        let code = match &error {
            DbError::Duplicate(_) => Code::Duplicate,
            DbError::Locked(id) => {
                let (ja, en) = (format!("提出 {id} に含まれています。"), format!("It is part of submission {id}."));
                return Self::new(Code::Locked).detail(ja, en);
            }
            DbError::Reference(_) => Code::RuleBroken,
            DbError::Position(_) => return super::listing::unusable_cursor(None).cause(error),
            DbError::Unavailable(_) => Code::Unavailable,
            DbError::Failed(_) => Code::Internal,
        };
        Self::new(code).cause(error)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.code.status()
    }

    /// Without a body: [`super::answer`] puts the problem into the request's language.
    fn error_response(&self) -> HttpResponse {
        if self.0.code.status().is_server_error() {
            tracing::error!(code = self.0.code.as_str(), cause = self.0.cause.as_deref(), "the request failed");
        } else {
            tracing::debug!(code = self.0.code.as_str(), cause = self.0.cause.as_deref(), "the request was refused");
        }
        let mut response = HttpResponse::build(self.0.code.status());
        response.insert_header(ContentType::plaintext());
        let mut response = response.finish();
        response.extensions_mut().insert(self.clone());
        response
    }
}

/// A time as `Retry-After` has it (RFC 9110, section 10.2.3): whoever waits so long has waited long enough.
pub(super) fn whole_seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

impl From<crate::db::dependents::Dependents> for Dependent {
    fn from(found: crate::db::dependents::Dependents) -> Self {
        let crate::db::dependents::Dependents { resource, count, ids } = found;
        Self { resource: resource.to_owned(), count, ids }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up_to_whole_seconds() {
        for (milliseconds, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2)] {
            assert_eq!(whole_seconds(Duration::from_millis(milliseconds)), seconds, "{milliseconds}");
        }
    }
}

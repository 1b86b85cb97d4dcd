//! The five verbs that every resource has, written once: create, read, list, change by merge patch, delete.

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::extract::{self, Body};
use super::idempotency::{self, Retry};
use super::problem::{Code, Dependent, Fault, Problem};
use super::representation::{self, Answer, Patch, Shown, etag, object_of, to_json};
use super::rules;
use super::session::{self, Session};
use super::shape;
use crate::db::access;
use crate::db::history::Remembered;
use crate::db::store::{Listed, Page};
use crate::db::{Connection, DbError, Row};
use crate::domain::Bilingual;
use crate::domain::access::Deed;

/// A stored content that has its place in the API.
pub trait Resource: Remembered + std::fmt::Debug {
    /// What a client sends, and gets back within what is shown.
    type Input: Serialize + DeserializeOwned + ToSchema + Validate + Send + std::fmt::Debug + 'static;
    /// What the service adds to what it shows.
    type Extra: Serialize + ToSchema + Send + std::fmt::Debug + 'static;
    /// How lists can be filtered.
    type Filter: DeserializeOwned + IntoParams + Send + 'static;

    /// The name of its schema.
    const NAME: &'static str;
    /// The plural in its path.
    const PATH: &'static str;
    /// What it is to change it: whoever may do one of these may.
    const DEEDS: &'static [Deed];
    /// The keys that lists can be ordered by beside `created_at` and `updated_at`.
    const SORT: &'static [&'static str];

    /// The content as a client would send it.
    fn input(self) -> Self::Input;

    /// The input as content: references are looked up, rules of the domain are checked. `current` is what the input
    /// replaces. `None` where faults were added.
    ///
    /// # Errors
    /// The database's own.
    fn content(
        input: Self::Input,
        current: Option<&Row<Self>>,
        connection: &mut Connection,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<Self>, DbError>;

    /// What the service knows of each of these rows, in their order.
    ///
    /// # Errors
    /// The database's own.
    fn extras(connection: &mut Connection, rows: &[Row<Self>]) -> Result<Vec<Self::Extra>, DbError>;

    /// A page of a filtered list.
    ///
    /// # Errors
    /// The database's own.
    fn list(connection: &mut Connection, filter: Self::Filter, page: &Page) -> Result<Listed<Self>, DbError>;

    /// What stands in the way of deleting it.
    ///
    /// # Errors
    /// The database's own.
    fn dependents(connection: &mut Connection, id: &str) -> Result<Vec<Dependent>, DbError>;

    /// Why it cannot be deleted, where that needs more words than the list of what stands in the way.
    ///
    /// # Errors
    /// The database's own.
    fn why_it_stays(_connection: &mut Connection, _id: &str) -> Result<Option<Bilingual>, DbError> {
        Ok(None)
    }

    /// Brings what is computed from the row up to date, in the transaction of the change. Before a deletion `after` is
    /// `None`; what is only computed and belongs to the row is removed then.
    ///
    /// # Errors
    /// The database's own.
    fn changed(
        connection: &mut Connection,
        before: Option<&Row<Self>>,
        after: Option<&Row<Self>>,
    ) -> Result<(), DbError>;

    /// Brings what is computed of others up to date once the row is gone, in the transaction of the deletion: the
    /// counterpart of [`Resource::changed`], for what would still count the row before.
    ///
    /// # Errors
    /// The database's own.
    fn deleted(_connection: &mut Connection, _row: &Row<Self>) -> Result<(), DbError> {
        Ok(())
    }

    /// Adds a new row. A resource whose deleted rows leave a trace may take one up again: then the row gets the id and
    /// the version of that one.
    ///
    /// # Errors
    /// Those of [`Stored::insert`].
    fn add(connection: &mut Connection, row: &mut Row<Self>) -> Result<(), DbError> {
        Self::insert(connection, row)
    }

    /// What is stored for a change: members that speak of one change alone, such as its reason, do not stay where the
    /// patch does not name them.
    fn amended(self, _patch: &Value) -> Self {
        self
    }
}

/// What a resource is created, shown and changed with; the type aliases name the schemas.
/// A row as it is shown, and its ETag.
///
/// # Errors
/// The database's own.
pub fn show<R: Resource>(connection: &mut Connection, row: Row<R>) -> Result<(String, String), Problem> {
    let version = row.version;
    let rows = [row];
    let extras = R::extras(connection, &rows)?;
    let ([row], Some(extra)) = (rows, extras.into_iter().next()) else {
        return Err(Problem::new(Code::Internal).cause("a row without what is known of it"));
    };
    let body = to_json(&Shown::new(row, extra))?;
    Ok((etag(version, &body), body))
}

/// The input's content, or every fault of it.
fn accept<R: Resource>(connection: &mut Connection, input: R::Input, current: Option<&Row<R>>) -> Result<R, Problem> {
    let mut faults = rules::broken(&input);
    match R::content(input, current, connection, &mut faults)? {
        Some(content) if faults.is_empty() => Ok(content),
        _ => Err(Problem::faults(Code::RuleBroken, faults)),
    }
}

/// The content that a document makes of a row, or of nothing.
///
/// # Errors
/// Every fault of it.
pub fn accepted<R: Resource>(c: &mut Connection, document: Value, current: Option<&Row<R>>) -> Result<R, Problem> {
    let faults =
        shape::faults(&R::Input::name(), &document).map_err(|error| Problem::new(Code::Internal).cause(error))?;
    if !faults.is_empty() {
        return Err(Problem::faults(Code::RuleBroken, faults));
    }
    accept::<R>(c, extract::decode(document)?, current)
}

/// Why the database refuses a write, with the members of the input that its rule is about.
fn refused<R: Resource>(error: DbError, input: &Value) -> Problem {
    let violation = match &error {
        DbError::Duplicate(violation) | DbError::Reference(violation) => violation.clone(),
        _ => return error.into(),
    };
    let members = object_of::<R::Input>().properties;
    let fault = |name: &String| {
        let (pointer, received) = (format!("/{name}"), input.get(name));
        // Whatever it refers to was deleted after it had been looked up.
        let fault = match &violation.referred {
            Some(table) => Fault::unknown(pointer, table, received.and_then(Value::as_str).unwrap_or_default()),
            None => {
                Fault::at(pointer, "duplicate", "同じ値のものが既にあります。", "Another one has the same already.")
            }
        };
        Fault { received: received.cloned(), ..fault }
    };
    let faults = violation.columns.iter().filter(|name| members.contains_key(*name)).map(fault).collect();
    match &error {
        DbError::Duplicate(_) => Problem::faults(Code::Duplicate, faults),
        _ => Problem::faults(Code::RuleBroken, faults),
    }
    .cause(error)
}

/// `POST /{resources}`
///
/// # Errors
/// Every fault of the input.
pub async fn create<R: Resource>(
    session: Session,
    retry: Retry,
    body: Body<R::Input>,
) -> Result<HttpResponse, Problem> {
    session.may_anywhere(R::DEEDS)?;
    let fingerprint = to_json(&body.0)?;
    let write = move |c: &mut Connection| {
        let input = serde_json::to_value(&body.0).map_err(|error| Problem::new(Code::Internal).cause(error))?;
        let mut row = Row::new(accept::<R>(c, body.0, None)?);
        may_change(c, &row)?;
        R::add(c, &mut row).map_err(|error| refused::<R>(error, &input))?;
        R::changed(c, None, Some(&row))?;
        let location = Some(format!("/api/v1/{}/{}", R::PATH, row.id));
        let (etag, body) = show(c, row)?;
        Ok(Answer { status: 201, location, etag: Some(etag), body })
    };
    idempotency::once(&session, retry, &fingerprint, write).await.map(HttpResponse::from)
}

/// `GET /{resources}/{id}`
///
/// # Errors
/// [`Code::NotFound`].
pub async fn read<R: Resource>(session: Session, request: HttpRequest, id: String) -> Result<HttpResponse, Problem> {
    let shown = move |c: &mut Connection| match access::find::<R>(c, &id)? {
        Some(row) => show(c, row),
        None => Err(Problem::new(Code::NotFound)),
    };
    let (etag, body) = session.read(shown).await?;
    Ok(representation::fresh(&request, &etag, body, None))
}

/// `PATCH /{resources}/{id}`
///
/// # Errors
/// [`Code::NotFound`], a missing or stale `If-Match`, every fault of the input.
pub async fn patch<R: Resource>(
    session: Session,
    request: HttpRequest,
    id: String,
    patch: Value,
) -> Result<HttpResponse, Problem> {
    session.may_anywhere(R::DEEDS)?;
    extract::check(&Patch::<R>::name(), &patch)?;
    let tag = header(&request, "if-match");
    let write = move |c: &mut Connection| {
        let before = access::find::<R>(c, &id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        may_change(c, &before)?;
        representation::if_match(tag.as_deref(), before.version)?;
        let row = amend(c, before, patch.clone())?;
        may_change(c, &row)?;
        let (etag, body) = show(c, row)?;
        Ok(Answer { status: 200, location: None, etag: Some(etag), body })
    };
    session.write(write).await.map(HttpResponse::from)
}

/// Changes a row by a merge patch. Where that changes nothing, nothing is written.
///
/// # Errors
/// Every fault of what it would become, and [`Code::VersionConflict`] where somebody was faster.
pub fn amend<R: Resource>(c: &mut Connection, before: Row<R>, patch: Value) -> Result<Row<R>, Problem> {
    let mut document = serde_json::to_value(before.content.clone().input())
        .map_err(|error| Problem::new(Code::Internal).cause(error))?;
    merge(&mut document, patch.clone());
    let content = accepted::<R>(c, document.clone(), Some(&before))?;
    let mut row = Row { content, ..before.clone() };
    if row.content != before.content {
        row.content = row.content.amended(&patch);
        if !R::update(c, &mut row).map_err(|error| refused::<R>(error, &document))? {
            return Err(overtaken::<R>(c, &before)?);
        }
        R::changed(c, Some(&before), Some(&row))?;
    }
    Ok(row)
}

/// `DELETE /{resources}/{id}`
///
/// # Errors
/// [`Code::NotFound`], a missing or stale `If-Match`, [`Code::HasDependents`] with the list of them.
pub async fn delete<R: Resource>(session: Session, request: HttpRequest, id: String) -> Result<HttpResponse, Problem> {
    session.may_anywhere(R::DEEDS)?;
    let tag = header(&request, "if-match");
    let write = move |c: &mut Connection| {
        let row = access::find::<R>(c, &id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        may_change(c, &row)?;
        representation::if_match(tag.as_deref(), row.version)?;
        let dependents = R::dependents(c, &id)?;
        if !dependents.is_empty() {
            let refusal = Problem::dependents(dependents);
            return Err(match R::why_it_stays(c, &id)? {
                Some(Bilingual { ja, en }) => refusal.detail(ja, en),
                None => refusal,
            });
        }
        R::changed(c, Some(&row), None)?;
        match R::delete(c, &row) {
            Ok(true) => Ok(R::deleted(c, &row)?),
            Ok(false) => Err(overtaken::<R>(c, &row)?),
            // Something has come to depend on it since it was looked for.
            Err(DbError::Reference(_)) => Err(Problem::new(Code::HasDependents)),
            Err(error) => Err(error.into()),
        }
    };
    session.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Refuses a change of what the caller may not change.
fn may_change<R: Resource>(c: &mut Connection, row: &Row<R>) -> Result<(), Problem> {
    let home = row.content.home(c, &row.id)?;
    session::may(c, R::DEEDS, &home)
}

/// Why a row that was read in this version could not be changed in it: somebody else has changed or removed it since.
fn overtaken<R: Resource>(c: &mut Connection, row: &Row<R>) -> Result<Problem, Problem> {
    Ok(match R::find(c, &row.id)? {
        Some(now) => representation::stale(now.version),
        None => Problem::new(Code::NotFound),
    })
}

fn header(request: &HttpRequest, name: &str) -> Option<String> {
    request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// Applies a merge patch (RFC 7396, section 2). A tagged value within the document, such as a criterion, is replaced
/// where its `kind` changes: what belonged to the other kind would only be refused.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(members) = target else { return };
    for (name, value) in patch {
        if value.is_null() {
            members.remove(&name);
        } else {
            let member = members.entry(name).or_insert(Value::Null);
            if member.get("kind").zip(value.get("kind")).is_some_and(|(was, is)| was != is) {
                *member = Value::Null;
            }
            merge(member, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_tagged_value_of_another_kind_is_replaced_and_the_document_itself_never() {
        let mut document =
            json!({"kind": "ward", "name": "a", "criterion": {"kind": "threshold", "comparator": "gte"}});
        merge(&mut document, json!({"kind": "city", "criterion": {"kind": "universe", "total": null}}));
        assert_eq!(document, json!({"kind": "city", "name": "a", "criterion": {"kind": "universe"}}));
    }

    #[test]
    fn merge_patches_do_what_the_examples_of_rfc_7396_say() {
        for (target, patch, expected) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            let mut merged = target;
            merge(&mut merged, patch);
            assert_eq!(merged, expected);
        }
    }
}

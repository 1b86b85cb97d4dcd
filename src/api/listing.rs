//! Lists: how much, in which order, from where, which fields.

use std::marker::PhantomData;

use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};
use utoipa::{IntoParams, ToSchema};

use super::problem::{Code, Fault, Place, Problem};
use super::representation::{self, PageOf, Shown, object_of, to_json};
use super::resource::Resource;
use super::session::Session;
use crate::db::store::{Listed, Page, Position};
use crate::db::{Connection, DbError};

const DEFAULT_LIMIT: i64 = 100;
const MAX_LIMIT: i64 = 1000;

/// What can be listed: every resource, and what is read off one.
pub trait Listing: 'static {
    /// How the list can be filtered.
    type Filter: DeserializeOwned + IntoParams + Send + 'static;
    /// An item as it is shown.
    type Item: Serialize + ToSchema + Send + 'static;

    /// The keys that it can be ordered by beside `created_at` and `updated_at`.
    const ORDERS: &'static [&'static str];

    /// A page of it.
    ///
    /// # Errors
    /// The database's own.
    fn items(connection: &mut Connection, filter: Self::Filter, page: &Page) -> Result<Items<Self::Item>, DbError>;
}

/// What a page of a list holds.
pub struct Items<T> {
    /// The items.
    pub items: Vec<T>,
    /// How many there are on all pages.
    pub total: i64,
    /// Where the next page starts; `None` on the last.
    pub next: Option<Position>,
}

impl<R: Resource> Listing for R {
    type Filter = R::Filter;
    type Item = Shown<R>;

    const ORDERS: &'static [&'static str] = R::SORT;

    fn items(connection: &mut Connection, filter: R::Filter, page: &Page) -> Result<Items<Shown<R>>, DbError> {
        let Listed { rows, total, next } = R::list(connection, filter, page)?;
        let extras = R::extras(connection, &rows)?;
        let items = rows.into_iter().zip(extras).map(|(row, extra)| Shown::new(row, extra)).collect();
        Ok(Items { items, total, next })
    }
}

/// Answers with a page of a list.
///
/// # Errors
/// An unknown cursor.
pub async fn list<L: Listing>(
    session: Session,
    request: HttpRequest,
    params: ListParams<L>,
) -> Result<HttpResponse, Problem> {
    let ListParams { filter, paging } = params;
    let page = paging.page()?;
    let (key, descending) = (page.key.clone(), page.descending);
    let Items { items, total, next } = session.read(move |c| Ok(L::items(c, filter, &page)?)).await?;
    let items = items.into_iter().map(serde_json::to_value).collect::<Result<Vec<Value>, _>>();
    let items = items.map_err(|error| Problem::new(Code::Internal).cause(error))?;
    let items = choose(items, paging.fields.as_deref());
    let next_cursor = next.map(|position| cursor(&key, descending, &position));
    let link = next_cursor.as_deref().map(|cursor| link(request.path(), request.query_string(), cursor));
    let body = to_json(&PageOf::<L> { items, total, next_cursor, of: PhantomData })?;
    Ok(representation::fresh(&request, &representation::tag(body.as_bytes()), body, link))
}

/// The query of a list: its own filters and what all lists have.
#[derive(Deserialize)]
#[serde(bound = "")]
pub struct ListParams<L: Listing> {
    /// Its own filters.
    #[serde(flatten)]
    pub filter: L::Filter,
    /// What all lists have.
    #[serde(flatten)]
    pub paging: Paging<L>,
}

/// What all lists can be asked.
#[derive(Deserialize)]
#[serde(bound = "")]
pub struct Paging<L> {
    /// At most so many items.
    pub limit: Option<i64>,
    /// Where to go on.
    pub cursor: Option<String>,
    /// The order.
    pub sort: Option<String>,
    /// Only these members of each item.
    pub fields: Option<String>,
    #[serde(skip)]
    of: PhantomData<L>,
}

impl<L: Listing> IntoParams for ListParams<L> {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = || ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
        let parameter = |name: &str, description: &str, schema: Object| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(place().unwrap_or(ParameterIn::Query))
                .description(Some(description))
                .schema(Some(schema))
                .build()
        };
        let keys = ["created_at", "updated_at"].into_iter().chain(L::ORDERS.iter().copied());
        let orders: Vec<String> = keys.flat_map(|key| [key.to_owned(), format!("-{key}")]).collect();
        let names: Vec<String> = object_of::<L::Item>().properties.keys().cloned().collect();
        let one = format!("({})", names.join("|"));
        let mut parameters = L::Filter::into_params(|| Some(place().unwrap_or(ParameterIn::Query)));
        parameters.extend([
            parameter(
                "limit",
                "At most so many items",
                ObjectBuilder::new()
                    .schema_type(SchemaType::new(Type::Integer))
                    .minimum(Some(1))
                    .maximum(Some(MAX_LIMIT))
                    .default(Some(json!(DEFAULT_LIMIT)))
                    .build(),
            ),
            parameter("cursor", "`next_cursor` of the page before", text().min_length(Some(1)).build()),
            parameter("sort", "The order; `-` for the last first", text().enum_values(Some(orders)).build()),
            parameter(
                "fields",
                "Only these members of each item, separated by commas",
                text().pattern(Some(format!("^{one}(,{one})*$"))).examples([json!("id")]).build(),
            ),
        ]);
        parameters
    }
}

/// What a cursor says, in base64 for the client.
#[derive(Serialize, Deserialize)]
struct Cursor {
    sort: String,
    #[serde(flatten)]
    position: Position,
}

impl<L: Listing> Paging<L> {
    /// The page that is asked for.
    ///
    /// # Errors
    /// [`Code::RuleBroken`] for a cursor that this list did not give, or gave in another order.
    pub fn page(&self) -> Result<Page, Problem> {
        let sort = self.sort.as_deref().unwrap_or(L::ORDERS.first().copied().unwrap_or("created_at"));
        let after = match &self.cursor {
            None => None,
            Some(text) => Some(
                read_cursor(text)
                    .filter(|cursor| cursor.sort == sort)
                    .ok_or_else(|| unusable_cursor(Some(text)))?
                    .position,
            ),
        };
        let (key, descending) = match sort.strip_prefix('-') {
            Some(key) => (key, true),
            None => (sort, false),
        };
        Ok(Page { limit: self.limit.unwrap_or(DEFAULT_LIMIT), key: key.to_owned(), descending, after })
    }
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let cursor: Cursor = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let sound = !cursor.position.key.contains('\0') && !cursor.position.id.contains('\0');
    sound.then_some(cursor)
}

/// The refusal of a cursor that no page of the list gave.
pub fn unusable_cursor(text: Option<&str>) -> Problem {
    let fault = Fault::at(
        "",
        "unusable_cursor",
        "この一覧・この並び順で得たnext_cursorではありません。",
        "It is not a next_cursor of this list in this order.",
    );
    let fault = Fault { place: Place::Parameter("cursor".into()), received: text.map(Value::from), ..fault };
    Problem::faults(Code::RuleBroken, vec![fault])
}

/// The cursor after a position.
pub fn cursor(key: &str, descending: bool, position: &Position) -> String {
    let sort = format!("{}{key}", if descending { "-" } else { "" });
    let cursor = json!({"sort": sort, "key": position.key, "id": position.id});
    URL_SAFE_NO_PAD.encode(cursor.to_string())
}

/// The `Link` header to the next page (RFC 8288).
pub fn link(path: &str, query: &str, cursor: &str) -> String {
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
    let query: Vec<&str> = kept.collect();
    let query = if query.is_empty() { String::new() } else { format!("{}&", query.join("&")) };
    format!("<{path}?{query}cursor={cursor}>; rel=\"next\"")
}

/// Only the chosen members of each item.
pub fn choose(items: Vec<Value>, fields: Option<&str>) -> Vec<Value> {
    let Some(fields) = fields else { return items };
    let chosen: Vec<&str> = fields.split(',').collect();
    let thin = |item: Value| match item {
        Value::Object(members) => {
            Value::Object(members.into_iter().filter(|(name, _)| chosen.contains(&name.as_str())).collect())
        }
        other => other,
    };
    items.into_iter().map(thin).collect()
}

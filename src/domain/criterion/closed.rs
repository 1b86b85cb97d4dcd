//! Tagged values whose schema is as closed as their reader.
//!
//! `deny_unknown_fields` closes the variants of a tagged enum for serde. utoipa's derive honours it on structs only, and request
//! bodies are validated against the generated schema; so the schema is derived from a copy of the enum and then closed.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, Schema};

/// Defines an enum that serde tags with `tag`, refuses unknown members, and has a schema that does so too. `refers to` names every
/// type that the schema refers to.
macro_rules! closed {
    (
        $(#[$meta:meta])*
        pub enum $name:ident tagged $tag:tt, refers to ($($part:ty),*) { $($body:tt)* }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(tag = $tag, rename_all = "snake_case", deny_unknown_fields)]
        pub enum $name { $($body)* }

        const _: () = {
            mod shape {
                use super::*;

                $(#[$meta])*
                #[allow(dead_code, reason = "only its schema is used")]
                #[derive(serde::Deserialize, utoipa::ToSchema)]
                #[serde(tag = $tag, rename_all = "snake_case")]
                #[schema(no_recursion)]
                pub(super) enum $name { $($body)* }
            }

            impl utoipa::PartialSchema for $name {
                fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                    $crate::domain::criterion::closed::close(<shape::$name as utoipa::PartialSchema>::schema())
                }
            }

            impl utoipa::ToSchema for $name {
                fn schemas(
                    schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>,
                ) {
                    $($crate::domain::criterion::closed::collect::<$part>(schemas);)*
                }
            }
        };
    };
}
pub(super) use closed;

/// Forbids further members on each alternative.
pub(super) fn close(mut schema: RefOr<Schema>) -> RefOr<Schema> {
    if let RefOr::T(Schema::OneOf(alternatives)) = &mut schema {
        for alternative in &mut alternatives.items {
            if let RefOr::T(Schema::Object(object)) = alternative {
                object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
        }
    }
    schema
}

/// Adds a type's schema and those that it refers to, unless it is there already: criteria hold criteria.
pub(super) fn collect<T: utoipa::ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    let name = T::name();
    if schemas.iter().all(|(known, _)| *known != name) {
        schemas.push((name.into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

//! The five operations of a resource, as routes and in the OpenAPI document.

/// Defines the routes of a resource. They differ in nothing but their names: what they do is in [`super::resource`].
#[rustfmt::skip]
macro_rules! verbs {
    ($resource:ty, $tag:literal, $all:literal, $one:literal,
     list $list:ident $list_summary:literal, create $create:ident $create_summary:literal,
     read $read:ident $read_summary:literal, patch $patch:ident $patch_summary:literal,
     delete $delete:ident $delete_summary:literal, history $history:ident $past:literal) => {
        use actix_web::{delete, get, patch, post};

        type Shown = $crate::api::representation::Shown<$resource>;
        type PageOf = $crate::api::representation::PageOf<$resource>;
        type Patch = $crate::api::representation::Patch<$resource>;
        type Params = $crate::api::listing::ListParams<$resource>;
        type Input = <$resource as $crate::api::resource::Resource>::Input;
        type Answer = Result<actix_web::HttpResponse, $crate::api::problem::Problem>;

        #[utoipa::path(tag = $tag, summary = $list_summary, params(Params),
            responses((status = 200, description = "A page of the list", body = PageOf)))]
        #[get($all)]
        async fn $list(
            session: $crate::api::session::Session,
            request: actix_web::HttpRequest,
            params: $crate::api::extract::Params<Params>,
        ) -> Answer {
            $crate::api::listing::list::<$resource>(session, request, params.0).await
        }

        #[utoipa::path(tag = $tag, summary = $create_summary, request_body = Input,
            responses((status = 201, description = "Created", body = Shown)))]
        #[post($all)]
        async fn $create(
            session: $crate::api::session::Session,
            retry: $crate::api::idempotency::Retry,
            body: $crate::api::extract::Body<Input>,
        ) -> Answer {
            $crate::api::resource::create::<$resource>(session, retry, body).await
        }

        #[utoipa::path(tag = $tag, summary = $read_summary, params(("id" = String, Path, description = "Its id")),
            responses((status = 200, description = "As it stands", body = Shown)))]
        #[get($one)]
        async fn $read(
            session: $crate::api::session::Session,
            request: actix_web::HttpRequest,
            id: $crate::api::extract::Id,
        ) -> Answer {
            $crate::api::resource::read::<$resource>(session, request, id.0).await
        }

        #[utoipa::path(tag = $tag, summary = $patch_summary, params(("id" = String, Path, description = "Its id")),
            request_body(content = Patch, content_type = "application/merge-patch+json"),
            responses((status = 200, description = "As it stands now", body = Shown)))]
        #[patch($one)]
        async fn $patch(
            session: $crate::api::session::Session,
            request: actix_web::HttpRequest,
            id: $crate::api::extract::Id,
            patch: $crate::api::extract::Document,
        ) -> Answer {
            $crate::api::resource::patch::<$resource>(session, request, id.0, patch.0).await
        }

        #[utoipa::path(tag = $tag, summary = $delete_summary, params(("id" = String, Path, description = "Its id")),
            responses((status = 204, description = "It is gone")))]
        #[delete($one)]
        async fn $delete(
            session: $crate::api::session::Session,
            request: actix_web::HttpRequest,
            id: $crate::api::extract::Id,
        ) -> Answer {
            $crate::api::resource::delete::<$resource>(session, request, id.0).await
        }

        #[utoipa::path(tag = $tag, summary = "List every change: who, when, why, before and after; also of what is gone",
            params(("id" = String, Path, description = "Its id")),
            responses((status = 200, description = "Its changes, the first one first",
                body = $crate::api::history::HistoryPage)))]
        #[get($past)]
        async fn $history(
            session: $crate::api::session::Session,
            request: actix_web::HttpRequest,
            id: $crate::api::extract::Id,
        ) -> Answer {
            $crate::api::history::history::<$resource>(session, request, id.0).await
        }

        /// The routes of the resource.
        pub(super) fn routes(config: &mut impl $crate::api::routes::Routes) {
            config.service($list).service($create).service($read).service($patch).service($delete).service($history);
        }
    };
}

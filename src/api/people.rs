//! People who come with a token of the city's identity provider.

use actix_web::web;

use super::context::Context;
use super::problem::{Code, Problem};
use super::session;
use crate::clock;
use crate::db::{Connection, DbError, access};
use crate::domain::access::{Caller, Grant, Post};
use crate::oidc::{Person, Refusal};

/// Who comes with this token.
///
/// # Errors
/// [`Code::InvalidToken`], [`Code::TokenExpired`]; [`Code::Unavailable`] where nobody can tell; [`Code::RateLimited`]; and
/// [`Code::NoRole`] where neither the token nor the public reading gives a right to anything.
pub(super) async fn caller(context: &web::Data<Context>, token: &str) -> Result<Caller, Problem> {
    let access = &context.access;
    let provider = access.provider.as_ref().ok_or_else(session::unknown_key)?;
    let Person { identity, posts } = provider.person(token, clock::now()).await.map_err(refused)?;
    if let Some(rate) = &context.rate {
        rate.count_person(&identity)?;
    }
    let grants = move |c: &mut Connection| granted(c, &posts);
    let grants = context.db.snapshot(grants).await?;
    if grants.is_empty() && !access.public_reading {
        tracing::info!(%identity, "somebody without a role was refused");
        return Err(Problem::new(Code::NoRole).detail(
            "グループまたはロールの割り当てを、管理者に確認してください。",
            "Ask an administrator for one of the groups or roles that the configuration of this service names.",
        ));
    }
    // A grant shows what is theirs; without one they are like everybody.
    let published = grants.is_empty() && access.public_reading;
    Ok(Caller { identity, grants, published })
}

/// What posts amount to. One in an organization that is not there is none.
fn granted(c: &mut Connection, posts: &[Post]) -> Result<Vec<Grant>, DbError> {
    posts.iter().filter_map(|post| access::grant(c, post).transpose()).collect()
}

/// Why a token is not taken, as far as whoever sent it learns.
fn refused(refusal: Refusal) -> Problem {
    if !matches!(refusal, Refusal::Unavailable { .. }) {
        tracing::info!(why = %refusal, "a token was refused");
    }
    let why = refusal.to_string();
    match refusal {
        Refusal::Expired => Problem::new(Code::TokenExpired),
        Refusal::Invalid(_) => Problem::new(Code::InvalidToken),
        Refusal::Unavailable { retry_after, .. } => Problem::new(Code::Unavailable).retry_after(retry_after).detail(
            "認証基盤に接続できないため、サインインを確認できません。",
            "The identity provider cannot be reached, so nobody can tell whether the token counts.",
        ),
    }
    .cause(why)
}

/// Asks for the provider's keys before anybody needs them, and says which places of the configuration are not there.
pub(super) async fn prepare(context: web::Data<Context>) {
    let Some(provider) = &context.access.provider else { return };
    provider.prepare().await;
    let posts: Vec<Post> = provider.places().collect();
    let missing = move |c: &mut Connection| {
        let mut missing = Vec::new();
        for post in posts {
            if access::grant(c, &post)?.is_none() {
                missing.push(post);
            }
        }
        Ok::<_, DbError>(missing)
    };
    for Post { role, organization, department } in context.db.snapshot(missing).await.unwrap_or_default() {
        let (organization, department) = (organization.unwrap_or_default(), department.unwrap_or_default());
        tracing::warn!(
            %role,
            organization,
            department,
            "a grant of the setting `oidc.grants` names a place that is not there: it gives nobody anything until it is"
        );
    }
}

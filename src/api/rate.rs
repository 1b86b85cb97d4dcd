//! How many requests a second somebody may send: counted for each key, for each person who has signed in, and for each
//! address that comes without either.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use sha2::{Digest, Sha256};

use super::context::Context;
use super::problem::{Code, Problem, whole_seconds};
use super::session::{self, Credentials};
use crate::domain::access::Identity;

/// After how many requests those are forgotten who have all of their share again.
const SWEEP: u32 = 4096;

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Who {
    /// By the SHA-256 of the key or the token, so that none is kept here.
    Key([u8; 32]),
    /// Whoever has signed in, with whichever of their tokens: by the SHA-256 of what never changes of them.
    Person([u8; 32]),
    Address(IpAddr),
}

impl Who {
    fn with_key(key: &str) -> Self {
        Self::Key(Sha256::digest(key.as_bytes()).into())
    }

    /// The first half of an IPv6 address: whoever has one has 2^64 of them (RFC 6177).
    fn at(address: IpAddr) -> Self {
        Self::Address(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        })
    }
}

/// Counts requests, in this process.
pub struct Rate {
    limiter: DefaultKeyedRateLimiter<Who>,
    clock: DefaultClock,
    counted: AtomicU32,
}

impl Rate {
    /// So many requests a second, and twice as many at once; `None` for 0, which is no limit.
    pub fn new(a_second: u32) -> Option<Self> {
        let a_second = NonZeroU32::new(a_second)?;
        let quota = Quota::per_second(a_second).allow_burst(a_second.saturating_add(a_second.get()));
        Some(Self { limiter: RateLimiter::keyed(quota), clock: DefaultClock::default(), counted: AtomicU32::new(0) })
    }

    /// Counts a request of somebody who has signed in, whom a new token does not make somebody else.
    ///
    /// # Errors
    /// [`Code::RateLimited`].
    pub fn count_person(&self, identity: &Identity) -> Result<(), Problem> {
        self.count(&Who::Person(Sha256::digest(identity.mark().as_bytes()).into())).map_err(refusal)
    }

    /// Counts a request.
    ///
    /// # Errors
    /// How long to wait, where it is one too many.
    fn count(&self, who: &Who) -> Result<(), Duration> {
        if self.counted.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(who).map_err(|until| until.wait_time_from(self.clock.now()))
    }
}

/// Refuses what is too much with [`Code::RateLimited`], before anything is looked up for it.
///
/// A key or token that does not count, or of which nobody can tell, is counted for the address as well, or guessing many
/// of them would be free.
///
/// # Errors
/// The handler's own.
pub async fn limit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let context = Context::of(request.request()).ok();
    let Some((context, rate)) = context.as_ref().and_then(|context| Some((context, context.rate.as_ref()?))) else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    let address = Who::at(context.limits.proxies.client(request.request()));
    let credentials = session::credentials(request.headers()).ok().flatten();
    let is_token = matches!(credentials, Some(Credentials::Token(_)));
    let key = credentials.map(|credentials| Who::with_key(credentials.text()));
    if let Err(wait) = rate.count(key.as_ref().unwrap_or(&address)) {
        return Ok(request.into_response(refusal(wait).error_response()).map_into_right_body());
    }
    let response = next.call(request).await?;
    let status = response.status();
    if (key.is_some() && status == StatusCode::UNAUTHORIZED || is_token && status == StatusCode::SERVICE_UNAVAILABLE)
        && let Err(wait) = rate.count(&address)
    {
        return Ok(response.into_response(refusal(wait).error_response()).map_into_right_body());
    }
    Ok(response.map_into_left_body())
}

fn refusal(wait: Duration) -> Problem {
    let seconds = whole_seconds(wait);
    let problem = Problem::new(Code::RateLimited).retry_after(wait);
    problem.detail(
        format!("{seconds}秒後にもう一度お試しください。"),
        format!("Try again in {seconds} s, or send fewer requests a second."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_share_of_their_own_twice_of_it_at_once_and_all_of_it_again_after_a_while() {
        let rate = Rate::new(20).unwrap();
        let (one, other) = (Who::with_key("one"), Who::at("192.0.2.1".parse().unwrap()));
        let taken = (0..100).filter(|_| rate.count(&one).is_ok()).count();
        assert!((40..=45).contains(&taken), "{taken}");
        assert!(rate.count(&one).unwrap_err() <= Duration::from_millis(50));
        assert!(rate.count(&other).is_ok());
        std::thread::sleep(Duration::from_millis(60));
        assert!(rate.count(&one).is_ok());
        assert!(Rate::new(0).is_none() && Rate::new(u32::MAX).is_some());
    }

    #[test]
    fn who_is_not_heard_of_for_a_while_is_forgotten() {
        let rate = Rate::new(1_000_000).unwrap();
        for number in 0..3 * SWEEP {
            rate.count(&Who::with_key(&number.to_string())).unwrap();
        }
        assert!(rate.limiter.len() < 2 * SWEEP as usize, "{}", rate.limiter.len());
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let at = |address: &str| Who::at(address.parse().unwrap());
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_ne!(at("192.0.2.1"), at("192.0.2.2"));
    }
}

//! The keys that are known, and when they are asked for again. Whoever needs newer ones waits for one answer together, and
//! nobody can make the provider be asked more often than [`Times`] says.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::keys::Keys;
use super::source::Source;
use super::{Refusal, Times};

/// The keys of a provider.
pub(super) struct Ring {
    source: Arc<Source>,
    times: Times,
    state: Arc<Mutex<State>>,
}

/// Where it stands.
#[derive(Default)]
struct State {
    /// The last keys that came, and when.
    keys: Option<(Arc<Keys>, Instant)>,
    /// When they were last asked for, and what went wrong.
    asked: Option<(Instant, Option<String>)>,
    /// Ends when an answer that is waited for has come.
    under_way: Option<watch::Receiver<()>>,
}

impl fmt::Debug for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ring").field("source", &self.source).finish_non_exhaustive()
    }
}

impl Ring {
    pub(super) fn new(source: Source, times: Times) -> Self {
        Self { source: Arc::new(source), times, state: Arc::default() }
    }

    /// The keys, not older than they may be unless there is no newer answer.
    pub(super) async fn keys(&self) -> Result<Arc<Keys>, Refusal> {
        let (keys, failing) = {
            let state = self.state();
            (state.keys.clone(), matches!(state.asked, Some((_, Some(_)))))
        };
        match keys {
            Some((keys, since)) if since.elapsed() < self.times.age => Ok(keys),
            // It did not answer before: it is asked, but nobody waits for it.
            Some((keys, _)) if failing => {
                self.ask();
                Ok(keys)
            }
            _ => self.newer().await,
        }
    }

    /// The keys after they were asked for again, if they may be; else the same as before.
    pub(super) async fn newer(&self) -> Result<Arc<Keys>, Refusal> {
        if let Some(mut answer) = self.ask() {
            // Nothing is ever sent: it ends.
            let _ = answer.changed().await;
        }
        let state = self.state();
        match (&state.keys, &state.asked) {
            (Some((keys, _)), _) => Ok(Arc::clone(keys)),
            (None, asked) => Err(Refusal::Unavailable {
                cause: asked.as_ref().and_then(|(_, cause)| cause.clone()).unwrap_or_default(),
                retry_after: asked.as_ref().map_or(self.times.retry, |(at, _)| self.left(*at, self.times.retry)),
            }),
        }
    }

    /// Asks for the keys, unless that is under way already or is too early. What it gives ends when there is an answer.
    fn ask(&self) -> Option<watch::Receiver<()>> {
        let mut state = self.state();
        // A receiver whose sender is gone belongs to a question that came to no end.
        if let Some(answer) = state.under_way.as_ref().filter(|answer| answer.has_changed().is_ok()) {
            return Some(answer.clone());
        }
        let pause = match &state.asked {
            Some((_, Some(_))) => self.times.retry,
            _ => self.times.pause,
        };
        if state.asked.as_ref().is_some_and(|(at, _)| at.elapsed() < pause) {
            return None;
        }
        let (sender, answer) = watch::channel(());
        let before = state.asked.take().and_then(|(_, cause)| cause);
        (state.asked, state.under_way) = (Some((Instant::now(), before)), Some(answer.clone()));
        drop(state);
        let (source, state) = (Arc::clone(&self.source), Arc::clone(&self.state));
        // On a thread of its own, so that it comes to its end even where nobody waits any more.
        tokio::task::spawn_blocking(move || {
            let read = source.read();
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            match read {
                Ok(keys) => (state.keys, state.asked) = (Some((Arc::new(keys), now)), Some((now, None))),
                Err(cause) => {
                    let kept = state.keys.is_some();
                    tracing::warn!(%cause, kept, "the identity provider's keys could not be read");
                    state.asked = Some((now, Some(cause.to_string())));
                }
            }
            state.under_way = None;
            drop(state);
            drop(sender);
        });
        Some(answer)
    }

    fn left(&self, since: Instant, pause: Duration) -> Duration {
        pause.saturating_sub(since.elapsed())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Listens to the server's log, because a failure that a client does not see is a failure all the same.

use std::fmt::Debug;
use std::sync::{Mutex, Once, PoisonError};

use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry;

static ERRORS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The errors and panics that this process has logged so far.
pub fn errors() -> Vec<String> {
    ERRORS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn note(line: String) {
    ERRORS.lock().unwrap_or_else(PoisonError::into_inner).push(line);
}

/// Starts to listen; the second time it changes nothing.
pub fn listen() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let _ = tracing::subscriber::set_global_default(registry().with(Errors));
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            note(format!("panic: {panic}"));
            usual(panic);
        }));
    });
}

struct Errors;

impl<S: tracing::Subscriber> Layer<S> for Errors {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        *metadata.level() == tracing::Level::ERROR
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut line = event.metadata().target().to_owned();
        event.record(&mut |field: &tracing::field::Field, value: &dyn Debug| {
            line.push_str(&format!(" {field}={value:?}"));
        });
        note(line);
    }
}

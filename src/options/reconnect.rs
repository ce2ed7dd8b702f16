//! Whether a connection that is lost or cannot be made is followed by another one, and when.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::headers::Field;
use super::url::Url;
use crate::error::{Error, Refused};

/// How a socket gets another connection when it loses one or cannot make one.
///
/// The next attempt comes after a random time between nothing and `min_delay` · `factor`ⁿ, at most `max_delay`, where n counts
/// the attempts in a row ("full jitter"): so clients that a server has lost all at once do not come back all at once.
#[derive(Clone)]
pub struct Reconnect {
    /// The bound of the first delay.
    pub min_delay: Duration,
    /// The largest bound.
    pub max_delay: Duration,
    /// By how much the bound grows with each attempt; 1 or more.
    pub factor: f64,
    /// How many attempts in a row are made after the first; `None`: as many as it takes.
    pub max_attempts: Option<u32>,
    /// How long a connection has to be open for the attempts to be counted anew.
    pub stable_after: Duration,
    /// Close codes of the peer after which there is no other attempt.
    pub stop_codes: Vec<u16>,
    /// How many bytes of messages are kept for the next connection, 64 more for each message counted; 0 keeps none.
    pub queue: usize,
    /// Whether attempts are made while the app is in the background.
    pub while_hidden: bool,
    /// Has the last word on whether there is another attempt.
    pub should_reconnect: Option<Arc<dyn ShouldReconnect>>,
    /// Is asked before each attempt but the first.
    pub refresh: Option<Arc<dyn Refresh>>,
}

impl Default for Reconnect {
    fn default() -> Self {
        Reconnect {
            min_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(30),
            factor: 2.0,
            max_attempts: None,
            stable_after: Duration::from_secs(5),
            stop_codes: vec![1000],
            queue: 0,
            while_hidden: false,
            should_reconnect: None,
            refresh: None,
        }
    }
}

impl Reconnect {
    /// The bound of the delay before an attempt, the first of which in a row is 1.
    pub fn bound(&self, attempt: u32) -> Duration {
        let exponent = i32::try_from(attempt.saturating_sub(1)).unwrap_or(i32::MAX);
        let bound = self.min_delay.as_secs_f64() * self.factor.powi(exponent);
        // Zero times infinity is no number, and the delay is zero all the same.
        if self.min_delay.is_zero() {
            return Duration::ZERO;
        }
        Duration::try_from_secs_f64(bound).map_or(self.max_delay, |bound| bound.min(self.max_delay))
    }

    /// Checks what the types cannot express.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`], which names the option.
    pub fn validate(&self) -> Result<(), Refused> {
        let refuse = |message: &str| Err(Refused::InvalidArgument(message.into()));
        if !(self.factor.is_finite() && self.factor >= 1.0) {
            return refuse("the factor of the delays must be 1 or more");
        }
        if self.min_delay > self.max_delay {
            return refuse("the smallest delay must not be longer than the largest");
        }
        if !self.stop_codes.iter().all(|code| (1000..=4999).contains(code)) {
            return refuse("a close code to stop at must be 1000 to 4999");
        }
        Ok(())
    }
}

impl fmt::Debug for Reconnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reconnect")
            .field("min_delay", &self.min_delay)
            .field("max_delay", &self.max_delay)
            .field("factor", &self.factor)
            .field("max_attempts", &self.max_attempts)
            .field("stable_after", &self.stable_after)
            .field("stop_codes", &self.stop_codes)
            .field("queue", &self.queue)
            .field("while_hidden", &self.while_hidden)
            .field("should_reconnect", &self.should_reconnect.is_some())
            .field("refresh", &self.refresh.is_some())
            .finish()
    }
}

impl PartialEq for Reconnect {
    fn eq(&self, other: &Reconnect) -> bool {
        let hooks = |of: &Reconnect| {
            let should_reconnect = of.should_reconnect.as_ref().map(|hook| Arc::as_ptr(hook).cast::<()>());
            (should_reconnect, of.refresh.as_ref().map(|hook| Arc::as_ptr(hook).cast::<()>()))
        };
        let plain = |of: &Reconnect| {
            (
                of.min_delay,
                of.max_delay,
                of.factor,
                of.max_attempts,
                of.stable_after,
                of.queue,
                of.while_hidden,
            )
        };
        plain(self) == plain(other) && self.stop_codes == other.stop_codes && hooks(self) == hooks(other)
    }
}

/// How a connection was lost, or why it could not be made.
///
/// [`Debug`](fmt::Debug) leaves the peer's reason out.
#[derive(Clone, PartialEq, Eq)]
pub struct Loss {
    /// The close code, as [`Close::code`](crate::Close::code).
    pub code: u16,
    /// The peer's reason.
    pub reason: String,
    /// Whether both sides sent a Close frame.
    pub was_clean: bool,
    /// Why it failed; `None` where a Close frame of the peer has ended it.
    pub error: Option<Error>,
}

impl fmt::Debug for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loss")
            .field("code", &self.code)
            .field("was_clean", &self.was_clean)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

/// What another attempt is to be made with. What is `None` stays as it was.
#[derive(Clone, Default)]
pub struct Refreshed {
    /// Where to connect.
    pub url: Option<Url>,
    /// Header fields, in the place of all that there were.
    pub headers: Option<Vec<Field>>,
    /// Sub-protocols, in the place of all that there were.
    pub protocols: Option<Vec<String>>,
}

/// Takes an answer, from any thread. Dropping it is the answer "none".
pub struct Answer<T>(oneshot::Sender<T>);

impl<T> Answer<T> {
    pub(crate) fn new() -> (Answer<T>, oneshot::Receiver<T>) {
        let (sender, receiver) = oneshot::channel();
        (Answer(sender), receiver)
    }

    /// Whether somebody waits for it.
    pub fn is_awaited(&self) -> bool {
        !self.0.is_closed()
    }

    /// Answers. Nothing happens where nobody waits for it any more.
    pub fn give(self, answer: T) {
        let _ = self.0.send(answer);
    }
}

/// What is asked again and again, of which the last alone can be answered; from any thread.
pub struct Question<T>(Mutex<Asked<T>>);

struct Asked<T> {
    ticket: u64,
    answer: Option<Answer<T>>,
}

impl<T> Default for Question<T> {
    fn default() -> Self {
        Question(Mutex::new(Asked { ticket: 0, answer: None }))
    }
}

impl<T> Question<T> {
    fn lock(&self) -> MutexGuard<'_, Asked<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks in the place of the last time, and gives the ticket.
    pub fn ask(&self, answer: Answer<T>) -> u64 {
        let mut asked = self.lock();
        asked.ticket += 1;
        asked.answer = Some(answer);
        asked.ticket
    }

    /// The way to answer what has this ticket, once, while somebody waits for it.
    pub fn answer(&self, ticket: u64) -> Option<Answer<T>> {
        let mut asked = self.lock();
        let answer = if asked.ticket == ticket { asked.answer.take() } else { None };
        answer.filter(Answer::is_awaited)
    }
}

/// Decides whether there is another attempt.
pub trait ShouldReconnect: Send + Sync {
    /// `would`: what the rules say. To be answered sooner or later; without an answer, and after as long as an attempt may take,
    /// the rules hold. Called on the library's thread: it must not block.
    fn should_reconnect(&self, loss: &Loss, would: bool, answer: Answer<bool>);
}

/// Gives what another attempt is to be made with: a new token, say.
pub trait Refresh: Send + Sync {
    /// To be answered sooner or later. Without an answer the attempt has failed, as after as long as an attempt may take.
    /// Called on the library's thread: it must not block.
    fn refresh(&self, attempt: u32, loss: &Loss, answer: Answer<Refreshed>);
}

//! The task that makes one connection after another, until the app, the rules or the server end it.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};

use super::chance;
use super::course::{Course, Next, wants_credentials};
use super::kept::Lost;
use super::relay::{Relay, Returned};
use super::shared::Shared;
use crate::error::{Error, ErrorCode, Phase, Refused};
use crate::options::{Answer, Loss, Options, Reconnect, Refreshed};
use crate::platform::Surroundings;
use crate::socket::{Close, Interest, Link, Listener, Reconnecting, contain};
use crate::wire::close::ABNORMAL_CLOSURE;

/// Within what time the sockets of an app, and the apps of a place, come back when there is a network again.
const JITTER: Duration = Duration::from_millis(500);

/// Makes a link; `true` for the first one, which may be adopted.
pub(super) type Connect = Box<dyn Fn(Options, Relay, bool) -> Result<Link, Refused> + Send + Sync>;

pub(super) struct Supervisor {
    shared: Arc<Shared>,
    /// Without `reconnect`.
    options: Options,
    reconnect: Reconnect,
    course: Course,
    surroundings: watch::Receiver<Surroundings>,
    connect: Connect,
    /// The app has overruled what the rules say of the last loss.
    is_overruled: bool,
}

/// The app wants an end.
struct Ended;

impl Supervisor {
    pub fn new(
        shared: Arc<Shared>,
        options: Options,
        reconnect: Reconnect,
        surroundings: watch::Receiver<Surroundings>,
        connect: Connect,
    ) -> Supervisor {
        let course = Course::default();
        Supervisor { shared, options, reconnect, course, surroundings, connect, is_overruled: false }
    }

    /// From the first attempt to the last call of the listener.
    pub async fn run(mut self, mut listener: Box<dyn Listener>) {
        let mut is_first = true;
        loop {
            let (relay, back) = Relay::new(Arc::clone(&self.shared), self.course.attempt(), listener);
            let refused = self.begin(relay, is_first);
            is_first = false;
            let Ok(Returned { listener: returned, loss, open }) = back.await else { return };
            listener = returned;
            if let Some(open) = open {
                self.course.was_open(open, &self.reconnect);
            }
            let loss = match (loss, refused) {
                (None, Some(refused)) => failure(refused.to_string()),
                (Some(loss), _) => loss,
                (None, None) => ended(),
            };
            match self.prepare(loss, listener.as_mut()).await {
                None => {}
                Some(last) => return self.end(&last, listener).await,
            }
        }
    }

    fn begin(&self, relay: Relay, is_first: bool) -> Option<Refused> {
        let options = self.options.clone();
        let connect = &self.connect;
        let begun = self.shared.begin(|| {
            if !is_first {
                options.validate()?;
            }
            connect(options, relay, is_first)
        });
        begun.and_then(Result::err)
    }

    /// Everything between a loss and the next attempt. Some when there is none: what is the end then.
    async fn prepare(&mut self, mut loss: Loss, listener: &mut dyn Listener) -> Option<Loss> {
        loop {
            if self.shared.interest() > Interest::Everything || !self.goes_on(&loss).await {
                return Some(loss);
            }
            let Some(next) = self.course.next(&loss, &self.reconnect) else { return Some(loss) };
            let Next { attempt, delay, least } = next;
            let Lost { kept, failed } = self.shared.lose();
            let address = self.options.url.host().with_port(self.options.url.port());
            log::info!("{address}: lost with {}; attempt {attempt} in {} ms", loss.code, delay.as_millis());
            let told = Reconnecting { attempt, delay, loss: loss.clone(), kept, failed };
            contain("on_reconnecting", || listener.on_reconnecting(&told));
            let shared = Arc::clone(&self.shared);
            if until_ended(&shared, self.wait(delay, least)).await.is_err() {
                return Some(ended());
            }
            match until_ended(&shared, self.refresh(attempt, &loss)).await {
                Err(Ended) => return Some(ended()),
                // The network may have gone while the app was asked.
                Ok(Refresh::Done) => {
                    let ready = until_ended(&shared, self.wait(Duration::ZERO, Duration::ZERO)).await;
                    return ready.err().map(|Ended| ended());
                }
                Ok(Refresh::Stop) => return Some(loss),
                Ok(Refresh::Failed) => loss = failure("the app gave nothing to connect with again"),
            }
        }
    }

    /// Whether there is another attempt: what the rules say, unless the app says otherwise.
    async fn goes_on(&mut self, loss: &Loss) -> bool {
        let would = self.course.would_go_on(loss, &self.reconnect);
        self.is_overruled = false;
        let Some(hook) = &self.reconnect.should_reconnect else { return would };
        let (answer, answered) = Answer::new();
        contain("should_reconnect", || hook.should_reconnect(loss, would, answer));
        let answered = timeout(self.options.timeout, answered);
        match until_ended(&self.shared, answered).await {
            Err(Ended) => false,
            Ok(Ok(Ok(goes_on))) => {
                self.is_overruled = goes_on && !would;
                goes_on
            }
            Ok(_) => would,
        }
    }

    /// Waits for the time of the next attempt, and for surroundings in which it makes sense.
    async fn wait(&mut self, delay: Duration, least: Duration) {
        let start = Instant::now();
        // What is too far away for the clock does not come.
        let after = |time: Duration| start.checked_add(time).unwrap_or(start);
        let (mut due, least) = (after(delay), after(least));
        let mut hopes = self.surroundings.borrow_and_update().hopes;
        let mut hidden = self.shared.hidden();
        let mut was_hidden = false;
        loop {
            let now = *self.surroundings.borrow_and_update();
            let is_hidden = *hidden.borrow_and_update();
            if now.hopes != hopes || (was_hidden && !is_hidden) {
                hopes = now.hopes;
                due = due.min(least.max(Instant::now() + chance::up_to(JITTER)));
            }
            was_hidden = is_hidden;
            let makes_sense = now.network && !is_hidden && (now.foreground || self.reconnect.while_hidden);
            let (around, of_app) = (self.surroundings.changed(), hidden.changed());
            let (mut around, mut of_app) = (pin!(around), pin!(of_app));
            // The senders outlive this: there is always another change to wait for.
            let changed = poll_fn(|cx| {
                if around.as_mut().poll(cx).is_ready() || of_app.as_mut().poll(cx).is_ready() {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            });
            if !makes_sense {
                changed.await;
            } else if timeout_at(due, changed).await.is_err() {
                return;
            }
        }
    }

    async fn refresh(&mut self, attempt: u32, loss: &Loss) -> Refresh {
        let Some(hook) = &self.reconnect.refresh else { return Refresh::Done };
        let (answer, answered) = Answer::new();
        contain("refresh", || hook.refresh(attempt, loss, answer));
        match timeout(self.options.timeout, answered).await {
            Ok(Ok(refreshed)) => {
                let is_new = self.take(refreshed);
                if wants_credentials(loss) && !is_new && !self.is_overruled {
                    Refresh::Stop
                } else {
                    Refresh::Done
                }
            }
            _ => Refresh::Failed,
        }
    }

    /// Returns whether anything is new.
    fn take(&mut self, refreshed: Refreshed) -> bool {
        let Refreshed { url, headers, protocols } = refreshed;
        let options = &mut self.options;
        let mut is_new = false;
        if let Some(url) = url {
            is_new |= options.url != url;
            options.url = url;
        }
        if let Some(headers) = headers {
            is_new |= options.headers != headers;
            options.headers = headers;
        }
        if let Some(protocols) = protocols {
            is_new |= options.protocols != protocols;
            options.protocols = protocols;
        }
        is_new
    }

    /// Tells the end, and waits until the app has let go.
    async fn end(&self, last: &Loss, mut listener: Box<dyn Listener>) {
        let interest = self.shared.interest();
        self.shared.set_over();
        if let (Some(error), Interest::Everything) = (&last.error, interest) {
            contain("on_error", || listener.on_error(error));
        }
        if self.shared.interest() < Interest::Nothing {
            let close = Close { code: last.code, reason: last.reason.clone(), was_clean: last.was_clean };
            contain("on_close", || listener.on_close(&close));
        }
        poll_fn(|cx| self.shared.poll_lost_interest(cx, Interest::Nothing)).await;
        contain("on_release", || {
            listener.on_release();
            drop(listener);
        });
    }
}

/// What has come of asking the app for what to connect with.
enum Refresh {
    Done,
    /// The server has refused what there is, and nothing is new.
    Stop,
    Failed,
}

/// An end that the app wanted while there was no connection.
fn ended() -> Loss {
    Loss { code: ABNORMAL_CLOSURE, reason: String::new(), was_clean: false, error: None }
}

/// An attempt that has failed before it began.
fn failure(message: impl Into<String>) -> Loss {
    Loss { error: Some(Error::new(Phase::Url, ErrorCode::Other, message)), ..ended() }
}

/// What `future` gives, unless the app wants an end before.
async fn until_ended<T>(shared: &Shared, future: impl Future<Output = T>) -> Result<T, Ended> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        if shared.poll_lost_interest(cx, Interest::End).is_ready() {
            return Poll::Ready(Err(Ended));
        }
        future.as_mut().poll(cx).map(Ok)
    })
    .await
}

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

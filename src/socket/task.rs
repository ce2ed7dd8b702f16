//! The task that owns one connection, from the first look-up to the last callback.

mod advance;

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::connection::Connection;
use super::delivery::Delivery;
use super::ending::Ending;
use super::listener::{Close, Listener, Open};
use super::live;
use super::shared::Shared;
use super::transport::Transport;
use crate::connect::{Answers, Opened};
use crate::error::{Error, ErrorCode, Phase};
use crate::options::Options;
use crate::wire::close::ABNORMAL_CLOSURE;

pub(super) use advance::run_in_advance;

/// TLS failed (RFC 6455, section 7.4.1).
const TLS_HANDSHAKE: u16 = 1015;

/// Opens a connection with `opening`, and carries it to its end. Without a listener it waits for one that adopts it.
pub(super) async fn run<T: Transport>(
    shared: Arc<Shared>,
    options: Box<Options>,
    listener: Option<Box<dyn Listener>>,
    opening: impl AsyncFnOnce(&Options) -> Result<Opened<T>, Error>,
) {
    let peer = options.url.host_header();
    let mut delivery = Delivery::new(peer, Arc::clone(&shared), listener);
    let registration = live::register(&shared);
    let ending = match open(&shared, options, &mut delivery, opening).await {
        Ok((connection, answers)) => {
            drop(answers);
            carry_on(connection, &mut delivery).await
        }
        Err(ending) => ending,
    };
    drop(registration);
    finish(&shared, delivery, ending).await;
}

/// Carries an open connection to its end.
async fn carry_on<T: Transport>(mut connection: Box<Connection<T>>, delivery: &mut Delivery) -> Ending {
    let (Ok(ending) | Err(ending)) = contained(|cx| connection.poll(cx, delivery)).await;
    ending
}

/// Tells the end, and waits until the app has let go.
async fn finish(shared: &Shared, mut delivery: Delivery, ending: Ending) {
    let close = match ending {
        Ending::Close(close) => close,
        Ending::Failed(error) => {
            // Since it has failed, the app may have closed it, in a callback that was still due.
            if !shared.closed_by_app() {
                delivery.error(&error);
            }
            Close { code: close_code(&error), reason: String::new(), was_clean: false }
        }
        Ending::Dropped => Close { code: ABNORMAL_CLOSURE, reason: String::new(), was_clean: false },
    };
    delivery.close(&close);
    poll_fn(|cx| shared.poll_released(cx)).await;
    delivery.release();
}

/// The code of a connection that failed so: 1015 for the TLS handshake itself, not for one that the network or the time ended
/// (RFC 6455, section 7.4.1).
fn close_code(error: &Error) -> u16 {
    use ErrorCode::{ConnectionEnded, ConnectionReset, Other, TimedOut, Unreachable};
    let is_of_tls = !matches!(error.code, ConnectionEnded | ConnectionReset | Other | TimedOut | Unreachable);
    if error.phase == Phase::Tls && is_of_tls { TLS_HANDSHAKE } else { ABNORMAL_CLOSURE }
}

/// Opens the connection, unless the app changes its mind meanwhile.
async fn open<T: Transport>(
    shared: &Arc<Shared>,
    options: Box<Options>,
    delivery: &mut Delivery,
    opening: impl AsyncFnOnce(&Options) -> Result<Opened<T>, Error>,
) -> Result<(Box<Connection<T>>, Answers), Ending> {
    let opened = interruptible(shared, Box::pin(opening(&options))).await?;
    let Opened { stream, rest, status, headers, protocol, extensions, deflate, profile, answers } = opened;
    let (inflater, deflater) = deflate.map(|agreed| (agreed.inflater(), agreed.deflater())).unzip();
    if !shared.set_open(protocol.clone(), deflater) {
        return Err(Ending::Dropped);
    }
    delivery.open(&Open { status, headers, protocol, extensions, profile, attempt: 0 });
    Ok((Box::new(Connection::new(Arc::clone(shared), stream, rest, inflater, &options)), answers))
}

/// What `future` gives, unless the app wants the connection to end before. It comes on the heap, and is gone when done: a task
/// keeps room for its largest state for life, and for whatever its functions were given.
async fn interruptible<R>(
    shared: &Shared,
    mut future: Pin<Box<impl Future<Output = Result<R, Error>>>>,
) -> Result<R, Ending> {
    contained(|cx| {
        if shared.poll_interrupted(cx).is_ready() {
            return Poll::Ready(Err(Ending::Dropped));
        }
        future.as_mut().poll(cx).map_err(Ending::Failed)
    })
    .await?
}

/// Polls until it is ready. A panic, which would be a fault of ours, becomes an ending like any other, so that the
/// app still gets the events that it was promised.
async fn contained<T>(mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> Result<T, Ending> {
    poll_fn(|cx| {
        catch_unwind(AssertUnwindSafe(|| poll(cx).map(Ok))).unwrap_or_else(|_| {
            log::error!("a fault of the library ended a connection");
            let message = "a fault of the library ended the connection";
            Poll::Ready(Err(Ending::Failed(Error::new(Phase::Closed, ErrorCode::Other, message))))
        })
    })
    .await
}

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

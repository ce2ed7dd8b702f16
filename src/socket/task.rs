//! The task that owns one connection, from the first look-up to the last callback.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context, Poll};

use super::connection::Connection;
use super::delivery::Delivery;
use super::ending::Ending;
use super::listener::{Close, Listener, Open};
use super::live;
use super::shared::Shared;
use crate::connect::{self, Opened};
use crate::error::{Error, ErrorCode, Phase};
use crate::options::Options;
use crate::wire::writer::Writer;

/// No Close frame came (RFC 6455, section 7.1.5).
const ABNORMAL_CLOSURE: u16 = 1006;

/// TLS failed (RFC 6455, section 7.4.1).
const TLS_HANDSHAKE: u16 = 1015;

/// Without a listener the connection waits for one that adopts it.
pub(super) async fn run(shared: Arc<Shared>, options: Box<Options>, listener: Option<Box<dyn Listener>>) {
    let peer = options.url.host_header();
    let mut delivery = Delivery::new(peer, Arc::clone(&shared), listener);
    let registration = live::register(&shared);
    let ending = match open(&shared, options, &mut delivery).await {
        Ok(mut connection) => contained(|cx| connection.poll(cx, &mut delivery)).await,
        Err(ending) => ending,
    };
    drop(registration);
    let close = match ending {
        Ending::Close(close) => close,
        Ending::Failed(error) => {
            delivery.error(&error);
            let code = if error.phase == Phase::Tls { TLS_HANDSHAKE } else { ABNORMAL_CLOSURE };
            Close { code, reason: String::new(), was_clean: false }
        }
        Ending::Dropped => Close { code: ABNORMAL_CLOSURE, reason: String::new(), was_clean: false },
    };
    delivery.close(&close);
    poll_fn(|cx| shared.poll_released(cx)).await;
    delivery.release();
}

/// Opens the connection, unless the app changes its mind meanwhile.
async fn open(
    shared: &Arc<Shared>,
    options: Box<Options>,
    delivery: &mut Delivery,
) -> Result<Box<Connection>, Ending> {
    // On the heap and gone when done: a task keeps room for its largest state for life.
    let mut opening = Box::pin(connect::open(&options));
    let opened = contained(|cx| {
        if shared.poll_interrupted(cx).is_ready() {
            return Poll::Ready(Err(Ending::Dropped));
        }
        opening.as_mut().poll(cx).map_err(Ending::Failed)
    })
    .await?;
    drop(opening);

    let Opened { stream, rest, status, headers, protocol, extensions, deflate, profile } = opened;
    let (inflater, deflater) = deflate.map(|agreed| (agreed.inflater(), agreed.deflater())).unzip();
    if !shared.set_open(protocol.clone(), Writer::new(deflater)) {
        return Err(Ending::Dropped);
    }
    delivery.open(&Open { status, headers, protocol, extensions, profile });
    Ok(Box::new(Connection::new(Arc::clone(shared), stream, rest, inflater, &options)))
}

/// Polls until it is ready. A panic, which would be a fault of ours, becomes an ending like any other, so that the
/// app still gets the events that it was promised.
async fn contained<T: From<Ending>>(mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> T {
    poll_fn(|cx| {
        catch_unwind(AssertUnwindSafe(|| poll(cx))).unwrap_or_else(|_| {
            log::error!("a fault of the library ended a connection");
            let error =
                Error::new(Phase::Closed, ErrorCode::Other, "a fault of the library ended the connection");
            Poll::Ready(Ending::Failed(error).into())
        })
    })
    .await
}

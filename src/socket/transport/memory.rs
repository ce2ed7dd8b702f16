//! A network in memory, for tests under paused time: it is as fast, as slow and as broken as the test wants.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use bytes::{BufMut, Bytes};
use socket_task_testing::chaos::Random;
use socket_task_testing::frame::Frame;

use super::{Sent, Transport};
use crate::connect::timing::Profile;
use crate::connect::{Answers, Opened};
use crate::wire::deflate::Negotiated;

/// A connection: the client's end, and the end that the test plays. At most `capacity` bytes are on their way to the
/// peer; more are taken only when it has received some.
pub(crate) fn connection(capacity: usize) -> (Client, Peer) {
    on(Wire { capacity, ..Wire::default() })
}

/// A connection that, like TLS, takes up to `holds` bytes for which the peer has no room.
pub(crate) fn connection_that_holds(capacity: usize, holds: usize) -> (Client, Peer) {
    on(Wire { capacity, holds, ..Wire::default() })
}

/// A connection with whims, all of which a transport may have: it reads and takes less than there is, is not ready for no
/// reason, and holds up to `holds` bytes.
pub(crate) fn connection_with_whims(capacity: usize, holds: usize, whims: Random) -> (Client, Peer) {
    on(Wire { capacity, holds, whims: Some(whims), ..Wire::default() })
}

fn on(wire: Wire) -> (Client, Peer) {
    let wire = Arc::new(Mutex::new(wire));
    (Client(Arc::clone(&wire)), Peer { wire, received: VecDeque::new() })
}

/// What a handshake over it would have given.
pub(crate) fn opened(client: Client, deflate: Option<Negotiated>) -> Opened<Client> {
    Opened {
        stream: client,
        rest: Bytes::new(),
        status: 101,
        headers: Vec::new(),
        protocol: None,
        extensions: String::new(),
        deflate,
        profile: Profile::default(),
        answers: Answers::default(),
    }
}

/// Runs a test under paused time.
pub(crate) fn on_one_thread(test: impl Future<Output = ()>) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, test);
}

#[derive(Default)]
struct Wire {
    capacity: usize,
    holds: usize,
    whims: Option<Random>,
    /// Taken, and not on its way.
    held: VecDeque<u8>,
    to_peer: VecDeque<u8>,
    /// Bytes that the peer has received.
    received: u64,
    to_client: VecDeque<u8>,
    /// Bytes that the client has read.
    read: u64,
    /// What the client finds behind `to_client`.
    end: Option<End>,
    write_error: Option<io::ErrorKind>,
    client_shut_down: bool,
    client_closed: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
    peer: Option<Waker>,
}

#[derive(Clone, Copy)]
enum End {
    Fin,
    Failed(io::ErrorKind),
}

impl Wire {
    /// Whether the connection is not ready for once, though it is.
    fn balks(&mut self, cx: &Context<'_>) -> bool {
        let balks = self.whims.as_mut().is_some_and(|whims| whims.once_in(16));
        if balks {
            cx.waker().wake_by_ref();
        }
        balks
    }

    /// How many of `count` bytes go now.
    fn some_of(&mut self, count: usize) -> usize {
        let Some(whims) = self.whims.as_mut().filter(|_| count > 0) else { return count };
        if whims.once_in(2) { whims.within(1..count as u64 + 1) as usize } else { count }
    }

    /// Sends what is held, as far as there is room.
    fn flow(&mut self) {
        let count = self.held.len().min(self.capacity - self.to_peer.len());
        self.to_peer.extend(self.held.drain(..count));
        if count > 0 {
            wake(&mut self.peer);
        }
    }
}

fn lock(wire: &Mutex<Wire>) -> MutexGuard<'_, Wire> {
    wire.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}

/// The client's end.
pub(crate) struct Client(Arc<Mutex<Wire>>);

impl Transport for Client {
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut impl BufMut) -> Poll<io::Result<usize>> {
        let mut wire = lock(&self.0);
        let count = buffer.remaining_mut().min(wire.to_client.len());
        if count > 0 && wire.balks(cx) {
            return Poll::Pending;
        }
        let count = wire.some_of(count);
        wire.read += count as u64;
        for byte in wire.to_client.drain(..count) {
            buffer.put_u8(byte);
        }
        match wire.end {
            _ if count > 0 => Poll::Ready(Ok(count)),
            Some(End::Fin) => Poll::Ready(Ok(0)),
            Some(End::Failed(kind)) => Poll::Ready(Err(kind.into())),
            None => {
                wire.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut wire = lock(&self.0);
        assert!(!wire.client_shut_down, "the client writes behind its end");
        if let Some(kind) = wire.write_error {
            return Poll::Ready(Err(kind.into()));
        }
        wire.flow();
        let room = wire.capacity - wire.to_peer.len() + wire.holds - wire.held.len();
        let count = bytes.len().min(room);
        if count == 0 {
            wire.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        if wire.balks(cx) {
            return Poll::Pending;
        }
        let count = wire.some_of(count);
        wire.held.extend(&bytes[..count]);
        wire.flow();
        Poll::Ready(Ok(count))
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut wire = lock(&self.0);
        if let Some(kind) = wire.write_error.filter(|_| !wire.held.is_empty()) {
            return Poll::Ready(Err(kind.into()));
        }
        wire.flow();
        if wire.held.is_empty() {
            return Poll::Ready(Ok(()));
        }
        wire.writer = Some(cx.waker().clone());
        Poll::Pending
    }

    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_flush(cx))?;
        let mut wire = lock(&self.0);
        wire.client_shut_down = true;
        wake(&mut wire.peer);
        Poll::Ready(Ok(()))
    }

    fn held(&self) -> usize {
        lock(&self.0).held.len()
    }

    fn sent(&self) -> Sent {
        let wire = lock(&self.0);
        Sent {
            acknowledged: wire.received,
            written: wire.received + wire.to_peer.len() as u64,
            is_held: !wire.held.is_empty(),
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let mut wire = lock(&self.0);
        wire.client_closed = true;
        wake(&mut wire.peer);
    }
}

/// The other end.
pub(crate) struct Peer {
    wire: Arc<Mutex<Wire>>,
    /// The beginning of a frame.
    received: VecDeque<u8>,
}

impl Peer {
    /// The same end for another task. What one has received, the other has not.
    pub fn other_hand(&self) -> Peer {
        Peer { wire: Arc::clone(&self.wire), received: VecDeque::new() }
    }

    /// Sends a frame, whatever it is.
    pub fn send(&self, frame: &Frame) {
        self.send_bytes(&frame.encode());
    }

    /// Sends some of a frame.
    pub fn send_bytes(&self, bytes: &[u8]) {
        let mut wire = lock(&self.wire);
        wire.to_client.extend(bytes);
        wake(&mut wire.reader);
    }

    /// What was sent and not read is lost.
    pub fn drop_unread(&self) {
        lock(&self.wire).to_client.clear();
    }

    /// How many bytes the client has read.
    pub fn read_by_client(&self) -> u64 {
        lock(&self.wire).read
    }

    /// Ends the sending direction.
    pub fn finish(&self) {
        self.end(End::Fin);
    }

    /// Lets the client's reads fail, once it has read what was sent.
    pub fn fail_reads(&self, kind: io::ErrorKind) {
        self.end(End::Failed(kind));
    }

    fn end(&self, end: End) {
        let mut wire = lock(&self.wire);
        wire.end = Some(end);
        wake(&mut wire.reader);
    }

    /// Lets the client's writes fail from now on.
    pub fn fail_writes(&self, kind: io::ErrorKind) {
        let mut wire = lock(&self.wire);
        wire.write_error = Some(kind);
        wake(&mut wire.writer);
    }

    /// Receives up to `limit` bytes, as soon as there are any. None at the client's end.
    pub async fn receive_bytes(&mut self, limit: usize) -> Option<usize> {
        poll_fn(|cx| {
            let mut wire = lock(&self.wire);
            let count = wire.to_peer.len().min(limit);
            if count > 0 {
                self.received.extend(wire.to_peer.drain(..count));
                wire.received += count as u64;
                wake(&mut wire.writer);
                return Poll::Ready(Some(count));
            }
            if wire.client_shut_down || wire.client_closed {
                return Poll::Ready(None);
            }
            wire.peer = Some(cx.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// A frame, if a whole one was received.
    pub fn take_frame(&mut self) -> Option<Frame> {
        let mut rest: &[u8] = self.received.make_contiguous();
        let frame = Frame::read(&mut rest).ok()?;
        let left = rest.len();
        self.received.drain(..self.received.len() - left);
        Some(frame)
    }

    /// Receives a frame. None at the client's end.
    pub async fn receive(&mut self) -> Option<Frame> {
        loop {
            if let Some(frame) = self.take_frame() {
                return Some(frame);
            }
            self.receive_bytes(usize::MAX).await?;
        }
    }

    /// Whether the client has closed the connection.
    pub fn is_closed(&self) -> bool {
        lock(&self.wire).client_closed
    }
}

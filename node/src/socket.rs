//! One connection: the object that JavaScript holds, and the listener that feeds its session's queue.

use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use napi::Env;
use napi::bindgen_prelude::ArrayBuffer;
use napi_derive::napi;
use socket_task::wire::Message;
use socket_task::{Close, Error, Listener, Open, Socket};

use crate::cookies::QueueJar;
use crate::event::Event;
use crate::options::duration;
use crate::queue::{EventQueue, lock};
use crate::refusal::{Code, Result, refusal};
use crate::session::SessionState;

/// `NativeSocket` of the seam.
#[napi(js_name = "Socket")]
pub struct NativeSocket {
    id: u32,
    socket: Socket,
    flow: Arc<Flow>,
    jar: Option<Arc<QueueJar>>,
    session: Rc<SessionState>,
}

#[napi]
impl NativeSocket {
    /// Names the socket in events.
    #[napi(getter)]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Queues a text message. Node-API puts U+FFFD in place of lone surrogates.
    #[napi]
    pub fn send_text(&self, text: String) -> Result<()> {
        self.socket.send_text(&text).map_err(refusal)
    }

    /// Queues a part of `buffer` as a binary message.
    #[napi]
    pub fn send_binary(&self, buffer: ArrayBuffer<'_>, offset: f64, length: f64) -> Result<()> {
        self.socket.send_binary(part(&buffer, offset, length)?).map_err(refusal)
    }

    /// Queues a ping with a part of `buffer`.
    #[napi]
    pub fn ping(&self, buffer: ArrayBuffer<'_>, offset: f64, length: f64) -> Result<()> {
        self.socket.ping(part(&buffer, offset, length)?).map_err(refusal)
    }

    /// Closes the connection.
    #[napi]
    pub fn close(&self, code: Option<u32>, reason: String) -> Result<()> {
        // A number that is no u16 is no close code either; 0 is refused as such.
        let code = code.map(|code| u16::try_from(code).unwrap_or(0));
        self.socket.close(code, &reason).map_err(refusal)
    }

    /// Stops reading.
    #[napi]
    pub fn pause(&self) {
        self.flow.pause(true);
    }

    /// Reads on.
    #[napi]
    pub fn resume(&self) {
        self.flow.pause(false);
    }

    /// Asks the peer for a sign of life within `deadline` milliseconds.
    #[napi]
    pub fn probe(&self, deadline: f64) {
        self.socket.probe(duration(deadline));
    }

    /// Bytes accepted and not yet handed to the operating system.
    #[napi]
    pub fn buffered_amount(&self) -> f64 {
        self.socket.buffered_amount() as f64
    }

    /// Answers the connection, which asks for cookies.
    #[napi]
    pub fn answer_cookies(&self, cookies: String) {
        if let Some(jar) = &self.jar {
            jar.answer(cookies);
        }
    }

    /// Gives the socket back.
    #[napi]
    pub fn release(&self, env: Env) -> napi::Result<()> {
        self.session.release(&env, self.id)
    }
}

impl NativeSocket {
    pub(crate) fn new(
        id: u32,
        socket: Socket,
        jar: Option<Arc<QueueJar>>,
        flow: Arc<Flow>,
        session: Rc<SessionState>,
    ) -> NativeSocket {
        NativeSocket { id, socket, flow, jar, session }
    }
}

fn part(buffer: &[u8], offset: f64, length: f64) -> Result<&[u8]> {
    let (from, length) = (offset as usize, length as usize);
    from.checked_add(length).and_then(|to| buffer.get(from..to)).ok_or_else(|| {
        napi::Error::new(
            Code::InvalidArgument,
            format!("there are no {length} bytes at {from} of {}", buffer.len()),
        )
    })
}

/// Whether a connection is read from: not while the app pauses it, nor while the queue is full.
#[derive(Default)]
pub struct Flow {
    /// Set once the connection has been started.
    socket: OnceLock<Socket>,
    stopped: Mutex<Stopped>,
}

#[derive(Default)]
struct Stopped {
    by_app: bool,
    by_queue: bool,
}

impl Flow {
    pub fn set_socket(&self, socket: Socket) {
        // The only caller has just made the connection.
        let _ = self.socket.set(socket);
    }

    fn pause(&self, paused: bool) {
        self.change(|stopped| &mut stopped.by_app, paused);
    }

    /// Returns whether this has changed anything.
    pub fn throttle(&self, throttled: bool) -> bool {
        self.change(|stopped| &mut stopped.by_queue, throttled)
    }

    fn change(&self, which: impl FnOnce(&mut Stopped) -> &mut bool, value: bool) -> bool {
        let Some(socket) = self.socket.get() else { return false };
        let mut stopped = lock(&self.stopped);
        let changed = std::mem::replace(which(&mut stopped), value) != value;
        if stopped.by_app || stopped.by_queue {
            socket.pause();
        } else {
            socket.resume();
        }
        changed
    }
}

/// Feeds the session's queue.
#[derive(Clone)]
pub struct QueueListener {
    pub id: u32,
    pub queue: Arc<EventQueue>,
    pub flow: Arc<Flow>,
}

impl QueueListener {
    pub fn push(&self, event: Event) {
        self.queue.push(self.id, event, &self.flow);
    }
}

impl Listener for QueueListener {
    fn on_open(&mut self, open: &Open) {
        self.push(Event::Open(Box::new(open.clone())));
    }

    fn on_message(&mut self, message: Message<'_>) {
        let bytes: Bytes = message.to_bytes();
        self.push(Event::Message(message.kind(), bytes));
    }

    fn on_pong(&mut self, data: &[u8], rtt: Option<Duration>) {
        self.push(Event::Pong(data.to_vec(), rtt));
    }

    fn on_drain(&mut self, sent: u64) {
        self.push(Event::Drain(sent));
    }

    fn on_error(&mut self, error: &Error) {
        self.push(Event::Error(Box::new(error.clone())));
    }

    fn on_close(&mut self, close: &Close) {
        self.push(Event::Close(close.clone()));
    }
}

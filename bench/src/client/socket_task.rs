//! This library, as a C program uses it: the shared library is opened at run time, and what stands in
//! `include/socket_task.h` is all that is known of it.

// Calls through the C ABI; see the comment at each.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};

use libloading::{Library, Symbol};

use super::fleet::Fleet;
use super::job::{Job, Target};
use super::outcome::{Meter, Outcome, mismatch};
use crate::case::{Action, Case};
use crate::server::{DONE, GO};

type Handle = u64;
type Status = i32;

/// What may wait to be sent, unless one message is larger: about what the other libraries gather before they write.
/// (By default it is 64 MiB, for which memory would have to be found first.)
const QUEUE: usize = 1 << 20;

const OK: Status = 0;
const BUFFER_FULL: Status = 6;
const TEXT: i32 = 1;

/// The beginning of `socket_task_message`; later fields follow.
#[repr(C)]
struct Message {
    struct_size: usize,
    kind: i32,
    data: *const u8,
    length: usize,
}

type EventCallback = unsafe extern "C" fn(Handle, *const c_void, *mut c_void);
type MessageCallback = unsafe extern "C" fn(Handle, *const Message, *mut c_void);
type DrainCallback = unsafe extern "C" fn(Handle, u64, *mut c_void);
type Send = unsafe extern "C" fn(Handle, *const u8, usize) -> Status;

/// The functions that are needed of the library.
#[derive(Clone, Copy)]
struct Api {
    create: unsafe extern "C" fn(*const u8, usize, *mut Handle) -> Status,
    add_ca_certificates: unsafe extern "C" fn(Handle, *const u8, usize) -> Status,
    set_max_buffered_amount: unsafe extern "C" fn(Handle, usize) -> Status,
    set_per_message_deflate: unsafe extern "C" fn(Handle, *const c_void) -> Status,
    on_open: unsafe extern "C" fn(Handle, EventCallback, *mut c_void) -> Status,
    on_message: unsafe extern "C" fn(Handle, MessageCallback, *mut c_void) -> Status,
    on_drain: unsafe extern "C" fn(Handle, DrainCallback, *mut c_void) -> Status,
    on_close: unsafe extern "C" fn(Handle, EventCallback, *mut c_void) -> Status,
    connect: unsafe extern "C" fn(Handle) -> Status,
    send_text: Send,
    send_binary: Send,
}

impl Api {
    /// Opens the library. It stays open until the process ends: its thread does not end before.
    fn load(target: &Target) -> io::Result<Api> {
        // SAFETY: the library has no initialisers beyond those of Rust's standard library.
        let library = unsafe { Library::new(&target.library) }.map_err(io::Error::other)?;
        let library: &'static Library = Box::leak(Box::new(library));
        Ok(Api {
            create: function(library, b"socket_task_create")?,
            add_ca_certificates: function(library, b"socket_task_add_ca_certificates")?,
            set_max_buffered_amount: function(library, b"socket_task_set_max_buffered_amount")?,
            set_per_message_deflate: function(library, b"socket_task_set_per_message_deflate")?,
            on_open: function(library, b"socket_task_on_open")?,
            on_message: function(library, b"socket_task_on_message")?,
            on_drain: function(library, b"socket_task_on_drain")?,
            on_close: function(library, b"socket_task_on_close")?,
            connect: function(library, b"socket_task_connect")?,
            send_text: function(library, b"socket_task_send_text")?,
            send_binary: function(library, b"socket_task_send_binary")?,
        })
    }

    fn sender(&self, is_text: bool) -> Send {
        if is_text { self.send_text } else { self.send_binary }
    }
}

/// A function of the library.
fn function<F: Copy + 'static>(library: &'static Library, name: &[u8]) -> io::Result<F> {
    // SAFETY: the fields of `Api`, from which `F` follows, have the types of the header.
    let symbol: Symbol<'static, F> = unsafe { library.get(name) }.map_err(io::Error::other)?;
    Ok(*symbol)
}

fn check(status: Status) -> io::Result<()> {
    if status == OK { Ok(()) } else { Err(io::Error::other(format!("socket_task status {status}"))) }
}

/// What the callbacks tell the main thread.
enum Signal {
    Open,
    /// The send queue has room.
    Drain,
    /// All messages have come; the times, when the callbacks took them.
    Done(Option<io::Result<Outcome>>),
    /// A message of so many bytes has come back.
    Received(usize),
    Closed,
}

/// What the callbacks work on, all on the library's thread.
struct Context {
    api: Api,
    job: Job,
    signals: Sender<Signal>,
    meter: Option<Meter>,
    messages: u64,
    bytes: u64,
}

impl Context {
    fn signal(&self, signal: Signal) {
        // Nobody listens any more when the main thread has failed; it says so itself.
        let _ = self.signals.send(signal);
    }

    fn send(&self, handle: Handle, is_text: bool, data: &[u8]) {
        // SAFETY: pointer and length of a slice; the library copies it.
        if unsafe { self.api.sender(is_text)(handle, data.as_ptr(), data.len()) } != OK {
            self.signal(Signal::Closed);
        }
    }

    fn all_came(&mut self, outcome: Option<io::Result<Outcome>>) {
        let wrong = self.bytes != self.job.payload.len() as u64 * self.job.messages;
        self.signal(Signal::Done(
            outcome.map(|outcome| if wrong { Err(mismatch(self.bytes)) } else { outcome }),
        ));
    }
}

/// The context of a callback.
///
/// # Safety
/// `context` was registered by [`connect`], and no other reference to it is in use: callbacks come one at a
/// time, and the main thread does not touch it.
unsafe fn context<'a>(context: *mut c_void) -> &'a mut Context {
    // SAFETY: the caller's promise; it is never freed.
    unsafe { &mut *context.cast() }
}

unsafe extern "C" fn opened(handle: Handle, _open: *const c_void, data: *mut c_void) {
    // SAFETY: called by the library with what was registered.
    let context = unsafe { context(data) };
    if context.job.case.action != Action::Send {
        context.meter = Meter::start(&context.job).ok();
    }
    match context.job.case.action {
        Action::Receive => context.send(handle, true, GO.as_bytes()),
        Action::Send => context.signal(Signal::Open),
        Action::Echo => context.send(handle, context.job.case.is_text(), &context.job.payload),
    }
}

/// Counts, as a program that has nothing else to do.
unsafe extern "C" fn received(_handle: Handle, message: *const Message, data: *mut c_void) {
    // SAFETY: called by the library with what was registered, and a message that is valid now.
    let (context, message) = unsafe { (context(data), &*message) };
    context.messages += 1;
    context.bytes += message.length as u64;
    if context.messages == context.job.messages {
        let outcome = context.meter.take().map(Meter::stop);
        context.all_came(outcome);
    }
}

/// Sends back what came.
unsafe extern "C" fn echoed(handle: Handle, message: *const Message, data: *mut c_void) {
    // SAFETY: called by the library with what was registered, and a message that is valid now.
    let (context, message) = unsafe { (context(data), &*message) };
    context.messages += 1;
    context.bytes += message.length as u64;
    if let Some(meter) = &mut context.meter {
        meter.lap();
    }
    if context.messages == context.job.messages {
        let outcome = context.meter.take().map(Meter::stop);
        context.all_came(outcome);
    } else {
        // SAFETY: the message's content is valid until this returns, and the library copies it.
        let status =
            unsafe { context.api.sender(message.kind == TEXT)(handle, message.data, message.length) };
        if status != OK {
            context.signal(Signal::Closed);
        }
    }
}

/// Waits for the server to say that it has all.
unsafe extern "C" fn acknowledged(_handle: Handle, message: *const Message, data: *mut c_void) {
    // SAFETY: called by the library with what was registered, and a message that is valid now.
    let (context, message) = unsafe { (context(data), &*message) };
    // SAFETY: the content of a message.
    let content = unsafe { std::slice::from_raw_parts(message.data, message.length) };
    context.signal(if content == DONE.as_bytes() { Signal::Done(None) } else { Signal::Closed });
}

unsafe extern "C" fn drained(_handle: Handle, _sent: u64, data: *mut c_void) {
    // SAFETY: called by the library with what was registered.
    unsafe { context(data) }.signal(Signal::Drain);
}

unsafe extern "C" fn closed(_handle: Handle, _close: *const c_void, data: *mut c_void) {
    // SAFETY: called by the library with what was registered.
    unsafe { context(data) }.signal(Signal::Closed);
}

/// Makes a connection that is not started yet.
fn create(api: &Api, target: &Target) -> io::Result<Handle> {
    let scheme = if target.authority.is_some() { "wss" } else { "ws" };
    let url = format!("{scheme}://{}{}", target.address, target.path);
    let mut handle = 0;
    // SAFETY: pointers with their lengths.
    unsafe {
        check((api.create)(url.as_ptr(), url.len(), &mut handle))?;
        if let Some(authority) = &target.authority {
            check((api.add_ca_certificates)(handle, authority.as_ptr(), authority.len()))?;
        }
    }
    Ok(handle)
}

/// Starts to connect. The context lives as long as the process.
fn connect(api: Api, target: &Target, job: Job) -> io::Result<(Handle, Receiver<Signal>)> {
    let (signals, receiver) = channel();
    let Case { action, size, deflate, .. } = job.case;
    let context = Box::new(Context { api, job, signals, meter: None, messages: 0, bytes: 0 });
    let context: *mut c_void = Box::into_raw(context).cast();
    let message = match action {
        Action::Receive => received,
        Action::Send => acknowledged,
        Action::Echo => echoed,
    };
    let handle = create(&api, target)?;
    // SAFETY: callbacks of the types that the header wants, with a context that is never freed.
    unsafe {
        if deflate {
            check((api.set_per_message_deflate)(handle, std::ptr::null()))?;
        }
        check((api.on_open)(handle, opened, context))?;
        check((api.on_message)(handle, message, context))?;
        if action == Action::Send {
            check((api.set_max_buffered_amount)(handle, QUEUE.max(size)))?;
            check((api.on_drain)(handle, drained, context))?;
        }
        check((api.on_close)(handle, closed, context))?;
        check((api.connect)(handle))?;
    }
    Ok((handle, receiver))
}

fn lost() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "the connection was lost")
}

pub fn run(target: &Target, job: &Job) -> io::Result<Outcome> {
    let api = Api::load(target)?;
    let own = Job::new(job.case, job.messages, job.latencies);
    let (handle, signals) = connect(api, target, own)?;
    if job.case.action == Action::Send {
        return send(api, handle, &signals, job);
    }
    match signals.recv() {
        Ok(Signal::Done(Some(outcome))) => outcome,
        _ => Err(lost()),
    }
}

/// Sends from the main thread, as fast as the library takes messages.
fn send(api: Api, handle: Handle, signals: &Receiver<Signal>, job: &Job) -> io::Result<Outcome> {
    let Ok(Signal::Open) = signals.recv() else { return Err(lost()) };
    let send = api.sender(job.case.is_text());
    let meter = Meter::start(job)?;
    for _ in 0..job.messages {
        loop {
            // SAFETY: pointer and length of a slice; the library copies it.
            match unsafe { send(handle, job.payload.as_ptr(), job.payload.len()) } {
                BUFFER_FULL => match signals.recv() {
                    Ok(Signal::Drain) => {}
                    _ => return Err(lost()),
                },
                status => break check(status)?,
            }
        }
    }
    match signals.iter().find(|signal| !matches!(signal, Signal::Drain)) {
        Some(Signal::Done(None)) => meter.stop(),
        _ => Err(lost()),
    }
}

/// Idle connections, for their memory.
pub struct Sockets<'a> {
    api: Api,
    target: &'a Target,
    handles: Vec<Handle>,
    /// One for all connections, so that it adds nothing to the memory of each.
    signaller: &'static Sender<Signal>,
    signals: Receiver<Signal>,
}

impl Sockets<'_> {
    pub fn new(target: &Target) -> io::Result<Sockets<'_>> {
        let (sender, signals) = channel();
        let signaller = Box::leak(Box::new(sender));
        Ok(Sockets { api: Api::load(target)?, target, handles: Vec::new(), signaller, signals })
    }
}

unsafe extern "C" fn idle_opened(_handle: Handle, _open: *const c_void, signaller: *mut c_void) {
    // SAFETY: called by the library with what was registered, which is shared and never freed.
    let signaller: &Sender<Signal> = unsafe { &*signaller.cast() };
    let _ = signaller.send(Signal::Open);
}

unsafe extern "C" fn idle_received(_handle: Handle, message: *const Message, signaller: *mut c_void) {
    // SAFETY: as in idle_opened; and the message is valid now.
    let (signaller, message): (&Sender<Signal>, _) = unsafe { (&*signaller.cast(), &*message) };
    let _ = signaller.send(Signal::Received(message.length));
}

unsafe extern "C" fn idle_closed(_handle: Handle, _close: *const c_void, signaller: *mut c_void) {
    // SAFETY: as in idle_opened.
    let signaller: &Sender<Signal> = unsafe { &*signaller.cast() };
    let _ = signaller.send(Signal::Closed);
}

impl Fleet for Sockets<'_> {
    fn open(&mut self) -> io::Result<()> {
        let context: *mut c_void = std::ptr::from_ref(self.signaller).cast_mut().cast();
        let handle = create(&self.api, self.target)?;
        // SAFETY: callbacks of the types that the header wants, with a context that is never freed.
        unsafe {
            check((self.api.on_open)(handle, idle_opened, context))?;
            check((self.api.on_message)(handle, idle_received, context))?;
            check((self.api.on_close)(handle, idle_closed, context))?;
            check((self.api.connect)(handle))?;
        }
        self.handles.push(handle);
        match self.signals.recv() {
            Ok(Signal::Open) => Ok(()),
            _ => Err(lost()),
        }
    }

    fn echo(&mut self, connection: usize, payload: &[u8]) -> io::Result<()> {
        // SAFETY: pointer and length of a slice; the library copies it.
        check(unsafe { (self.api.send_binary)(self.handles[connection], payload.as_ptr(), payload.len()) })?;
        match self.signals.recv() {
            Ok(Signal::Received(length)) if length == payload.len() => Ok(()),
            _ => Err(lost()),
        }
    }
}

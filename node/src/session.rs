//! Sessions: the sockets of one JavaScript module instance, with one event queue.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use napi::Env;
use napi::bindgen_prelude::{Either, Function};
use napi_derive::napi;
use socket_task::options::{CookieJar, Refresh, ShouldReconnect};
use socket_task::{LogLevel, ReadyState, Socket, prewarm};

use crate::arguments::Arguments;
use crate::cookies::QueueJar;
use crate::event::{Event, yielding};
use crate::flow::Flow;
use crate::listener::QueueListener;
use crate::options::{NativeOptions, duration};
use crate::questions::Questions;
use crate::refusal::{Result, refusal};
use crate::socket::NativeSocket;
use crate::sockets::SessionState;

/// How long the end of an environment waits for the closing handshakes of its sockets.
const LAST_WORDS: Duration = Duration::from_millis(50);

/// The close code for a message that is too big (RFC 6455, section 7.4.1).
const MESSAGE_TOO_BIG: u16 = 1009;

thread_local! {
    /// The live sessions of the environments of this thread, by environment and key.
    static SESSIONS: RefCell<HashMap<usize, HashMap<String, Rc<SessionState>>>> = RefCell::default();
}

/// `NativeSession` of the seam.
#[napi]
pub struct Session {
    state: Rc<SessionState>,
}

/// Opens a session, and ends the one that had the key before.
#[napi]
pub fn open_session(env: Env, key: String, on_event: Function<'_, (), ()>) -> napi::Result<Session> {
    let state = Rc::new(SessionState::default());
    let weak = Rc::downgrade(&state);
    let wake = on_event.build_threadsafe_function::<()>().callee_handled::<false>().weak::<true>();
    state.queue().set_wake(wake.build_callback(move |call| next_event(&weak, &call.env))?);
    let environment = id_of(&env);
    let is_first = SESSIONS.with_borrow(|sessions| !sessions.contains_key(&environment));
    if is_first {
        env.add_env_cleanup_hook(environment, end_environment)?;
    }
    let earlier = SESSIONS
        .with_borrow_mut(|sessions| sessions.entry(environment).or_default().insert(key, Rc::clone(&state)));
    if let Some(earlier) = earlier {
        earlier.end();
    }
    Ok(Session { state })
}

/// Ends all sessions of this environment. For the end of the process by `process.exit`, which does not end the
/// environment of the main thread in order.
#[napi]
pub fn end_sessions(env: Env) {
    end_environment(id_of(&env));
}

/// What `onEvent` is called with next.
fn next_event(session: &Weak<SessionState>, env: &Env) -> napi::Result<Arguments> {
    let Some(session) = session.upgrade() else { return yielding(env) };
    let Some((id, event)) = session.queue().next(|id| session.is_live(id)) else { return yielding(env) };
    let made = event.into_arguments(env, id);
    if made.is_err()
        && let Some(socket) = session.socket(id)
    {
        // What is missing may not go unnoticed; the other connections have nothing to do with it.
        let _ = socket.close(Some(MESSAGE_TOO_BIG), "no room for a message");
        return Event::too_big().into_arguments(env, id);
    }
    made
}

fn id_of(env: &Env) -> usize {
    env.raw() as usize
}

#[napi]
impl Session {
    /// Starts to connect; with `hold`, events wait for `deliver`.
    #[napi]
    pub fn connect(&self, env: Env, options: NativeOptions<'_>, hold: Option<bool>) -> Result<NativeSocket> {
        let state = &self.state;
        state.check_alive()?;
        let keeps_cookies = matches!(options.cookies, Some(Either::A(true)));
        let asked = options.reconnect.as_ref();
        let [decides, refreshes] = [
            asked.is_some_and(|reconnect| reconnect.should_reconnect == Some(true)),
            asked.is_some_and(|reconnect| reconnect.refresh == Some(true)),
        ];
        let mut options = options.into_core(&env)?;
        let id = state.next_id();
        let flow = Arc::new(Flow::default());
        let listener = QueueListener { id, queue: Arc::clone(state.queue()), flow: Arc::clone(&flow) };
        let jar = keeps_cookies.then(|| QueueJar::new(listener.clone()));
        if let Some(jar) = &jar {
            options.cookies = Some(Arc::clone(jar) as Arc<dyn CookieJar>);
        }
        let questions = options.reconnect.as_mut().map(|reconnect| {
            let questions = Questions::new(listener.clone());
            reconnect.should_reconnect = decides.then(|| Arc::clone(&questions) as Arc<dyn ShouldReconnect>);
            reconnect.refresh = refreshes.then(|| Arc::clone(&questions) as Arc<dyn Refresh>);
            questions
        });
        if hold == Some(true) {
            state.queue().hold(id);
        }
        let socket =
            Socket::connect(options, listener).map_err(refusal).inspect_err(|_| state.queue().forget(id))?;
        flow.set_socket(socket.clone());
        let native = NativeSocket::new(id, socket.clone(), jar.clone(), questions, flow, Rc::clone(state));
        state.add(&env, id, socket, jar)?;
        Ok(native)
    }

    /// Opens a connection in advance.
    #[napi]
    pub fn prewarm(&self, env: Env, options: NativeOptions<'_>, lifetime: f64) -> Result<()> {
        self.state.check_alive()?;
        prewarm(options.into_core(&env)?, duration(lifetime)).map_err(refusal)
    }

    /// Lets the library's log come as events.
    #[napi]
    pub fn set_log(&self, level: u32) -> Result<()> {
        self.state.check_alive()?;
        let levels = [LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug];
        let level = (level as usize).checked_sub(1).map(|index| levels[index.min(levels.len() - 1)]);
        self.state.set_log(level).map_err(refusal)
    }

    /// The event loop has had its turn.
    #[napi]
    pub fn go_on(&self) {
        self.state.queue().go_on();
    }

    /// Ends the session.
    #[napi]
    pub fn end(&self) {
        self.state.end();
    }
}

/// The environment ends: so do its sockets, and the servers are told so, if that is quick.
fn end_environment(environment: usize) {
    let sessions = SESSIONS.try_with(|sessions| sessions.borrow_mut().remove(&environment));
    let sessions = sessions.ok().flatten().unwrap_or_default();
    let sockets: Vec<Socket> = sessions.values().flat_map(|session| session.end()).collect();
    let deadline = Instant::now() + LAST_WORDS;
    while sockets.iter().any(|socket| socket.ready_state() != ReadyState::Closed) && Instant::now() < deadline
    {
        thread::sleep(Duration::from_millis(1));
    }
}

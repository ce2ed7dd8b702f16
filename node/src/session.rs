//! Sessions: the sockets of one JavaScript module instance, with one event queue.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use napi::Env;
use napi::bindgen_prelude::{Array, Function};
use napi_derive::napi;
use socket_task::options::CookieJar;
use socket_task::{ReadyState, Socket, prewarm};

use crate::cookies::QueueJar;
use crate::flow::Flow;
use crate::listener::QueueListener;
use crate::options::{NativeOptions, duration};
use crate::refusal::{Result, refusal};
use crate::socket::NativeSocket;
use crate::sockets::SessionState;

/// How long the end of an environment waits for the closing handshakes of its sockets.
const LAST_WORDS: Duration = Duration::from_millis(50);

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
pub fn open_session(env: Env, key: String, on_events: Function<'_, (), ()>) -> napi::Result<Session> {
    let state = Rc::new(SessionState::new(on_events)?);
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

fn id_of(env: &Env) -> usize {
    env.raw() as usize
}

#[napi]
impl Session {
    /// Starts to connect.
    #[napi]
    pub fn connect(&self, env: Env, options: NativeOptions<'_>) -> Result<NativeSocket> {
        let state = &self.state;
        state.check_alive()?;
        let wants_cookies = options.cookies == Some(true);
        let mut options = options.into_core()?;
        let id = state.next_id();
        let flow = Arc::new(Flow::default());
        let listener = QueueListener { id, queue: Arc::clone(state.queue()), flow: Arc::clone(&flow) };
        let jar = wants_cookies.then(|| QueueJar::new(listener.clone()));
        options.cookies = jar.clone().map(|jar| jar as Arc<dyn CookieJar>);
        let socket = Socket::connect(options, listener).map_err(refusal)?;
        flow.set_socket(socket.clone());
        let native = NativeSocket::new(id, socket.clone(), jar.clone(), flow, Rc::clone(state));
        state.add(&env, id, socket, jar)?;
        Ok(native)
    }

    /// Opens a connection in advance.
    #[napi]
    pub fn prewarm(&self, options: NativeOptions<'_>, lifetime: f64) -> Result<()> {
        self.state.check_alive()?;
        prewarm(options.into_core()?, duration(lifetime)).map_err(refusal)
    }

    /// Takes all events out of the queue.
    #[napi]
    pub fn take_events<'env>(&self, env: &'env Env) -> napi::Result<Array<'env>> {
        let mut events = env.create_array(0)?;
        for (id, event) in self.state.queue().take() {
            events.insert(event.into_js(env, id)?)?;
        }
        Ok(events)
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

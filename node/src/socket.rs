//! One connection: the object that JavaScript holds.

use std::rc::Rc;
use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::ArrayBuffer;
use napi_derive::napi;
use socket_task::Socket;
use socket_task::options::{Refreshed, Url};

use crate::cookies::QueueJar;
use crate::flow::Flow;
use crate::options::{duration, fields};
use crate::questions::Questions;
use crate::refusal::{Code, Result, refusal};
use crate::sockets::SessionState;

/// `NativeSocket` of the seam.
#[napi(js_name = "Socket")]
pub struct NativeSocket {
    id: u32,
    socket: Socket,
    flow: Arc<Flow>,
    jar: Option<Arc<QueueJar>>,
    questions: Option<Arc<Questions>>,
    session: Rc<SessionState>,
}

/// `NativeStats` of the seam.
#[napi(object)]
pub struct NativeStats {
    pub messages_sent: f64,
    pub messages_received: f64,
    pub bytes_sent: f64,
    pub bytes_received: f64,
    pub rtt: Option<f64>,
    pub reconnects: f64,
}

#[napi]
impl NativeSocket {
    /// Names the socket in events.
    #[napi(getter)]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Lets the events come that were held.
    #[napi]
    pub fn deliver(&self) {
        self.session.queue().deliver(self.id);
    }

    /// Queues a text message; returns its length in UTF-8. Node-API puts U+FFFD in place of lone surrogates.
    #[napi]
    pub fn send_text(&self, text: String) -> Result<f64> {
        self.socket.send_text(&text).map_err(refusal)?;
        Ok(text.len() as f64)
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

    /// Closes with 1001 in `grace` milliseconds.
    #[napi]
    pub fn hide(&self, grace: f64) -> Result<()> {
        self.socket.hide(duration(grace)).map_err(refusal)
    }

    /// Calls that off.
    #[napi]
    pub fn show(&self) {
        self.socket.show();
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

    /// What it has carried so far.
    #[napi]
    pub fn stats(&self) -> NativeStats {
        let stats = self.socket.stats();
        NativeStats {
            messages_sent: stats.messages_sent as f64,
            messages_received: stats.messages_received as f64,
            bytes_sent: stats.bytes_sent as f64,
            bytes_received: stats.bytes_received as f64,
            rtt: stats.rtt.map(|rtt| rtt.as_secs_f64() * 1_000.0),
            reconnects: stats.reconnects as f64,
        }
    }

    /// Answers the connection, which asks for cookies.
    #[napi]
    pub fn answer_cookies(&self, cookies: String) {
        if let Some(jar) = &self.jar {
            jar.answer(cookies);
        }
    }

    /// Answers the connection, which asks what to connect with; what is left out stays as it was.
    #[napi]
    pub fn answer_refresh(
        &self,
        ticket: f64,
        url: Option<String>,
        headers: Option<Vec<String>>,
        protocols: Option<Vec<String>>,
    ) -> Result<()> {
        let url = url.map(|url| Url::parse(&url)).transpose().map_err(refusal)?;
        let headers = headers.map(fields);
        if let Some(questions) = &self.questions {
            questions.answer_refresh(ticket as u64, Some(Refreshed { url, headers, protocols }));
        }
        Ok(())
    }

    /// Answers it: there is nothing to connect with.
    #[napi]
    pub fn fail_refresh(&self, ticket: f64) {
        if let Some(questions) = &self.questions {
            questions.answer_refresh(ticket as u64, None);
        }
    }

    /// Answers the connection, which asks whether there is to be another one.
    #[napi]
    pub fn answer_reconnect(&self, ticket: f64, should: bool) {
        if let Some(questions) = &self.questions {
            questions.answer_should_reconnect(ticket as u64, should);
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
        questions: Option<Arc<Questions>>,
        flow: Arc<Flow>,
        session: Rc<SessionState>,
    ) -> NativeSocket {
        NativeSocket { id, socket, flow, jar, questions, session }
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

//! The other libraries, all on a current-thread runtime of tokio, each used as its documentation shows.

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Builder;

use super::job::{Job, Target};
use super::outcome::{Meter, Outcome, mismatch};
use super::stream;
use crate::case::Action;
use crate::server::{DONE, GO};

/// A stream that a library can work on.
pub trait Stream: AsyncRead + AsyncWrite + Unpin {}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream for S {}

/// A library.
#[allow(async_fn_in_trait)] // the futures need not be Send: there is one thread
pub trait Library {
    /// Its connection.
    type Connection<S: Stream>: Connection;

    /// Takes over a stream whose opening handshake is done, and has agreed on permessage-deflate if `deflate`.
    async fn take_over<S: Stream>(stream: S, deflate: bool) -> Self::Connection<S>;
}

/// A connection of a library.
#[allow(async_fn_in_trait)] // the futures need not be Send: there is one thread
pub trait Connection {
    /// A message ready to be sent many times, in the form that costs the library least.
    type Template;
    /// A message of the library.
    type Message;

    /// Makes a template; `payload` is UTF-8 for a text.
    fn template(is_text: bool, payload: &[u8]) -> io::Result<Self::Template>;

    /// Makes the message to be sent.
    fn message(template: &Self::Template) -> Self::Message;

    /// The content of a message.
    fn content(message: &Self::Message) -> &[u8];

    /// Waits for the next message.
    async fn receive(&mut self) -> io::Result<Self::Message>;

    /// Sends a message, or leaves it to [`flush`](Connection::flush).
    async fn send(&mut self, message: Self::Message) -> io::Result<()>;

    /// Sends what is left.
    async fn flush(&mut self) -> io::Result<()>;
}

/// Runs a job with a library.
pub fn run<L: Library>(target: &Target, job: &Job) -> io::Result<Outcome> {
    Builder::new_current_thread().enable_io().build()?.block_on(async {
        let mut tcp = stream::connect_tokio(target)?;
        match &target.authority {
            None => {
                stream::open_tokio(target, &mut tcp).await?;
                exchange(job, L::take_over(tcp, job.case.deflate).await).await
            }
            Some(authority) => {
                let mut tls = stream::tls_tokio(target, stream::tls_config(authority)?, tcp).await?;
                stream::open_tokio(target, &mut tls).await?;
                exchange(job, L::take_over(tls, job.case.deflate).await).await
            }
        }
    })
}

async fn exchange<C: Connection>(job: &Job, mut connection: C) -> io::Result<Outcome> {
    let template = C::template(job.case.is_text(), &job.payload)?;
    match job.case.action {
        Action::Receive => {
            let go = C::template(true, GO.as_bytes())?;
            let meter = Meter::start(job)?;
            connection.send(C::message(&go)).await?;
            connection.flush().await?;
            let mut bytes = 0;
            for _ in 0..job.messages {
                bytes += C::content(&connection.receive().await?).len() as u64;
            }
            let outcome = meter.stop();
            if bytes == job.payload.len() as u64 * job.messages { outcome } else { Err(mismatch(bytes)) }
        }
        Action::Send => {
            let meter = Meter::start(job)?;
            for _ in 0..job.messages {
                connection.send(C::message(&template)).await?;
            }
            connection.flush().await?;
            let answer = connection.receive().await?;
            let outcome = meter.stop();
            if C::content(&answer) == DONE.as_bytes() { outcome } else { Err(mismatch(C::content(&answer))) }
        }
        Action::Echo => {
            let mut meter = Meter::start(job)?;
            let mut message = C::message(&template);
            for _ in 0..job.messages {
                connection.send(message).await?;
                connection.flush().await?;
                message = connection.receive().await?;
                meter.lap();
            }
            let outcome = meter.stop();
            if C::content(&message) == job.payload {
                outcome
            } else {
                Err(mismatch(C::content(&message).len()))
            }
        }
    }
}

//! What an idle connection costs: how much the memory of a process grows with each.

use std::fs;
use std::io::{self, Read, Write};
use std::sync::Arc;

use rustls::ClientConfig;
use tokio::runtime::{Builder, Runtime};

use super::fleet::Fleet;
use super::implementation::Implementation;
use super::job::Target;
use super::outcome::mismatch;
use super::peer::{Connection, Library};
use super::{fastwebsockets, socket_task, stream, tokio_websockets, tungstenite, yawc};
use socket_task_testing::frame::Frame;

/// Connections in all.
pub const CONNECTIONS: usize = 1000;

/// The first ones, which pay for what all share, and are not counted.
const FIRST: usize = 200;

/// Sizes of the echoed messages.
pub const SMALL: usize = 1 << 10;
/// See [`SMALL`].
pub const LARGE: usize = 64 << 10;

/// Bytes of resident memory for each connection.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    /// That has been opened, and nothing more.
    pub idle: u64,
    /// That has sent a message of 1 KiB and received it back.
    pub after_small: u64,
    /// That has then done the same with 64 KiB.
    pub after_large: u64,
}

/// Measures an implementation.
pub fn measure(implementation: Implementation, target: &Target) -> io::Result<Growth> {
    match implementation {
        Implementation::SocketTask => grow(socket_task::Sockets::new(target)?),
        Implementation::Tcp => {
            let config = target.authority.as_deref().map(stream::tls_config).transpose()?;
            grow(Streams { target, config, streams: Vec::new() })
        }
        Implementation::Tungstenite => grow_peer::<tungstenite::Kind>(target),
        Implementation::FastWebSockets => grow_peer::<fastwebsockets::Kind>(target),
        Implementation::TokioWebSockets => grow_peer::<tokio_websockets::Kind>(target),
        Implementation::Yawc => grow_peer::<yawc::Kind>(target),
    }
}

fn grow(mut fleet: impl Fleet) -> io::Result<Growth> {
    let (small, large) = (vec![b'x'; SMALL], vec![b'x'; LARGE]);
    for connection in 0..FIRST {
        fleet.open()?;
        fleet.echo(connection, &small)?;
        fleet.echo(connection, &large)?;
    }
    let start = resident()?;
    let per_connection = |now: u64| now.saturating_sub(start) / (CONNECTIONS - FIRST) as u64;
    for _ in FIRST..CONNECTIONS {
        fleet.open()?;
    }
    let idle = per_connection(resident()?);
    for connection in FIRST..CONNECTIONS {
        fleet.echo(connection, &small)?;
    }
    let after_small = per_connection(resident()?);
    for connection in FIRST..CONNECTIONS {
        fleet.echo(connection, &large)?;
    }
    let after_large = per_connection(resident()?);
    Ok(Growth { idle, after_small, after_large })
}

/// Resident memory of this process, in bytes.
fn resident() -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib =
        line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|kib| kib.trim().parse::<u64>().ok());
    kib.map(|kib| kib << 10).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// Without any WebSocket library.
struct Streams<'a> {
    target: &'a Target,
    config: Option<Arc<ClientConfig>>,
    streams: Vec<Box<dyn ReadWrite>>,
}

trait ReadWrite: Read + Write {}

impl<S: Read + Write> ReadWrite for S {}

impl Fleet for Streams<'_> {
    fn open(&mut self) -> io::Result<()> {
        let tcp = stream::connect(self.target)?;
        let mut stream: Box<dyn ReadWrite> = match &self.config {
            None => Box::new(tcp),
            Some(config) => Box::new(stream::tls(self.target, Arc::clone(config), tcp)?),
        };
        stream::open(self.target, &mut stream)?;
        self.streams.push(stream);
        Ok(())
    }

    fn echo(&mut self, connection: usize, payload: &[u8]) -> io::Result<()> {
        let frame = Frame::binary(payload);
        let stream = &mut self.streams[connection];
        stream.write_all(&frame.encode_masked([1, 2, 3, 4]))?;
        stream.read_exact(&mut frame.encode())
    }
}

fn grow_peer<L: Library>(target: &Target) -> io::Result<Growth> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    match target.authority.as_deref().map(stream::tls_config).transpose()? {
        None => grow(Peers {
            connect: || {
                runtime.block_on(async {
                    let mut tcp = stream::connect_tokio(target)?;
                    stream::open_tokio(target, &mut tcp).await?;
                    Ok(L::take_over(tcp, false).await)
                })
            },
            runtime: &runtime,
            connections: Vec::new(),
        }),
        Some(config) => grow(Peers {
            connect: || {
                runtime.block_on(async {
                    let tcp = stream::connect_tokio(target)?;
                    let mut tls = stream::tls_tokio(target, Arc::clone(&config), tcp).await?;
                    stream::open_tokio(target, &mut tls).await?;
                    Ok(L::take_over(tls, false).await)
                })
            },
            runtime: &runtime,
            connections: Vec::new(),
        }),
    }
}

struct Peers<'a, C, F> {
    connect: F,
    runtime: &'a Runtime,
    connections: Vec<C>,
}

impl<C: Connection, F: FnMut() -> io::Result<C>> Fleet for Peers<'_, C, F> {
    fn open(&mut self) -> io::Result<()> {
        self.connections.push((self.connect)()?);
        Ok(())
    }

    fn echo(&mut self, connection: usize, payload: &[u8]) -> io::Result<()> {
        let connection = &mut self.connections[connection];
        self.runtime.block_on(async {
            connection.send(C::message(&C::template(false, payload)?)).await?;
            connection.flush().await?;
            let answer = connection.receive().await?;
            if C::content(&answer) == payload { Ok(()) } else { Err(mismatch(C::content(&answer).len())) }
        })
    }
}

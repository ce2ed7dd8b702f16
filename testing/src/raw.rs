//! A server that does, byte by byte, what its script says: for everything a proper server never does.
//!
//! ```
//! use socket_task_testing::{frame::Frame, raw::Server};
//! let server = Server::tcp(|mut peer| {
//!     peer.open();
//!     peer.write(&Frame::text("half a message").not_final().encode());
//!     peer.reset();
//! });
//! let url = server.url("/");
//! # drop(url);
//! ```

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket2::SockRef;

use crate::frame::Frame;
use crate::http::{self, Request};

/// No script waits longer than this for its client.
const PATIENCE: Duration = Duration::from_secs(20);

/// A listening socket and the thread that runs the script on each connection, one after the other.
///
/// Dropping it waits for the running script, and fails the test when the script panicked.
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Runs `script` on each TCP connection.
    pub fn tcp(mut script: impl FnMut(Peer) + Send + 'static) -> Server {
        Server::start("ws", move |stream| script(Peer { stream: Stream::Plain(stream) }))
    }

    /// Runs `script` on each TCP connection that claims to be for TLS, without doing TLS: the URL is `wss:`.
    pub fn instead_of_tls(mut script: impl FnMut(Peer) + Send + 'static) -> Server {
        Server::start("wss", move |stream| script(Peer { stream: Stream::Plain(stream) }))
    }

    /// Runs `script` on each TLS connection. The TLS handshake happens at the script's first read or write;
    /// when the client breaks it off the script sees an end of the stream.
    pub fn tls(config: Arc<ServerConfig>, mut script: impl FnMut(Peer) + Send + 'static) -> Server {
        Server::start("wss", move |stream| {
            let session = ServerConnection::new(config.clone()).expect("a TLS session");
            script(Peer { stream: Stream::Tls(Box::new(StreamOwned::new(session, stream))) });
        })
    }

    fn start(scheme: &'static str, mut serve: impl FnMut(TcpStream) + Send + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("the port");
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let stream = stream.expect("an accepted connection");
                stream.set_read_timeout(Some(PATIENCE)).expect("a read timeout");
                stream.set_write_timeout(Some(PATIENCE)).expect("a write timeout");
                stream.set_nodelay(true).expect("TCP_NODELAY");
                serve(stream);
            }
        });
        Server { address, scheme, stop, thread: Some(thread) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL with this path.
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    /// Its URL with this path, by a host name instead of the IP address.
    pub fn url_for_host(&self, host: &str, path: &str) -> String {
        format!("{}://{host}:{}{path}", self.scheme, self.address.port())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread when it waits for a connection.
        let _ = TcpStream::connect(self.address);
        let ended = self.thread.take().map(JoinHandle::join);
        if let Some(Err(panic)) = ended
            && !thread::panicking()
        {
            std::panic::resume_unwind(panic);
        }
    }
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

/// The server's end of one connection.
///
/// Dropping it closes the connection; with unread bytes in the receive buffer that is a reset (RFC 1122,
/// section 4.2.2.13), so scripts that mean FIN say [`Peer::finish`].
pub struct Peer {
    stream: Stream,
}

impl Peer {
    fn tcp(&self) -> &TcpStream {
        match &self.stream {
            Stream::Plain(stream) => stream,
            Stream::Tls(stream) => &stream.sock,
        }
    }

    /// Reads the head of a request; `None` when the connection ended before.
    pub fn read_request(&mut self) -> Option<Request> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            match self.read(&mut byte) {
                Ok(1..) => head.push(byte[0]),
                _ => return None,
            }
        }
        Some(Request::new(&head))
    }

    /// Reads a request and answers it as it should be answered.
    ///
    /// # Panics
    /// When the connection ended before the end of the request.
    pub fn open(&mut self) -> Request {
        self.open_with(&[], b"")
    }

    /// Like [`Peer::open`]; `None` when the connection ended before the end of the request.
    pub fn try_open(&mut self) -> Option<Request> {
        let request = self.read_request()?;
        self.write(&http::switching_protocols(&request, &[]));
        Some(request)
    }

    /// Reads a request and opens the WebSocket with these header fields in addition, and with `behind` in the
    /// same TCP segment as the response.
    ///
    /// # Panics
    /// When the connection ended before the end of the request.
    pub fn open_with(&mut self, headers: &[(&str, &str)], behind: &[u8]) -> Request {
        let request = self.read_request().expect("a request");
        let mut bytes = http::switching_protocols(&request, headers);
        bytes.extend_from_slice(behind);
        self.write(&bytes);
        request
    }

    /// Writes all of `bytes` at once. A client that is gone is no error.
    pub fn write(&mut self, bytes: &[u8]) {
        let _ = Write::write_all(self, bytes).and_then(|()| self.flush());
    }

    /// Writes one byte at a time, `gap` apart, until all are out or the client is gone.
    pub fn drip(&mut self, bytes: &[u8], gap: Duration) {
        for byte in bytes {
            if Write::write_all(self, &[*byte]).and_then(|()| self.flush()).is_err() {
                return;
            }
            thread::sleep(gap);
        }
    }

    /// Writes one frame.
    pub fn send(&mut self, frame: &Frame) {
        self.write(&frame.encode());
    }

    /// Reads one frame; `None` when the connection ended.
    pub fn receive(&mut self) -> Option<Frame> {
        Frame::read(self).ok()
    }

    /// Reads frames up to the client's Close; `None` when the connection ended without one.
    pub fn receive_close(&mut self) -> Option<Frame> {
        loop {
            let frame = self.receive()?;
            if frame.opcode == crate::frame::opcode::CLOSE {
                return Some(frame);
            }
        }
    }

    /// Reads until the client closes its side and throws away what comes; true when it ended with FIN,
    /// false when it was reset.
    ///
    /// # Panics
    /// When nothing comes for 20 seconds.
    pub fn wait_for_end(&mut self) -> bool {
        let mut buffer = [0; 16 << 10];
        loop {
            match self.read(&mut buffer) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) if is_timeout(&error) => panic!("the client still holds the connection"),
                Err(error) => return error.kind() == io::ErrorKind::UnexpectedEof,
            }
        }
    }

    /// Closes this side, after TLS's close_notify with TLS; what the client still sends can be read.
    pub fn end(&mut self) {
        if let Stream::Tls(stream) = &mut self.stream {
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
        let _ = self.tcp().shutdown(Shutdown::Write);
    }

    /// Closes this side, then waits for the client's end.
    pub fn finish(mut self) {
        self.end();
        self.wait_for_end();
    }

    /// Closes the TCP connection without a word of TLS, then waits for the client's end.
    pub fn truncate(mut self) {
        let _ = self.tcp().shutdown(Shutdown::Write);
        self.wait_for_end();
    }

    /// Limits what the operating system keeps of bytes that were not read yet. Left alone, some systems grow that to many
    /// megabytes.
    pub fn keep_at_most(&self, bytes: usize) {
        SockRef::from(self.tcp()).set_recv_buffer_size(bytes).expect("SO_RCVBUF");
    }

    /// Resets the TCP connection.
    pub fn reset(self) {
        SockRef::from(self.tcp()).set_linger(Some(Duration::ZERO)).expect("SO_LINGER");
    }
}

impl Read for Peer {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.stream {
            Stream::Plain(stream) => stream.read(buffer),
            Stream::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Peer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.stream {
            Stream::Plain(stream) => stream.write(bytes),
            Stream::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.stream {
            Stream::Plain(stream) => stream.flush(),
            Stream::Tls(stream) => stream.flush(),
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

/// A listening socket that nobody accepts from and whose queue is full: connecting to it takes forever.
pub struct FullBacklog {
    listener: TcpListener,
    _queued: Vec<socket2::Socket>,
}

impl Default for FullBacklog {
    fn default() -> FullBacklog {
        FullBacklog::new()
    }
}

impl FullBacklog {
    /// Listens on a free port of 127.0.0.1 and fills the queue.
    pub fn new() -> FullBacklog {
        FullBacklog::at(SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    /// Listens on this IPv4 address and fills the queue.
    pub fn at(address: SocketAddr) -> FullBacklog {
        let new_socket = || {
            socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a TCP socket")
        };
        let listener = new_socket();
        listener.bind(&address.into()).expect("a free port");
        // Linux queues one connection more than it is told.
        listener.listen(0).expect("a listening socket");
        let listener = TcpListener::from(listener);
        let address = listener.local_addr().expect("the port");
        let mut queued = Vec::new();
        loop {
            let socket = new_socket();
            let connected = socket.connect_timeout(&address.into(), Duration::from_millis(200));
            queued.push(socket);
            match connected {
                Ok(()) => assert!(queued.len() < 100, "the queue has no end"),
                Err(_) => return FullBacklog { listener, _queued: queued },
            }
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.listener.local_addr().expect("the port")
    }

    /// Its `ws:` URL.
    pub fn url(&self) -> String {
        format!("ws://{}/", self.address())
    }
}

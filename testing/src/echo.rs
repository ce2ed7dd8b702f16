//! An echo server on tokio-tungstenite, over TCP and TLS, with a path for each thing that a test may want the
//! server to do. The paths are listed in the crate's README.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rustls::ServerConfig;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::machine::TryParse;
use tokio_tungstenite::tungstenite::handshake::server::{Request as HttpRequest, create_response};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Utf8Bytes};

use crate::compressed;
use crate::frame::Frame;
use crate::http::{self, Request};

/// The largest message that is echoed, in bytes.
pub const MAX_MESSAGE_SIZE: usize = 256 << 20;

/// Echo servers on ports of this machine; they end when this is dropped.
pub struct Echo {
    runtime: Runtime,
}

impl Default for Echo {
    fn default() -> Echo {
        Echo::new()
    }
}

impl Echo {
    /// Starts the threads of the servers; there are no servers yet.
    pub fn new() -> Echo {
        Echo { runtime: start_runtime("echo-server") }
    }

    /// Serves `ws:` on a free port of 127.0.0.1.
    pub fn tcp(&self) -> SocketAddr {
        listen(&self.runtime, |stream| async {
            converse(stream).await;
        })
    }

    /// Serves `wss:` on a free port of 127.0.0.1.
    pub fn tls(&self, config: Arc<ServerConfig>) -> SocketAddr {
        let acceptor = TlsAcceptor::from(config);
        listen(&self.runtime, move |stream| {
            let acceptor = acceptor.clone();
            async move {
                // A client that does not like the certificate breaks off here.
                if let Ok(stream) = acceptor.accept(stream).await {
                    converse(stream).await;
                }
            }
        })
    }
}

/// The threads of some servers.
pub(crate) fn start_runtime(name: &str) -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name(name)
        .enable_all()
        .build()
        .expect("a runtime")
}

/// Listens on a free port of 127.0.0.1 until `runtime` ends, and runs `serve` for each connection.
pub(crate) fn listen<F>(runtime: &Runtime, serve: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
    let address = listener.local_addr().expect("the port");
    runtime.spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let _ = stream.set_nodelay(true);
                    tokio::spawn(serve(stream));
                }
                // Out of file descriptors, or a connection that is gone again: the next may do better.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    });
    address
}

/// The stream of a connection, with the TCP connection at its bottom in reach.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {
    fn tcp(&self) -> SockRef<'_>;
}

impl Stream for TcpStream {
    fn tcp(&self) -> SockRef<'_> {
        SockRef::from(self)
    }
}

impl Stream for TlsStream<TcpStream> {
    fn tcp(&self) -> SockRef<'_> {
        SockRef::from(self.get_ref().0)
    }
}

/// Serves one connection from the request to its end. Its errors concern the client alone.
async fn converse(mut stream: impl Stream) {
    let Ok((request, head)) = read_head(&mut stream).await else { return };
    let _ = match request.path() {
        "/status" => refuse(stream, &request).await,
        "/redirect" => {
            let to = request.parameter("to").unwrap_or_default();
            let status = request.number("status", 302) as u16;
            write_and_end(stream, &http::response(status, &[("Location", &to)], b"")).await
        }
        "/wrong-accept" => {
            let wrong = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                         Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n";
            write_and_end(stream, wrong.as_bytes()).await
        }
        "/bad-protocol" => {
            let headers = [("Sec-WebSocket-Protocol", "never-offered")];
            write_and_end(stream, &http::switching_protocols(&request, &headers)).await
        }
        "/bad-extension" => {
            let headers = [("Sec-WebSocket-Extensions", "never-offered")];
            write_and_end(stream, &http::switching_protocols(&request, &headers)).await
        }
        "/deflate" => compressed::echo(stream, &request).await,
        "/silent" => wait_for_end(&mut stream).await,
        "/deaf" => {
            let opened = stream.write_all(&http::switching_protocols(&request, &[])).await;
            std::future::pending::<()>().await;
            opened
        }
        "/late" => {
            let _ = stream.write_all(&http::switching_protocols(&request, &[])).await;
            loop {
                tokio::time::sleep(Duration::from_millis(request.number("ms", 1000))).await;
                let said = stream.write_all(&Frame::text("late").encode()).await;
                if said.is_err() {
                    break said;
                }
            }
        }
        _ => open(stream, &request, &head).await,
    };
}

/// Reads a request up to and including the blank line.
pub(crate) async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<(Request, Vec<u8>)> {
    let mut head = Vec::with_capacity(1 << 10);
    // A client sends nothing behind its request before it has the answer.
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut head).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok((Request::new(&head), head))
}

async fn refuse(stream: impl Stream, request: &Request) -> io::Result<()> {
    let status = request.number("code", 403) as u16;
    let body = request.parameter("body").unwrap_or_else(|| format!("refused with {status}"));
    let headers = [("Content-Type", "text/plain"), ("WWW-Authenticate", "Basic realm=\"test\"")];
    let headers = if status == 401 { &headers[..] } else { &headers[..1] };
    write_and_end(stream, &http::response(status, headers, body.as_bytes())).await
}

async fn write_and_end(mut stream: impl Stream, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes).await?;
    stream.shutdown().await?;
    wait_for_end(&mut stream).await
}

async fn wait_for_end(stream: &mut impl Stream) -> io::Result<()> {
    let mut buffer = vec![0; 16 << 10];
    while stream.read(&mut buffer).await? > 0 {}
    Ok(())
}

/// Opens the WebSocket as tungstenite sees fit and does what the path says.
async fn open(mut stream: impl Stream, request: &Request, head: &[u8]) -> io::Result<()> {
    let parsed = HttpRequest::try_parse(head).ok().flatten().map(|(_, parsed)| create_response(&parsed));
    if !matches!(parsed, Some(Ok(_))) {
        let reason = format!("this is no opening handshake: {parsed:?}");
        return write_and_end(stream, &http::response(400, &[], reason.as_bytes())).await;
    }
    tokio::time::sleep(Duration::from_millis(request.number("delay", 0))).await;
    let mut headers = vec![("Set-Cookie", "first=1"), ("Set-Cookie", "second=2"), ("X-Test", "yes")];
    if let Some(protocol) = request.protocols().first() {
        headers.push(("Sec-WebSocket-Protocol", protocol));
    }
    stream.write_all(&http::switching_protocols(request, &headers)).await?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE_SIZE))
        .max_frame_size(Some(MAX_MESSAGE_SIZE));
    let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
    perform(socket, request).await.map_err(|error| match error {
        Error::Io(error) => error,
        error => io::Error::other(error),
    })
}

async fn perform<S: Stream>(mut socket: WebSocketStream<S>, request: &Request) -> Result<(), Error> {
    match request.path() {
        "/headers" => socket.send(Message::text(request.head())).await?,
        "/close" => return close(socket, request).await,
        "/close-on-message" => {
            socket.next().await;
            return close(socket, request).await;
        }
        "/reset" => {
            let _ = socket.get_ref().tcp().set_linger(Some(Duration::ZERO));
            return Ok(());
        }
        "/fin" => {
            socket.get_mut().shutdown().await?;
            return Ok(wait_for_end(socket.get_mut()).await?);
        }
        "/truncate" => {
            socket.get_ref().tcp().shutdown(std::net::Shutdown::Write)?;
            return Ok(wait_for_end(socket.get_mut()).await?);
        }
        "/close-payload" => {
            let payload = request.parameter("hex").and_then(|hex| bytes_of(&hex)).unwrap_or_default();
            let stream = socket.get_mut();
            stream.write_all(&[0x88, payload.len() as u8]).await?;
            stream.write_all(&payload).await?;
            return Ok(wait_for_end(stream).await?);
        }
        "/burst" => burst(&mut socket, request).await?,
        "/ping" => {
            let payload = request.parameter("data").unwrap_or_default();
            socket.send(Message::Ping(payload.into_bytes().into())).await?;
        }
        "/sink" => return sink(socket).await,
        _ => {}
    }
    echo(socket, Duration::from_millis(request.number("every", 0))).await
}

/// Sends back what comes, `gap` after each message, and each Pong's payload as the text `pong:…`.
async fn echo<S: Stream>(mut socket: WebSocketStream<S>, gap: Duration) -> Result<(), Error> {
    while let Some(message) = socket.next().await {
        match message? {
            message @ (Message::Text(_) | Message::Binary(_)) => socket.send(message).await?,
            Message::Pong(payload) => {
                let text = format!("pong:{}", String::from_utf8_lossy(&payload));
                socket.send(Message::text(text)).await?;
            }
            // tungstenite has queued the answer already.
            Message::Ping(_) | Message::Close(_) => socket.flush().await?,
            Message::Frame(_) => unreachable!("only sent, never received"),
        }
        if !gap.is_zero() {
            tokio::time::sleep(gap).await;
        }
    }
    Ok(())
}

/// The bytes that `hex` has two digits for each of.
fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()).collect()
}

async fn burst<S: Stream>(socket: &mut WebSocketStream<S>, request: &Request) -> Result<(), Error> {
    let size = request.number("size", 0) as usize;
    for number in 0..request.number("n", 100) {
        socket.feed(Message::text(format!("{number:0size$}"))).await?;
    }
    socket.flush().await
}

/// Takes messages without answering; the text `report` is answered with `messages=… bytes=…` so far.
async fn sink<S: Stream>(mut socket: WebSocketStream<S>) -> Result<(), Error> {
    let (mut messages, mut bytes) = (0_u64, 0_u64);
    while let Some(message) = socket.next().await {
        match message? {
            Message::Text(text) if text.as_str() == "report" => {
                socket.send(Message::text(format!("messages={messages} bytes={bytes}"))).await?;
            }
            Message::Close(_) => socket.flush().await?,
            message => {
                messages += 1;
                bytes += message.len() as u64;
            }
        }
    }
    Ok(())
}

async fn close<S: Stream>(mut socket: WebSocketStream<S>, request: &Request) -> Result<(), Error> {
    let frame = request.parameter("code").map(|_| CloseFrame {
        code: CloseCode::from(request.number("code", 1000) as u16),
        reason: Utf8Bytes::from(request.parameter("reason").unwrap_or_default()),
    });
    socket.close(frame).await?;
    while let Some(message) = socket.next().await {
        message?;
    }
    Ok(())
}

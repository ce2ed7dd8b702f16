//! The server that all clients talk to. It does as little as possible, so that the client is what is measured:
//! frames are encoded beforehand, and of what it receives it reads the headers and skips the rest.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use flate2::{Compress, Compression, FlushCompress};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket_task_testing::certificates::Certificates;
use socket_task_testing::frame::{Frame, RSV1};
use socket_task_testing::http::{Request, switching_protocols};

use crate::case::{self, Action, Case};

/// What is sent in one write, and read in one.
const BLOCK: usize = 256 << 10;

/// What the client sends when it is ready to receive.
pub const GO: &str = "go";

/// What the server sends when it has received all.
pub const DONE: &str = "done";

/// The extension that it agrees on where there is compression. Every message is compressed on its own, so that the same frame can be
/// sent again and again.
pub const EXTENSION: &str = "permessage-deflate; server_no_context_takeover";

/// Path of an echo that never ends, for the memory of idle connections.
pub const IDLE: &str = "/idle";

/// A running server.
pub struct Server {
    /// Where it listens.
    pub plain: SocketAddr,
    /// Where it listens with TLS.
    pub tls: SocketAddr,
    /// The certificate authority to trust, as PEM.
    pub authority: String,
}

impl Server {
    /// Starts to listen on two free ports of 127.0.0.1, in threads that run until the process ends.
    pub fn start() -> io::Result<Server> {
        let certificates = Certificates::generate();
        let config = certificates.good.server_config();
        let plain = listen(serve)?;
        let tls = listen(move |stream| serve_tls(stream, Arc::clone(&config)))?;
        Ok(Server { plain, tls, authority: certificates.authority.pem() })
    }
}

/// The path at which the server plays its part in a case.
pub fn path(case: &Case, messages: u64) -> String {
    format!("/{}/{messages}", case.id())
}

fn listen(serve: impl Fn(TcpStream) -> io::Result<()> + Clone + Send + 'static) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = serve.clone();
            // A client that goes away early says so itself, and fails the run.
            thread::spawn(move || serve(stream));
        }
    });
    Ok(address)
}

fn serve_tls(stream: TcpStream, config: Arc<ServerConfig>) -> io::Result<()> {
    let connection = ServerConnection::new(config).map_err(io::Error::other)?;
    stream.set_nodelay(true)?;
    serve(StreamOwned::new(connection, stream))
}

fn serve(mut stream: impl Read + Write) -> io::Result<()> {
    let request = read_request(&mut stream)?;
    let mut frames = Frames::new();
    if request.path() == IDLE {
        stream.write_all(&switching_protocols(&request, &[]))?;
        return echo(&mut stream, &mut frames, u64::MAX);
    }
    let mut path = request.path().trim_start_matches('/').split('/');
    let case = path.next().and_then(case::find);
    let messages = path.next().and_then(|number| number.parse().ok());
    let (Some(case), Some(messages)) = (case, messages) else {
        return stream.write_all(&socket_task_testing::http::response(404, &[], b""));
    };
    let extension = [("Sec-WebSocket-Extensions", EXTENSION)];
    let extensions = if case.deflate { &extension[..] } else { &[] };
    stream.write_all(&switching_protocols(&request, extensions))?;
    match case.action {
        Action::Receive => {
            let frame = server_frame(&case);
            frames.skip(&mut stream)?;
            flood(&mut stream, &frame, messages)?;
        }
        Action::Send => {
            for _ in 0..messages {
                frames.skip(&mut stream)?;
            }
            stream.write_all(&Frame::text(DONE).encode())?;
        }
        Action::Echo => echo(&mut stream, &mut frames, messages)?,
    }
    // Until the client has gone, whatever it says.
    io::copy(&mut stream, &mut io::sink()).map(|_| ())
}

fn read_request(stream: &mut impl Read) -> io::Result<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.extend_from_slice(&byte);
    }
    Ok(Request::new(&head))
}

/// The frame in which the server sends a message of the case.
pub fn server_frame(case: &Case) -> Vec<u8> {
    let frame = |payload| if case.is_text() { Frame::text(payload) } else { Frame::binary(payload) };
    if case.deflate {
        frame(deflate(&case.payload())).with_rsv(RSV1).encode()
    } else {
        frame(case.payload()).encode()
    }
}

/// The frame in which a client sends a message of the case.
pub fn client_frame(case: &Case) -> Vec<u8> {
    let frame = |payload| if case.is_text() { Frame::text(payload) } else { Frame::binary(payload) };
    let mask = [0x12, 0x34, 0x56, 0x78];
    if case.deflate {
        frame(deflate(&case.payload())).with_rsv(RSV1).encode_masked(mask)
    } else {
        frame(case.payload()).encode_masked(mask)
    }
}

/// The payload as RFC 7692, section 7.2.1 compresses it.
fn deflate(payload: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::with_capacity(payload.len() + 64);
    Compress::new(Compression::default(), false)
        .compress_vec(payload, &mut compressed, FlushCompress::Sync)
        .expect("deflate takes any bytes");
    compressed.truncate(compressed.len() - 4);
    compressed
}

/// As many copies of `frame` as make up a good write.
pub fn block_of(frame: &[u8]) -> Vec<u8> {
    frame.repeat((BLOCK / frame.len()).max(1))
}

/// Sends `frame` so many times.
pub fn flood(stream: &mut impl Write, frame: &[u8], messages: u64) -> io::Result<()> {
    let block = block_of(frame);
    let mut left = frame.len() as u64 * messages;
    while left > 0 {
        let part = usize::try_from(left).map_or(block.len(), |left| left.min(block.len()));
        stream.write_all(&block[..part])?;
        left -= part as u64;
    }
    stream.flush()
}

fn echo(stream: &mut (impl Read + Write), frames: &mut Frames, messages: u64) -> io::Result<()> {
    for _ in 0..messages {
        let frame = frames.read(stream)?;
        stream.write_all(&frame.encode())?;
        stream.flush()?;
    }
    Ok(())
}

/// Reads a client's frames in large blocks.
struct Frames {
    block: Vec<u8>,
    at: usize,
    end: usize,
}

impl Frames {
    fn new() -> Frames {
        Frames { block: Vec::new(), at: 0, end: 0 }
    }

    fn fill(&mut self, stream: &mut impl Read) -> io::Result<()> {
        // Not before something is to be read: a thousand idle connections have one each.
        self.block.resize(BLOCK, 0);
        self.block.copy_within(self.at..self.end, 0);
        self.end -= self.at;
        self.at = 0;
        let read = stream.read(&mut self.block[self.end..])?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.end += read;
        Ok(())
    }

    /// Reads a header and passes over the payload.
    fn skip(&mut self, stream: &mut impl Read) -> io::Result<()> {
        let (header, length) = loop {
            match masked_header(&self.block[self.at..self.end]) {
                Some(found) => break found,
                None => self.fill(stream)?,
            }
        };
        let mut left = header as u64 + length;
        loop {
            let here = left.min((self.end - self.at) as u64);
            self.at += here as usize;
            left -= here;
            if left == 0 {
                return Ok(());
            }
            self.fill(stream)?;
        }
    }

    /// Reads a whole frame.
    fn read(&mut self, stream: &mut impl Read) -> io::Result<Frame> {
        while self.at == self.end {
            self.fill(stream)?;
        }
        let mut bytes = self.block[self.at..self.end].chain(stream);
        let frame = Frame::read(&mut bytes)?;
        let (unread, _) = bytes.into_inner();
        self.at = self.end - unread.len();
        Ok(frame)
    }
}

/// The lengths of a client's header and of its payload.
fn masked_header(bytes: &[u8]) -> Option<(usize, u64)> {
    let &[_, second, ref rest @ ..] = bytes else { return None };
    let (header, length) = match second & 0x7F {
        126 => (4, u16::from_be_bytes(*rest.first_chunk()?).into()),
        127 => (10, u64::from_be_bytes(*rest.first_chunk()?)),
        short => (2, short.into()),
    };
    Some((header + 4, length))
}

//! A server, or who stands in its place, that says anything: whole connections over real sockets.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use data_encoding::BASE64;
use ring::digest;
use socket_task::options::{CookieJar, Proxy, ProxySource, Url};
use socket_task::wire::Message;
use socket_task::wire::deflate::DeflateOptions;
use socket_task::{Close, Error, Listener, Open, Options, Phase, Socket};

use super::Source;

const TIMEOUT: Duration = Duration::from_millis(500);
/// As good as never.
const TOO_LONG: Duration = Duration::from_secs(20);

/// What the server says to one connection.
#[derive(Clone)]
struct Script {
    /// Opens the WebSocket as RFC 6455 wants it, with these lines in the head, before the rest is said.
    opens: Option<Vec<u8>>,
    says: Vec<u8>,
    /// In pieces of so many bytes.
    step: usize,
}

struct Server {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
}

/// One for the process: a connection that is redirected comes back to it.
fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let script = Arc::new(Mutex::new(Script { opens: None, says: Vec::new(), step: 1 }));
        let scripts = Arc::clone(&script);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let script = scripts.lock().expect("no panic").clone();
                thread::spawn(move || drop(serve(stream, &script)));
            }
        });
        Server { address, script }
    })
}

fn serve(mut stream: TcpStream, script: &Script) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let mut request = Vec::new();
    if let Some(lines) = &script.opens {
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            request.push(byte[0]);
        }
        let request = String::from_utf8_lossy(&request);
        let key =
            request.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: ")).unwrap_or_default();
        let accepted = format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
        let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, accepted.as_bytes());
        write!(stream, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")?;
        write!(stream, "Sec-WebSocket-Accept: {}\r\n", BASE64.encode(hash.as_ref()))?;
        stream.write_all(lines)?;
        stream.write_all(b"\r\n")?;
    }
    for part in script.says.chunks(script.step) {
        stream.write_all(part)?;
    }
    stream.shutdown(Shutdown::Write)?;
    // What the client still has to say would be a reset otherwise.
    while stream.read(&mut [0; 4096])? > 0 {}
    Ok(())
}

#[derive(Debug)]
enum Event {
    Open,
    Message,
    Error(Phase),
    Close(u16, bool),
    Release,
}

struct Recorder(Sender<Event>);

impl Listener for Recorder {
    fn on_open(&mut self, _: &Open) {
        let _ = self.0.send(Event::Open);
    }
    fn on_message(&mut self, message: Message<'_>) {
        assert!(message.as_bytes().len() <= MAX_MESSAGE_SIZE);
        let _ = self.0.send(Event::Message);
    }
    fn on_error(&mut self, error: &Error) {
        let _ = self.0.send(Event::Error(error.phase));
    }
    fn on_close(&mut self, close: &Close) {
        let _ = self.0.send(Event::Close(close.code, close.was_clean));
    }
    fn on_release(&mut self) {
        let _ = self.0.send(Event::Release);
    }
}

const MAX_MESSAGE_SIZE: usize = 4096;

/// Reads what comes to its end, and holds the order of events against what [`Listener`] promises.
fn check(events: &Receiver<Event>) {
    let (mut opened, mut failed) = (false, false);
    loop {
        match events.recv_timeout(TOO_LONG).expect("it comes to an end") {
            Event::Open => {
                assert!(!opened && !failed);
                opened = true;
            }
            Event::Message => assert!(opened && !failed),
            Event::Error(phase) => {
                assert!(!failed);
                assert_eq!(
                    opened,
                    matches!(phase, Phase::Protocol | Phase::Closed | Phase::Timeout),
                    "{phase:?}"
                );
                failed = true;
            }
            Event::Close(code, clean) => {
                // A server may say any code that RFC 6455 lets it say, 1005 none, and 1006 is for what had no Close frame.
                assert!(matches!(code, 1000..=1014 | 3000..=4999), "{code}");
                assert!(!clean || (opened && code != 1006));
                assert!(failed || clean || opened, "why it ended is told");
                break;
            }
            Event::Release => panic!("released before it has ended"),
        }
    }
}

/// Any bytes from a server in any part of a connection's life: in the place of its answer, in the head of a good one, behind it,
/// as a redirect, as the answer of an HTTP proxy or of a SOCKS one. No panic; the listener hears what it was promised, in time.
pub fn server_says(data: &[u8]) {
    let mut source = Source(data);
    let (kind, choice) = (source.byte() % 6, source.byte());
    let step = usize::from(source.byte() % 64) + 1;
    let server = server();
    let mut options = Options::new(Url::parse(&format!("ws://{}/path", server.address)).expect("a URL"));
    options.timeout = TIMEOUT;
    options.close_timeout = TIMEOUT;
    options.max_message_size = MAX_MESSAGE_SIZE;
    if choice & 1 != 0 {
        options.per_message_deflate = Some(DeflateOptions::default());
    }
    if choice & 2 != 0 {
        options.protocols = vec!["chat".into(), "v2".into()];
    }
    if choice & 4 != 0 {
        options.cookies = Some(Arc::new(Jar));
    }
    let mut script = Script { opens: None, says: source.0.to_vec(), step };
    match kind {
        0 => {}
        1 => script.opens = Some(Vec::new()),
        2 => {
            let length = usize::from(source.byte());
            script.opens = Some(source.bytes(length).to_vec());
            script.says = source.0.to_vec();
        }
        3 => {
            options.follow_redirects = 3;
            // To this server always: a fuzzer has no business elsewhere.
            let own = [&format!("http://{}/", server.address), &format!("ws://{}/", server.address)];
            let place = [own[0].as_str(), own[1].as_str(), "/x", "x", "?"][usize::from(choice >> 4) % 5];
            let mut says = format!("HTTP/1.1 302 Found\r\nLocation: {place}").into_bytes();
            says.extend(source.0);
            says.extend(b"\r\nContent-Length: 0\r\n\r\n");
            script.says = says;
        }
        4 | 5 => {
            let scheme = if kind == 4 { "http" } else { "socks5" };
            let user = if choice & 8 == 0 { "" } else { "user:password@" };
            let proxy = Proxy::parse(&format!("{scheme}://{user}{}", server.address)).expect("a proxy's URL");
            options.proxy = ProxySource::Fixed(proxy);
            options.url = Url::parse("ws://server.test/path").expect("a URL");
        }
        _ => unreachable!(),
    }
    *server.script.lock().expect("no panic") = script;
    let (sender, events) = channel();
    let socket = Socket::connect(options, Recorder(sender)).expect("the options are good");
    check(&events);
    socket.release();
    assert!(matches!(events.recv_timeout(TOO_LONG), Ok(Event::Release)));
    assert!(events.recv_timeout(TOO_LONG).is_err(), "nothing comes behind");
}

#[derive(Debug)]
struct Jar;

impl CookieJar for Jar {
    fn cookies(&self, _: &Url) -> Option<String> {
        Some("id=1".into())
    }
    fn set_cookies(&self, _: &Url, values: &[String]) {
        assert!(values.iter().all(|value| !value.contains(['\r', '\n'])));
    }
}

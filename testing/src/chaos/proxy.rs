use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::Random;
use crate::echo::listen;

/// What becomes of a connection, sooner or later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing.
    Lives,
    /// Both sides see the end of the stream.
    Cut,
    /// Both sides see a reset.
    Reset,
    /// Nothing goes through for a while, and then it does again.
    Stalls,
    /// Nothing goes through any more, and nobody is told.
    Freezes,
    /// One side sees the end of the stream, and the other goes on.
    HalfCloses,
    /// It is accepted and closed at once.
    Refuses,
    /// It is accepted, and nothing follows.
    Ignores,
    /// The request is answered with HTTP 503.
    Unavailable,
}

/// All that can become of one; what is there twice is twice as likely.
const FATES: [Fate; 12] = [
    Fate::Lives,
    Fate::Lives,
    Fate::Lives,
    Fate::Cut,
    Fate::Cut,
    Fate::Reset,
    Fate::Stalls,
    Fate::Freezes,
    Fate::HalfCloses,
    Fate::Refuses,
    Fate::Ignores,
    Fate::Unavailable,
];

const UNAVAILABLE: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";

/// A proxy of TCP connections whose fates a seed decides.
#[derive(Clone)]
pub struct Proxy(Arc<State>);

struct State {
    server: SocketAddr,
    seed: Mutex<Random>,
    /// Changes when every connection is cut.
    cuts: watch::Sender<u64>,
    is_down: AtomicBool,
    is_calm: AtomicBool,
    /// Connections that are being carried.
    carried: AtomicU64,
    begun: Instant,
    /// When connections came, in milliseconds.
    arrivals: Mutex<Vec<u64>>,
}

impl Proxy {
    /// Starts one before `server`.
    ///
    /// # Panics
    /// Without a port.
    pub fn before(runtime: &Runtime, server: SocketAddr, seed: u64) -> (Proxy, SocketAddr) {
        let proxy = Proxy(Arc::new(State {
            server,
            seed: Mutex::new(Random::new(seed)),
            cuts: watch::Sender::new(0),
            is_down: AtomicBool::new(false),
            is_calm: AtomicBool::new(false),
            carried: AtomicU64::new(0),
            begun: Instant::now(),
            arrivals: Mutex::new(Vec::new()),
        }));
        let accepting = proxy.clone();
        let address = listen(runtime, move |client| accepting.accept(client));
        (proxy, address)
    }

    /// Cuts all connections, and takes no new ones until [`Proxy::come_back`].
    pub fn go_down(&self) {
        self.0.is_down.store(true, Ordering::SeqCst);
        self.0.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Takes connections again.
    pub fn come_back(&self) {
        self.0.is_down.store(false, Ordering::SeqCst);
    }

    /// From now on nothing becomes of new connections, and those that there are are cut.
    pub fn calm_down(&self) {
        self.0.is_calm.store(true, Ordering::SeqCst);
        self.0.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// How many connections are carried now.
    pub fn carried(&self) -> u64 {
        self.0.carried.load(Ordering::SeqCst)
    }

    /// When connections came, in milliseconds since the start.
    pub fn arrivals(&self) -> Vec<u64> {
        self.0.arrivals.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What becomes of a connection is decided in the order in which they come.
    fn accept(&self, client: TcpStream) -> impl Future<Output = ()> + Send + use<> {
        let state = Arc::clone(&self.0);
        let arrival = u64::try_from(state.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        state.arrivals.lock().unwrap_or_else(PoisonError::into_inner).push(arrival);
        let is_down = state.is_down.load(Ordering::SeqCst);
        let met = (!is_down).then(|| {
            let mut random = state.seed.lock().unwrap_or_else(PoisonError::into_inner).branch();
            let fate = match state.is_calm.load(Ordering::SeqCst) {
                true => Fate::Lives,
                false => FATES[random.within(0..FATES.len() as u64) as usize],
            };
            (fate, random)
        });
        async move {
            let Some((fate, random)) = met else { return };
            state.carried.fetch_add(1, Ordering::SeqCst);
            let mut cuts = state.cuts.subscribe();
            tokio::select! {
                _ = cuts.changed() => {}
                _ = meet(client, state.server, fate, random) => {}
            }
            state.carried.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

async fn meet(mut client: TcpStream, server: SocketAddr, fate: Fate, mut random: Random) -> io::Result<()> {
    match fate {
        Fate::Refuses => return Ok(()),
        Fate::Ignores => return read_to_end(&mut client).await,
        Fate::Unavailable => {
            let mut request = [0; 2048];
            let _ = client.read(&mut request).await?;
            return client.write_all(UNAVAILABLE).await;
        }
        _ => {}
    }
    let server = TcpStream::connect(server).await?;
    if fate == Fate::Reset {
        for socket in [SockRef::from(&client), SockRef::from(&server)] {
            socket.set_linger(Some(Duration::ZERO))?;
        }
    }
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    let (mut up, mut down) = (Pipe(from_client, to_server), Pipe(from_server, to_client));
    let healthy = Duration::from_millis(random.within(10..1_500));
    match fate {
        Fate::Cut | Fate::Reset => {
            let _ = timeout(healthy, carry(&mut up, &mut down)).await;
        }
        Fate::Stalls => {
            // Where the time is over in the middle of a copy, the rest is lost to both: what was read is written first.
            carry_for(healthy, &mut up, &mut down).await?;
            sleep(Duration::from_millis(random.within(50..900))).await;
            carry(&mut up, &mut down).await?;
        }
        Fate::Freezes => {
            carry_for(healthy, &mut up, &mut down).await?;
            // Until all connections are cut, or the client has given this one up.
            std::future::pending().await
        }
        Fate::HalfCloses => {
            carry_for(healthy, &mut up, &mut down).await?;
            let mut ending = if random.within(0..2) == 0 { &mut up } else { &mut down };
            ending.1.shutdown().await?;
            ending = if ending.1.peer_addr()? == up.1.peer_addr()? { &mut down } else { &mut up };
            ending.copy(None).await?;
        }
        _ => carry(&mut up, &mut down).await?,
    }
    Ok(())
}

async fn read_to_end(stream: &mut TcpStream) -> io::Result<()> {
    let mut bytes = [0; 4096];
    while stream.read(&mut bytes).await? > 0 {}
    Ok(())
}

/// One direction.
struct Pipe(OwnedReadHalf, OwnedWriteHalf);

impl Pipe {
    /// Until its end, or until the time is over; what was read is written.
    async fn copy(&mut self, end: Option<Instant>) -> io::Result<bool> {
        let mut bytes = [0; 16 << 10];
        loop {
            let read = match end {
                None => self.0.read(&mut bytes).await?,
                Some(end) => {
                    match timeout(end.saturating_duration_since(Instant::now()), self.0.read(&mut bytes))
                        .await
                    {
                        Ok(read) => read?,
                        Err(_) => return Ok(true),
                    }
                }
            };
            if read == 0 {
                self.1.shutdown().await?;
                return Ok(false);
            }
            self.1.write_all(&bytes[..read]).await?;
        }
    }
}

/// Until both sides have ended.
async fn carry(up: &mut Pipe, down: &mut Pipe) -> io::Result<()> {
    tokio::try_join!(up.copy(None), down.copy(None)).map(drop)
}

/// For so long. Fails when it has ended before.
async fn carry_for(time: Duration, up: &mut Pipe, down: &mut Pipe) -> io::Result<()> {
    let end = Instant::now() + time;
    match tokio::try_join!(up.copy(Some(end)), down.copy(Some(end)))? {
        (true, true) => Ok(()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

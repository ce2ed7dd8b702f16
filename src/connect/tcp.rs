//! A TCP connection, and what the operating system knows of its sending direction.

use std::ffi::c_int;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

/// A TCP connection that counts what was written.
#[derive(Debug)]
pub(crate) struct Tcp {
    stream: TcpStream,
    /// Bytes that the operating system has taken.
    written: u64,
}

impl Tcp {
    pub(crate) fn new(stream: TcpStream) -> Tcp {
        Tcp { stream, written: 0 }
    }

    /// Bytes that the operating system has taken.
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    /// How many of them the peer has not acknowledged.
    pub(super) fn unacknowledged(&self) -> u64 {
        send_queue(&self.stream).and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0).min(self.written)
    }

    fn count(&mut self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = written {
            self.written += bytes as u64;
        }
        written
    }
}

impl AsyncRead for Tcp {
    #[inline]
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Tcp {
    #[inline]
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.count(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = poll_send_vectored(&self.stream, cx, bufs);
        self.count(written)
    }

    /// TLS writes the records of a large message by this in one go.
    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Reports a broken pipe as an error. Without it the system raises SIGPIPE, which ends a program that does not ignore it.
/// Platforms without this flag have an option of the socket, which is set when it is made.
#[cfg(any(target_os = "android", target_os = "linux"))]
const NO_SIGNAL: c_int = libc::MSG_NOSIGNAL;
#[cfg(not(any(target_os = "android", target_os = "linux")))]
const NO_SIGNAL: c_int = 0;

/// As `writev`, which is what tokio does, but without SIGPIPE.
fn poll_send_vectored(
    stream: &TcpStream,
    cx: &mut Context<'_>,
    bufs: &[IoSlice<'_>],
) -> Poll<io::Result<usize>> {
    loop {
        ready!(stream.poll_write_ready(cx))?;
        let send = || SockRef::from(stream).send_vectored_with_flags(bufs, NO_SIGNAL);
        match stream.try_io(Interest::WRITABLE, send) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            sent => return Poll::Ready(sent),
        }
    }
}

/// Bytes that the operating system keeps for the peer, on their way included. `None` where it does not tell.
#[cfg(any(target_os = "android", target_os = "linux"))]
#[allow(unsafe_code)]
fn send_queue(stream: &TcpStream) -> Option<c_int> {
    use std::os::fd::AsRawFd;

    let mut bytes: c_int = 0;
    // SAFETY: the descriptor is open for as long as `stream` is borrowed, and this request (SIOCOUTQ, which has the
    // number of TIOCOUTQ) writes one int.
    let result = unsafe { libc::ioctl(stream.as_raw_fd(), libc::TIOCOUTQ, &raw mut bytes) };
    (result == 0).then_some(bytes)
}

#[cfg(target_vendor = "apple")]
#[allow(unsafe_code)]
fn send_queue(stream: &TcpStream) -> Option<c_int> {
    use std::os::fd::AsRawFd;

    let mut bytes: c_int = 0;
    let mut size = size_of::<c_int>() as libc::socklen_t;
    // SAFETY: the descriptor is open for as long as `stream` is borrowed, and this option writes one int, to where
    // there is room for `size` bytes, and `size` itself.
    let result = unsafe {
        libc::getsockopt(
            stream.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_NWRITE,
            (&raw mut bytes).cast(),
            &raw mut size,
        )
    };
    (result == 0).then_some(bytes)
}

#[cfg(not(any(target_os = "android", target_os = "linux", target_vendor = "apple")))]
fn send_queue(_: &TcpStream) -> Option<c_int> {
    None
}

// Where the queue can be asked for.
#[cfg(any(target_os = "android", target_os = "linux", target_vendor = "apple"))]
#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn knows_what_the_peer_has_not_acknowledged() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (stream, accepted) =
            tokio::join!(TcpStream::connect(listener.local_addr().unwrap()), listener.accept());
        let (mut tcp, (mut peer, _)) = (Tcp::new(stream.unwrap()), accepted.unwrap());
        let data = vec![0; 1 << 20];
        // Until the buffers of both ends are full.
        let written = std::future::poll_fn(|cx| {
            while let Poll::Ready(written) = Pin::new(&mut tcp).poll_write(cx, &data) {
                assert!(written.unwrap() > 0);
            }
            Poll::Ready(tcp.written())
        })
        .await;
        let waiting = tcp.unacknowledged();
        assert!(
            waiting > 0 && waiting < written,
            "the peer's system has taken the beginning: {waiting} of {written}"
        );
        peer.read_exact(&mut vec![0; written as usize]).await.unwrap();
        // The last acknowledgements come a little later.
        while tcp.unacknowledged() > 0 {
            tokio::task::yield_now().await;
        }
        tcp.write_all(b"more").await.unwrap();
        assert_eq!(tcp.written(), written + 4);
    }
}

//! Proxies that forward: HTTP `CONNECT` (RFC 9110, section 9.3.6), over TCP and TLS, and SOCKS 5 (RFC 1928).
//!
//! A host name that ends in `.test` leads to this machine. No resolver knows such names (RFC 6761, section 6.2), so a
//! client that reaches one has gone through the proxy and has left the look-up to it.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

use crate::echo::{listen, read_head, start_runtime};
use crate::http;

/// The user that a proxy with [`Access::Password`] knows, and the password.
pub const CREDENTIALS: (&str, &str) = ("user", "password");

/// [`CREDENTIALS`] in the `Basic` scheme (RFC 7617).
const BASIC: &str = "Basic dXNlcjpwYXNzd29yZA==";

/// Who may use a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Free,
    /// Who gives [`CREDENTIALS`].
    Password,
}

/// Proxies on ports of this machine; they end when this is dropped.
pub struct Proxies {
    runtime: Runtime,
}

impl Default for Proxies {
    fn default() -> Proxies {
        Proxies::new()
    }
}

impl Proxies {
    /// Starts the threads of the proxies; there are no proxies yet.
    pub fn new() -> Proxies {
        Proxies { runtime: start_runtime("proxy") }
    }

    /// An HTTP proxy on a free port of 127.0.0.1.
    pub fn http(&self, access: Access) -> SocketAddr {
        listen(&self.runtime, move |stream| async move {
            let _ = serve_http(stream, access).await;
        })
    }

    /// The same over TLS.
    pub fn https(&self, config: Arc<ServerConfig>, access: Access) -> SocketAddr {
        let acceptor = TlsAcceptor::from(config);
        listen(&self.runtime, move |stream| {
            let acceptor = acceptor.clone();
            async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    let _ = serve_http(stream, access).await;
                }
            }
        })
    }

    /// A SOCKS 5 proxy on a free port of 127.0.0.1.
    pub fn socks(&self, access: Access) -> SocketAddr {
        listen(&self.runtime, move |stream| async move {
            let _ = serve_socks(stream, access).await;
        })
    }
}

/// Reaches the server that the client asks for.
async fn dial(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = match host.ends_with(".test") {
        true => TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await,
        false => TcpStream::connect((host, port)).await,
    }?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn serve_http(mut client: impl AsyncRead + AsyncWrite + Unpin, access: Access) -> io::Result<()> {
    let (request, _) = read_head(&mut client).await?;
    let refuse = |status, headers: &[(&str, &str)]| http::response(status, headers, b"");
    if access == Access::Password && request.header("Proxy-Authorization") != Some(BASIC) {
        client.write_all(&refuse(407, &[("Proxy-Authenticate", "Basic realm=\"test\"")])).await?;
        return client.shutdown().await;
    }
    let target = request.target().rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    let server = match target.filter(|_| request.head().starts_with("CONNECT ")) {
        Some((host, port)) => dial(host.trim_matches(['[', ']']), port).await.map_err(|_| 502),
        None => Err(400),
    };
    match server {
        Ok(mut server) => {
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
            copy_bidirectional(&mut client, &mut server).await.map(drop)
        }
        Err(status) => {
            client.write_all(&refuse(status, &[])).await?;
            client.shutdown().await
        }
    }
}

/// The numbers are those of RFC 1928 and RFC 1929.
async fn serve_socks(mut client: TcpStream, access: Access) -> io::Result<()> {
    client.read_u8().await?;
    let methods = read_counted(&mut client).await?;
    let method = if access == Access::Password { 2 } else { 0 };
    if !methods.contains(&method) {
        return client.write_all(&[5, 0xff]).await;
    }
    client.write_all(&[5, method]).await?;
    if access == Access::Password {
        client.read_u8().await?;
        let (user, password) = (read_counted(&mut client).await?, read_counted(&mut client).await?);
        let is_known =
            (user.as_slice(), password.as_slice()) == (CREDENTIALS.0.as_bytes(), CREDENTIALS.1.as_bytes());
        client.write_all(&[1, u8::from(!is_known)]).await?;
        if !is_known {
            return Ok(());
        }
    }
    let mut request = [0; 4];
    client.read_exact(&mut request).await?;
    let host = match request[3] {
        1 => Ipv4Addr::from_bits(client.read_u32().await?).to_string(),
        3 => String::from_utf8_lossy(&read_counted(&mut client).await?).into_owned(),
        _ => Ipv6Addr::from_bits(client.read_u128().await?).to_string(),
    };
    let port = client.read_u16().await?;
    let server = dial(&host, port).await;
    let reply = if server.is_ok() { 0 } else { 5 };
    client.write_all(&[5, reply, 0, 1, 127, 0, 0, 1, 0, 0]).await?;
    copy_bidirectional(&mut client, &mut server?).await.map(drop)
}

/// A length in one byte, and so many bytes.
async fn read_counted(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; stream.read_u8().await?.into()];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

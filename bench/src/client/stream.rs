//! What lies under the implementations that have no opening handshake of their own to measure: the TCP or TLS
//! connection, opened by a handshake written by hand.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsConnector;

use super::job::Target;
use super::outcome::mismatch;

/// A connected TCP stream.
pub fn connect(target: &Target) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(target.address)?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The same for tokio, to be called inside its runtime.
pub fn connect_tokio(target: &Target) -> io::Result<tokio::net::TcpStream> {
    let stream = connect(target)?;
    stream.set_nonblocking(true)?;
    tokio::net::TcpStream::from_std(stream)
}

/// What clients need for TLS with the server. One serves for all connections of a process.
pub fn tls_config(authority: &str) -> io::Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(authority.as_bytes()).map_err(io::Error::other)?)
        .map_err(io::Error::other)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn server_name(target: &Target) -> ServerName<'static> {
    target.address.ip().into()
}

/// A TLS stream that blocks.
pub fn tls(
    target: &Target,
    config: Arc<ClientConfig>,
    stream: TcpStream,
) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
    let connection = ClientConnection::new(config, server_name(target)).map_err(io::Error::other)?;
    Ok(StreamOwned::new(connection, stream))
}

/// A TLS stream of tokio.
pub async fn tls_tokio(
    target: &Target,
    config: Arc<ClientConfig>,
    stream: tokio::net::TcpStream,
) -> io::Result<tokio_rustls::client::TlsStream<tokio::net::TcpStream>> {
    TlsConnector::from(config).connect(server_name(target), stream).await
}

fn request(target: &Target) -> String {
    format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        target.path, target.address
    )
}

fn check_response(head: &[u8]) -> io::Result<()> {
    if head.starts_with(b"HTTP/1.1 101 ") { Ok(()) } else { Err(mismatch(String::from_utf8_lossy(head))) }
}

/// Opens the WebSocket. The server says nothing behind its response until it is asked to.
pub fn open(target: &Target, stream: &mut (impl Read + Write)) -> io::Result<()> {
    stream.write_all(request(target).as_bytes())?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.extend_from_slice(&byte);
    }
    check_response(&head)
}

/// The same on a stream of tokio.
pub async fn open_tokio(
    target: &Target,
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
) -> io::Result<()> {
    stream.write_all(request(target).as_bytes()).await?;
    stream.flush().await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    check_response(&head)
}

//! The body of a response that refuses what was asked for.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::{Instant, timeout_at};

use super::head::Head;
use crate::error::HttpResponse;

/// How long the body may keep the error waiting.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// The response with the first [`HttpResponse::BODY_LIMIT`] bytes of its body, or as many as come in `patience`,
/// [`PATIENCE`] at most. `begun` is what came together with the head.
pub(crate) async fn read<S: AsyncRead + Unpin>(
    stream: &mut S,
    head: Head,
    begun: Bytes,
    patience: Duration,
) -> HttpResponse {
    let body = read_body(stream, &head, begun, patience.min(PATIENCE)).await;
    HttpResponse { status: head.status, headers: head.fields, body }
}

/// The framing of a chunked body is removed.
async fn read_body<S: AsyncRead + Unpin>(
    stream: &mut S,
    head: &Head,
    begun: Bytes,
    patience: Duration,
) -> Vec<u8> {
    const LIMIT: usize = HttpResponse::BODY_LIMIT;
    if matches!(head.status, 100..200 | 204 | 304) {
        return Vec::new();
    }
    let chunked = head.lists("Transfer-Encoding", "chunked");
    let length = head.text("Content-Length").and_then(|text| text.parse::<usize>().ok());
    let wanted = match length {
        Some(length) if !chunked => length.min(LIMIT),
        _ => LIMIT,
    };
    let deadline = Instant::now() + patience;
    let mut raw = begun.to_vec();
    loop {
        let (mut body, ended) = if chunked { remove_chunks(&raw) } else { (raw.clone(), false) };
        let mut piece = [0; LIMIT];
        // A chunked body has at most as much framing as content before it is worth no more waiting.
        if ended || body.len() >= wanted || raw.len() >= 4 * LIMIT {
            body.truncate(wanted);
            return body;
        }
        match timeout_at(deadline, stream.read(&mut piece)).await {
            Ok(Ok(count)) if count > 0 => raw.extend_from_slice(&piece[..count]),
            _ => return body,
        }
    }
}

/// The content of the chunks (RFC 9112, section 7.1) that are there, and whether the last one is.
fn remove_chunks(mut raw: &[u8]) -> (Vec<u8>, bool) {
    let mut content = Vec::new();
    loop {
        match httparse::parse_chunk_size(raw) {
            Ok(httparse::Status::Complete((_, 0))) => return (content, true),
            Ok(httparse::Status::Complete((start, size))) => {
                let chunk = &raw[start..];
                let size = usize::try_from(size).unwrap_or(usize::MAX);
                let end = size.saturating_add(2);
                content.extend_from_slice(&chunk[..chunk.len().min(size)]);
                if chunk.len() < end {
                    return (content, false);
                }
                raw = &chunk[end..];
            }
            Ok(httparse::Status::Partial) => return (content, false),
            // Not chunked after all; there is nothing more to make sense of.
            Err(_) => return (content, true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_the_framing_of_chunks() {
        assert_eq!(
            remove_chunks(b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n"),
            (b"hello world".to_vec(), true)
        );
        assert_eq!(remove_chunks(b"5\r\nhello\r\nA\r\n wor"), (b"hello wor".to_vec(), false));
        assert_eq!(remove_chunks(b"5\r\nhello\r"), (b"hello".to_vec(), false));
        assert_eq!(remove_chunks(b""), (Vec::new(), false));
        assert_eq!(remove_chunks(b"ffffffffffffffff\r\nab"), (b"ab".to_vec(), false));
        assert_eq!(remove_chunks(b"no chunk"), (Vec::new(), true));
    }
}

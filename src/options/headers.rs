//! Checks of the header fields and sub-protocols that the application gives for the opening handshake.

use super::secret::Secret;
use crate::error::Refused;
use crate::wire::token::is_token;

/// A header field: its name, and its value, which may be a token or a cookie.
pub type Field = (String, Secret<String>);

/// Checks a header field: the name is a token (RFC 9110, section 5.1), the value holds no control
/// character but the tab, and the field is not one that the handshake sets itself, or that frames messages.
///
/// # Errors
/// [`Refused::InvalidArgument`], which names the field.
pub fn check(name: &str, value: &str) -> Result<(), Refused> {
    check_name(name)?;
    if is_reserved(name) {
        return Err(invalid(format!("the header {name} is set by the opening handshake itself")));
    }
    if OF_FRAMING.iter().any(|framing| name.eq_ignore_ascii_case(framing)) {
        return Err(invalid(format!(
            "the header {name} frames messages of HTTP, which the opening handshake has not"
        )));
    }
    check_value(name, value)
}

/// Checks a header field of the `CONNECT` request to a proxy: as [`check`], but what it sets itself is `Host`, and some
/// proxies want `Connection` or `Proxy-Connection`.
///
/// # Errors
/// [`Refused::InvalidArgument`], which names the field.
pub fn check_for_proxy(name: &str, value: &str) -> Result<(), Refused> {
    check_name(name)?;
    let refused = ["host", "content-length", "expect", "te", "trailer", "transfer-encoding", "upgrade"];
    if refused.iter().any(|refused| name.eq_ignore_ascii_case(refused)) {
        return Err(invalid(format!(
            "the header {name} is not the app's to choose in the request to a proxy"
        )));
    }
    check_value(name, value)
}

fn check_name(name: &str) -> Result<(), Refused> {
    if is_token(name) {
        return Ok(());
    }
    // A whole line given as a name has the value in it.
    let start: String = name.chars().take_while(|c| is_token(c.encode_utf8(&mut [0; 4]))).collect();
    Err(invalid(format!("the header name {start:?}… is not valid")))
}

fn check_value(name: &str, value: &str) -> Result<(), Refused> {
    if let Some(control) = value.chars().find(|&c| c.is_ascii_control() && c != '\t') {
        return Err(invalid(format!(
            "the value of the header {name} contains the control character U+{:04X}",
            control as u32
        )));
    }
    Ok(())
}

/// The opening handshake's own fields (RFC 6455, section 4.1), besides `Sec-WebSocket-…`.
const OF_THE_HANDSHAKE: [&str; 3] = ["host", "connection", "upgrade"];

/// Fields that frame a message or belong to one connection (RFC 9110, section 7.6.1; RFC 9112, section 6). In a request
/// without content they are at best without meaning, and at worst make a server wait or read two requests in one.
const OF_FRAMING: [&str; 7] =
    ["content-length", "expect", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding"];

/// Whether the opening handshake itself sets the field `name`.
fn is_reserved(name: &str) -> bool {
    const PREFIX: &str = "sec-websocket-";
    OF_THE_HANDSHAKE.iter().any(|reserved| name.eq_ignore_ascii_case(reserved))
        || name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// Checks sub-protocols: each is a token, none is there twice (RFC 6455, section 4.1).
///
/// # Errors
/// [`Refused::InvalidArgument`], which tells the place of the sub-protocol, since servers are handed tokens in their names.
pub fn check_protocols<S: AsRef<str>>(protocols: &[S]) -> Result<(), Refused> {
    for (index, protocol) in protocols.iter().map(AsRef::as_ref).enumerate() {
        if !is_token(protocol) {
            return Err(invalid(format!(
                "sub-protocol {} is not valid: it must be letters, digits and !#$%&'*+-.^_`|~ only",
                index + 1
            )));
        }
        if let Some(earlier) = protocols[..index].iter().position(|earlier| earlier.as_ref() == protocol) {
            return Err(invalid(format!("sub-protocols {} and {} are the same", earlier + 1, index + 1)));
        }
    }
    Ok(())
}

fn invalid(message: String) -> Refused {
    Refused::InvalidArgument(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(result: Result<(), Refused>) -> String {
        match result {
            Err(Refused::InvalidArgument(message)) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn accepts_what_may_be_sent() {
        for (name, value) in [
            ("Authorization", "Bearer a.b.c"),
            ("x-empty", ""),
            ("X-Tab", "a\tb"),
            ("X-Name", "张三"),
            ("Sec-WebSocke", "almost"),
        ] {
            assert_eq!(check(name, value), Ok(()), "{name}");
        }
    }

    #[test]
    fn refuses_names_and_values_that_would_break_the_request() {
        for name in ["", "a b", "a:", "a\r\nb", "名", "a\0"] {
            assert!(message(check(name, "v")).contains("is not valid"), "{name:?}");
        }
        assert_eq!(
            message(check("Authorization: Bearer abc", "")),
            "the header name \"Authorization\"… is not valid"
        );
        for (value, character) in
            [("a\r\nb: c", "U+000D"), ("a\nb", "U+000A"), ("a\0", "U+0000"), ("\x7f", "U+007F")]
        {
            let message = message(check("X-A", value));
            assert!(message.contains(character) && message.contains("X-A"), "{message}");
        }
    }

    #[test]
    fn refuses_what_the_handshake_sets() {
        for name in ["Host", "CONNECTION", "upgrade", "Sec-WebSocket-Key", "sec-websocket-anything"]
            .into_iter()
            .chain([
                "Content-Length",
                "Transfer-Encoding",
                "TE",
                "trailer",
                "Keep-Alive",
                "Expect",
                "Proxy-Connection",
            ])
        {
            assert!(message(check(name, "v")).contains(name), "{name}");
        }
    }

    #[test]
    fn refuses_bad_and_repeated_protocols() {
        assert_eq!(check_protocols(&["chat", "Chat", "v1.example"]), Ok(()));
        assert_eq!(check_protocols::<&str>(&[]), Ok(()));
        assert_eq!(message(check_protocols(&["a", "b", "a"])), "sub-protocols 1 and 3 are the same");
        for wrong in ["a,b", "", "bearer s3cr3t", "名"] {
            let message = message(check_protocols(&["a", wrong]));
            assert!(message.starts_with("sub-protocol 2 is not valid: it must be "), "{message}");
            assert!(!message.contains("s3cr3t"), "{message}");
        }
    }
}

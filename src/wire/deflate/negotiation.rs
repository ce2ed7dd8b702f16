//! What is offered, and what was agreed (RFC 7692, section 7.1).

use std::fmt;

use super::deflater::Deflater;
use super::inflater::Inflater;
use super::{MAX_WINDOW_BITS, NAME};

/// What to offer, and how to compress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeflateOptions {
    /// Tell the server that we compress each message by itself (RFC 7692, section 7.1.1.2), which frees the
    /// compressor's memory after each message.
    pub client_no_context_takeover: bool,
    /// Ask the server to compress each message by itself (RFC 7692, section 7.1.1.1), which frees the
    /// decompressor's memory after each message.
    pub server_no_context_takeover: bool,
    /// The largest window that we compress with, as a power of two from 8 to 15 (RFC 7692, section 7.1.2.2).
    /// `None` leaves it to the server. With 8, which zlib does not have, we send uncompressed messages.
    pub client_max_window_bits: Option<u8>,
    /// The largest window that the server may compress with, as a power of two from 8 to 15 (RFC 7692, section
    /// 7.1.2.1). `None` leaves it to the server.
    pub server_max_window_bits: Option<u8>,
    /// How hard to compress: 0 (not at all) to 9.
    pub level: u8,
    /// Messages with fewer bytes are sent uncompressed.
    pub threshold: usize,
}

impl Default for DeflateOptions {
    /// Both directions with context takeover and the full window; level 6; messages from 1 KiB on.
    fn default() -> DeflateOptions {
        DeflateOptions {
            client_no_context_takeover: false,
            server_no_context_takeover: false,
            client_max_window_bits: None,
            server_max_window_bits: None,
            level: 6,
            threshold: 1024,
        }
    }
}

impl DeflateOptions {
    /// The value of `Sec-WebSocket-Extensions` in the opening handshake.
    pub fn offer(&self) -> String {
        let parameters = Parameters {
            server_no_context_takeover: self.server_no_context_takeover,
            client_no_context_takeover: self.client_no_context_takeover,
            server_max_window_bits: self.server_max_window_bits,
            client_max_window_bits: self.client_max_window_bits,
        };
        match self.client_max_window_bits {
            Some(_) => parameters.to_string(),
            // Without a value it tells that the server may choose one.
            None => format!("{parameters}; client_max_window_bits"),
        }
    }
}

/// The parameters that an offer or an answer has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Parameters {
    server_no_context_takeover: bool,
    client_no_context_takeover: bool,
    server_max_window_bits: Option<u8>,
    client_max_window_bits: Option<u8>,
}

impl fmt::Display for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NAME)?;
        if self.server_no_context_takeover {
            f.write_str("; server_no_context_takeover")?;
        }
        if self.client_no_context_takeover {
            f.write_str("; client_no_context_takeover")?;
        }
        if let Some(bits) = self.server_max_window_bits {
            write!(f, "; server_max_window_bits={bits}")?;
        }
        if let Some(bits) = self.client_max_window_bits {
            write!(f, "; client_max_window_bits={bits}")?;
        }
        Ok(())
    }
}

/// What client and server agreed on. Displays as the value of `Sec-WebSocket-Extensions` with that meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Negotiated {
    answer: Parameters,
    options: DeflateOptions,
}

impl fmt::Display for Negotiated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.answer.fmt(f)
    }
}

impl Negotiated {
    /// Checks the parameters of the server's answer (RFC 7692, section 7.1).
    pub(in crate::wire) fn from_answer(
        options: &DeflateOptions,
        parameters: &[(&str, Option<&str>)],
    ) -> Result<Negotiated, String> {
        let mut answer = Parameters::default();
        for &(name, value) in parameters {
            let repeated = match name {
                "server_no_context_takeover" => {
                    no_value(name, value)?;
                    std::mem::replace(&mut answer.server_no_context_takeover, true)
                }
                "client_no_context_takeover" => {
                    no_value(name, value)?;
                    std::mem::replace(&mut answer.client_no_context_takeover, true)
                }
                "server_max_window_bits" => {
                    answer.server_max_window_bits.replace(window_bits(name, value)?).is_some()
                }
                "client_max_window_bits" => {
                    answer.client_max_window_bits.replace(window_bits(name, value)?).is_some()
                }
                _ => return Err(format!("the server gave {NAME} an unknown parameter")),
            };
            if repeated {
                return Err(format!("the server gave {NAME} the parameter {name} twice"));
            }
        }
        // A server accepts these two by repeating them, and otherwise has to decline the offer (sections 7.1.1.1
        // and 7.1.2.1). The client's two are hints that it may leave unanswered.
        if options.server_no_context_takeover && !answer.server_no_context_takeover {
            return Err("the server did not agree to server_no_context_takeover".to_owned());
        }
        if let Some(offered) = options.server_max_window_bits {
            match answer.server_max_window_bits {
                Some(bits) if bits <= offered => {}
                Some(bits) => {
                    return Err(format!(
                        "the server chose server_max_window_bits={bits}, offered was {offered}"
                    ));
                }
                None => return Err("the server did not agree to server_max_window_bits".to_owned()),
            }
        }
        Ok(Negotiated { answer, options: options.clone() })
    }

    /// The decompressor for what the server sends. It takes memory with the first compressed message.
    pub fn inflater(&self) -> Inflater {
        let bits = self.answer.server_max_window_bits.unwrap_or(MAX_WINDOW_BITS);
        Inflater::new(bits, !self.answer.server_no_context_takeover)
    }

    /// The compressor for what we send. It takes memory with the first message that it compresses.
    pub fn deflater(&self) -> Deflater {
        let no_takeover = self.answer.client_no_context_takeover || self.options.client_no_context_takeover;
        let bits = [self.answer.client_max_window_bits, self.options.client_max_window_bits];
        let bits = bits.into_iter().flatten().min().unwrap_or(MAX_WINDOW_BITS);
        Deflater::new(bits, !no_takeover, self.options.level, self.options.threshold)
    }
}

fn no_value(name: &str, value: Option<&str>) -> Result<(), String> {
    match value {
        None => Ok(()),
        Some(_) => Err(format!("the server gave {name} a value, and it has none")),
    }
}

/// In an answer, both window sizes need a value: a decimal from 8 to 15 without leading zeros.
fn window_bits(name: &str, value: Option<&str>) -> Result<u8, String> {
    match value {
        Some("8") => Ok(8),
        Some("9") => Ok(9),
        Some("10") => Ok(10),
        Some("11") => Ok(11),
        Some("12") => Ok(12),
        Some("13") => Ok(13),
        Some("14") => Ok(14),
        Some("15") => Ok(15),
        Some(_) => Err(format!("the server gave {name} a value that is not 8 to 15")),
        None => Err(format!("the server gave {name} no value")),
    }
}

//! The `Sec-WebSocket-Extensions` header field (RFC 6455, section 9.1) and what may be agreed in it.

use super::deflate::{DeflateOptions, NAME, Negotiated};
use super::token::is_token_byte;

/// One extension of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension<'a> {
    /// Its token.
    pub name: &'a str,
    /// Its parameters in order. Of a value in quotes, what is between them.
    pub parameters: Vec<(&'a str, Option<&'a str>)>,
}

/// Reads the value of one `Sec-WebSocket-Extensions` field; the error says what is wrong with it.
///
/// A value in quotes must hold a token, as the grammar demands, and so has nothing to escape.
pub fn parse(value: &str) -> Result<Vec<Extension<'_>>, String> {
    let mut rest = Cursor { text: value, length: value.len() };
    let mut extensions = Vec::new();
    loop {
        // Empty elements of a list are to be skipped (RFC 9110, section 5.6.1.2).
        rest.skip_whitespace();
        while rest.take(',') {
            rest.skip_whitespace();
        }
        if rest.text.is_empty() {
            return match extensions.is_empty() {
                true => Err("the list of extensions is empty".to_owned()),
                false => Ok(extensions),
            };
        }
        let mut extension = Extension { name: rest.token()?, parameters: Vec::new() };
        rest.skip_whitespace();
        while rest.take(';') {
            rest.skip_whitespace();
            let name = rest.token()?;
            rest.skip_whitespace();
            let value = match rest.take('=') {
                true => Some(rest.value()?),
                false => None,
            };
            rest.skip_whitespace();
            extension.parameters.push((name, value));
        }
        extensions.push(extension);
        if !rest.text.is_empty() && !rest.text.starts_with(',') {
            return Err(format!("the list of extensions is not valid after {} bytes", rest.read()));
        }
    }
}

/// What is left of the list. No text tells it: a server may repeat what it was sent.
struct Cursor<'a> {
    text: &'a str,
    /// Of the whole list.
    length: usize,
}

impl<'a> Cursor<'a> {
    fn read(&self) -> usize {
        self.length - self.text.len()
    }

    fn skip_whitespace(&mut self) {
        self.text = self.text.trim_start_matches([' ', '\t']);
    }

    fn take(&mut self, expected: char) -> bool {
        match self.text.strip_prefix(expected) {
            Some(rest) => {
                self.text = rest;
                true
            }
            None => false,
        }
    }

    fn token(&mut self) -> Result<&'a str, String> {
        let length = self.text.bytes().position(|byte| !is_token_byte(byte)).unwrap_or(self.text.len());
        if length == 0 {
            return Err(format!(
                "a name or value is missing after {} bytes of the list of extensions",
                self.read()
            ));
        }
        let (token, rest) = self.text.split_at(length);
        self.text = rest;
        Ok(token)
    }

    fn value(&mut self) -> Result<&'a str, String> {
        self.skip_whitespace();
        let quoted = self.take('"');
        let value = self.token()?;
        match quoted && !self.take('"') {
            true => Err("a value's closing quote is missing in the list of extensions".to_owned()),
            false => Ok(value),
        }
    }
}

/// Checks the server's answer against what was offered (RFC 6455, section 4.1, item 5 of the response's
/// checks): `offered` is `None` when no extension was. `values` are those of all `Sec-WebSocket-Extensions`
/// fields of the answer. `None` when no extension is in use. The error says why the handshake fails.
pub fn negotiate(offered: Option<&DeflateOptions>, values: &[&str]) -> Result<Option<Negotiated>, String> {
    let mut negotiated = None;
    for value in values {
        for extension in parse(value)? {
            let Some(options) = offered.filter(|_| extension.name.eq_ignore_ascii_case(NAME)) else {
                let ours = extension.name.eq_ignore_ascii_case(NAME);
                let chosen = if ours { NAME } else { "an extension" };
                return Err(format!("the server chose {chosen}, which was not offered"));
            };
            if negotiated.is_some() {
                return Err(format!("the server chose the extension {NAME} twice"));
            }
            negotiated = Some(Negotiated::from_answer(options, &extension.parameters)?);
        }
    }
    Ok(negotiated)
}

#[cfg(test)]
mod tests;

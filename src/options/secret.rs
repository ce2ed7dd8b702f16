//! Values that no text may tell.

use std::fmt;

/// A key, a password, a token, a cookie. Its [`Debug`](fmt::Debug) and [`Display`](fmt::Display) are the same
/// words, whatever it holds; [`expose`](Secret::expose) is the one way to the value, and easy to search for.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Keeps `value` out of texts.
    pub fn new(value: T) -> Secret<T> {
        Secret(value)
    }

    /// The value, for what has to send or use it.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Secret<T> {
        Secret(value)
    }
}

impl From<&str> for Secret<String> {
    fn from(value: &str) -> Secret<String> {
        Secret(value.to_owned())
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn no_text_tells_it() {
        let token = Secret::<String>::from("Bearer abc");
        assert_eq!(token.expose(), "Bearer abc");
        for text in
            [format!("{token}"), format!("{token:?}"), format!("{token:#?}"), format!("{:?}", [&token])]
        {
            assert!(!text.contains("abc"), "{text}");
        }
        assert_ne!(token, Secret::<String>::from("Bearer abd"));
    }
}

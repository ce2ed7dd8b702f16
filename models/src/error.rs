//! What the library's own has of it.

#[allow(dead_code)] // the models tell them by their kind
#[derive(Debug)]
pub enum Refused {
    MessageTooBig { limit: usize, length: usize },
    BufferFull { buffered: usize, limit: usize, length: usize },
}

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use crate::echo::listen;

/// What a server has seen of messages "CLIENT NUMBER", where each client counts upwards over all of its connections. The
/// server echoes them.
#[derive(Clone, Default)]
pub struct Ledger(Arc<Mutex<Book>>);

#[derive(Default)]
struct Book {
    /// The last number of each client.
    last: HashMap<u64, u64>,
    messages: u64,
    breaches: Vec<String>,
}

impl Ledger {
    /// Starts a server.
    ///
    /// # Panics
    /// Without a port.
    pub fn serve(&self, runtime: &Runtime) -> SocketAddr {
        let ledger = self.clone();
        listen(runtime, move |stream| ledger.clone().echo(stream))
    }

    async fn echo(self, stream: TcpStream) {
        let Ok(mut socket) = accept_async(stream).await else { return };
        let mut last = 0;
        while let Some(Ok(message)) = socket.next().await {
            let Message::Text(text) = message else { continue };
            self.note(text.as_str(), &mut last);
            if socket.send(Message::Text(text)).await.is_err() {
                return;
            }
        }
    }

    /// `last`: of this connection.
    fn note(&self, text: &str, last: &mut u64) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        book.messages += 1;
        let numbers = text
            .split_once(' ')
            .and_then(|(client, number)| Some((client.parse().ok()?, number.parse().ok()?)));
        let Some((client, number)) = numbers else {
            book.breaches.push("a message is not what was sent".into());
            return;
        };
        if number <= *last {
            book.breaches.push(format!("client {client}: {number} came after {last} on one connection"));
        }
        *last = number;
        let overall = book.last.entry(client).or_default();
        let before = std::mem::replace(overall, number.max(*overall));
        // What an earlier connection carried may come late, but not what was sent on a later one.
        if number == before {
            book.breaches.push(format!("client {client}: {number} came twice"));
        }
    }

    /// How many messages have come.
    pub fn messages(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).messages
    }

    /// What was not as it should be.
    pub fn breaches(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).breaches.clone()
    }
}

//! Cookies that JavaScript keeps: the connection asks through the session's queue, and waits for the answer.

use std::fmt;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use socket_task::options::{CookieJar, Url};

use crate::event::Event;
use crate::listener::QueueListener;
use crate::lock::lock;

/// The jar of one connection.
pub struct QueueJar {
    listener: QueueListener,
    question: Mutex<Question>,
}

/// A connection makes one request after the other, so that there is never more than one question.
enum Question {
    None,
    Asked(Sender<String>),
    /// Nobody will answer any more.
    Ended,
}

impl QueueJar {
    pub fn new(listener: QueueListener) -> Arc<QueueJar> {
        Arc::new(QueueJar { listener, question: Mutex::new(Question::None) })
    }

    /// The value of the `Cookie` field; empty for none.
    pub fn answer(&self, cookies: String) {
        let mut question = lock(&self.question);
        if let Question::Asked(asker) = &*question {
            // The asker may be gone: then its connection is.
            let _ = asker.send(cookies);
            *question = Question::None;
        }
    }

    /// The socket was released: whoever waits for an answer goes without.
    pub fn end(&self) {
        *lock(&self.question) = Question::Ended;
    }
}

impl CookieJar for QueueJar {
    fn cookies(&self, url: &Url) -> Option<String> {
        let (asker, answer) = channel();
        let mut question = lock(&self.question);
        if matches!(*question, Question::Ended) {
            return None;
        }
        *question = Question::Asked(asker);
        drop(question);
        self.listener.push(Event::AskCookies(url.href()));
        answer.recv().ok()
    }

    fn set_cookies(&self, url: &Url, values: &[String]) {
        self.listener.push(Event::SetCookies(url.href(), values.to_vec()));
    }
}

impl fmt::Debug for QueueJar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QueueJar")
    }
}

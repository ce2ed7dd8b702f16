//! The library's log, for JavaScript: lines go through the session's queue.

use std::sync::Arc;

use socket_task::LogSink;

use crate::event::Event;
use crate::line::{Line, Waiting};
use crate::queue::EventQueue;

/// Passes lines on to the queue.
pub fn sink(queue: Arc<EventQueue>) -> LogSink {
    let waiting = Arc::new(Waiting::default());
    Arc::new(move |level, text| {
        if let Some(line) = Line::new(level, text, &waiting) {
            queue.push_line(Event::Log(line));
        }
    })
}

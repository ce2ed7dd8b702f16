//! Lines of the library's log on their way to JavaScript.

use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use socket_task::LogLevel;

/// How many lines may wait for JavaScript. What comes beyond them is counted, and told with the next one that fits.
const MOST_WAITING: usize = 256;

/// How many wait, and how many were left out.
#[derive(Default)]
pub struct Waiting {
    lines: AtomicUsize,
    left_out: AtomicUsize,
}

/// A line on its way.
pub struct Line {
    pub level: LogLevel,
    pub text: String,
    waiting: Arc<Waiting>,
}

impl Line {
    /// `None` when too many wait.
    pub fn new(level: LogLevel, text: &str, waiting: &Arc<Waiting>) -> Option<Line> {
        if waiting.lines.fetch_add(1, Ordering::Relaxed) >= MOST_WAITING {
            waiting.lines.fetch_sub(1, Ordering::Relaxed);
            waiting.left_out.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        let text = match waiting.left_out.swap(0, Ordering::Relaxed) {
            0 => text.to_owned(),
            left_out => format!("({left_out} lines before this were left out) {text}"),
        };
        Some(Line { level, text, waiting: Arc::clone(waiting) })
    }

    /// The text, without a copy.
    pub fn take_text(&mut self) -> String {
        mem::take(&mut self.text)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.waiting.lines.fetch_sub(1, Ordering::Relaxed);
    }
}

//! Everything that was told, searched for the mark as soon as it is.

use std::fmt::Debug;
use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use log::{LevelFilter, Log, Metadata, Record};
use socket_task::wire::Message;
use socket_task::{Close, Error, Listener, Open, Options, Refused, Socket};

/// Stands wherever an application may have a secret.
pub const MARK: &str = "s3cr3t";

/// The mark as people and programs write it: as it is, in Base64 behind three, one or two bytes, in hexadecimal digits,
/// percent-encoded, and as the list of its bytes.
const FORMS: [&str; 8] = [
    MARK,
    "czNjcjN0",
    "MzY3Izd",
    "zM2NyM3",
    "733363723374",
    "%73%33%63%72%33%74",
    "115, 51, 99, 114",
    "115,51,99,114",
];

pub struct Told {
    count: AtomicUsize,
    /// Those of the log among them.
    lines: AtomicUsize,
    hits: Mutex<Vec<String>>,
    /// Parts of keys, which are marks of their own.
    more: Mutex<Vec<String>>,
}

static TOLD: LazyLock<Told> = LazyLock::new(|| Told {
    count: AtomicUsize::new(0),
    lines: AtomicUsize::new(0),
    hits: Mutex::new(Vec::new()),
    more: Mutex::new(Vec::new()),
});

impl Told {
    /// Begins to listen to the log, at its finest level, and to panics.
    pub fn listen() -> &'static Told {
        log::set_logger(&*TOLD).expect("there is no other logger");
        log::set_max_level(LevelFilter::Trace);
        let standard = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            match panic.location() {
                // The app's own code: what it panics with is its own.
                Some(location) if location.file() == "tests/secrets/options.rs" => {}
                _ => {
                    TOLD.text(&panic.to_string());
                    standard(panic);
                }
            }
        }));
        &TOLD
    }

    pub fn text(&self, text: &str) {
        self.count.fetch_add(1, Relaxed);
        let more = self.more.lock().unwrap_or_else(PoisonError::into_inner);
        let forms = FORMS.iter().copied().chain(more.iter().map(String::as_str));
        if let Some(form) = forms.into_iter().find(|form| text.contains(form)) {
            let hit = format!("{form} in {text}");
            drop(more);
            self.hits.lock().unwrap_or_else(PoisonError::into_inner).push(hit);
        }
    }

    /// From here on this is searched for, too.
    pub fn also(&self, form: String) {
        self.more.lock().unwrap_or_else(PoisonError::into_inner).push(form);
    }

    /// How the value shows itself to whoever looks.
    pub fn value(&self, value: &impl Debug) {
        self.text(&format!("{value:?}"));
        self.text(&format!("{value:#?}"));
    }

    pub fn refused<T>(&self, result: Result<T, Refused>) {
        let refused = result.err().expect("it is refused");
        self.text(&refused.to_string());
        self.value(&refused);
    }

    /// Connects, and waits for the end. True if it was open.
    pub fn connect(&'static self, options: Options) -> bool {
        self.value(&options);
        let (sender, end) = std::sync::mpsc::channel();
        match Socket::connect(options, Listening { told: self, open: false, end: sender }) {
            Ok(socket) => {
                self.value(&socket);
                let open = end.recv_timeout(Duration::from_secs(20)).expect("it ends");
                socket.release();
                open
            }
            Err(refused) => {
                self.refused::<()>(Err(refused));
                false
            }
        }
    }

    pub fn count(&self) -> usize {
        self.count.load(Relaxed)
    }

    pub fn lines(&self) -> usize {
        self.lines.load(Relaxed)
    }

    pub fn hits(&self) -> Vec<String> {
        self.hits.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Log for Told {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        self.lines.fetch_add(1, Relaxed);
        self.text(&format!("{}: {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}

struct Listening {
    told: &'static Told,
    open: bool,
    end: std::sync::mpsc::Sender<bool>,
}

impl Listener for Listening {
    fn on_open(&mut self, open: &Open) {
        self.open = true;
        self.told.value(open);
    }

    fn on_message(&mut self, message: Message<'_>) {
        self.told.value(&message);
    }

    fn on_error(&mut self, error: &Error) {
        self.told.text(&error.to_string());
        self.told.value(error);
    }

    fn on_close(&mut self, close: &Close) {
        self.told.value(close);
        let _ = self.end.send(self.open);
    }
}

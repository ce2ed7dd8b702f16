//! A client that opens a WebSocket, has one text echoed, and closes.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use socket_task::wire::Message;
use socket_task::{Close, Error, Listener, Open, Options, Socket};

const PATIENCE: Duration = Duration::from_secs(20);

enum Event {
    Open(Box<Open>),
    Message(Vec<u8>),
    Error(Error),
    Close(Close),
}

struct Reporter(Sender<Event>);

impl Listener for Reporter {
    fn on_open(&mut self, open: &Open) {
        let _ = self.0.send(Event::Open(Box::new(open.clone())));
    }

    fn on_message(&mut self, message: Message<'_>) {
        let _ = self.0.send(Event::Message(message.as_bytes().to_vec()));
    }

    fn on_error(&mut self, error: &Error) {
        let _ = self.0.send(Event::Error(error.clone()));
    }

    fn on_close(&mut self, close: &Close) {
        let _ = self.0.send(Event::Close(close.clone()));
    }
}

fn connect(options: Options) -> (Socket, Receiver<Event>) {
    let (sender, events) = channel();
    (Socket::connect(options, Reporter(sender)).expect("the options are acceptable"), events)
}

/// Opens the WebSocket and has a text echoed; both must work.
pub fn echo(options: Options) -> Open {
    let (socket, events) = connect(options);
    let open = match events.recv_timeout(PATIENCE) {
        Ok(Event::Open(open)) => *open,
        Ok(Event::Error(error)) => panic!("{error:?}"),
        _ => panic!("neither opened nor failed"),
    };
    let text = "你好, peer";
    socket.send_text(text).expect("the socket is open");
    match events.recv_timeout(PATIENCE) {
        Ok(Event::Message(message)) => assert_eq!(message, text.as_bytes()),
        _ => panic!("no echo"),
    }
    socket.close(Some(1000), "").expect("an acceptable code");
    match events.recv_timeout(PATIENCE) {
        Ok(Event::Close(close)) => assert!(close.was_clean && close.code == 1000, "{close:?}"),
        _ => panic!("no close"),
    }
    open
}

/// Tries to open the WebSocket, which must fail.
pub fn fail(options: Options) -> Error {
    match connect(options).1.recv_timeout(PATIENCE) {
        Ok(Event::Error(error)) => error,
        _ => panic!("the connection did not fail"),
    }
}

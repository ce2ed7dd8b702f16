//! More than one of the library's threads: a choice of the whole process, wherefore this is a program of its own.

use std::sync::mpsc::{Sender, channel};
use std::thread::{self, ThreadId};
use std::time::Duration;

use socket_task::{Listener, Open, Options, Socket, prewarm, set_worker_threads};
use socket_task_testing::echo::Echo;

struct Where(Sender<ThreadId>);

impl Listener for Where {
    fn on_open(&mut self, _: &Open) {
        self.0.send(thread::current().id()).expect("the test waits");
    }
}

#[test]
fn connections_are_spread_evenly_opened_in_advance_or_not() {
    const CONNECTIONS: usize = 8;
    set_worker_threads(2).expect("before the first connection");
    let server = Echo::new();
    let address = server.tcp();
    let options: Vec<Options> = (0..CONNECTIONS)
        .map(|number| Options::new(format!("ws://{address}/?{number}").parse().expect("a URL")))
        .collect();
    for in_advance in [true, false] {
        let (sender, opened) = channel();
        if in_advance {
            for options in &options {
                prewarm(options.clone(), Duration::from_secs(60)).expect("acceptable");
            }
        }
        let connect = |options: &Options| Socket::connect(options.clone(), Where(sender.clone()));
        let sockets: Vec<Socket> =
            options.iter().map(|options| connect(options).expect("acceptable")).collect();
        let threads: Vec<ThreadId> =
            sockets.iter().map(|_| opened.recv_timeout(Duration::from_secs(20)).expect("it opens")).collect();
        let on_the_first = threads.iter().filter(|&&thread| thread == threads[0]).count();
        assert_eq!(on_the_first, CONNECTIONS / 2, "in advance: {in_advance}");
    }
}

//! A future that may block while it is polled.

use std::future::Future;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use tokio::sync::Notify;

use crate::options::HookId;
use crate::runtime::{Panicked, call_hook, run_blocking};

/// Runs `future`, each poll of it on a thread that may block. No thread is kept while the future waits, so that any
/// number of them can wait for slow servers. What asks a `hook` of the app's runs on threads for that: one that never answers
/// keeps its thread.
///
/// # Errors
/// The future has panicked.
pub(super) async fn run<F>(future: F, hook: Option<HookId>) -> Result<F::Output, Panicked>
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    let woken = Arc::new(Woken(Notify::new()));
    let mut future = Box::pin(future);
    loop {
        let waker = Waker::from(Arc::clone(&woken));
        let poll = move || {
            let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
            (future, polled)
        };
        let (returned, polled) = match hook {
            Some(hook) => call_hook(hook, poll).await?,
            None => run_blocking(poll).await?,
        };
        match polled {
            Poll::Ready(output) => return Ok(output),
            Poll::Pending => woken.0.notified().await,
        }
        future = returned;
    }
}

/// Remembers a wake that comes before the thread has handed the future back.
struct Woken(Notify);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.notify_one();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::task::ready;
    use std::time::Duration;
    use std::{future, io, thread};

    use tokio::io::AsyncReadExt;
    use tokio::net::TcpStream;

    use super::*;

    /// The kind of runtime that the library has.
    fn on_one_thread<T>(test: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime
            .block_on(async { tokio::time::timeout(Duration::from_secs(20), test).await.expect("in time") })
    }

    #[test]
    fn blocks_another_thread() {
        on_one_thread(async {
            let (sender, receiver) = mpsc::channel();
            let here = thread::current().id();
            // It waits for what happens on the runtime's own thread meanwhile.
            let blocked = tokio::spawn(run(
                async move {
                    assert_ne!(thread::current().id(), here);
                    receiver.recv_timeout(Duration::from_secs(10))
                },
                None,
            ));
            tokio::spawn(async move { sender.send(7) }).await.unwrap().unwrap();
            assert_eq!(blocked.await.unwrap().unwrap(), Ok(7));
        });
    }

    #[test]
    fn is_woken_by_the_network_as_often_as_need_be() {
        const BYTES: usize = 200;
        on_one_thread(async {
            let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
            let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            let (server, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                for _ in 0..BYTES {
                    server.writable().await.unwrap();
                    server.try_write(b"x").unwrap();
                    tokio::task::yield_now().await;
                }
            });
            let read = run(
                async move {
                    let mut count = 0;
                    while client.read(&mut [0; 1]).await? > 0 {
                        count += 1;
                    }
                    io::Result::Ok(count)
                },
                None,
            );
            assert_eq!(read.await.unwrap().unwrap(), BYTES);
        });
    }

    #[test]
    fn a_wake_during_the_poll_is_not_lost() {
        on_one_thread(async {
            let mut polls = 0;
            let future = future::poll_fn(move |cx| {
                polls += 1;
                cx.waker().wake_by_ref();
                if polls < 1_000 { Poll::Pending } else { Poll::Ready(polls) }
            });
            assert_eq!(run(future, None).await.unwrap(), 1_000);
        });
    }

    #[test]
    fn no_thread_is_kept_by_one_that_waits() {
        let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
        runtime.block_on(async {
            let waiting = tokio::spawn(run(future::pending::<()>(), None));
            assert_eq!(run(async { 1 }, None).await.unwrap(), 1);
            waiting.abort();
        });
    }

    #[test]
    fn a_panic_is_an_error() {
        on_one_thread(async {
            let mut polls = 0;
            let future = future::poll_fn(move |cx| -> Poll<()> {
                polls += 1;
                cx.waker().wake_by_ref();
                ready!(if polls < 2 { Poll::Pending } else { Poll::Ready(()) });
                panic!("as it was meant to")
            });
            assert_eq!(
                run(future, None).await.unwrap_err().to_string(),
                "a panic was contained, or no thread could be started"
            );
        });
    }

    #[test]
    fn dropping_it_drops_the_future() {
        on_one_thread(async {
            let (sender, receiver) = mpsc::channel::<()>();
            let task = tokio::spawn(run(
                async move {
                    let _sender = sender;
                    future::pending::<()>().await;
                },
                None,
            ));
            tokio::task::yield_now().await;
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
            let end = run_blocking(move || receiver.recv_timeout(Duration::from_secs(10))).await.unwrap();
            assert_eq!(end, Err(mpsc::RecvTimeoutError::Disconnected));
        });
    }
}

//! A connection that was opened in advance with what hooks have answered then: cookies, a proxy. Who adopts it gets it only if
//! they give the same answers again, and otherwise one that is made anew.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use super::{Delivery, Ending, Shared, carry_on, contained, finish, interruptible, live, open, run};
use crate::connect;
use crate::options::Options;

/// What has become of it.
enum Outcome {
    /// It was adopted, and has ended.
    Ended(Ending),
    /// It is not for the one that has adopted it, if one has, or ended before that was known.
    Anew,
    /// The hooks could not be asked.
    Failed(Ending),
}

/// As [`run`], without a listener.
pub(in crate::socket) async fn run_in_advance(shared: Arc<Shared>, options: Box<Options>) {
    let peer = options.url.host_header();
    let mut delivery = Delivery::new(peer.clone(), Arc::clone(&shared), None);
    let outcome = carry(&shared, &options, &mut delivery).await;
    let ending = match outcome {
        Outcome::Ended(ending) => return finish(&shared, delivery, ending).await,
        Outcome::Anew => None,
        Outcome::Failed(ending) => Some(ending),
    };
    // What it has kept is not for its adopter.
    drop(delivery);
    match (ending, shared.refuse_adopted()) {
        (None, Some(adopter)) => run(shared, options, Some(adopter), connect::open).await,
        (ending, adopter) => {
            drop(options);
            let delivery = Delivery::new(peer, Arc::clone(&shared), adopter);
            finish(&shared, delivery, ending.unwrap_or(Ending::Dropped)).await;
        }
    }
}

async fn carry(shared: &Arc<Shared>, options: &Options, delivery: &mut Delivery) -> Outcome {
    let _registration = live::register(shared);
    let opened = open(shared, Box::new(options.clone()), delivery, connect::open).await;
    let Ok((mut connection, answers)) = opened else { return Outcome::Anew };
    let adopted = contained(|cx| match shared.is_adopted() {
        true => Poll::Ready(Ok(())),
        false => match connection.poll(cx, delivery) {
            Poll::Ready(ending) => Poll::Ready(Err(ending)),
            Poll::Pending if shared.is_adopted() => Poll::Ready(Ok(())),
            Poll::Pending => Poll::Pending,
        },
    });
    let Ok(Ok(())) = adopted.await else { return Outcome::Anew };
    match interruptible(shared, Box::pin(answers.still_hold(options))).await {
        Ok(true) if connection.is_open() && shared.confirm_adopted() => {
            drop(answers);
            delivery.hand_over();
            Outcome::Ended(carry_on(connection, delivery).await)
        }
        // Whoever closes it meanwhile is told so by the one that is made anew, before it begins.
        Ok(true) => Outcome::Anew,
        Ok(false) => {
            log::info!("a connection that was opened in advance is not for who asks now, and is closed");
            poll_fn(|cx| connection.poll_abandon(cx)).await;
            Outcome::Anew
        }
        Err(Ending::Dropped) => Outcome::Anew,
        Err(ending) => Outcome::Failed(ending),
    }
}

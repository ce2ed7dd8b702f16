//! Runs all models; see README.md.

mod error;
mod model;
mod shared;
mod sync;

fn main() {
    model::parked::every_message_arrives();
    model::parked::closing_arrives();
    model::gathering::enough_wakes();
    model::gathering::closing_wakes();
    model::blocked::closing_wakes_and_messages_are_there();
    model::room::whoever_is_refused_is_told();
}

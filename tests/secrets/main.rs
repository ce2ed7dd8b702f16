//! No text tells a secret: one that stands marked in everything that an application gives, and in every answer of a server
//! and a proxy, is searched for in all errors, refusals, `Debug` texts, log lines and messages of panics.
//!
//! ```sh
//! cargo test --test secrets -- --nocapture     # tells how many texts were searched
//! ```

mod answers;
mod keys;
mod options;
mod told;

use told::Told;

/// A part of the search.
type Group = fn(&'static Told);

/// The log and the panics are the process's, so this is one test.
#[test]
fn no_text_tells_a_secret() {
    let told = Told::listen();
    let groups: [(&str, Group); 8] = [
        ("what is refused", options::refused),
        ("options as Debug", options::shown),
        ("hooks that panic", options::panicking),
        ("answers of servers", answers::of_servers),
        ("redirects", answers::redirects),
        ("frames of servers", answers::frames),
        ("answers of proxies", answers::of_proxies),
        ("keys and certificates", keys::broken),
    ];
    for (name, group) in groups {
        let before = told.count();
        group(told);
        let count = told.count() - before;
        println!("{name}: {count} texts");
        assert!(count > 0, "{name}");
    }
    let (count, hits) = (told.count(), told.hits());
    println!("{count} texts, {} hits", hits.len());
    assert!(hits.is_empty(), "{hits:#?}");
    assert!(told.lines() > 50, "the log was not heard: {}", told.lines());
}

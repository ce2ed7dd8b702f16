use super::*;
use crate::error::{Error, HttpResponse, Phase};
use crate::options::{Answer, Refresh, Refreshed};

const SECOND: Duration = Duration::from_secs(1);

struct Nothing;

impl Refresh for Nothing {
    fn refresh(&self, _: u32, _: &Loss, _: Answer<Refreshed>) {}
}

fn closed(code: u16) -> Loss {
    Loss { code, reason: String::new(), was_clean: true, error: None }
}

fn failed(code: ErrorCode) -> Loss {
    let error = Some(Error::new(Phase::Tcp, code, "it failed"));
    Loss { code: 1006, reason: String::new(), was_clean: false, error }
}

fn refused(status: u16, headers: &[(&str, &str)]) -> Loss {
    let headers = headers.iter().map(|&(name, value)| (name.to_owned(), value.as_bytes().to_vec()));
    let response = HttpResponse { status, headers: headers.collect(), body: Vec::new() };
    let error = Error::new(Phase::Handshake, ErrorCode::HttpStatus, "refused").with_response(response);
    Loss { error: Some(error), ..failed(ErrorCode::Other) }
}

fn with_refresh() -> Reconnect {
    Reconnect { refresh: Some(std::sync::Arc::new(Nothing)), ..Reconnect::default() }
}

#[test]
fn what_is_for_good_is_not_tried_again() {
    use ErrorCode as Code;
    let table = [
        (closed(1000), false),
        (closed(1001), true),
        (closed(1005), true),
        (closed(1011), true),
        (closed(1012), true),
        (closed(4000), true),
        (failed(Code::ConnectionRefused), true),
        (failed(Code::ConnectionReset), true),
        (failed(Code::NameNotResolved), true),
        (failed(Code::PongTimeout), true),
        (failed(Code::TimedOut), true),
        (failed(Code::TlsFailed), true),
        (failed(Code::ProxyRefused), true),
        (failed(Code::CertificateExpired), false),
        (failed(Code::CertificateWrongHost), false),
        (failed(Code::CertificateUnknownIssuer), false),
        (failed(Code::CertificateRevoked), false),
        (failed(Code::CertificateNotYetValid), false),
        (failed(Code::CertificateInvalid), false),
        (failed(Code::PinMismatch), false),
        (failed(Code::CleartextNotPermitted), false),
        (refused(404, &[]), false),
        (refused(401, &[]), false),
        (refused(403, &[]), false),
        (refused(429, &[]), true),
        (refused(500, &[]), true),
        (refused(503, &[]), true),
    ];
    for (loss, goes_on) in table {
        assert_eq!(Course::default().would_go_on(&loss, &Reconnect::default()), goes_on, "{loss:?}");
    }
    let reconnect = Reconnect { stop_codes: vec![1000, 4000, 1005], ..Reconnect::default() };
    for (code, goes_on) in [(1000, false), (4000, false), (1005, false), (4001, true)] {
        assert_eq!(Course::default().would_go_on(&closed(code), &reconnect), goes_on, "{code}");
    }
    // A code that stands for an end without a Close frame is none of the peer's.
    let reconnect = Reconnect { stop_codes: vec![1006], ..Reconnect::default() };
    assert!(Course::default().would_go_on(&failed(ErrorCode::ConnectionReset), &reconnect));
}

#[test]
fn other_credentials_are_tried_once() {
    for status in [401, 403] {
        let (mut course, reconnect, loss) = (Course::default(), with_refresh(), refused(status, &[]));
        assert!(course.would_go_on(&loss, &reconnect));
        assert!(course.next(&loss, &reconnect).is_some());
        assert!(!course.would_go_on(&loss, &reconnect));
        // Those have opened a connection, and may have expired since.
        course.was_open(Duration::ZERO, &reconnect);
        assert!(course.would_go_on(&loss, &reconnect));
    }
    assert!(!Course::default().would_go_on(&refused(404, &[]), &with_refresh()));
}

#[test]
fn delays_grow_up_to_the_largest_and_are_spread() {
    let reconnect = Reconnect::default();
    let bounds: Vec<_> = (1..=8).map(|attempt| reconnect.bound(attempt).as_secs()).collect();
    assert_eq!(bounds, [1, 2, 4, 8, 16, 30, 30, 30]);
    assert_eq!(reconnect.bound(u32::MAX), 30 * SECOND);
    let none = Reconnect { min_delay: Duration::ZERO, ..Reconnect::default() };
    assert_eq!(none.bound(u32::MAX), Duration::ZERO);
    let endless = Reconnect { max_delay: Duration::MAX, ..Reconnect::default() };
    assert_eq!(endless.bound(u32::MAX), Duration::MAX);

    let mut below_half = 0;
    for _ in 0..1_000 {
        let next = Course::default().next(&closed(1001), &reconnect).unwrap();
        assert_eq!((next.attempt, next.least), (1, Duration::ZERO));
        assert!(next.delay <= SECOND);
        below_half += u32::from(next.delay < SECOND / 2);
    }
    assert!((400..600).contains(&below_half), "{below_half}");
}

#[test]
fn attempts_count_in_a_row_and_end() {
    let reconnect = Reconnect { max_attempts: Some(3), ..Reconnect::default() };
    let mut course = Course::default();
    let next = |course: &mut Course| course.next(&closed(1001), &reconnect).map(|next| next.attempt);
    assert_eq!(next(&mut course), Some(1));
    assert_eq!(next(&mut course), Some(2));
    course.was_open(5 * SECOND - Duration::from_millis(1), &reconnect);
    assert_eq!(next(&mut course), Some(3));
    assert_eq!(next(&mut course), None);
    course.was_open(5 * SECOND, &reconnect);
    assert_eq!(next(&mut course), Some(1));
    let never = Reconnect { max_attempts: Some(0), ..Reconnect::default() };
    assert_eq!(Course::default().next(&closed(1001), &never), None);
}

#[test]
fn a_server_that_asks_for_time_gets_it() {
    const NOON: &str = "Sun, 06 Nov 1994 12:00:00 GMT";
    let table: [(&[(&str, &str)], u64); 9] = [
        (&[("Retry-After", "120")], 120),
        (&[("retry-AFTER", " 7 ")], 7),
        (&[("Retry-After", "99999999999999999999999")], 86_400),
        (&[("Retry-After", "604800")], 86_400),
        (&[("Date", NOON), ("Retry-After", "Sun, 06 Nov 1994 12:01:30 GMT")], 90),
        (&[("Date", NOON), ("Retry-After", "Sun, 06 Nov 1994 11:59:00 GMT")], 0),
        (&[("Retry-After", "-5")], 0),
        (&[("Retry-After", "soon")], 0),
        (&[("Retry-After", "")], 0),
    ];
    for (headers, least) in table {
        let next = Course::default().next(&refused(503, headers), &Reconnect::default()).unwrap();
        assert_eq!(next.least, Duration::from_secs(least), "{headers:?}");
        assert!(next.delay >= next.least);
    }
}

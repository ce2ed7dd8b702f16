//! Each phase, and how it follows from the one before.

use std::time::Duration;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn frame(code: Option<u16>) -> CloseFrame {
    CloseFrame { code, reason: "why".to_owned() }
}

/// What the app is told of the end: code and whether it was clean.
fn told(phase: Phase) -> Option<(u16, bool)> {
    match phase.into_ending() {
        Ending::Close(Close { code, was_clean, .. }) => Some((code, was_clean)),
        Ending::Dropped => None,
        Ending::Failed(error) => panic!("{error}"),
    }
}

#[test]
fn a_handshake_that_we_begin() {
    let now = Instant::now();
    let mut phase = Phase::default();
    assert!(phase.is_open() && phase.can_write() && phase.deadline().is_none());
    phase.close(now);
    assert!(phase.is_closing() && !phase.is_open() && phase.can_write());
    phase.close(now + SECOND);
    assert_eq!(phase.deadline(), Some(now), "it has begun before");
    phase.wrote(true, true, || now + 2 * SECOND);
    phase.peer_ended(PeerSide::Closed(frame(Some(1000))), now + 3 * SECOND);
    assert_eq!(phase.deadline(), Some(now + 2 * SECOND));
    assert_eq!(told(phase), Some((1000, true)));
}

#[test]
fn a_handshake_is_clean_only_if_both_close_frames_left() {
    let now = Instant::now();
    let mut phase = Phase::Open;
    phase.peer_ended(PeerSide::Closed(frame(None)), now);
    assert_eq!(told(phase), Some((1005, false)), "ours was not written");
    let mut phase = Phase::Open;
    phase.close(now);
    phase.wrote(true, true, || now);
    assert_eq!(told(phase), None, "the peer's has not come");
    let mut phase = Phase::Open;
    phase.close(now);
    phase.write_failed(io::ErrorKind::BrokenPipe.into(), now + SECOND);
    assert!(!phase.can_write());
    assert_eq!(phase.deadline(), Some(now));
    phase.peer_ended(PeerSide::Closed(frame(Some(1001))), now);
    assert_eq!(told(phase), Some((1001, false)), "ours can never leave");
}

#[test]
fn a_write_failure_leaves_the_reading() {
    let now = Instant::now();
    let mut phase = Phase::Open;
    phase.write_failed(io::ErrorKind::BrokenPipe.into(), now);
    assert!(!phase.can_write() && !phase.is_open() && !phase.is_closing());
    assert_eq!(phase.deadline(), Some(now));
    phase.peer_ended(PeerSide::Closed(frame(Some(1002))), now + SECOND);
    assert!(!phase.can_write());
    assert_eq!(phase.deadline(), Some(now + SECOND));
    assert_eq!(told(phase), Some((1002, false)));
}

#[test]
fn the_time_runs_anew_while_bytes_leave() {
    let now = Instant::now();
    let mut phase = Phase::Open;
    phase.wrote(true, true, || panic!("nothing is timed"));
    phase.close(now);
    phase.wrote(false, false, || panic!("nothing has left"));
    phase.wrote(true, false, || now + SECOND);
    assert_eq!(phase.deadline(), Some(now + SECOND));
    phase.wrote(false, true, || now + 2 * SECOND);
    assert_eq!(phase.deadline(), Some(now + 2 * SECOND), "the last bytes have left");
    phase.wrote(false, true, || panic!("they had left before"));
}

#[test]
fn a_peer_that_broke_the_protocol_is_shut_out() {
    let now = Instant::now();
    let mut phase = Phase::Open;
    phase.peer_ended(PeerSide::Broken, now);
    phase.wrote(true, false, || panic!("its slowness is no reason to wait"));
    assert!(!phase.wants_shutdown(), "the Close frame comes before");
    phase.wrote(true, true, || now + SECOND);
    assert!(phase.wants_shutdown());
    phase.shut_down();
    assert!(!phase.wants_shutdown());
    assert_eq!(told(phase), None);
}

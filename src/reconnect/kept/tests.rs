use super::*;

fn message(kept: &mut Kept, text: &str) {
    kept.push(MessageKind::Text, Bytes::copy_from_slice(text.as_bytes()));
}

fn pass(kept: &mut Kept) -> Option<String> {
    kept.pass().map(|(_, bytes)| String::from_utf8(bytes.to_vec()).unwrap())
}

fn all(kept: &mut Kept) -> Vec<String> {
    std::iter::from_fn(|| pass(kept)).collect()
}

/// Room for three messages of four bytes.
const THREE: usize = 3 * (4 + ENTRY_COST);

#[test]
fn what_was_not_handed_over_comes_again_in_order() {
    let mut kept = Kept::new(THREE);
    ["one.", "two.", "thre", "four"].into_iter().for_each(|text| message(&mut kept, text));
    assert_eq!(pass(&mut kept).as_deref(), Some("one."));
    assert_eq!(pass(&mut kept).as_deref(), Some("two."));
    kept.hand_over(1);
    assert_eq!(kept.payload(), 12);
    assert_eq!(kept.lose(), Lost { kept: 3, failed: 0 });
    assert_eq!(all(&mut kept), ["two.", "thre", "four"]);
    kept.hand_over(3);
    assert_eq!((kept.lose(), kept.payload()), (Lost { kept: 0, failed: 0 }, 0));
}

#[test]
fn nothing_is_kept_after_what_is_not() {
    let mut kept = Kept::new(THREE);
    message(&mut kept, "one.");
    message(&mut kept, &"x".repeat(1000));
    message(&mut kept, "two.");
    assert_eq!(all(&mut kept).len(), 3);
    assert_eq!((kept.gone, kept.kept_cost), (2, 4 + ENTRY_COST));
    kept.hand_over(2);
    message(&mut kept, "thre");
    assert_eq!(pass(&mut kept).as_deref(), Some("thre"));
    assert_eq!((kept.gone, kept.passed), (2, 2), "the one before it is the link's alone");
    // Once those have left, the next are kept again.
    kept.hand_over(2);
    message(&mut kept, "four");
    assert_eq!(pass(&mut kept).as_deref(), Some("four"));
    assert_eq!((kept.gone, kept.passed), (0, 1));
    assert_eq!(kept.lose(), Lost { kept: 1, failed: 0 });
}

#[test]
fn what_waits_and_does_not_fit_has_failed() {
    let mut kept = Kept::new(THREE);
    ["one.", "two.", "thre", "four", "five"].into_iter().for_each(|text| message(&mut kept, text));
    assert_eq!(kept.lose(), Lost { kept: 3, failed: 2 });
    assert!(!kept.has_room(0));
    assert_eq!(all(&mut kept), ["one.", "two.", "thre"]);
}

#[test]
fn what_the_link_did_not_take_is_as_before() {
    let mut kept = Kept::new(4 + ENTRY_COST);
    ["one.", "two."].into_iter().for_each(|text| message(&mut kept, text));
    for _ in 0..2 {
        let (_, first) = kept.pass().unwrap();
        let (_, second) = kept.pass().unwrap();
        assert_eq!((kept.gone, kept.kept_cost), (1, 4 + ENTRY_COST));
        kept.take_back(second);
        kept.take_back(first);
        assert_eq!((kept.gone, kept.kept_cost, kept.passed), (0, 0, 0));
    }
    kept.hand_over(9);
    assert_eq!(kept.entries.len(), 2, "what the link does not have was not handed over");
    assert_eq!(all(&mut kept), ["one.", "two."]);
}

#[test]
fn there_is_room_for_what_the_app_has_asked_for() {
    let mut kept = Kept::new(THREE);
    assert!(kept.has_room(THREE - ENTRY_COST) && !kept.has_room(THREE - ENTRY_COST + 1));
    assert!(kept.has_room_within(1000, 1000) && !kept.has_room_within(1001, 1000));
    message(&mut kept, "one.");
    assert!(kept.has_room_within(996, 1000) && !kept.has_room_within(997, 1000));
    for _ in 0..15 {
        message(&mut kept, "");
    }
    assert!(!kept.has_room_within(0, 1000), "empty ones take room, too");
    assert!(!kept.has_room(usize::MAX) && !kept.has_room_within(usize::MAX, usize::MAX));
}

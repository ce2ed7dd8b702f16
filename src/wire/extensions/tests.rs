use super::*;

type Plain<'a> = (&'a str, Vec<(&'a str, Option<&'a str>)>);

fn parsed(value: &str) -> Vec<Plain<'_>> {
    parse(value).unwrap().into_iter().map(|extension| (extension.name, extension.parameters)).collect()
}

#[test]
fn lists() {
    assert_eq!(parsed("foo"), [("foo", vec![])]);
    assert_eq!(parsed(" foo ,\tbar "), [("foo", vec![]), ("bar", vec![])]);
    assert_eq!(parsed(",, foo,,bar,"), [("foo", vec![]), ("bar", vec![])]);
    assert_eq!(
        parsed("foo; a; b=1 ;c = \"x-y\", bar;d"),
        [("foo", vec![("a", None), ("b", Some("1")), ("c", Some("x-y"))]), ("bar", vec![("d", None)])]
    );
}

#[test]
fn what_breaks_the_grammar() {
    for value in [
        "",
        " ",
        ",",
        "foo;",
        "foo; ;a",
        "foo; a=",
        "foo; a=\"",
        "foo; a=\"x",
        "foo; a=\"\"",
        "foo; a=\"x y\"",
        "foo; a=\"x\"y",
        "foo bar",
        "foo; a b",
        "=",
        "foo=1",
        "foo/1",
        "foo; a=1=2",
        "f\u{F6}o",
        "foo;a=\u{20AC}",
        "foo; a=\"\\x\"",
        "foo\u{A0}",
    ] {
        assert!(parse(value).is_err(), "{value:?}");
    }
}

#[test]
fn without_an_offer_every_extension_fails() {
    assert_eq!(negotiate(None, &[]), Ok(None));
    assert!(negotiate(None, &["permessage-deflate"]).is_err());
    assert!(negotiate(None, &["x-webkit-deflate-frame"]).is_err());
    assert!(negotiate(None, &[""]).is_err());
}

#[test]
fn only_what_was_offered_and_only_once() {
    let options = DeflateOptions::default();
    let negotiate = |values: &[&str]| negotiate(Some(&options), values);
    assert_eq!(negotiate(&[]), Ok(None));
    assert!(negotiate(&["permessage-deflate"]).unwrap().is_some());
    assert!(negotiate(&["Permessage-Deflate"]).unwrap().is_some());
    for values in [
        &["permessage-deflate, permessage-deflate"][..],
        &["permessage-deflate", "permessage-deflate"],
        &["permessage-deflate, foo"],
        &["foo", "permessage-deflate"],
        &["permessage-bzip2"],
        &["permessage-deflate;"],
    ] {
        assert!(negotiate(values).is_err(), "{values:?}");
    }
}

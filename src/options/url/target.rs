//! Path and query (URL Standard, section 4.4: path state and query state, of a special scheme).

use super::percent::{PATH, QUERY, encode};

/// Path and query as they are sent, of what follows the authority, a fragment not included.
pub(super) fn target_of(text: &str) -> String {
    let (path, query) = text.split_at(text.find('?').unwrap_or(text.len()));
    let mut target = String::with_capacity(text.len() + 1);
    for segment in segments(path) {
        target.push('/');
        encode(segment, PATH, &mut target);
    }
    encode(query, QUERY, &mut target);
    target
}

/// The segments that are left of a path when dots have had their effect; one at least. A backslash is a slash.
fn segments(path: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    let mut parts = path.strip_prefix(['/', '\\']).unwrap_or(path).split(['/', '\\']).peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        match dots(part) {
            0 => segments.push(part),
            dots => {
                if dots == 2 {
                    segments.pop();
                }
                if is_last {
                    segments.push("");
                }
            }
        }
    }
    segments
}

/// How many dots a segment is: 1, 2, or 0 when it is something else. A dot may be percent-encoded.
fn dots(segment: &str) -> usize {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    if matches!(plain.as_str(), "." | "..") { plain.len() } else { 0 }
}

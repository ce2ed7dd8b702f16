//! Texts: UTF-8 here, UTF-16 in Java. The UTF-8 that JNI itself offers is another: it writes NUL and everything beyond
//! the basic plane in its own way.

use jni::Env;
use jni::errors::{Error, JniError, Result};
use jni::objects::{JObject, JObjectArray, JString};
use jni::sys::jsize;

use crate::ffi::types::{socket_task_header, socket_task_text};

/// How many UTF-16 units fit on the stack.
const CHUNK: usize = 512;

/// A Java string of `text`.
pub(super) fn to_java<'local>(env: &mut Env<'local>, text: &str) -> Result<JString<'local>> {
    if text.len() <= CHUNK {
        let mut units = [0; CHUNK];
        let length = fill(&mut units, text);
        return new_string(env, &units[..length]);
    }
    let units: Vec<u16> = match text.is_ascii() {
        true => text.bytes().map(u16::from).collect(),
        false => text.encode_utf16().collect(),
    };
    new_string(env, &units)
}

/// Writes `text`, which has no more bytes than there are units, and tells its length in units.
fn fill(units: &mut [u16], text: &str) -> usize {
    if text.is_ascii() {
        units.iter_mut().zip(text.bytes()).for_each(|(unit, byte)| *unit = byte.into());
        return text.len();
    }
    let encoded = text.encode_utf16();
    units.iter_mut().zip(encoded).map(|(unit, encoded)| *unit = encoded).count()
}

fn new_string<'local>(env: &mut Env<'local>, units: &[u16]) -> Result<JString<'local>> {
    let length = jsize::try_from(units.len()).map_err(|_| Error::JniCall(JniError::NoMemory))?;
    let raw = env.get_raw();
    // SAFETY: an Env is of the thread that it is used on; the units are copied.
    let string = unsafe { ((**raw).v1_1.NewString)(raw, units.as_ptr(), length) };
    if string.is_null() {
        return Err(Error::JavaException);
    }
    // SAFETY: a new string of this frame.
    Ok(unsafe { JString::from_raw(env, string) })
}

/// The text of a Java string, with U+FFFD for a surrogate without its other half.
pub(super) fn from_java(env: &Env<'_>, string: &JString<'_>) -> Result<String> {
    if string.is_null() {
        return Err(Error::NullPtr("a text"));
    }
    let (raw, string) = (env.get_raw(), string.as_raw());
    // SAFETY: an Env is of the thread that it is used on, and the string is not null.
    let length = unsafe { ((**raw).v1_1.GetStringLength)(raw, string) } as usize;
    let mut text = String::with_capacity(length);
    let mut units = [0; CHUNK];
    let mut start = 0;
    while start < length {
        let units = &mut units[..CHUNK.min(length - start)];
        // SAFETY: as above; the range is inside the string and the units are as many.
        unsafe {
            let get = (**raw).v1_2.GetStringRegion;
            get(raw, string, start as jsize, units.len() as jsize, units.as_mut_ptr());
        }
        start += append(&mut text, units, start + units.len() == length);
    }
    Ok(text)
}

/// Appends `units` and tells how many it took: not the last one when that may be the first half of a pair.
fn append(text: &mut String, units: &[u16], is_end: bool) -> usize {
    let is_high = |unit: &u16| (0xd800..0xdc00).contains(unit);
    let taken = match units.last().is_some_and(is_high) && !is_end {
        true => &units[..units.len() - 1],
        false => units,
    };
    if taken.iter().all(|&unit| unit < 0x80) {
        text.extend(taken.iter().map(|&unit| char::from(unit as u8)));
    } else {
        let decoded = char::decode_utf16(taken.iter().copied());
        text.extend(decoded.map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER)));
    }
    taken.len()
}

/// What the C ABI's text holds.
///
/// # Safety
/// The text is valid UTF-8, as all of the library's but the values of header fields, and lives as long as `'a`.
pub(super) unsafe fn text<'a>(text: socket_task_text) -> &'a str {
    // SAFETY: the caller's promise.
    unsafe { str::from_utf8_unchecked(std::slice::from_raw_parts(text.data, text.length)) }
}

/// Name, value, name, value, …
///
/// # Safety
/// `headers` points to `count` header fields of the library's.
pub(super) unsafe fn headers<'local>(
    env: &mut Env<'local>,
    headers: *const socket_task_header,
    count: usize,
) -> Result<JObjectArray<'local, JString<'local>>> {
    // SAFETY: the caller's promise.
    let headers = unsafe { std::slice::from_raw_parts(headers, count) };
    let mut texts = Vec::with_capacity(2 * count);
    for header in headers {
        // SAFETY: the caller's promise.
        let (name, value) = unsafe {
            (text(header.name), std::slice::from_raw_parts(header.value.data, header.value.length))
        };
        texts.push(name.to_owned());
        texts.push(header_value(value));
    }
    string_array(env, &texts)
}

/// A value is UTF-8 by custom, and Latin-1 by the older standards (RFC 9110, section 5.5).
fn header_value(value: &[u8]) -> String {
    match str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => value.iter().copied().map(char::from).collect(),
    }
}

/// A Java array of strings. There may be many: none is kept as a local reference.
pub(super) fn string_array<'local, T: AsRef<str>>(
    env: &mut Env<'local>,
    texts: &[T],
) -> Result<JObjectArray<'local, JString<'local>>> {
    let array = JObjectArray::<JString<'_>>::new(env, texts.len(), JString::null())?;
    for (index, text) in texts.iter().enumerate() {
        let string = to_java(env, text.as_ref())?;
        array.set_element(env, index, &string)?;
        env.delete_local_ref(JObject::from(string));
    }
    Ok(array)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(units: &[u16], chunk: usize) -> String {
        let mut text = String::new();
        let mut start = 0;
        while start < units.len() {
            let end = units.len().min(start + chunk);
            start += append(&mut text, &units[start..end], end == units.len());
        }
        text
    }

    #[test]
    fn a_pair_is_not_torn_apart() {
        let text = "a😀b😀😀c";
        let units: Vec<u16> = text.encode_utf16().collect();
        for chunk in 2..=units.len() {
            assert_eq!(whole(&units, chunk), text);
        }
    }

    #[test]
    fn half_a_pair_is_replaced() {
        for chunk in 2..6 {
            assert_eq!(whole(&[0xd83d], chunk), "\u{fffd}");
            assert_eq!(whole(&[0xde00], chunk), "\u{fffd}");
            assert_eq!(whole(&[0xd83d, 0xd83d, 0xde00, 0x61], chunk), "\u{fffd}😀a");
            assert_eq!(whole(&[0x61, 0xde00, 0xd83d], chunk), "a\u{fffd}\u{fffd}");
        }
    }

    #[test]
    fn a_value_that_is_no_utf8_is_latin1() {
        assert_eq!(header_value("é".as_bytes()), "é");
        assert_eq!(header_value(b"\xe9"), "é");
    }
}

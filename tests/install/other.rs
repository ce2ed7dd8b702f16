//! Another library in Rust that a program may link statically beside this one.
#[unsafe(no_mangle)]
pub extern "C" fn other_length(number: u32) -> u32 {
    std::panic::catch_unwind(|| format!("{number}").len() as u32).unwrap_or(0)
}

//! Writes the C header from the functions and types of `src/ffi`.
//!
//! The header in `include/` is committed, so that a C program needs no Rust to be compiled against it; it is written
//! only when it differs.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// In the order in which the header presents them.
const SOURCES: [&str; 17] = [
    "types",
    "status",
    "error",
    "names",
    "message",
    "listener",
    "callbacks",
    "logger",
    "options",
    "tls",
    "network",
    "hooks",
    "signer",
    "reconnect",
    "platform",
    "version",
    "socket",
];

/// Headings, each before the function or type that begins its part.
const HEADINGS: [(&str, &str); 14] = [
    ("typedef enum {", "Types"),
    ("socket_task_last_error_message(", "Errors"),
    ("socket_task_message_retain(", "Messages"),
    ("socket_task_on_open(", "Callbacks, before connect"),
    ("socket_task_set_logger(", "Log"),
    ("socket_task_add_header(", "Options, before connect"),
    ("socket_task_set_trust_roots(", "TLS, before connect"),
    ("socket_task_set_tcp_keepalive(", "The way to the server, before connect"),
    ("socket_task_answer_set(", "Hooks, before connect"),
    ("socket_task_reconnect_options_init(", "One connection after another"),
    ("socket_task_set_system_proxy_hook(", "The platform, for the whole process"),
    ("socket_task_version(", "The library"),
    ("socket_task_create(", "The life of a connection"),
    ("socket_task_get_ready_state(", "What can be asked"),
];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    println!("cargo:rerun-if-changed=include/socket_task.h");
    println!("cargo:rerun-if-changed=src/ffi");

    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    match generate(&root) {
        Ok(header) => write_if_stale(&root.join("include/socket_task.h"), &header),
        // The compiler explains a mistake in the sources better.
        Err(error) => println!("cargo:warning=the C header was not written: {error}"),
    }
}

fn generate(root: &Path) -> Result<String, cbindgen::Error> {
    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml is valid");
    config.after_includes = Some(version_macros());
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in SOURCES {
        builder = builder.with_src(root.join(format!("src/ffi/{source}.rs")));
    }
    let mut text = Vec::new();
    builder.generate()?.write(&mut text);
    let text = String::from_utf8(text).expect("the sources are UTF-8");
    // What Rust calls safety is what a C function requires of its caller.
    let text = text.replace("/// # Safety\n", "/// Requires:\n").replace("_DEFAULT -1", "_DEFAULT (-1)");
    Ok(with_headings(&text))
}

/// What a program can ask the preprocessor of this header's version.
fn version_macros() -> String {
    let [major, minor, patch] = ["MAJOR", "MINOR", "PATCH"].map(|part| {
        let number = env::var(format!("CARGO_PKG_VERSION_{part}")).expect("cargo sets the version");
        number.parse::<u32>().expect("a version is made of numbers")
    });
    let number = major << 16 | minor << 8 | patch;
    format!(
        "\n/// The version of this header; `socket_task_version` is the library's.\n\
         #define SOCKET_TASK_VERSION_STRING \"{major}.{minor}.{patch}\"\n\
         #define SOCKET_TASK_VERSION_MAJOR {major}\n\
         #define SOCKET_TASK_VERSION_MINOR {minor}\n\
         #define SOCKET_TASK_VERSION_PATCH {patch}\n\n\
         /// The same as one number, 0x010203 for 1.2.3: for `#if`, and for `socket_task_check_version`.\n\
         #define SOCKET_TASK_VERSION_NUMBER 0x{number:06x}"
    )
}

/// Puts each heading before the documentation of what it heads.
fn with_headings(header: &str) -> String {
    let mut lines: Vec<&str> = header.lines().collect();
    let mut titles: Vec<(usize, String)> = Vec::new();
    for (first, title) in HEADINGS {
        let is_first =
            |line: &str| line.starts_with(|first: char| first.is_ascii_alphabetic()) && line.contains(first);
        let Some(mut at) = lines.iter().position(|line| is_first(line)) else {
            panic!("the heading {title:?} has nothing to stand before: {first} is not in the header");
        };
        while at > 0 && !lines[at - 1].is_empty() {
            at -= 1;
        }
        titles.push((at, format!("/* ---- {title} ---- */\n")));
    }
    titles.sort();
    for (at, title) in titles.iter().rev() {
        lines.insert(*at, title);
    }
    lines.join("\n") + "\n"
}

fn write_if_stale(path: &Path, header: &str) {
    if fs::read_to_string(path).is_ok_and(|current| current == header) {
        return;
    }
    let written = fs::create_dir_all(path.parent().expect("a file has a folder"))
        .and_then(|()| fs::write(path, header));
    if let Err(error) = written {
        println!("cargo:warning=the C header was not written: {error}");
    }
}

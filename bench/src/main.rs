//! Benchmarks of socket-task, through its C ABI, beside a raw TCP loop and other WebSocket libraries.
//!
//! * [`case`]: what is measured
//! * [`server`]: what the clients talk to, in the process that also runs the clients
//! * [`client`]: the client processes, one implementation each
//! * [`run`]: runs clients in turns, by the clock and under callgrind
//! * [`report`]: the tables

mod case;
mod client;
mod options;
mod report;
mod run;
mod server;

use std::env;
use std::io;
use std::process::ExitCode;

use client::{Implementation, Job, Target};
use options::{Options, USAGE, usage};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match arguments.first().map(String::as_str) {
        Some("client") => client_process(&arguments[1..]),
        Some("memory") => memory_process(&arguments[1..]),
        Some("serve") => serve(),
        Some("cases") => {
            case::all().iter().for_each(|case| println!("{:<32} {case}", case.id()));
            Ok(())
        }
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            Ok(())
        }
        Some("run") => Options::parse(&arguments[1..]).and_then(|options| report::run(&options)),
        _ => Options::parse(&arguments).and_then(|options| report::run(&options)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("socket-task-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    let server = server::Server::start()?;
    println!("ws {}\nwss {}\n{}", server.plain, server.tls, server.authority);
    loop {
        std::thread::park();
    }
}

fn target(address: &str, library: Option<&String>, path: String) -> io::Result<Target> {
    Ok(Target {
        address: address.parse().map_err(|_| usage())?,
        path,
        authority: env::var(run::AUTHORITY).ok(),
        library: library.map_or_else(run::default_library, |library| Ok(library.into()))?,
    })
}

fn client_process(arguments: &[String]) -> io::Result<()> {
    let [implementation, case, messages, address, rest @ ..] = arguments else { return Err(usage()) };
    let implementation = Implementation::find(implementation).ok_or_else(usage)?;
    let case = case::find(case).ok_or_else(usage)?;
    let messages = messages.parse().map_err(|_| usage())?;
    let job = Job::new(case, messages, env::var_os(run::LATENCIES).is_some());
    let mut target = target(address, rest.first(), job.path())?;
    if !case.tls {
        target.authority = None;
    }
    let outcome = client::run(implementation, &target, &job)?;
    println!("{}", run::to_line(&outcome));
    Ok(())
}

fn memory_process(arguments: &[String]) -> io::Result<()> {
    let [implementation, address, rest @ ..] = arguments else { return Err(usage()) };
    let implementation = Implementation::find(implementation).ok_or_else(usage)?;
    let target = target(address, rest.first(), server::IDLE.to_owned())?;
    let growth = client::measure_memory(implementation, &target)?;
    println!("{} {} {}", growth.idle, growth.after_small, growth.after_large);
    Ok(())
}

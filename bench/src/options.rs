//! The command line of a run.

use std::io;
use std::path::PathBuf;

use crate::case::{self, Case};
use crate::client::Implementation;
use crate::run;

/// What can be asked for.
pub const USAGE: &str = "\
usage: socket-task-bench [run] [options]      measure and print the tables
       socket-task-bench cases                list the cases
       socket-task-bench serve                run only the server; prints where it listens
       socket-task-bench client IMPLEMENTATION CASE MESSAGES ADDRESS [LIBRARY]
                                              run one client, for a profiler
options of run:
  --full               all cases and more rounds; without it, a run of less than two minutes
  --only TEXT          only cases whose name contains TEXT; can be repeated
  --with NAME          only this implementation; can be repeated
  --rounds N           timed runs of each client, of which the median counts
  --no-time, --no-instructions, --no-memory
                       leave a part out
  --library PATH       the shared library; default: the one beside this program
  --output PATH        write the tables there, too";

/// The error for arguments that are not understood.
pub fn usage() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, USAGE)
}

/// What to measure.
#[derive(Debug)]
pub struct Options {
    /// All cases, and more rounds.
    pub full: bool,
    /// Parts of the names of the cases wanted; none for all.
    pub only: Vec<String>,
    /// What to measure; all when none is named.
    pub implementations: Vec<Implementation>,
    /// Timed runs of each client.
    pub rounds: usize,
    /// Measure processor time.
    pub time: bool,
    /// Count instructions.
    pub instructions: bool,
    /// Measure memory.
    pub memory: bool,
    /// The shared library of socket-task.
    pub library: PathBuf,
    /// Where to write the tables.
    pub output: Option<PathBuf>,
}

impl Options {
    /// Reads the arguments.
    pub fn parse(arguments: &[String]) -> io::Result<Options> {
        let mut options = Options {
            full: false,
            only: Vec::new(),
            implementations: Vec::new(),
            rounds: 0,
            time: true,
            instructions: true,
            memory: true,
            library: run::default_library()?,
            output: None,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(usage);
            match argument.as_str() {
                "--full" => options.full = true,
                "--only" => options.only.push(value()?.clone()),
                "--with" => {
                    options.implementations.push(Implementation::find(value()?).ok_or_else(usage)?);
                }
                "--rounds" => options.rounds = value()?.parse().map_err(|_| usage())?,
                "--no-time" => options.time = false,
                "--no-instructions" => options.instructions = false,
                "--no-memory" => options.memory = false,
                "--library" => options.library = value()?.into(),
                "--output" => options.output = Some(value()?.into()),
                _ => return Err(usage()),
            }
        }
        if options.implementations.is_empty() {
            options.implementations = Implementation::ALL.to_vec();
        }
        if options.rounds == 0 {
            options.rounds = if options.full { 9 } else { 3 };
        }
        Ok(options)
    }

    /// Whose instructions and memory are measured, which takes long.
    pub fn counted_implementations(&self) -> &[Implementation] {
        if self.full || !self.only.is_empty() { &self.implementations } else { &[Implementation::SocketTask] }
    }

    /// The cases wanted.
    pub fn cases(&self) -> Vec<Case> {
        let mut cases = case::all();
        if self.only.is_empty() {
            cases.retain(|case| self.full || case.quick);
        } else {
            cases.retain(|case| self.only.iter().any(|part| case.id().contains(part)));
        }
        cases
    }
}

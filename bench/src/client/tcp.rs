//! The yardstick: the bytes that cross the wire, read and written without any WebSocket.

use std::io::{self, Read, Write};

use super::job::{Job, Target};
use super::outcome::{Meter, Outcome, mismatch};
use super::stream;
use crate::case::Action;
use crate::server::{DONE, GO, client_frame, flood, server_frame};
use socket_task_testing::frame::Frame;

/// Size of a read.
const BUFFER: usize = 64 << 10;

pub fn run(target: &Target, job: &Job) -> io::Result<Outcome> {
    let tcp = stream::connect(target)?;
    match &target.authority {
        None => exchange(target, job, tcp),
        Some(authority) => {
            let config = stream::tls_config(authority)?;
            exchange(target, job, stream::tls(target, config, tcp)?)
        }
    }
}

fn exchange(target: &Target, job: &Job, mut stream: impl Read + Write) -> io::Result<Outcome> {
    stream::open(target, &mut stream)?;
    match job.case.action {
        Action::Receive => {
            let meter = Meter::start(job)?;
            stream.write_all(&Frame::text(GO).encode_masked([1, 2, 3, 4]))?;
            let mut left = server_frame(&job.case).len() as u64 * job.messages;
            let mut buffer = vec![0; BUFFER];
            while left > 0 {
                let read = stream.read(&mut buffer)? as u64;
                if read == 0 || read > left {
                    return Err(mismatch(read));
                }
                left -= read;
            }
            meter.stop()
        }
        Action::Send => {
            let frame = client_frame(&job.case);
            let meter = Meter::start(job)?;
            flood(&mut stream, &frame, job.messages)?;
            let mut answer = Frame::text(DONE).encode();
            stream.read_exact(&mut answer)?;
            let outcome = meter.stop();
            if answer == Frame::text(DONE).encode() { outcome } else { Err(mismatch(answer)) }
        }
        Action::Echo => {
            let frame = client_frame(&job.case);
            let mut answer = server_frame(&job.case);
            let mut meter = Meter::start(job)?;
            for _ in 0..job.messages {
                stream.write_all(&frame)?;
                stream.read_exact(&mut answer)?;
                meter.lap();
            }
            meter.stop()
        }
    }
}

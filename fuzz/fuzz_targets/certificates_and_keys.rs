#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| socket_task_fuzz::certificates_and_keys(data));

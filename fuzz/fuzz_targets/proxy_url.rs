#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| socket_task_fuzz::proxy_url(data));

//! Tables in JSON: any bytes are read or refused.
#![no_main]

use baton_protocol::job::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let file = std::env::temp_dir().join(format!("baton-fuzz-{}", std::process::id()));
    std::fs::write(&file, bytes).expect("the temporary directory takes it");
    baton_server::read_table(&file, Format::Json);
});

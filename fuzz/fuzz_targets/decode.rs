//! The wire decoder: any text is read or refused, and what was read survives being written again.
#![no_main]

use baton_protocol::codec;
use baton_protocol::message::{Request, ToClient};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(request) = codec::decode::<Request>(text) {
        assert_eq!(codec::decode::<Request>(&codec::encode(&request)), Ok(request));
    }
    if let Ok(message) = codec::decode::<ToClient>(text) {
        assert_eq!(codec::decode::<ToClient>(&codec::encode(&message)), Ok(message));
    }
});

//! Formatted text: whatever is pasted becomes text that stays as it is from then on, and has no way to run anything.
#![no_main]

use baton_protocol::rich_text::{normalized, plain_text};

libfuzzer_sys::fuzz_target!(|html: &str| {
    let stored = normalized(html);
    assert_eq!(normalized(&stored), stored);
    let lower = stored.to_ascii_lowercase();
    for tag in ["<script", "<iframe", "<style", "<img", "<svg"] {
        assert!(!lower.contains(tag), "{stored}");
    }
    plain_text(&stored);
});

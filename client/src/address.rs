//! The server's address as a person writes it.

use std::net::IpAddr;

use baton_locales::t;

/// Turns what a person wrote into the address of the WebSocket. Without encryption only this computer is reached,
/// unless `plain` says as well that another one may be.
///
/// # Errors
/// A sentence about what is wrong with it.
pub fn web_socket(written: &str, plain: bool) -> Result<String, String> {
    let written = written.trim();
    let (scheme, rest) = match written.split_once("://") {
        None => (if is_local(written) { "ws" } else { "wss" }, written),
        Some(("http" | "ws", rest)) => ("ws", rest),
        Some(("https" | "wss", rest)) => ("wss", rest),
        Some((other, _)) => return Err(t::engine::addresses_that_begin_with(other)),
    };
    let rest = rest.trim_end_matches('/');
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty() || rest.chars().any(|c| c.is_whitespace() || c.is_control()) || host.contains('@') {
        return Err(t::engine::give_an_address().into());
    }
    if scheme == "ws" && !is_local(rest) && !plain {
        return Err(t::engine::would_be_unencrypted(host));
    }
    let path = if rest.ends_with("/ws") { "" } else { "/ws" };
    Ok(format!("{scheme}://{rest}{path}"))
}

/// Whether it is this computer: by its name, or by an address that never leaves it.
fn is_local(written: &str) -> bool {
    let host = written.split('/').next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(host, _)| host),
    };
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::web_socket;

    #[test]
    fn addresses_are_completed() {
        for (written, expected) in [
            ("127.0.0.1:7420", "ws://127.0.0.1:7420/ws"),
            (" localhost:7420/ ", "ws://localhost:7420/ws"),
            ("baton.example.com", "wss://baton.example.com/ws"),
            ("https://example.com/baton", "wss://example.com/baton/ws"),
            ("127.x.evil:7420", "wss://127.x.evil:7420/ws"),
            ("127.0.0.1.evil.example", "wss://127.0.0.1.evil.example/ws"),
            ("wss://example.com/ws", "wss://example.com/ws"),
            ("[::1]:7420", "ws://[::1]:7420/ws"),
        ] {
            assert_eq!(web_socket(written, false), Ok(expected.into()), "{written}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for written in ["", "  ", "ftp://example.com", "two words", "wss://", "user@host"] {
            assert!(web_socket(written, true).is_err(), "{written}");
        }
    }

    #[test]
    fn another_machine_is_reached_in_the_clear_only_if_that_is_said_twice() {
        for written in [
            "ws://10.0.0.5:7420",
            "http://baton.example.com",
            "ws://127.x.evil",
            "ws://[fe80::1]:7420",
        ] {
            assert!(web_socket(written, false).is_err(), "{written}");
            assert!(web_socket(written, true).is_ok(), "{written}");
        }
        assert!(web_socket("ws://[::1]:7420", false).is_ok());
    }
}

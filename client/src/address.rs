//! The server's address as a person writes it.

/// Turns what a person wrote into the address of the WebSocket.
///
/// # Errors
/// A sentence about what is wrong with it.
pub fn web_socket(written: &str) -> Result<String, String> {
    let written = written.trim();
    let (scheme, rest) = match written.split_once("://") {
        None => (if is_local(written) { "ws" } else { "wss" }, written),
        Some(("http" | "ws", rest)) => ("ws", rest),
        Some(("https" | "wss", rest)) => ("wss", rest),
        Some((other, _)) => return Err(format!("Addresses that begin with {other}:// are not known.")),
    };
    let rest = rest.trim_end_matches('/');
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty() || rest.chars().any(|c| c.is_whitespace() || c.is_control()) || host.contains('@') {
        return Err("Give the server's address, for example baton.example.com or 127.0.0.1:7420.".into());
    }
    let path = if rest.ends_with("/ws") { "" } else { "/ws" };
    Ok(format!("{scheme}://{rest}{path}"))
}

/// Without a scheme, this computer is reached in the clear and every other one encrypted.
fn is_local(written: &str) -> bool {
    let host = written.split(['/', ':']).next().unwrap_or_default();
    host == "localhost" || host.starts_with("127.") || written.starts_with("[::1]")
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
            ("ws://10.0.0.5:7420", "ws://10.0.0.5:7420/ws"),
            ("wss://example.com/ws", "wss://example.com/ws"),
            ("[::1]:7420", "ws://[::1]:7420/ws"),
        ] {
            assert_eq!(web_socket(written), Ok(expected.into()), "{written}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for written in ["", "  ", "ftp://example.com", "two words", "wss://", "user@host"] {
            assert!(web_socket(written).is_err(), "{written}");
        }
    }
}

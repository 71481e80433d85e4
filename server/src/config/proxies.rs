//! The reverse proxies that are believed.

use std::net::IpAddr;

use anyhow::{Context as _, ensure};

/// Reverse proxies that are believed: networks, each with how many bits of an address it goes by.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Proxies(Vec<(IpAddr, u32)>);

impl Proxies {
    /// Reads addresses and networks.
    ///
    /// # Errors
    /// A sentence about the one that makes no sense.
    pub fn new(written: &[String]) -> anyhow::Result<Self> {
        let network = |text: &String| {
            let wrong = || format!("trusted-proxy: “{text}” is no address and no network");
            let (address, bits) = text
                .trim()
                .split_once('/')
                .map_or((text.trim(), None), |(a, b)| (a, Some(b)));
            let address: IpAddr = address.parse().with_context(wrong)?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            let bits = bits.map_or(Ok(most), str::parse).with_context(wrong)?;
            ensure!(bits <= most, wrong());
            Ok((address, bits))
        };
        written.iter().map(network).collect::<anyhow::Result<_>>().map(Self)
    }

    /// Whether this address is one of them.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let within = |(network, bits): &(IpAddr, u32)| match (network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                (network.to_bits() ^ address.to_bits())
                    .checked_shr(32 - bits)
                    .unwrap_or(0)
                    == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                (network.to_bits() ^ address.to_bits())
                    .checked_shr(128 - bits)
                    .unwrap_or(0)
                    == 0
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        };
        self.0.iter().any(within)
    }
}

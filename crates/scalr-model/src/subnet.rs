//! Subnets of the apps' own networks, and the subnet of a new app.
//!
//! Docker's default pools hold about 30 networks. A network with its own small subnet uses no addresses of
//! them, so that one engine can run as many apps as there are subnets.

use std::fmt;
use std::net::Ipv4Addr;

use serde::{Serialize, Serializer};

/// An IPv4 network: `10.213.0.16/28`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subnet {
    first: u32,
    prefix: u8,
}

/// The variable in `.env.app`.
pub(crate) const ENV_KEY: &str = "APP_SUBNET";

/// The private networks (RFC 1918).
const PRIVATE: [Subnet; 3] = [
    Subnet { first: 0x0A00_0000, prefix: 8 },
    Subnet { first: 0xAC10_0000, prefix: 12 },
    Subnet { first: 0xC0A8_0000, prefix: 16 },
];

/// The sizes that an app's network may have: a /29 has five addresses beside the gateway's.
const PREFIXES: std::ops::RangeInclusive<u8> = 16..=29;

impl Subnet {
    /// Reads `ADDRESS/PREFIX`. The error completes "the subnet …".
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(address, prefix)| {
            Some((
                address.parse::<Ipv4Addr>().ok()?,
                prefix.parse::<u8>().ok().filter(|prefix| *prefix <= 32)?,
            ))
        });
        let Some((address, prefix)) = parts else {
            return Err(format!("is no IPv4 network: `{}`", super::schema::shorten(text)));
        };
        let subnet = Self { first: address.to_bits() & mask(prefix), prefix };
        if address.to_bits() == subnet.first {
            Ok(subnet)
        } else {
            Err(format!("begins in the middle of a network: {text} lies in {subnet}"))
        }
    }

    /// Reads what a manifest may hold: a private network of a size that suits an app. The error completes
    /// "the subnet …".
    pub(crate) fn of_an_app(text: &str) -> Result<Self, String> {
        let subnet = Self::parse(text)?;
        if !PREFIXES.contains(&subnet.prefix) {
            let (large, small) = (PREFIXES.start(), PREFIXES.end());
            return Err(format!("has the size /{}; /{large} to /{small} are possible", subnet.prefix));
        }
        if subnet.range().is_none() {
            return Err(format!(
                "{subnet} is not private: choose one in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
            ));
        }
        Ok(subnet)
    }

    /// Whether both have an address in common.
    #[must_use]
    pub(crate) fn overlaps(self, other: Self) -> bool {
        let mask = mask(self.prefix.min(other.prefix));
        self.first & mask == other.first & mask
    }

    /// The private range that it lies in.
    fn range(self) -> Option<Self> {
        PRIVATE.into_iter().find(|range| range.prefix <= self.prefix && range.overlaps(self))
    }

    fn last(self) -> u32 {
        self.first | !mask(self.prefix)
    }
}

fn mask(prefix: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0)
}

impl fmt::Display for Subnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", Ipv4Addr::from_bits(self.first), self.prefix)
    }
}

impl Serialize for Subnet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// No subnet is left behind the template's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "no subnet of the template's size is left from {0} to the end of its private network; `scalr ports` shows who holds which"
)]
pub struct SubnetsExhausted(pub Subnet);

/// The subnet of the next app: the lowest one of the template's size, from the template's own upward, that
/// overlaps none of those that are held.
pub(crate) fn allocate(template: Subnet, held: &[Subnet]) -> Result<Subnet, SubnetsExhausted> {
    let end = template.range().unwrap_or(template).last();
    let mut held = held.to_vec();
    // Sorted by the first address, so that one pass is enough.
    held.sort();
    let mut next = template;
    for held in held.into_iter().filter(|held| held.last() >= template.first) {
        if held.overlaps(next) {
            // A held network may be larger than the template's, and ends where one of its size does; or smaller.
            let first = held.last().max(next.last()).checked_add(1).filter(|first| *first <= end);
            next = Subnet { first: first.ok_or(SubnetsExhausted(template))?, ..template };
        }
    }
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn subnet(text: &str) -> Subnet {
        Subnet::parse(text).unwrap()
    }

    #[test]
    fn reads_networks_only() {
        for text in ["10.213.0.16/28", "0.0.0.0/0", "192.168.1.1/32"] {
            assert_eq!(subnet(text).to_string(), text);
        }
        for text in
            ["10.0.0.1/28", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "x/8", "fd00::/64", "10.0.0.0/-1", ""]
        {
            assert!(Subnet::parse(text).is_err(), "{text}");
        }
        for text in ["8.8.8.0/28", "10.0.0.0/8", "10.0.0.0/30", "172.0.0.0/16"] {
            assert!(Subnet::of_an_app(text).is_err(), "{text}");
        }
        assert!(Subnet::of_an_app("172.31.0.0/16").is_ok());
    }

    #[test]
    fn takes_the_lowest_that_is_free() {
        let template = subnet("10.213.0.0/28");
        let next = |held: &[&str]| {
            let held: Vec<Subnet> = held.iter().map(|text| subnet(text)).collect();
            allocate(template, &held).map(|subnet| subnet.to_string())
        };
        assert_eq!(next(&["10.213.0.0/28"]).unwrap(), "10.213.0.16/28");
        // A gap is used again, since a network is removed with its app.
        assert_eq!(next(&["10.213.0.0/28", "10.213.0.32/28"]).unwrap(), "10.213.0.16/28");
        assert_eq!(next(&["10.213.0.0/28", "10.213.0.0/24", "10.213.1.8/29"]).unwrap(), "10.213.1.16/28");
        assert_eq!(next(&["10.213.0.0/28", "10.212.0.0/14"]).unwrap(), "10.216.0.0/28");
        assert!(next(&["10.0.0.0/8"]).is_err());
    }

    proptest! {
        #[test]
        fn never_hands_out_an_address_twice(
            held in proptest::collection::vec((0_u32..0x0300, 20_u8..=29), 0..60),
            prefix in 24_u8..=29,
        ) {
            let template = Subnet { first: 0x0AD5_0000, prefix };
            let held: Vec<Subnet> = held
                .into_iter()
                .map(|(at, prefix)| Subnet { first: (0x0AD5_0000 + at * 8) & mask(prefix), prefix })
                .collect();
            let next = allocate(template, &held).unwrap();
            prop_assert!(held.iter().all(|held| !held.overlaps(next)));
            prop_assert_eq!(Subnet::of_an_app(&next.to_string()), Ok(next));
        }
    }
}

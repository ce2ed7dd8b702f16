//! IPv4 servers from a network that has IPv6 only: through its NAT64, whose prefix is found as in RFC 7050.
//!
//! Where the resolver is the network's, it makes such addresses for names by itself (DNS64). This is for addresses that an app
//! has written down, and for resolvers that do not.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A name that has these two addresses of IPv4, and of IPv6 only those that a network makes of them (RFC 7050, section 8).
pub(super) const KNOWN_NAME: &str = "ipv4only.arpa";
const KNOWN_ADDRESSES: [Ipv4Addr; 2] = [Ipv4Addr::new(192, 0, 0, 170), Ipv4Addr::new(192, 0, 0, 171)];

/// The prefix that every network may use, for addresses of the Internet alone (RFC 6052, sections 2.1 and 3.1).
const WELL_KNOWN_PREFIX: [u8; 12] = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0];

/// In bits (RFC 6052, section 2.2).
const PREFIX_LENGTHS: [usize; 6] = [96, 64, 56, 48, 40, 32];

/// Whether one of these addresses can be behind a NAT64.
pub(super) fn is_translatable(addresses: &[SocketAddr]) -> bool {
    addresses.iter().any(|address| translatable(address).is_some())
}

/// Where the hosts of these addresses are behind the NAT64 of this network, whose resolver has said this of the known name.
pub(super) fn synthesize(addresses: &[SocketAddr], known: &[SocketAddr]) -> Vec<SocketAddr> {
    let mut made = Vec::new();
    for network in known.iter().filter_map(|address| Nat64::of_known(address.ip())) {
        for (host, port) in addresses.iter().filter_map(translatable) {
            let address = network.address_of(host).map(|address| SocketAddr::from((address, port)));
            made.extend(address.filter(|address| !made.contains(address)));
        }
    }
    made
}

/// The address and the port, unless the address means something on this device or this link only.
fn translatable(address: &SocketAddr) -> Option<(Ipv4Addr, u16)> {
    let IpAddr::V4(host) = address.ip() else { return None };
    let is_local = host.is_loopback()
        || host.is_link_local()
        || host.is_unspecified()
        || host.is_broadcast()
        || host.is_multicast();
    (!is_local).then_some((host, address.port()))
}

/// How a network writes addresses of IPv4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Nat64 {
    /// The known address so written.
    example: [u8; 16],
    /// In bits.
    prefix: usize,
}

impl Nat64 {
    /// Of what a resolver has said of the known name.
    fn of_known(address: IpAddr) -> Option<Nat64> {
        let IpAddr::V6(address) = address else { return None };
        let example = address.octets();
        let holds_known = |&prefix: &usize| {
            let host = places(prefix).map(|place| example[place]);
            KNOWN_ADDRESSES.contains(&Ipv4Addr::from(host))
        };
        let prefix = PREFIX_LENGTHS.into_iter().find(holds_known)?;
        Some(Nat64 { example, prefix })
    }

    fn address_of(self, host: Ipv4Addr) -> Option<Ipv6Addr> {
        if self.example.starts_with(&WELL_KNOWN_PREFIX) && host.is_private() {
            return None;
        }
        let mut octets = self.example;
        for (place, octet) in places(self.prefix).into_iter().zip(host.octets()) {
            octets[place] = octet;
        }
        Some(octets.into())
    }
}

/// Where the four bytes stand behind a prefix. Byte 8 is none of them (RFC 6052, section 2.2).
fn places(prefix: usize) -> [usize; 4] {
    let place = |index: usize| {
        let place = prefix / 8 + index;
        place + usize::from(prefix < 96 && place >= 8)
    };
    [place(0), place(1), place(2), place(3)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v6(text: &str) -> Ipv6Addr {
        text.parse().unwrap()
    }

    /// The table of RFC 6052, section 2.4, with the known address to find the prefix by.
    #[test]
    fn writes_addresses_as_the_network_does() {
        let host = Ipv4Addr::new(192, 0, 2, 33);
        for (known, expected) in [
            ("2001:db8:c000:aa::", "2001:db8:c000:221::"),
            ("2001:db8:1c0:0:aa::", "2001:db8:1c0:2:21::"),
            ("2001:db8:122:c000:0:aa00::", "2001:db8:122:c000:2:2100::"),
            ("2001:db8:122:3c0:0:aa::", "2001:db8:122:3c0:0:221::"),
            ("2001:db8:122:344:c0:0:aa00::", "2001:db8:122:344:c0:2:2100::"),
            ("2001:db8:122:344::192.0.0.170", "2001:db8:122:344::192.0.2.33"),
            ("64:ff9b::192.0.0.171", "64:ff9b::192.0.2.33"),
        ] {
            let network = Nat64::of_known(v6(known).into());
            assert_eq!(network.and_then(|network| network.address_of(host)), Some(v6(expected)), "{known}");
        }
        for other in ["2001:db8::1", "::1", "64:ff9b::192.0.0.172", "::ffff:192.0.2.1"] {
            assert_eq!(Nat64::of_known(v6(other).into()), None, "{other}");
        }
        assert_eq!(Nat64::of_known(KNOWN_ADDRESSES[0].into()), None);
    }

    #[test]
    fn leaves_local_addresses_alone() {
        let well_known = Nat64::of_known(v6("64:ff9b::192.0.0.170").into()).unwrap();
        let own = Nat64::of_known(v6("2001:db8:122:344::192.0.0.170").into()).unwrap();
        let private = Ipv4Addr::new(10, 1, 2, 3);
        assert_eq!(well_known.address_of(private), None);
        assert_eq!(own.address_of(private), Some(v6("2001:db8:122:344::10.1.2.3")));
        for local in
            ["127.0.0.1:1", "169.254.1.1:1", "0.0.0.0:1", "255.255.255.255:1", "224.0.0.1:1", "[::1]:1"]
        {
            assert_eq!(translatable(&local.parse().unwrap()), None, "{local}");
        }
    }

    #[test]
    fn makes_each_address_once() {
        let parse =
            |list: &[&str]| -> Vec<SocketAddr> { list.iter().map(|text| text.parse().unwrap()).collect() };
        let known = parse(&["192.0.0.170:0", "[64:ff9b::192.0.0.170]:0", "[64:ff9b::192.0.0.171]:0"]);
        let hosts = parse(&["192.0.2.33:443", "10.0.0.1:443"]);
        assert_eq!(synthesize(&hosts, &known), parse(&["[64:ff9b::192.0.2.33]:443"]));
        assert_eq!(synthesize(&hosts, &known[..1]), []);
    }
}

//! Where a request comes from. What a header says of that is believed only of those who were named as proxies:
//! everybody else could write anything into it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use actix_web::HttpRequest;
use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName, X_FORWARDED_FOR};
use ipnet::IpNet;

/// The networks of the proxies that are believed; none unless they are named.
///
/// ```
/// use mikomi::api::Proxies;
///
/// assert!("127.0.0.1, 10.0.0.0/8, fd00::/8".parse::<Proxies>().is_ok());
/// assert!("proxy.example".parse::<Proxies>().is_err());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

/// What is no list of networks.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither an address nor a network: write 127.0.0.1 or 10.0.0.0/8, several with commas between")]
pub struct NotANetwork(String);

impl FromStr for Proxies {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let network = |word: &str| {
            let alone = word.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
            alone.or_else(|_| word.parse()).map_err(|_| NotANetwork(word.to_owned()))
        };
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        words.map(network).collect::<Result<_, _>>().map(Self)
    }
}

impl Proxies {
    /// The address of whoever sent a request: the last one that is no proxy's.
    pub fn client(&self, request: &HttpRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
        self.behind(peer, request.headers())
    }

    fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.trust(peer) {
            return peer;
        }
        let with_x = self.last(peer, &values(headers, &X_FORWARDED_FOR), address);
        let forwarded = self.last(peer, &values(headers, &FORWARDED), |element| {
            let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
            let mut by_name = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
            by_name.next().and_then(|(_, node)| address(node))
        });
        match (with_x, forwarded) {
            // A proxy writes one of them and lets the other through as the client has sent it.
            (Some(one), Some(other)) if one != other => peer,
            (one, other) => one.or(other).unwrap_or(peer),
        }
    }

    /// The last of the addresses that is no proxy's; where one cannot be read, the proxy that wrote it. `None` without
    /// any.
    fn last(&self, peer: IpAddr, hops: &[String], read: impl Fn(&str) -> Option<IpAddr>) -> Option<IpAddr> {
        let mut known = peer;
        for hop in hops.iter().rev() {
            let Some(address) = read(hop) else { break };
            known = address;
            if !self.trust(address) {
                break;
            }
        }
        (!hops.is_empty()).then_some(known)
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// The elements of a header that may stand there several times, which is the same as commas (RFC 9110, section 5.3).
fn values(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let lines = headers.get_all(name).map(|line| line.to_str().unwrap_or("unreadable"));
    lines.flat_map(|line| line.split(',')).map(|element| element.trim().to_owned()).collect()
}

/// An address with or without a port and quotes, as in `192.0.2.1:80` and `"[2001:db8::1]:80"` (RFC 7239, section 6).
fn address(node: &str) -> Option<IpAddr> {
    let node = node.trim().trim_matches('"');
    let bare = node.strip_prefix('[').and_then(|node| node.strip_suffix(']')).unwrap_or(node);
    let address = bare.parse().or_else(|_| node.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn client(trusted: &str, peer: &str, sent: &[(&str, &str)]) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(name.parse().unwrap(), HeaderValue::from_str(value).unwrap());
        }
        trusted.parse::<Proxies>().unwrap().behind(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_header_is_believed_of_a_proxy_only_and_read_from_its_end() {
        const X: &str = "x-forwarded-for";
        let trusted = "10.0.0.0/8, 127.0.0.1,fd00::/8";
        for (peer, sent, expected) in [
            ("192.0.2.1", &[][..], "192.0.2.1"),
            ("192.0.2.1", &[(X, "198.51.100.7")], "192.0.2.1"),
            ("10.1.1.1", &[], "10.1.1.1"),
            ("10.1.1.1", &[(X, "198.51.100.7")], "198.51.100.7"),
            // What the client has sent itself stands to the left of what the proxy adds.
            ("10.1.1.1", &[(X, "203.0.113.9, 198.51.100.7, 10.2.2.2")], "198.51.100.7"),
            ("10.1.1.1", &[(X, "203.0.113.9"), (X, "198.51.100.7:4711")], "198.51.100.7"),
            ("127.0.0.1", &[(X, "10.3.3.3, 10.2.2.2")], "10.3.3.3"),
            ("127.0.0.1", &[(X, "198.51.100.7, unknown, 10.2.2.2")], "10.2.2.2"),
            ("127.0.0.1", &[(X, "")], "127.0.0.1"),
            ("fd00::1", &[(X, "2001:db8::5")], "2001:db8::5"),
            ("10.1.1.1", &[(X, "::ffff:198.51.100.7")], "198.51.100.7"),
            ("10.1.1.1", &[("forwarded", "for=203.0.113.9, FOR=\"198.51.100.7:80\";proto=https")], "198.51.100.7"),
            ("10.1.1.1", &[("forwarded", "proto=https;for=\"[2001:db8::5]:80\"")], "2001:db8::5"),
            ("10.1.1.1", &[("forwarded", "for=\"[2001:db8::5]\"")], "2001:db8::5"),
            ("10.1.1.1", &[("forwarded", "for=_hidden")], "10.1.1.1"),
            // One of the two is the client's own.
            ("10.1.1.1", &[("forwarded", "for=203.0.113.9"), (X, "198.51.100.7")], "10.1.1.1"),
            ("10.1.1.1", &[("forwarded", "for=198.51.100.7"), (X, "198.51.100.7")], "198.51.100.7"),
        ] {
            assert_eq!(client(trusted, peer, sent), expected, "{peer} {sent:?}");
            assert_eq!(client("", peer, sent), peer, "{sent:?}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused_by_its_name() {
        for text in ["proxy.example", "10.0.0.0/33", "10.0.0.1;10.0.0.2", "*", "10.0.0.1, x"] {
            let said = text.parse::<Proxies>().unwrap_err().to_string();
            assert!(said.contains("10.0.0.0/8"), "{said}");
        }
        assert_eq!(" , ".parse::<Proxies>(), Ok(Proxies::default()));
    }
}

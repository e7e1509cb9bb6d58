//! The domain under which apps are published, and the e-mail address of its owner, as they may be written
//! into `.env.shared`.

use std::net::{IpAddr, Ipv6Addr};

use super::schema::shorten;
use super::slug;

/// A domain name as in DNS: in lower case, international names in their ASCII form.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct PublicDomain(String);

/// The maximum length of a name in DNS (RFC 1035, section 2.3.4), with dots and without the last one.
const LONGEST: usize = 253;

impl PublicDomain {
    /// Parses a domain. The error completes "the domain …".
    pub(crate) fn parse(typed: &str) -> Result<Self, String> {
        let found = shorten(typed);
        if typed.trim().is_empty() {
            return Err("is empty".to_owned());
        }
        if let Some((scheme, rest)) = typed.split_once("://") {
            let rest = rest.split(['/', ':', '?']).next().unwrap_or_default();
            return Err(format!("`{found}` has a scheme; leave `{scheme}://` out: {}", shorten(rest)));
        }
        if typed.parse::<IpAddr>().is_ok() || typed.trim_matches(['[', ']']).parse::<Ipv6Addr>().is_ok() {
            return Err(format!("`{found}` is an address; apps need names below a domain, SLUG.DOMAIN"));
        }
        if let Some((name, rest)) = typed.split_once(['/', ':', '?', '#', '@']) {
            let what = if rest.bytes().all(|b| b.is_ascii_digit()) && !rest.is_empty() {
                "a port"
            } else {
                "more than a name"
            };
            return Err(format!("`{found}` holds {what}; expected a name alone, such as {}", shorten(name)));
        }
        if let Some(rest) = typed.strip_prefix("*.") {
            return Err(format!("`{found}` is a wildcard; leave `*.` out: {}", shorten(rest)));
        }
        let name = typed.strip_suffix('.').unwrap_or(typed);
        let ascii = idna::domain_to_ascii_strict(name).map_err(|_| {
            format!("`{found}` is no domain name: letters, digits and hyphens, joined by dots, such as example.org")
        })?;
        let labels: Vec<&str> = ascii.split('.').collect();
        let last = labels.last().copied().unwrap_or_default();
        match last {
            "localhost" => {
                return Err(format!("`{found}` is this machine; --unset goes back to SLUG.localhost"));
            }
            // The compose files use it as an unused host while no domain is set.
            "invalid" => return Err(format!("`{found}` never exists (RFC 2606)")),
            last if last.bytes().all(|b| b.is_ascii_digit()) => {
                return Err(format!("`{found}` is an address; apps need names below a domain, SLUG.DOMAIN"));
            }
            _ => {}
        }
        if labels.len() < 2 {
            return Err(format!(
                "`{found}` has a single part; expected at least two, such as {ascii}.example.org"
            ));
        }
        // The longest slug and its dot come before it.
        if ascii.len() + slug::MAX_LEN + 1 > LONGEST {
            return Err(format!(
                "has {} characters; with the longest slug before it, DNS has room for {}",
                ascii.len(),
                LONGEST - slug::MAX_LEN - 1
            ));
        }
        Ok(Self(ascii))
    }

    /// The name.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The host of a service below it.
    #[must_use]
    pub(crate) fn host(&self, name: &str) -> String {
        format!("{name}.{}", self.0)
    }
}

/// Checks the e-mail address that the certificate authority writes to. The error completes "the e-mail address …".
pub(crate) fn check_email(typed: &str) -> Result<(), String> {
    let found = shorten(typed);
    let wrong = || format!("`{found}` is none; expected one such as admin@example.org");
    let (name, domain) = typed.rsplit_once('@').ok_or_else(wrong)?;
    // The characters of RFC 5322's `atext` and the dot; quoted names are not supported.
    let usable = |c: char| c.is_ascii_alphanumeric() || "!#%&'*+-/=?^_{|}~.".contains(c);
    if name.is_empty() || !name.chars().all(usable) || !domain.contains('.') {
        return Err(wrong());
    }
    idna::domain_to_ascii_strict(domain).map(drop).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn takes_names_and_nothing_else() {
        for (typed, name) in [
            ("example.org", "example.org"),
            ("Apps.Example.ORG.", "apps.example.org"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("a-b.c1.museum", "a-b.c1.museum"),
        ] {
            assert_eq!(PublicDomain::parse(typed).unwrap().as_str(), name);
        }
        for (typed, part) in [
            ("", "is empty"),
            ("https://example.org/x", "leave `https://` out: example.org"),
            ("example.org:8443", "holds a port; expected a name alone, such as example.org"),
            ("example.org/x", "holds more than a name"),
            ("a@example.org", "holds more than a name"),
            ("*.example.org", "leave `*.` out: example.org"),
            ("192.0.2.1", "is an address"),
            ("[2001:db8::1]", "is an address"),
            ("1.2.3.4.5", "is an address"),
            ("localhost", "is this machine"),
            ("crm.localhost", "is this machine"),
            ("x.invalid", "never exists"),
            ("example", "single part"),
            ("exa mple.org", "no domain name"),
            ("a..org", "no domain name"),
            ("-a.org", "no domain name"),
            ("under_score.org", "no domain name"),
            ("ex\u{202e}ample.org", "no domain name"),
        ] {
            let error = PublicDomain::parse(typed).unwrap_err();
            assert!(error.contains(part), "{typed}: {error}");
        }
        let long = format!("{}.org", ["a".repeat(60).as_str(); 4].join("."));
        assert!(PublicDomain::parse(&long).unwrap_err().contains("DNS has room for 212"), "{long}");
    }

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        for typed in ["admin@example.org", "a.b+c@sub.example.org"] {
            check_email(typed).unwrap();
        }
        for typed in [
            "",
            "admin",
            "@example.org",
            "admin@",
            "admin@localhost",
            "a b@example.org",
            "a\"@example.org",
            "a$b@example.org",
        ] {
            assert!(check_email(typed).is_err(), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_is_safe_in_an_env_file(typed in "\\PC{0,40}") {
            if let Ok(domain) = PublicDomain::parse(&typed) {
                prop_assert_eq!(super::super::env::encode(domain.as_str()), domain.as_str());
                prop_assert_eq!(PublicDomain::parse(domain.as_str()), Ok(domain));
            }
        }
    }
}

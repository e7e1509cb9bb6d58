//! Looks up host names with the system's resolver, for a bounded time.

use std::collections::BTreeMap;
use std::net::{IpAddr, ToSocketAddrs};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use scalr_model::publication::DnsLookup;

/// How many lookups run at once, since a resolver that does not answer takes several seconds for each.
const AT_ONCE: usize = 32;

/// Looks up every name. After `patience`, those without an answer are late; their threads continue until the process ends.
#[must_use]
pub fn look_up(names: &[String], patience: Duration) -> BTreeMap<String, DnsLookup> {
    let mut found: BTreeMap<String, DnsLookup> =
        names.iter().map(|name| (name.clone(), DnsLookup::Late(patience))).collect();
    let deadline = Instant::now() + patience;
    let (sender, receiver) = mpsc::channel();
    let open = Arc::new(Mutex::new(found.keys().cloned().collect::<Vec<_>>()));
    for _ in 0..found.len().min(AT_ONCE) {
        let (sender, open) = (sender.clone(), Arc::clone(&open));
        std::thread::spawn(move || {
            while let Some(name) = open.lock().ok().and_then(|mut open| open.pop()) {
                let lookup = resolve(&name);
                // The answer is late, and the receiver is gone.
                if sender.send((name, lookup)).is_err() {
                    return;
                }
            }
        });
    }
    drop(sender);
    while let Ok((name, lookup)) = receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        found.insert(name, lookup);
    }
    found
}

fn resolve(name: &str) -> DnsLookup {
    // The resolver requires a port, which is not used. The dot prevents search domains.
    match (format!("{name}.").as_str(), 443).to_socket_addrs() {
        Ok(addresses) => {
            let mut addresses: Vec<IpAddr> = addresses.map(|address| address.ip()).collect();
            addresses.sort();
            addresses.dedup();
            DnsLookup::Found(addresses)
        }
        Err(error) => {
            let text = error.to_string();
            let reason = text.strip_prefix("failed to lookup address information: ").unwrap_or(&text);
            DnsLookup::Missing(reason.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_does_not_come_is_not_waited_for() {
        let names: Vec<String> = (0..100).map(|number| format!("host-{number}.invalid")).collect();
        let begin = Instant::now();
        let found = look_up(&names, Duration::ZERO);
        assert!(begin.elapsed() < Duration::from_secs(2));
        assert_eq!(found.len(), 100);
        assert!(found.values().all(|lookup| !matches!(lookup, DnsLookup::Found(_))));
    }
}

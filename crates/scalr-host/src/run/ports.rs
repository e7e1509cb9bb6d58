//! The host's ports and disk: holders of ports that Compose needs.

use std::net::{IpAddr, Ipv4Addr, TcpListener, UdpSocket};
use std::path::Path;

use scalr_model::compose::config::HostPort;
use scalr_model::run::preflight::TakenPort;

/// The port, where something listens on it; found by trying to listen there.
#[must_use]
pub(super) fn taken(port: &HostPort) -> Option<TakenPort> {
    let address = port.address.as_deref().unwrap_or("0.0.0.0");
    let address: IpAddr = address.parse().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let tried = match port.protocol.as_str() {
        "udp" => UdpSocket::bind((address, port.port)).map(drop),
        _ => TcpListener::bind((address, port.port)).map(drop),
    };
    match tried {
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            Some(TakenPort { port: port.clone(), process: process(port.port) })
        }
        // An address of another machine, or a port that only root may take: the engine reports it.
        _ => None,
    }
}

/// The process that listens on a TCP port, if this user may see it.
fn process(port: u16) -> Option<String> {
    let inode = ["/proc/net/tcp", "/proc/net/tcp6"].iter().find_map(|table| listener(table, port))?;
    let wanted = format!("socket:[{inode}]");
    for entry in std::fs::read_dir("/proc").ok()?.flatten() {
        let Ok(id) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let Ok(open) = std::fs::read_dir(entry.path().join("fd")) else { continue };
        let holds = |file: std::fs::DirEntry| {
            std::fs::read_link(file.path()).is_ok_and(|target| target.as_os_str() == wanted.as_str())
        };
        if open.flatten().any(holds) {
            let name = std::fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
            return Some(format!("{} (process {id})", name.trim()));
        }
    }
    None
}

/// The inode of the socket that listens on a port (proc(5), `/proc/net/tcp`: state 0A is LISTEN).
fn listener(table: &str, port: u16) -> Option<String> {
    let text = std::fs::read_to_string(table).ok()?;
    let wanted = format!("{port:04X}");
    text.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, local, _, "0A", _, _, _, _, _, inode, ..] = fields[..] else { return None };
        (local.rsplit(':').next() == Some(wanted.as_str())).then(|| inode.to_owned())
    })
}

/// How many bytes are free where a folder is.
#[must_use]
pub(crate) fn free_space(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_process_that_listens() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let wanted = HostPort {
            address: Some("127.0.0.1".into()),
            port,
            protocol: "tcp".into(),
            service: "web".into(),
        };
        let process = taken(&wanted).and_then(|taken| taken.process).unwrap_or_default();
        assert!(process.contains(&format!("(process {})", std::process::id())), "{process}");
        drop(listener);
        assert_eq!(taken(&wanted), None);
    }
}

//! Host ports: what each is for and which block a new app gets.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

/// The service behind a host port of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Frontend,
    Backend,
    /// The database.
    Db,
}

impl Role {
    /// Every role.
    pub(crate) const ALL: [Self; 3] = [Self::Frontend, Self::Backend, Self::Db];

    /// The role of that key in a manifest.
    #[must_use]
    pub(crate) fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == key)
    }

    /// The key in a manifest.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Frontend => "frontend",
            Self::Backend => "backend",
            Self::Db => "db",
        }
    }

    /// The variable in `.env.app`.
    #[must_use]
    pub(crate) fn env_key(self) -> &'static str {
        match self {
            Self::Frontend => "FRONTEND_PORT",
            Self::Backend => "BACKEND_PORT",
            Self::Db => "DB_PORT",
        }
    }

    /// The distance from the highest port to the next app's port.
    fn step(self) -> u16 {
        match self {
            Self::Frontend | Self::Backend => 10,
            Self::Db => 1,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The host ports of one app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Block {
    /// The frontend's.
    pub frontend: u16,
    /// The backend's.
    pub backend: u16,
    /// The database's.
    pub db: u16,
}

/// No port of a role is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no {0} port is left below 65536; `scalr ports` shows who holds which")]
pub struct PortsExhausted(pub Role);

/// The block of the next app: for each role the step (frontend and backend 10, db 1) behind the
/// highest port that any manifest holds in it, and past every port that is taken in another role.
/// When a role has reached the end of the range, its lowest gap is taken instead.
pub(crate) fn allocate(held: &[(Role, u16)]) -> Result<Block, PortsExhausted> {
    let mut taken: BTreeSet<u16> = held.iter().map(|(_, port)| *port).collect();
    let mut next = |role: Role| {
        let own = || held.iter().filter(|(has, _)| *has == role).map(|(_, port)| *port);
        let fallback = match role {
            Role::Frontend => 13000,
            Role::Backend => 18000,
            Role::Db => 15432,
        };
        let (low, high) = (own().min().unwrap_or(fallback), own().max());
        let first = high.map_or(Some(fallback), |high| high.checked_add(role.step()));
        let upward = |from: u16| (from..=u16::MAX).step_by(role.step().into());
        let port = first
            .and_then(|first| upward(first).find(|port| !taken.contains(port)))
            .or_else(|| upward(low).find(|port| !taken.contains(port)))
            .ok_or(PortsExhausted(role))?;
        taken.insert(port);
        Ok(port)
    };
    Ok(Block { frontend: next(Role::Frontend)?, backend: next(Role::Backend)?, db: next(Role::Db)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Role::{Backend, Db, Frontend};
    use proptest::prelude::*;

    #[test]
    fn goes_one_block_past_the_highest() {
        let template = [(Frontend, 13000), (Backend, 18000), (Db, 15432)];
        assert_eq!(allocate(&template), Ok(Block { frontend: 13010, backend: 18010, db: 15433 }));
        // A gap below the highest port is kept, since the removed app may come back.
        let more = [template.as_slice(), &[(Frontend, 13050), (Backend, 18050), (Db, 15437)]].concat();
        assert_eq!(allocate(&more), Ok(Block { frontend: 13060, backend: 18060, db: 15438 }));
    }

    #[test]
    fn steps_over_what_another_role_holds() {
        let held = [(Frontend, 13000), (Backend, 13010), (Db, 13020)];
        assert_eq!(allocate(&held), Ok(Block { frontend: 13030, backend: 13040, db: 13021 }));
    }

    #[test]
    fn takes_the_lowest_gap_at_the_end_of_the_range() {
        let held = [(Frontend, 65530), (Frontend, 65500), (Backend, 18000), (Db, 15432)];
        assert_eq!(allocate(&held).unwrap().frontend, 65510);
    }

    proptest! {
        #[test]
        fn never_hands_out_a_port_twice(apps in proptest::collection::vec((0..3usize, 1024..=u16::MAX), 0..60)) {
            let held: Vec<_> = apps.into_iter().map(|(role, port)| (Role::ALL[role], port)).collect();
            if let Ok(block) = allocate(&held) {
                let new = [block.frontend, block.backend, block.db];
                prop_assert!(new.iter().all(|port| held.iter().all(|(_, taken)| taken != port)));
                prop_assert!(new[0] != new[1] && new[1] != new[2] && new[0] != new[2]);
            }
        }
    }
}

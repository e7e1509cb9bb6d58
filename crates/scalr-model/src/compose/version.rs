//! What differs between Compose's versions when they read env files.
//!
//! The differences come from every tag of docker/compose (`cmd/compose/compose.go`) and of compose-go (`dotenv`,
//! `template`) from 2.25 on; tests/engine/env.rs compares them with the installed Compose. Older versions are
//! treated as 2.25.

use std::fmt;

/// A version of Docker Compose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComposeVersion {
    /// 2 or 5; there was no 3 and no 4.
    pub(crate) major: u32,
    /// The second number.
    pub(crate) minor: u32,
    /// The third number.
    pub(crate) patch: u32,
}

impl ComposeVersion {
    /// A version of these numbers.
    #[must_use]
    pub(crate) const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// Reads what `docker compose version --short` prints: `2.26.1`, `v2.39.1`, `2.26.1-4`, `2.24.6+ds1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut numbers = text.strip_prefix('v').unwrap_or(text).splitn(3, '.').map(|part| {
            let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            part[..end].parse().ok()
        });
        let (major, minor) = (numbers.next()??, numbers.next()??);
        Some(Self::new(major, minor, numbers.next().flatten().unwrap_or(0)))
    }
}

impl fmt::Display for ComposeVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// How one version of Compose reads env files.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that changed by itself in Compose")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComposeRules {
    /// Whether `${A}` in a file means this file's own A before that of an earlier file (2.39.0, compose-go 2.8.0).
    pub(crate) own_file_first: bool,
    /// Whether the word of `${A:-word}` is computed although A is set, so that an error in it counts
    /// (until 5.0.1, compose-go 2.10.0).
    pub eager_words: bool,
    /// Whether a name may hold `-` (not in 2.29.3 to 2.29.7, compose-go 2.2.0).
    pub(crate) dash_in_names: bool,
    /// Whether every variable becomes one of Compose's own process, which an empty name and a NUL can't
    /// (until 2.27.0, and from 2.29.0 to 2.39.2).
    pub(crate) exports: bool,
    /// Whether the files are read twice, the second time with the first result as the shell's. Only errors
    /// can come of it (all but 2.27.1).
    pub(crate) second_reading: bool,
}

impl ComposeRules {
    /// The rules of the newest Compose that is known.
    pub const NEWEST: Self = Self {
        own_file_first: true,
        eager_words: false,
        dash_in_names: true,
        exports: false,
        second_reading: true,
    };

    /// The rules of one version.
    #[must_use]
    pub fn of(version: ComposeVersion) -> Self {
        let since = |major, minor, patch| version >= ComposeVersion::new(major, minor, patch);
        Self {
            own_file_first: since(2, 39, 0),
            eager_words: !since(5, 0, 2),
            dash_in_names: !since(2, 29, 3) || since(2, 30, 0),
            exports: !since(2, 27, 1) || (since(2, 29, 0) && !since(2, 39, 3)),
            second_reading: version != ComposeVersion::new(2, 27, 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_versions_as_distributions_write_them() {
        for (text, version) in [
            ("2.26.1", Some((2, 26, 1))),
            ("v2.39.1\n", Some((2, 39, 1))),
            ("2.26.1-4", Some((2, 26, 1))),
            ("2.24.6+ds1-0ubuntu1~22.04.1", Some((2, 24, 6))),
            ("5.0.0-rc.1", Some((5, 0, 0))),
            ("2.40", Some((2, 40, 0))),
            ("dev", None),
            ("", None),
        ] {
            let parsed = ComposeVersion::parse(text);
            assert_eq!(parsed, version.map(|(a, b, c)| ComposeVersion::new(a, b, c)), "{text}");
        }
        assert_eq!(ComposeVersion::new(2, 26, 1).to_string(), "2.26.1");
    }

    #[test]
    fn rules_change_where_compose_did() {
        let rules = |text| ComposeRules::of(ComposeVersion::parse(text).unwrap());
        assert!(!rules("2.38.2").own_file_first && rules("2.39.0").own_file_first);
        assert!(rules("5.0.1").eager_words && !rules("5.0.2").eager_words);
        assert!(
            rules("2.29.2").dash_in_names && !rules("2.29.3").dash_in_names && rules("2.30.0").dash_in_names
        );
        assert!(rules("2.27.0").exports && !rules("2.28.1").exports && rules("2.39.2").exports);
        assert!(!rules("2.39.3").exports && !rules("2.27.1").second_reading);
        assert_eq!(rules("5.5.0"), ComposeRules::NEWEST);
    }
}

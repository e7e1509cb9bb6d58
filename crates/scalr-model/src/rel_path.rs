//! Paths from the repository's root, and relative paths between them.

use std::fmt;

use memchr::memrchr;

/// A normalized path from the repository's root: `/` between its parts, no `.`, no `..`, not
/// absolute. The empty path is the root itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize)]
#[serde(transparent)]
pub struct RelPath(String);

/// Why a text names no place inside the repository. Each message completes "`PATH` …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RelPathError {
    /// It begins with `/`.
    #[error("is absolute; write it from the repository's root")]
    Absolute,
    /// Its `..` lead above the root.
    #[error("leaves the repository")]
    Outside,
    /// It holds a NUL, a line break or a backslash.
    #[error("holds a character that no path of the repository may hold")]
    Character,
}

impl RelPath {
    #[must_use]
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// Parses a path from the root; `.` and inner `..` are resolved.
    pub fn new(text: &str) -> Result<Self, RelPathError> {
        if text.starts_with('/') {
            return Err(RelPathError::Absolute);
        }
        if text.bytes().any(|byte| matches!(byte, b'\0' | b'\n' | b'\r' | b'\\')) {
            return Err(RelPathError::Character);
        }
        // Most paths are already normalized.
        if text.as_bytes().split(|byte| *byte == b'/').all(|part| !matches!(part, b"" | b"." | b"..")) {
            return Ok(Self(text.to_owned()));
        }
        Self::root().resolve(text).ok_or(RelPathError::Outside)
    }

    /// The path as text, `""` for the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path as a person reads it, `.` for the root.
    #[must_use]
    pub fn shown(&self) -> &str {
        if self.0.is_empty() { "." } else { &self.0 }
    }

    /// The parts between the slashes, none for the root.
    #[must_use]
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// This path with one normalized path below it.
    #[must_use]
    pub fn join(&self, below: &str) -> Self {
        if self.0.is_empty() {
            Self(below.to_owned())
        } else if below.is_empty() {
            self.clone()
        } else {
            Self(format!("{}/{below}", self.0))
        }
    }

    /// The folder that holds this path; the root's parent is the root.
    #[must_use]
    pub(crate) fn parent(&self) -> Self {
        Self(self.0[..self.last_slash().unwrap_or(0)].to_owned())
    }

    /// The last part, `""` for the root.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        self.last_slash().map_or(&self.0, |at| &self.0[at + 1..])
    }

    fn last_slash(&self) -> Option<usize> {
        memrchr(b'/', self.0.as_bytes())
    }

    /// The path from `folder`, or `None` if this path is not inside it.
    #[must_use]
    pub(crate) fn below(&self, folder: &Self) -> Option<&str> {
        if folder.0.is_empty() {
            return Some(&self.0);
        }
        let rest = self.0.strip_prefix(&folder.0)?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
    }

    /// The target of a relative path from this folder, or `None` if it leaves the repository.
    #[must_use]
    pub fn resolve(&self, relative: &str) -> Option<Self> {
        let mut parts: Vec<&str> = self.parts().collect();
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        Some(Self(parts.join("/")))
    }

    /// How this path is written from the folder `from`: `../../packages/ui`. The shortest spelling,
    /// `.` for the folder itself.
    #[must_use]
    pub fn relative_from(&self, from: &Self) -> String {
        let mut here = from.parts().peekable();
        let mut there = self.parts().peekable();
        while let (Some(a), Some(b)) = (here.peek(), there.peek()) {
            if a != b {
                break;
            }
            here.next();
            there.next();
        }
        let mut parts: Vec<&str> = here.map(|_| "..").collect();
        parts.extend(there);
        if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.shown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    #[test]
    fn parses_only_what_stays_inside() {
        assert_eq!(path("./apps//x/../y/").as_str(), "apps/y");
        assert_eq!(path("."), RelPath::root());
        assert_eq!(RelPath::new("/etc"), Err(RelPathError::Absolute));
        assert_eq!(RelPath::new("a/../.."), Err(RelPathError::Outside));
        assert_eq!(RelPath::new("a\nb"), Err(RelPathError::Character));
        assert_eq!(RelPath::new("a\\b"), Err(RelPathError::Character));
    }

    #[test]
    fn knows_what_lies_below() {
        assert_eq!(path("apps/x").below(&path("apps")), Some("x"));
        assert_eq!(path("apps").below(&path("apps")), Some(""));
        assert_eq!(path("apps2/x").below(&path("apps")), None);
        assert_eq!(path("x").below(&RelPath::root()), Some("x"));
    }

    #[test]
    fn names_a_place_from_another() {
        for (to, from, expected) in [
            ("packages/ui", "template-app/frontend", "../../packages/ui"),
            ("packages/ui", "apps/products/x/frontend", "../../../../packages/ui"),
            ("", "apps/x", "../.."),
            ("apps/x", "apps/x", "."),
            ("apps/x/y", "apps/x", "y"),
        ] {
            assert_eq!(path(to).relative_from(&path(from)), expected);
        }
    }

    proptest! {
        #[test]
        fn a_relative_path_leads_back(
            to in "([a-c]{1,2}(/[a-c]{1,2}){0,4})?",
            from in "([a-c]{1,2}(/[a-c]{1,2}){0,4})?",
        ) {
            let (to, from) = (path(&to), path(&from));
            prop_assert_eq!(from.resolve(&to.relative_from(&from)), Some(to));
        }

        #[test]
        fn no_text_panics_or_escapes(text in "\\PC{0,60}", base in "[a-c]{1,2}(/[a-c]{1,2}){0,3}") {
            if let Ok(parsed) = RelPath::new(&text) {
                prop_assert!(parsed.parts().all(|part| part != ".." && part != "."));
            }
            let _ = path(&base).resolve(&text);
        }
    }
}

//! .dockerignore: which files of a build context a build can see.
//!
//! The rules are those of moby's `patternmatcher` (`ignorefile.ReadAll`, `PatternMatcher.MatchesUsingParentResults`),
//! which BuildKit's client uses: a later pattern wins, `!` includes again, and a pattern for a folder applies
//! to everything in it.

/// The patterns of one file.
#[derive(Debug, Clone, Default)]
pub struct DockerIgnore(Vec<Pattern>);

#[derive(Debug, Clone)]
struct Pattern {
    tokens: Vec<PatternToken>,
    /// The same, part by part, for `!` patterns.
    parts: Vec<Vec<PatternToken>>,
    takes_back: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum PatternToken {
    Char(char),
    /// `?`: any character but `/`.
    One,
    /// `*`: any characters but `/`.
    Star,
    /// `**` followed by something: nothing, or anything that ends with `/`.
    Folders,
    /// `**` at the end: anything.
    Rest,
    /// `[a-z]`, `[^a-z]`.
    Class(Vec<(char, char)>, bool),
}

impl DockerIgnore {
    /// Reads the file. A pattern that Docker would refuse makes the build fail, so it is left out here.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
        let patterns = lines.filter(|line| !line.starts_with('#')).filter_map(|line| {
            let line = line.trim();
            let (takes_back, pattern) = match line.strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, line),
            };
            let cleaned = clean(pattern);
            (!cleaned.is_empty()).then(|| Pattern {
                tokens: tokens(&cleaned),
                parts: cleaned.split('/').map(tokens).collect(),
                takes_back,
            })
        });
        Self(patterns.collect())
    }

    /// Whether a build can't see this path, given from the context's root with `/` between its parts.
    #[must_use]
    pub fn ignores(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let ancestors: Vec<Vec<char>> = ends.map(|end| path[..end].chars().collect()).collect();
        let mut ignored = false;
        for pattern in &self.0 {
            if ignored == pattern.takes_back && ancestors.iter().any(|path| matches(&pattern.tokens, path)) {
                ignored = !pattern.takes_back;
            }
        }
        ignored
    }

    /// Whether an ignored folder may contain something that a `!` pattern includes again.
    #[must_use]
    pub fn may_hold(&self, folder: &str) -> bool {
        self.0.iter().filter(|pattern| pattern.takes_back).any(|pattern| {
            let mut parts = pattern.parts.iter();
            folder.split('/').all(|name| match parts.next() {
                // Deeper than the pattern: only a match of the pattern itself is included again.
                None => true,
                Some(part)
                    if part
                        .iter()
                        .any(|token| matches!(token, PatternToken::Folders | PatternToken::Rest)) =>
                {
                    // Anything may follow here.
                    parts = [].iter();
                    true
                }
                Some(part) => matches(part, &name.chars().collect::<Vec<_>>()),
            })
        })
    }
}

/// Go's `filepath.Clean`, and no leading `/`.
fn clean(pattern: &str) -> String {
    if pattern.is_empty() {
        return String::new();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if pattern.starts_with('/') => {}
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// As `Pattern.compile` of moby's patternmatcher.
fn tokens(pattern: &str) -> Vec<PatternToken> {
    let mut tokens = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' if chars.next_if_eq(&'*').is_some() => {
                chars.next_if_eq(&'/');
                if chars.peek().is_none() { PatternToken::Rest } else { PatternToken::Folders }
            }
            '*' => PatternToken::Star,
            '?' => PatternToken::One,
            '\\' => PatternToken::Char(chars.next().unwrap_or('\\')),
            '[' => class(&mut chars),
            c => PatternToken::Char(c),
        });
    }
    tokens
}

fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> PatternToken {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    while let Some(c) = chars.next().filter(|c| *c != ']') {
        let first = if c == '\\' { chars.next().unwrap_or(c) } else { c };
        let last = match chars.next_if_eq(&'-') {
            Some(_) => chars.next().unwrap_or(first),
            None => first,
        };
        ranges.push((first, last));
    }
    PatternToken::Class(ranges, negated)
}

/// Whether all tokens match the whole path. The set of positions that the tokens so far can end at is
/// carried along, so that no pattern costs more than its length times the path's.
fn matches(tokens: &[PatternToken], path: &[char]) -> bool {
    let mut at = vec![false; path.len() + 1];
    at[0] = true;
    for token in tokens {
        let mut next = vec![false; path.len() + 1];
        let mut reached = false;
        let mut since = false;
        for position in 0..=path.len() {
            let here = path.get(position).copied();
            match token {
                PatternToken::Char(_) | PatternToken::One | PatternToken::Class(..) => {
                    if at[position] && here.is_some_and(|c| one(token, c)) {
                        next[position + 1] = true;
                    }
                }
                PatternToken::Star => {
                    reached |= at[position];
                    next[position] |= reached;
                    reached &= here != Some('/');
                }
                PatternToken::Rest => {
                    reached |= at[position];
                    next[position] = reached;
                }
                PatternToken::Folders => {
                    next[position] |= at[position] || since && position > 0 && path[position - 1] == '/';
                    since |= at[position];
                }
            }
        }
        at = next;
    }
    at[path.len()]
}

fn one(token: &PatternToken, c: char) -> bool {
    match token {
        PatternToken::Char(expected) => *expected == c,
        PatternToken::One => c != '/',
        PatternToken::Class(ranges, negated) => {
            c != '/' && ranges.iter().any(|(first, last)| (*first..=*last).contains(&c)) != *negated
        }
        PatternToken::Star | PatternToken::Folders | PatternToken::Rest => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ignores(patterns: &str, path: &str) -> bool {
        DockerIgnore::parse(patterns).ignores(path)
    }

    /// Cases of moby's patternmatcher_test.go, reworded.
    #[test]
    fn patterns_mean_what_they_mean_to_docker() {
        for (pattern, path, ignored) in [
            ("**", "file", true),
            ("**", "dir/file", true),
            ("**/", "file", true),
            ("**/**", "dir/dir/file", true),
            ("dir/**", "dir/file", true),
            ("dir/**", "dir", false),
            ("**/dir", "dir", true),
            ("**/dir", "a/b/dir/file", true),
            ("**/dir2/*", "dir/dir2/file", true),
            ("**/dir2/*", "dir/dir2/dir3/file", true),
            ("**file", "a/file", true),
            ("**/file.txt", "dir/file.txt", true),
            ("**/file*txt", "a/fileXtxt", true),
            ("a**/*.txt", "abc/def/x.txt", true),
            ("a[b-d]e", "ace", true),
            ("a[b-d]e", "aae", false),
            ("a[^a-c]e", "ade", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "aXb", false),
            ("abc.def", "abcZdef", false),
            ("a?b", "a/b", false),
            ("*.md", "x/y.md", false),
            ("/x", "x", true),
            ("./x/", "x/y", true),
            (".*", ".git/config", true),
            ("# x", "# x", false),
            ("a(b)c/def", "a(b)c/def", true),
            ("", "x", false),
        ] {
            assert_eq!(ignores(pattern, path), ignored, "{pattern} {path}");
        }
    }

    #[test]
    fn the_last_pattern_wins() {
        let list = "*\n!a/b\na/b/c\n!a/b/c/d\n";
        for (path, ignored) in
            [("x", true), ("a/b/x", false), ("a/b/c/x", true), ("a/b/c/d", false), ("a", true)]
        {
            assert_eq!(ignores(list, path), ignored, "{path}");
        }
    }

    #[test]
    fn folders_without_hope_are_not_entered() {
        let list = DockerIgnore::parse("*\n!packages/ui/src\n!x/*/y\n!**/z.txt\n");
        for folder in ["packages", "packages/ui", "x/q", "anything"] {
            assert!(list.may_hold(folder), "{folder}");
        }
        let list = DockerIgnore::parse("*\n!packages/ui/src\n!x/*/y\n");
        for folder in ["node_modules", "packages/api", "x/q/z", "apps"] {
            assert!(!list.may_hold(folder), "{folder}");
        }
    }

    proptest! {
        #[test]
        fn what_is_visible_lies_in_folders_that_are_entered(
            list in "(!?[ab*?/]{1,6}\n){0,5}",
            path in "[ab]{1,2}(/[ab]{1,2}){0,3}",
        ) {
            let list = DockerIgnore::parse(&list);
            if !list.ignores(&path) {
                for (end, _) in path.match_indices('/') {
                    let folder = &path[..end];
                    prop_assert!(!list.ignores(folder) || list.may_hold(folder), "{}", folder);
                }
            }
        }
    }
}

//! Paths inside of files: finds them, resolves their targets, and rewrites them for another folder.

use std::ops::Range;

use super::rules::Base;
use crate::rel_path::RelPath;

/// A path in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PathReference {
    /// Its place, in bytes.
    pub(super) range: Range<usize>,
    /// Its target, from the repository's root; `None` if it leaves the repository.
    pub(super) target: Option<RelPath>,
    /// Whether it is written with a `/` at its end.
    slash: bool,
}

/// The paths of a text that is the file `file` of the app in the folder `app`.
pub(super) fn find(text: &str, base: Base, app: &RelPath, file: &RelPath) -> Vec<PathReference> {
    match base {
        Base::File => relative(text, &app.join(file.as_str()).parent()),
        Base::Repository => from_root(text, app),
    }
}

/// The path as written from the folder `folder` (for [`Base::Repository`]: from
/// the root).
pub(super) fn write(found: &PathReference, target: &RelPath, base: Base, folder: &RelPath) -> String {
    let mut text = match base {
        Base::File => target.relative_from(folder),
        Base::Repository => target.as_str().to_owned(),
    };
    if found.slash {
        text.push('/');
    }
    text
}

/// `../x/y` and `..` with the folder of the file as their base.
fn relative(text: &str, folder: &RelPath) -> Vec<PathReference> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("..").map(|at| from + at) {
        let start = if text[..at].ends_with("./") && begins(text, at - 2) { at - 2 } else { at };
        let after = text[at + 2..].chars().next();
        if !begins(text, start) || after.is_some_and(|c| c != '/' && (is_part(c) || c == '.')) {
            // Skip a whole run of dots, `...` is no path.
            from = at + 2 + text[at + 2..].len() - text[at + 2..].trim_start_matches('.').len();
            continue;
        }
        let end = end_of_path(text, at);
        from = end;
        push(&mut found, text, start..end, |written| folder.resolve(written));
    }
    found
}

/// `APP/x/y` with the root as its base, where APP is the app's own path.
fn from_root(text: &str, app: &RelPath) -> Vec<PathReference> {
    let prefix = format!("{app}/");
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(&prefix).map(|at| from + at) {
        let start = if text[..at].ends_with("./") && begins(text, at - 2) { at - 2 } else { at };
        let negated = start > 0 && text.as_bytes()[start - 1] == b'!' && begins(text, start - 1);
        if !begins(text, start) && !negated {
            from = at + prefix.len();
            continue;
        }
        let end = end_of_path(text, at);
        from = end;
        push(&mut found, text, start..end, |written| RelPath::root().resolve(written));
    }
    found
}

fn push(
    found: &mut Vec<PathReference>,
    text: &str,
    range: Range<usize>,
    resolve: impl Fn(&str) -> Option<RelPath>,
) {
    let written = &text[range.clone()];
    found.push(PathReference { target: resolve(written), slash: written.ends_with('/'), range });
}

/// Whether a path can begin here, which excludes the middle of a word or of another path.
fn begins(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    before.is_none_or(|c| c.is_whitespace() || "\"'`:=([{,<>|!;".contains(c))
}

fn end_of_path(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let end = rest.find(|c: char| !(is_part(c) || c == '/' || c == '.')).unwrap_or(rest.len());
    let path = &rest[..end];
    // The full stop of a sentence is not part of a path at its end.
    let kept = path.trim_end_matches('.');
    if kept.is_empty() || kept.ends_with('/') { at + path.len() } else { at + kept.len() }
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || "_-@+~%*".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    fn targets(text: &str, base: Base) -> Vec<(String, String)> {
        let found = find(text, base, &path("template-app"), &path("frontend/vite.config.ts"));
        let target =
            |f: &PathReference| f.target.as_ref().map_or_else(|| "outside".to_owned(), ToString::to_string);
        found.iter().map(|f| (text[f.range.clone()].to_owned(), target(f))).collect()
    }

    #[test]
    fn finds_relative_paths_and_nothing_else() {
        for (text, expected) in [
            ("\"file:../../packages/ui\"", vec![("../../packages/ui", "packages/ui")]),
            ("- ../../packages/ui/src:/app:ro", vec![("../../packages/ui/src", "packages/ui/src")]),
            ("context: ../..", vec![("../..", ".")]),
            ("context: ..\n", vec![("..", "template-app")]),
            (
                "(../README.md), see ../../docs/index.md.",
                vec![("../README.md", "template-app/README.md"), ("../../docs/index.md", "docs/index.md")],
            ),
            ("./../../schemas/", vec![("./../../schemas/", "schemas")]),
            ("../../packages/*/src", vec![("../../packages/*/src", "packages/*/src")]),
            ("...spread", vec![]),
            ("a..b 0..10 x/../y", vec![]),
            ("from ..deps import x", vec![]),
            ("../../../../etc/passwd", vec![("../../../../etc/passwd", "outside")]),
            ("ü../../x", vec![]),
        ] {
            let expected: Vec<_> =
                expected.into_iter().map(|(a, b): (&str, &str)| (a.to_owned(), b.to_owned())).collect();
            assert_eq!(targets(text, Base::File), expected, "{text}");
        }
    }

    #[test]
    fn finds_paths_from_the_root() {
        for (text, expected) in [
            ("COPY template-app/frontend/package.json ./", vec!["template-app/frontend/package.json"]),
            ("!template-app/backend/src\n", vec!["template-app/backend/src"]),
            ("dockerfile: ./template-app/x", vec!["./template-app/x"]),
            ("name: template-app\nimage: x/template-app/y", vec![]),
        ] {
            let found: Vec<_> =
                targets(text, Base::Repository).into_iter().map(|(written, _)| written).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[\\PC./!\"a-z \\n]{0,120}") {
            let _ = targets(&text, Base::File);
            let _ = targets(&text, Base::Repository);
        }

        #[test]
        fn what_is_written_leads_to_the_same_target(
            target in "[a-z]{1,3}(/[a-z]{1,3}){0,3}",
            place in "[n-z]{1,3}(/[a-z]{1,3}){0,4}",
            file in "([a-z]{1,3}/){0,3}[a-z]{1,3}",
            slash in any::<bool>(),
        ) {
            let (target, place, file) = (path(&target), path(&place), path(&file));
            let folder = place.join(file.as_str()).parent();
            let found = PathReference { range: 0..0, target: Some(target.clone()), slash };
            let written = write(&found, &target, Base::File, &folder);
            prop_assert_eq!(folder.resolve(&written), Some(target.clone()));
            if written.starts_with("..") {
                let again = find(&written, Base::File, &place, &file);
                prop_assert_eq!(again.len(), 1);
                prop_assert_eq!(again[0].target.as_ref(), Some(&target));
            }
        }
    }
}

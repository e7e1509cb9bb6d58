//! Manifests that went wrong in any way: the check answers, quickly, and points into the text.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::{Index, select};
use scalr_model::diagnostics::{Location, Span};
use scalr_model::document::DocumentKind;
use scalr_model::manifest;
use scalr_model::rel_path::RelPath;
use scalr_model::schema::{MANIFEST, Schema};

use crate::sandbox;

const EVERY_KEY: &str = include_str!("../manifests/valid/every-key.yml");

/// One thing that a person, an editor or a disk does to a file.
#[derive(Debug, Clone)]
enum Mutation {
    /// A line is gone.
    Remove(Index),
    /// A line is there twice.
    Double(Index),
    /// Two lines change places.
    Swap(Index, Index),
    /// A line moves right.
    Indent(Index, String),
    /// A value is replaced.
    Value(Index, String),
    /// A key is replaced.
    Key(Index, String),
    /// Something is typed anywhere.
    Insert(Index, String),
    /// A byte changes.
    Byte(Index, u8),
    /// The rest is lost.
    Cut(Index),
    /// The line ends are of another system.
    LineEnds(String),
}

/// What YAML, the schema or the writer of a renderer might stumble over.
const SNIPPETS: [&str; 40] = [
    "",
    "~",
    "null",
    "-1",
    "70000",
    "1e999",
    "0x",
    ".nan",
    "true",
    "[]",
    "{}",
    "[",
    "}",
    "\"",
    "'",
    "|",
    ">-\n",
    "&a",
    "*a",
    "!!str x",
    "!x",
    "? ",
    ": ",
    "- ",
    "#",
    "---",
    "...",
    "%YAML 1.2",
    "\t",
    "\r",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\0",
    "\u{1b}[31m",
    "漢字",
    "🛒",
    "e\u{301}",
    "\\e",
    "2026-02-30",
];

fn snippet() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => select(SNIPPETS.as_slice()).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        1 => "[a-z:\\-{}\\[\\]\"' \n#&*!]{0,20}",
    ]
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = any::<Index>;
    prop_oneof![
        at().prop_map(Mutation::Remove),
        at().prop_map(Mutation::Double),
        (at(), at()).prop_map(|(a, b)| Mutation::Swap(a, b)),
        (at(), "[ \t]{1,4}").prop_map(|(line, space)| Mutation::Indent(line, space)),
        (at(), snippet()).prop_map(|(line, value)| Mutation::Value(line, value)),
        (at(), snippet()).prop_map(|(line, key)| Mutation::Key(line, key)),
        (at(), snippet()).prop_map(|(place, text)| Mutation::Insert(place, text)),
        (at(), any::<u8>()).prop_map(|(place, byte)| Mutation::Byte(place, byte)),
        at().prop_map(Mutation::Cut),
        select(["\r\n", "\r", "\n\n"].as_slice()).prop_map(|end| Mutation::LineEnds(end.to_owned())),
    ]
}

fn apply(mutation: &Mutation, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let count = lines.len();
    match mutation {
        Mutation::Remove(line) => drop(lines.remove(line.index(count))),
        Mutation::Double(line) => lines.insert(line.index(count), lines[line.index(count)].clone()),
        Mutation::Swap(a, b) => lines.swap(a.index(count), b.index(count)),
        Mutation::Indent(line, space) => drop(lines[line.index(count)].splice(0..0, space.bytes())),
        Mutation::Value(line, value) | Mutation::Key(line, value) => {
            let line = &mut lines[line.index(count)];
            let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
            if matches!(mutation, Mutation::Key(..)) {
                line.splice(0..colon, value.bytes());
            } else {
                let from = (colon + 1).min(line.len());
                line.truncate(from);
                line.extend(format!(" {value}\n").bytes());
            }
        }
        Mutation::Insert(place, text) => {
            let at = place.index(bytes.len());
            bytes.splice(at..at, text.bytes());
            return;
        }
        Mutation::Byte(place, byte) => {
            let at = place.index(bytes.len());
            bytes[at] = *byte;
            return;
        }
        Mutation::Cut(place) => return bytes.truncate(place.index(bytes.len())),
        Mutation::LineEnds(end) => {
            let text = bytes.split(|byte| *byte == b'\n').collect::<Vec<_>>();
            *bytes = text.join(end.as_bytes());
            return;
        }
    }
    *bytes = lines.concat();
}

/// Whether a span begins and ends at places that the text has, as an editor counts them.
fn lies_inside(span: Span, text: &str) -> bool {
    let lines: Vec<usize> = text.split('\n').map(|line| line.chars().count()).collect();
    let place = |line: u32, column: u32| {
        let length = lines.get((line as usize).wrapping_sub(1));
        length.is_some_and(|length| (1..=length + 1).contains(&(column as usize)))
    };
    place(span.line, span.column)
        && place(span.end_line, span.end_column)
        && (span.line, span.column) <= (span.end_line, span.end_column)
}

fn schema() -> Schema {
    Schema::compile(DocumentKind::Manifest, MANIFEST).unwrap()
}

fn check(bytes: &[u8], schema: &Schema) -> Result<(), TestCaseError> {
    let path = RelPath::new("apps/x/app.manifest.yml").unwrap();
    let before = Instant::now();
    let (findings, manifest) = manifest::check(&path, bytes, schema);
    prop_assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
    prop_assert!(
        manifest.is_some() || manifest::has_errors(&findings),
        "nothing was read and nothing is said"
    );
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    for finding in &findings {
        prop_assert!(!finding.message.is_empty());
        let related = finding.related.iter().map(|related| &related.location);
        for Location { span, .. } in [&finding.location].into_iter().chain(related) {
            prop_assert!(span.is_none_or(|span| lies_inside(span, text)), "{finding:#?}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_manifest_is_answered(
        rich in any::<bool>(),
        mutations in proptest::collection::vec(mutation(), 1..6),
    ) {
        thread_local!(static SCHEMA: Schema = schema());
        let mut bytes = if rich { EVERY_KEY.to_owned() } else { sandbox::manifest("x", "internal", 1) }.into_bytes();
        for mutation in &mutations {
            apply(mutation, &mut bytes);
        }
        SCHEMA.with(|schema| check(&bytes, schema))?;
    }
}

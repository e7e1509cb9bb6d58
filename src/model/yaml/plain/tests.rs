//! The short way against the parser: on files of the repository, by hand, and on any lines.

use proptest::prelude::*;

use super::*;
use crate::model::yaml::parse::parse_events;

/// The short way gives what the parser gives, or nothing.
fn agrees(text: &str) -> bool {
    let Some(tree) = parse(text) else { return false };
    assert_eq!(parse_events(text).as_ref(), Ok(&tree), "{text}");
    true
}

#[test]
fn reads_what_manifests_are_made_of() {
    for text in [
        include_str!("../../../../template-app/app.manifest.yml"),
        include_str!("../../../../services/gateway/app.manifest.yml"),
        include_str!("../../../../services/auth-dev/app.manifest.yml"),
        "a: 1\n",
        "a: 1",
        "# x\n\na: 1 # one\nb:   two words  # x\nc: \"q # : x\" # y\nd: 'it, [is]'\n",
        "a: [ x , 'y z', \"w\",]\nb: []\nc: {}\nd: [1, -3, 2.5, true, ~x, null]\n"
            .replace("-3, ", "")
            .replace("~x, ", "")
            .leak(),
        "a:\n  b:\n    c: 1\n  d: x\ne:\n  - 1\n  - two\nf:\n  - k: v\n    l: w\n  -   m: 1\n      n: 2\n",
        "a: >-\n  one\n  two\nb: |\n  x: y\n  # no comment\nc: 1\n",
        "a:\n  b: |-\n    x\n# comment\nc: http://x/y:z\nd: a:b\ne: true\nf: null\ng: 0x10\n",
        "  a: 1\n  b: 2\n",
    ] {
        assert!(agrees(text), "{text}");
    }
}

#[test]
fn leaves_the_rest_to_the_parser() {
    for text in [
        "",
        "# x\n",
        "a: b\n  c\n",
        "a: \"b\n  c\"\n",
        "a:\n",
        "a: &x 1\n",
        "a: !t 1\n",
        "- a\n",
        "a: 1\na: 2\n",
        "---\na: 1\n",
        "a: 1\n---\n",
        "a: 1\n...\n",
        "a:\tb\n",
        "a: zw\u{f6}lf\n",
        "? a\n: b\n",
        "a: [b\n]\n",
        "a: \"\\n\"\n",
        "a: 'b''c'\n",
        "null: 1\n",
        "a: b: c\n",
        "a: >\n  b\n\n  c\n",
        "a: |2\n  b\n",
        "a: {b: c}\n",
        "a: [b: c]\n",
        "a: [[b]]\n",
        "a:\n - b\n -c\n",
        "a: 1\n b: 2\n",
        "a: 1\r\n",
        "a: |\n  b",
        "a: - b\n",
        "a:b\n",
        "a: @b\n",
        "a: %b\n",
        "a: b:\n",
        "%a: b\n",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn agrees_on_lines_of_every_kind(lines in prop::collection::vec((0_usize..7, prop::sample::select(LINES)), 0..9), end in any::<bool>()) {
        let mut text: String = lines.iter().map(|(indent, line)| format!("{}{line}\n", " ".repeat(*indent))).collect();
        if end {
            text.pop();
        }
        agrees(&text);
    }

    #[test]
    fn agrees_on_any_value(value in "[ab1:,#?!&*|>%@'\"{}\\[\\]$(+/._~ -]{0,12}", form in 0_usize..5) {
        let text = match form {
            0 => format!("k: {value}\n"),
            1 => format!("k: [{value}]\n"),
            2 => format!("k:\n  - {value}\n  - x\nl: y\n"),
            3 => format!("k: >-\n  {value}\n  x\nl: y\n"),
            _ => format!("k:\n  {value}: {value}\n"),
        };
        agrees(&text);
    }
}

const LINES: &[&str] = &[
    "a: 1",
    "b: x y",
    "c:",
    "d: [x, 'y']",
    "- x",
    "- k: v",
    "-",
    "- ",
    "# c",
    "",
    "e: >-",
    "f: |",
    "text",
    "text # no",
    "\"k\": v",
    "g: \"x\"",
    "h: {}",
    "- - x",
    "i: # c",
    "j:  z  ",
    "---",
    "...",
    "k: []",
    "l: 'x'",
    "- |",
    "- [a]",
    "m: a #b",
    "n: a# b",
    "'x'",
    "a",
    "-x: 1",
    "a: 1",
];

//! A manifest that is a regular file and nothing a person would write: one finding, within seconds.

use std::fmt::Write;
use std::time::{Duration, Instant};

use super::{Report, patiently, text, validate};
use crate::sandbox::{Sandbox, manifest};

const DESK: &str = "apps/desk/app.manifest.yml";

/// What is said of a repository whose second app has this manifest, for people and for programs.
fn report(bytes: impl AsRef<[u8]>) -> Report {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/products/crm", "crm", "product", 1).app("apps/desk", "desk", "internal", 2);
    sandbox.write(DESK, bytes);
    quickly(&sandbox)
}

/// Both reports, before anybody would call it a stall, also without optimisation on a machine that has other things to do.
fn quickly(sandbox: &Sandbox) -> Report {
    let before = Instant::now();
    let report = validate(sandbox, &[]);
    let human = patiently(sandbox.command(&["validate"]));
    assert!(before.elapsed() < Duration::from_mins(1), "{:?}", before.elapsed());
    assert_eq!(human.code, report.code, "{human:?}");
    assert!(human.stderr.is_empty(), "{human:?}");
    report
}

fn code_of(bytes: impl AsRef<[u8]>) -> String {
    let report = report(bytes);
    assert_eq!(report.only()["location"]["path"], DESK);
    assert_eq!(report.code, i32::from(report.only()["severity"] == "error"));
    text(&report.only()["code"]).to_owned()
}

fn valid() -> String {
    manifest("desk", "internal", 2)
}

#[test]
fn nothing_is_said_once() {
    assert_eq!(code_of(""), "file-empty");
    assert_eq!(code_of(" \n\n# c\n"), "file-empty");
    assert_eq!(code_of("---\n...\n"), "file-empty");
}

#[test]
fn encodings() {
    let latin1 = [valid().as_bytes(), b"owner: Z\xfcrich\n"].concat();
    let report = report(&latin1);
    assert_eq!(report.lines(), [format!("file-not-utf8 {DESK}:12:9")]);
    let utf16: Vec<u8> = valid().encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(code_of([b"\xff\xfe".as_slice(), &utf16].concat()), "file-not-utf8");
    assert_eq!(code_of([b"\0".as_slice(); 1].concat()), "yaml-syntax");
    assert_eq!(code_of("slug: a\0b\n"), "yaml-syntax");
}

#[test]
fn what_is_odd_but_readable_is_a_warning() {
    assert_eq!(code_of(format!("\u{feff}{}", valid())), "file-bom");
    assert_eq!(code_of(valid().replace('\n', "\r\n")), "file-crlf");
    let both = report(format!("\u{feff}{}kind: x\r\n", valid()));
    assert_eq!(
        both.lines(),
        [
            format!("file-bom {DESK}:1:1"),
            // The byte order mark is no column of the first line, and moves none.
            format!("yaml-duplicate-key {DESK}:12:1"),
            format!("file-crlf {DESK}:12:8"),
        ]
    );
}

#[test]
fn a_lone_carriage_return_would_move_every_line_behind_it() {
    let report = report(valid().replace("name: App 2", "name: \"App\r2\"") + "onwer: x\n");
    assert_eq!(report.lines(), [format!("yaml-syntax {DESK}:4:11")]);
    assert_eq!(code_of(valid().replace('\n', "\r")), "yaml-syntax");
}

#[test]
fn tabs() {
    assert_eq!(code_of(valid().replace("  frontend", "\tfrontend")), "yaml-syntax");
    let tab_behind = report(valid().replace("slug: ", "slug:\t"));
    assert!(tab_behind.lines().is_empty(), "a tab is white space where it indents nothing");
}

#[test]
fn an_alias_bomb() {
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
    for (to, from) in ('b'..='z').zip('a'..) {
        let _ = writeln!(bomb, "{to}: &{to} [*{from}, *{from}, *{from}, *{from}, *{from}, *{from}]");
    }
    assert_eq!(code_of(bomb), "yaml-alias");
}

#[test]
fn a_hundred_thousand_levels() {
    let depth = 100_000;
    assert_eq!(code_of("[".repeat(depth)), "yaml-too-deep");
    assert_eq!(code_of("{a: ".repeat(depth)), "yaml-too-deep");
    assert_eq!(code_of("- ".repeat(depth)), "yaml-too-deep");
    assert_eq!(code_of(format!("x-a: {}{}", "[".repeat(depth), "]".repeat(depth))), "yaml-too-deep");
    // Block style costs a space a level, so 1 MiB has some 1,400 of them.
    let block: String = (0..1400).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert_eq!(code_of(block), "yaml-too-deep");
    assert!(["yaml-too-deep", "yaml-key", "yaml-syntax"].contains(&code_of("? ".repeat(depth)).as_str()));
}

/// 1 MiB is what may be read, so 1 MiB of the same thing must not cost its square.
#[test]
fn a_mebibyte_of_keys() {
    let keys: String = (0..80_000).map(|key| format!("k{key}: 1\n")).collect();
    let report = report(valid() + &keys);
    assert_eq!(report.findings().len(), 51, "fifty, and a word about the rest");
    assert_eq!(report.code, 1);
}

#[test]
fn a_mebibyte_of_items() {
    let tags: String = (0..80_000).map(|tag| format!("- t{tag}\n")).collect();
    assert_eq!(code_of(format!("{}tags:\n{tags}- t79999\n", valid())), "schema-rule");
    let bad: String = (0..80_000).map(|tag| format!("- T{tag}\n")).collect();
    assert_eq!(report(format!("{}tags:\n{bad}", valid())).findings().len(), 51);
}

#[test]
fn a_mebibyte_of_references() {
    let slugs: String = (0..5_000).map(|slug| format!("- s{slug}\n")).collect();
    let report = report(format!("{}depends_on:\n{slugs}events_subscribe:\n{slugs}", valid()));
    assert_eq!(report.findings().len(), 10_000);
}

#[test]
fn a_mebibyte_in_one_line() {
    let wide = "x".repeat(500_000);
    let keys: String = (0..60).map(|key| format!("k{key}: 1, ")).collect();
    let report = report(format!("{{{keys} name: {wide}, description: {wide}}}\n"));
    assert_eq!(report.findings().len(), 51);
}

#[test]
fn a_mebibyte_beside_the_manifest() {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/desk", "desk", "internal", 2);
    let env = sandbox.read("apps/desk/.env.app") + &"A=\n".repeat(200_000);
    sandbox.write("apps/desk/.env.app", env);
    assert!(quickly(&sandbox).lines().is_empty());

    let lines: String = (0..10_000).map(|line| format!("apps/gone-{line}\n")).collect();
    sandbox.write("registered-apps.txt", format!("apps/desk\n{lines}"));
    assert_eq!(quickly(&sandbox).findings().len(), 10_000);
}

#[test]
fn a_registry_that_is_no_utf8() {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/desk", "desk", "internal", 2);
    sandbox.write("registered-apps.txt", b"apps/desk\n# Z\xfcrich\n");
    assert_eq!(quickly(&sandbox).lines(), ["file-not-utf8 registered-apps.txt:2:4"]);
}

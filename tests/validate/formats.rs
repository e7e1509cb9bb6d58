//! One broken repository in every format.

use std::process::Command;

use super::validate;
use crate::sandbox::{Sandbox, manifest};

/// Errors and warnings, related places, a file without a span, text that every format has to escape.
pub(super) fn broken() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/desk", "desk", "internal", 1).app("clients/acme", "acme", "client", 2);
    let desk = "apps/desk/app.manifest.yml";
    let odd = "\"100%, <b>&amp; ]]>: ::error::\\r\\n\\e[31m 漢字\": 1\n";
    sandbox.write(
        desk,
        sandbox.read(desk).replace("db: 40001", "db: 20020") + odd + "events_subscribe: [mail.sent]\n",
    );
    sandbox.write(
        "apps/a, b:100%/app.manifest.yml",
        manifest("desk", "internal", 3).replace("kind: internal", "kind: intern"),
    );
    sandbox.write("apps/a, b:100%/.env.app", "APP_SLUG=other\n");
    std::fs::create_dir_all(sandbox.path("apps/folder/app.manifest.yml")).unwrap();
    sandbox
}

#[test]
fn human() {
    let ran = broken().run(&["validate", "--format", "human"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn human_is_the_default_and_colour_only_adds_to_it() {
    let sandbox = broken();
    let plain = sandbox.run(&["validate"]).stdout;
    assert_eq!(plain, sandbox.run(&["validate", "--format=human"]).stdout);
    assert!(!plain.contains('\u{1b}'));
    let coloured = sandbox.run(&["validate", "--color=always"]).stdout;
    assert!(coloured.contains("\u{1b}["));
    // No control sequence out of a manifest reaches the terminal.
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    assert!(!coloured.contains("\u{1b}[31m 漢"), "{coloured}");
}

#[test]
fn json_is_the_same_as_the_global_option() {
    let sandbox = broken();
    let report = validate(&sandbox, &[]);
    let ran = sandbox.run(&["validate", "--format", "json"]);
    assert_eq!((ran.code, ran.json()), (1, report.json));
}

#[test]
fn github() {
    let ran = broken().run(&["validate", "--format", "github"]);
    assert_eq!(ran.code, 1);
    for line in ran.stdout.lines().filter(|line| line.starts_with("::")) {
        let (properties, _message) = line[2..].split_once("::").unwrap();
        assert!(properties.starts_with("error file=") || properties.starts_with("warning file="), "{line}");
        assert!(!properties.contains("100%,") && !properties.contains("b:"), "{line}");
    }
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn github_is_chosen_under_github_actions() {
    let sandbox = broken();
    let run = |value: &str, args: &[&str]| {
        let output = sandbox.command(args).env("GITHUB_ACTIONS", value).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run("true", &["validate"]).starts_with("::error file="));
    assert!(run("false", &["validate"]).starts_with("apps/"));
    assert!(run("true", &["validate", "--format", "human"]).starts_with("apps/"));
    assert!(run("true", &["validate", "--json"]).starts_with('{'));
}

#[test]
fn junit_is_xml_with_a_case_a_file() {
    let sandbox = broken();
    let ran = sandbox.run(&["validate", "--format", "junit"]);
    assert_eq!(ran.code, 1);
    let document =
        roxmltree::Document::parse(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{}", ran.stdout));
    let count =
        |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count().to_string();
    let suites = document.root_element();
    let suite = suites.first_element_child().unwrap();
    for node in [suites, suite] {
        assert_eq!(node.attribute("tests"), Some(count("testcase").as_str()));
        assert_eq!(node.attribute("failures"), Some(count("failure").as_str()));
        assert_eq!((node.attribute("errors"), node.attribute("skipped")), (Some("0"), Some("0")));
    }
    let case = |file: &str| {
        let mut cases = document.descendants().filter(|node| node.attribute("file") == Some(file));
        cases.next().unwrap_or_else(|| panic!("no case for {file}\n{}", ran.stdout))
    };
    let failure = case("apps/a, b:100%/app.manifest.yml").first_element_child().unwrap();
    assert_eq!(failure.attribute("type"), Some("compose-missing"), "the first of them");
    assert!(failure.text().unwrap().contains("did you mean `internal`?"), "{}", ran.stdout);
    let desk = case("apps/desk/app.manifest.yml");
    let text = desk.first_element_child().unwrap().text().unwrap();
    assert!(text.contains("100%, <b>&amp; ]]>: ::error::"), "{text}");
    // A warning is no failure.
    assert!(desk.children().any(|node| node.has_tag_name("system-out")), "{}", ran.stdout);

    let clean = Sandbox::empty();
    let ran = clean.run(&["validate", "--format", "junit"]).ok();
    let document = roxmltree::Document::parse(&ran.stdout).unwrap();
    assert_eq!(
        document.root_element().attribute("tests"),
        Some("1"),
        "CI servers reject a suite without a case"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let sandbox = broken();
    for format in ["human", "json", "sarif", "github", "junit"] {
        let output = Command::new("bash")
            .args(["-c", "\"$0\" validate --format \"$1\" | head -c 1; exit ${PIPESTATUS[0]}"])
            .args([env!("CARGO_BIN_EXE_scalr"), format])
            .current_dir(sandbox.path(""))
            .output()
            .unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(1), b"".as_slice()), "{format}");
    }
    let closed = Command::new("bash")
        .args(["-c", "\"$0\" list >&- ; \"$0\" --help | true", env!("CARGO_BIN_EXE_scalr")])
        .current_dir(sandbox.path(""))
        .output()
        .unwrap();
    assert!(!String::from_utf8_lossy(&closed.stderr).contains("panicked"), "{closed:?}");
}

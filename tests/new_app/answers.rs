//! Answers without a terminal: options, files, standard input.

use std::io::Write;
use std::process::Stdio;

use super::{answers, small};
use crate::sandbox::Ran;

#[test]
fn everything_that_is_missing_or_bad_is_told_at_once() {
    let sandbox = small();
    let before = sandbox.tree();
    let ran = sandbox.run(&["new-app", "--slug", "Order Desk", "--kind", "produkt"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    for part in [
        "the name is missing; pass --name TEXT",
        "the slug `Order Desk` is not kebab-case",
        "try `order-desk`",
        "the description is missing; pass --description TEXT",
        "did you mean `product`?",
        "one of product, client, internal, platform",
        "pass --yes",
    ] {
        assert!(ran.stderr.contains(part), "{part} is missing in {}", ran.stderr);
    }
    assert_eq!(sandbox.tree(), before);
}

#[test]
fn without_a_terminal_it_needs_yes() {
    let sandbox = small();
    let ran = sandbox.run(&answers("order-desk"));
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("pass --yes to go on without being asked, or --dry-run"), "{ran:?}");
    assert!(!sandbox.path("apps").exists());
}

#[test]
fn problems_are_data_for_programs() {
    let sandbox = small();
    let report = sandbox.run(&["new-app", "--json", "--yes", "--slug", "x_y", "--name", "a\u{7}"]).json();
    assert_eq!((report["schema"].as_str(), report["exit_code"].as_u64()), (Some("scalr.error/1"), Some(2)));
    let problems: Vec<_> = report["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["field"].as_str().unwrap(), p["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(
        problems,
        [("name", "unusable"), ("slug", "unusable"), ("description", "missing"), ("kind", "missing")]
    );
}

#[test]
fn a_file_of_answers_may_be_yaml_or_json_and_options_win() {
    let sandbox = small();
    sandbox.write(
        "answers.yml",
        "name: From File\nslug: from-file\ndescription: |\n  Two\n  lines\nkind: client\n",
    );
    sandbox.run(&["new-app", "--answers", "answers.yml", "--slug", "from-option", "--yes"]).ok();
    assert!(sandbox.read("clients/from-option/app.manifest.yml").contains("description: \"Two\\nlines\\n\""));
    let mut child = sandbox
        .command(&["new-app", "--answers", "-", "--yes", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(br#"{"name": "J", "slug": "from-json", "description": "D", "kind": "internal"}"#)
        .unwrap();
    let report = Ran::from(child.wait_with_output().unwrap()).ok().json();
    assert_eq!(report["app"]["path"], "apps/from-json");
}

#[test]
fn an_answer_that_nobody_asked_for_is_an_error_with_its_place() {
    let sandbox = small();
    sandbox.write("answers.yml", "nmae: X\nslug: X\ndescription: 5\n");
    let ran = sandbox.run(&["new-app", "--answers", "answers.yml", "--yes"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("answers.yml:1:1: error[schema-unknown-key]: the key `nmae` is not known"),
        "{ran:?}"
    );
    // Whatever is wrong, in the file and besides, is told at once.
    for part in [
        "did you mean `name`?",
        "answers.yml:3:14: error[schema-type]: `description` must be a text, found `5`",
        "the name is missing; pass --name",
        "the slug `X` is not kebab-case",
        "the kind is missing; pass --kind",
    ] {
        assert!(ran.stderr.contains(part), "{part} is missing in {}", ran.stderr);
    }
    let missing = sandbox.run(&["new-app", "--answers", "gone.yml", "--yes"]);
    assert_eq!(missing.code, 3, "{missing:?}");
    assert!(missing.stderr.contains("failed to read gone.yml: it does not exist"), "{missing:?}");
}

#[test]
fn reserved_slugs_are_refused() {
    let sandbox = small();
    for slug in ["template-app", "auth", "pg-x", "template0"] {
        let ran = sandbox.run(&[&answers(slug)[..], &["--yes"]].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains("is reserved"), "{ran:?}");
    }
}

#[test]
fn the_schema_of_the_answers_is_one_option_away() {
    let sandbox = small();
    let schema = sandbox.run(&["new-app", "--schema"]).ok().json();
    assert_eq!(schema["required"], serde_json::json!(["name", "slug", "description", "kind"]));
}

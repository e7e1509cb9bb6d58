//! `scalr explain`

use scalr_model::codes::Code;

use crate::sandbox::Sandbox;

#[test]
fn every_code_is_explained() {
    let sandbox = Sandbox::empty();
    for code in Code::ALL {
        let ran = sandbox.run(&["explain", code.name()]).ok();
        let head = format!("{}[{}]: ", code.severity().as_str(), code.name());
        assert!(ran.stdout.starts_with(&head), "{ran:?}");
        assert!(ran.stdout.contains(code.explanation().detail), "{ran:?}");
    }
}

#[test]
fn it_needs_no_repository() {
    let folder = tempfile::tempdir().unwrap();
    let output =
        Sandbox::empty().command(&["explain", "port-conflict"]).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_code_may_be_copied_out_of_a_finding() {
    let sandbox = Sandbox::empty();
    let plain = sandbox.run(&["explain", "port-conflict"]).ok().stdout;
    assert_eq!(sandbox.run(&["explain", "error[port-conflict]"]).ok().stdout, plain);
}

#[test]
fn all_codes_are_listed() {
    let ran = Sandbox::empty().run(&["explain"]).ok();
    let names: Vec<&str> = ran.stdout.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(names, Code::ALL.iter().map(|code| code.name()).collect::<Vec<_>>());
    // The summaries stand in one column.
    let columns: std::collections::BTreeSet<_> = Code::ALL
        .iter()
        .zip(ran.stdout.lines())
        .map(|(code, line)| line.find(code.explanation().summary).unwrap())
        .collect();
    assert_eq!(columns.len(), 1, "{}", ran.stdout);
}

#[test]
fn an_unknown_code_gets_a_suggestion() {
    let sandbox = Sandbox::empty();
    let ran = sandbox.run(&["explain", "port-conflit"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(ran.stderr, @r"
    error: there is no code `port-conflit`
      = did you mean: scalr explain port-conflict
    ");
    let ran = sandbox.run(&["explain", "xyzzy"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("scalr explain lists every code"), "{ran:?}");
}

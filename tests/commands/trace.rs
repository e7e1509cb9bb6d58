//! What `SCALR_LOG` and `--verbose` tell of the steps, and what they don't touch.

use crate::sandbox::{Ran, Sandbox};

fn logged(sandbox: &Sandbox, level: &str, args: &[&str]) -> Ran {
    Ran::from(sandbox.command(args).env("SCALR_LOG", level).output().unwrap())
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/a", "a", "internal", 1);
    sandbox
}

/// The lines of the spans, without the time that each took.
fn traces(ran: &Ran) -> Vec<&str> {
    let lines = ran.stderr.lines().filter_map(|line| line.strip_prefix("trace: "));
    lines
        .map(|line| {
            let (time, rest) = line.split_once(" ms ").unwrap();
            time.parse::<u64>().unwrap();
            rest
        })
        .collect()
}

#[test]
fn steps_are_told_only_when_asked_for() {
    let sandbox = sandbox();
    let plain = sandbox.run(&["validate"]).ok();
    assert_eq!(plain.stderr, "");
    for told in [logged(&sandbox, "info", &["validate"]), sandbox.run(&["validate", "--verbose"])] {
        assert_eq!(traces(&told), ["walk manifests=1"], "{told:?}");
        assert_eq!(told.stdout, plain.stdout);
    }
    let more = logged(&sandbox, "debug", &["validate"]);
    assert!(traces(&more).contains(&"schema") && traces(&more).contains(&"walk manifests=1"), "{more:?}");
    for silent in [
        logged(&sandbox, "off", &["validate", "--verbose"]),
        logged(&sandbox, "debug", &["validate", "--quiet"]),
        logged(&sandbox, "", &["validate"]),
    ] {
        assert_eq!(traces(&silent), [""; 0], "{silent:?}");
    }
}

#[test]
fn the_document_of_json_stays_the_same() {
    let sandbox = sandbox();
    let plain = sandbox.run(&["list", "--json"]).ok();
    let told = logged(&sandbox, "debug", &["list", "--json"]);
    assert_eq!(told.stdout, plain.stdout);
    assert!(traces(&told).contains(&"walk manifests=1"), "{told:?}");
}

#[test]
fn git_is_told_with_what_it_was_asked() {
    let sandbox = sandbox();
    sandbox.commit_all();
    let told = logged(&sandbox, "info", &["validate", "--changed"]).ok();
    assert!(traces(&told).contains(&"git changed"), "{told:?}");
}

#[test]
fn a_level_that_does_not_exist_is_a_warning() {
    let sandbox = sandbox();
    let wrong = logged(&sandbox, "trace\u{1b}[2J", &["validate"]).ok();
    assert_eq!(wrong.stderr, "warning: SCALR_LOG is `trace\\u{1b}[2J`; it can be debug, info, off\n");
}

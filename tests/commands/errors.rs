//! How an error is told: its message, what caused it, what to do next.

use crate::sandbox::{Ran, Sandbox};

/// Errors whose cause is what the system said, each as a variant of another error.
const FAILING: [&[&str]; 2] =
    [&["-C", "nowhere", "list"], &["new-app", "--yes", "--answers", "nowhere/answers.yml"]];

#[test]
fn verbose_shows_what_caused_an_error() {
    let sandbox = Sandbox::empty();
    for args in FAILING {
        let plain = sandbox.run(args);
        assert!(plain.stderr.starts_with("error: failed to "), "{plain:?}");
        assert!(plain.stderr.contains(": it does not exist\n"), "{plain:?}");
        assert!(!plain.stderr.contains("caused by"), "{plain:?}");

        // The steps before the error are trace.rs's subject.
        let verbose = sandbox.command(&[args, &["--verbose"]].concat()).env("SCALR_LOG", "off").output();
        let verbose = Ran::from(verbose.unwrap());
        let (message, rest) = verbose.stderr.split_once('\n').unwrap();
        assert!(plain.stderr.starts_with(message), "{plain:?} {verbose:?}");
        assert!(rest.starts_with("caused by: No such file or directory (os error 2)\n"), "{verbose:?}");
        assert_eq!(rest.matches("caused by").count(), 1, "{verbose:?}");
    }
}

#[test]
fn json_lists_what_caused_an_error() {
    let sandbox = Sandbox::empty();
    for args in FAILING {
        let error = sandbox.run(&[args, &["--json"]].concat()).json();
        assert_eq!(
            error["causes"],
            serde_json::json!(["No such file or directory (os error 2)"]),
            "{error:#}"
        );
    }
    let error = sandbox.run(&["list", "nobody", "--json"]).json();
    assert_eq!(error.get("causes"), None, "{error:#}");
}

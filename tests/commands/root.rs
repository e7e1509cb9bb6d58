//! Finding the repository's root.

use std::path::Path;

use crate::sandbox::{Ran, Sandbox};

fn repository() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/desk", "desk", "internal", 1);
    sandbox
}

fn from(sandbox: &Sandbox, folder: &Path, args: &[&str], root: Option<&Path>) -> Ran {
    let mut command = sandbox.command(args);
    command.current_dir(folder);
    if let Some(root) = root {
        command.env("SCALR_ROOT", root);
    }
    Ran::from(command.output().unwrap())
}

fn finds_desk(ran: &Ran) -> bool {
    ran.code == 0 && ran.stdout.contains("apps/desk")
}

#[test]
fn it_is_the_nearest_folder_upward_that_is_one() {
    let sandbox = repository();
    assert!(finds_desk(&from(&sandbox, &sandbox.path("apps/desk"), &["list"], None)));
    // Only both marks together make a root.
    std::fs::create_dir(sandbox.path("apps/desk/schemas")).unwrap();
    assert!(finds_desk(&from(&sandbox, &sandbox.path("apps/desk"), &["list"], None)));
    sandbox.write("apps/desk/registered-apps.txt", "");
    assert!(!finds_desk(&from(&sandbox, &sandbox.path("apps/desk"), &["list"], None)));
}

#[test]
fn it_can_be_named() {
    let sandbox = repository();
    let elsewhere = tempfile::tempdir().unwrap();
    let root = sandbox.path("");
    for args in [["-C", root.to_str().unwrap(), "list"], ["list", "--root", root.to_str().unwrap()]] {
        assert!(finds_desk(&from(&sandbox, elsewhere.path(), &args, None)), "{args:?}");
    }
    assert!(finds_desk(&from(&sandbox, elsewhere.path(), &["list"], Some(&root))));
    // What is typed wins over the environment.
    let other = Sandbox::empty();
    assert!(finds_desk(&from(
        &sandbox,
        elsewhere.path(),
        &["-C", root.to_str().unwrap(), "list"],
        Some(&other.path(""))
    )));
    assert!(finds_desk(&from(&sandbox, &sandbox.path("apps"), &["-C", "..", "list"], None)));
}

#[test]
fn without_one_nothing_is_printed_but_the_way_out() {
    let elsewhere = tempfile::tempdir().unwrap();
    for command in [["validate"].as_slice(), &["list"], &["ports"], &["new-app", "--yes"]] {
        let ran = from(&repository(), elsewhere.path(), command, None);
        assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{ran:?}");
        assert!(ran.stderr.contains("is not inside of a scalr repository"), "{ran:?}");
        assert!(ran.stderr.contains("scalr -C DIR"), "{ran:?}");
    }
}

#[test]
fn a_named_folder_that_is_none_is_told() {
    let sandbox = repository();
    let ran = sandbox.run(&["-C", "apps", "list"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
    assert!(ran.stderr.contains("is no scalr repository"), "{ran:?}");
    let ran = sandbox.run(&["-C", "nowhere", "list"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
    assert!(ran.stderr.contains("failed to open the folder nowhere: it does not exist"), "{ran:?}");
}

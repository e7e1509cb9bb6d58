//! `scalr` alone.

use crate::sandbox::{Ran, Sandbox};

fn masked(sandbox: &Sandbox, ran: &Ran) -> String {
    let root = sandbox.path("").canonicalize().unwrap();
    ran.stdout.replace(root.to_str().unwrap().trim_end_matches('/'), "ROOT")
}

#[test]
fn a_repository_at_a_glance() {
    let sandbox = Sandbox::with_template();
    let ran = sandbox.run(&[]).ok();
    insta::assert_snapshot!(masked(&sandbox, &ran), @r"
    scalr 0.1.0 in ROOT: 0 apps, 0 registered

      scalr validate    check every manifest (all are fine)
      scalr new-app     make a new app from template-app
      scalr doctor      look whether all is ready to run
      scalr ports       show who holds which host ports
      scalr help        every command and option
    ");
}

#[test]
fn what_is_wrong_is_counted() {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/desk", "desk", "internal", 1);
    sandbox.write("registered-apps.txt", "apps/gone\n");
    let ran = sandbox.run(&[]).ok();
    insta::assert_snapshot!(masked(&sandbox, &ran), @r"
    scalr 0.1.0 in ROOT: 1 app, 0 registered

      scalr validate    check every manifest (1 error and 1 warning now)
      scalr list        show every app
      scalr doctor      look whether all is ready to run
      scalr ports       show who holds which host ports
      scalr help        every command and option
    ");
}

#[test]
fn outside_of_a_repository_it_says_where_to_go() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        Ran::from(Sandbox::empty().command(args).current_dir(folder.path()).output().unwrap()).ok()
    };
    let ran = run(&[]);
    assert!(ran.stdout.contains("scalr -C CLONE"), "{ran:?}");
    assert_eq!(run(&["--json"]).json()["root"], serde_json::Value::Null);
}

#[test]
fn a_root_that_was_named_must_be_one() {
    let ran = Sandbox::empty().run(&["-C", "schemas"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
}

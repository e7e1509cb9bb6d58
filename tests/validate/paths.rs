//! `scalr validate PATH…`: what is reported, while everything is looked at.

use super::validate;
use crate::sandbox::{Ran, Sandbox};

/// Two apps with a finding each, and a third that shares a port with the first.
fn repository() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox
        .app("apps/a", "a", "internal", 1)
        .app("apps/b", "b", "internal", 2)
        .app("apps/c", "c", "internal", 1);
    for app in ["a", "b"] {
        let path = format!("apps/{app}/app.manifest.yml");
        sandbox.write(&path, sandbox.read(&path) + "onwer: me\n");
    }
    let path = "apps/c/app.manifest.yml";
    let text = sandbox
        .read(path)
        .replace("000000000001", "000000000003")
        .replace("30010", "30030")
        .replace("40001", "40003");
    sandbox.write(path, text);
    sandbox.write("apps/c/.env.app", "APP_SLUG=c\nFRONTEND_PORT=20010\nBACKEND_PORT=30030\nDB_PORT=40003\n");
    sandbox
}

const A: &str = "schema-unknown-key apps/a/app.manifest.yml:12:1";
const B: &str = "schema-unknown-key apps/b/app.manifest.yml:12:1";
const C: &str = "port-conflict apps/c/app.manifest.yml:9:13";

#[test]
fn without_paths_everything_is_reported() {
    assert_eq!(validate(&repository(), &[]).lines(), [A, B, C]);
}

#[test]
fn a_path_is_a_file_or_a_folder() {
    let sandbox = repository();
    assert_eq!(validate(&sandbox, &["apps/b"]).lines(), [B]);
    assert_eq!(validate(&sandbox, &["./apps/../apps/b/"]).lines(), [B]);
    assert_eq!(validate(&sandbox, &["apps/b/app.manifest.yml"]).lines(), [B]);
    assert_eq!(validate(&sandbox, &["apps/b/.env.app"]).lines(), [""; 0]);
    assert_eq!(validate(&sandbox, &["."]).lines(), [A, B, C]);
    // The other side of a conflict concerns both.
    assert_eq!(validate(&sandbox, &["apps/a"]).lines(), [A, C]);
    assert_eq!(validate(&sandbox, &["apps/c", "apps/b"]).lines(), [B, C]);
}

#[test]
fn the_exit_code_is_about_what_is_reported() {
    let sandbox = repository();
    assert_eq!(validate(&sandbox, &["apps/b"]).code, 1);
    assert_eq!(validate(&sandbox, &["schemas"]).code, 0);
}

#[test]
fn a_path_is_relative_to_where_it_is_typed() {
    let sandbox = repository();
    let run = |folder: &str, args: &[&str]| {
        let output = sandbox.command(args).current_dir(sandbox.path(folder)).output().unwrap();
        Ran::from(output)
    };
    let head = |ran: &Ran| ran.stdout.split(':').next().unwrap().to_owned();
    assert_eq!(head(&run("apps", &["validate", "b"])), "apps/b/app.manifest.yml");
    assert_eq!(head(&run("apps/b", &["validate", "."])), "apps/b/app.manifest.yml");
    assert_eq!(head(&run("apps/a", &["validate", "../b"])), "apps/b/app.manifest.yml");
    let absolute = sandbox.path("apps/b");
    assert_eq!(head(&run("apps/a", &["validate", absolute.to_str().unwrap()])), "apps/b/app.manifest.yml");
    assert_eq!(head(&run("apps", &["validate", "-C", "..", "b"])), "apps/b/app.manifest.yml");
}

#[test]
fn paths_that_are_not_there_or_outside_are_told_all_at_once() {
    let ran = repository().run(&["validate", "apps/x", "apps/a", "../..", "/etc"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    for part in ["`apps/x` does not exist", "`../..` leaves the repository", "`/etc` leaves the repository"] {
        assert!(ran.stderr.contains(part), "{ran:?}");
    }
    assert!(!ran.stderr.contains("apps/a"), "{ran:?}");
}

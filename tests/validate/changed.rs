//! `scalr validate --changed[=REF]` in a real git repository.

use super::{text, validate};
use crate::sandbox::Sandbox;

/// Three committed apps, each with a finding of its own.
fn repository() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox
        .app("apps/a", "a", "internal", 1)
        .app("apps/b", "b", "internal", 2)
        .app("apps/c", "c", "internal", 3);
    for app in ["a", "b", "c"] {
        let path = format!("apps/{app}/app.manifest.yml");
        sandbox.write(&path, sandbox.read(&path) + "onwer: me\n");
    }
    sandbox.commit_all();
    sandbox
}

/// The apps that are reported with an unknown key.
fn reported(sandbox: &Sandbox, args: &[&str]) -> String {
    let report = validate(sandbox, args);
    report.findings().iter().map(|f| text(&f["location"]["path"]).split('/').nth(1).unwrap()).collect()
}

#[test]
fn nothing_has_changed_in_a_clean_tree() {
    let sandbox = repository();
    assert_eq!(reported(&sandbox, &[]), "abc");
    assert_eq!(reported(&sandbox, &["--changed"]), "");
    assert_eq!(reported(&sandbox, &["--changed=HEAD"]), "");
    assert_eq!(validate(&sandbox, &["--changed"]).code, 0);
}

/// What is wrong between the files of one app is no comparison between apps.
#[test]
fn an_untouched_app_is_not_reported_whatever_is_wrong_with_it() {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/a", "a", "internal", 1).app("apps/b", "other", "internal", 2);
    std::fs::remove_file(sandbox.path("apps/a/.env.app")).unwrap();
    std::fs::remove_file(sandbox.path("apps/b/docker-compose.yml")).unwrap();
    sandbox.commit_all();
    let found = ["place-mismatch apps/b/app.manifest.yml:3:7", "compose-missing apps/b/app.manifest.yml:3:7"];
    let all = validate(&sandbox, &[]);
    assert_eq!(all.lines(), [&["env-missing apps/a/app.manifest.yml:1:1"], &found[..]].concat());
    assert_eq!(validate(&sandbox, &["--changed"]).lines(), [""; 0]);
    sandbox.write("apps/b/README.md", "x");
    assert_eq!(validate(&sandbox, &["--changed"]).lines(), found);
}

#[test]
fn every_kind_of_change_counts() {
    let sandbox = repository();
    sandbox.write("apps/a/src/new.py", "untracked");
    assert_eq!(reported(&sandbox, &["--changed"]), "a");
    sandbox.git(&["add", "apps/a"]);
    assert_eq!(reported(&sandbox, &["--changed"]), "a", "staged");
    sandbox.git(&["commit", "-qm", "More"]);
    assert_eq!(reported(&sandbox, &["--changed"]), "");
    assert_eq!(reported(&sandbox, &["--changed=HEAD~1"]), "a", "committed");
    sandbox.write("apps/b/docker-compose.yml", "services: {} # edited\n");
    assert_eq!(reported(&sandbox, &["--changed"]), "b", "edited");
    sandbox.git(&["rm", "-q", "--cached", "apps/c/docker-compose.yml"]);
    assert_eq!(reported(&sandbox, &["--changed"]), "bc", "removed from the index");
    assert_eq!(reported(&sandbox, &["--changed=HEAD~1", "apps/a", "apps/c"]), "ac", "together with paths");
}

#[test]
fn a_branch_is_compared_with_where_it_was_cut() {
    let sandbox = repository();
    sandbox.git(&["checkout", "-qb", "feature"]);
    sandbox.write("apps/b/README.md", "x");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-qm", "Feature"]);
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.write("apps/c/README.md", "x");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-qm", "Meanwhile"]);
    sandbox.git(&["checkout", "-q", "feature"]);
    assert_eq!(reported(&sandbox, &["--changed=main"]), "b");
}

#[test]
fn ignored_files_are_no_change() {
    let sandbox = repository();
    sandbox.write(".gitignore", "*.log\n");
    sandbox.write("apps/a/server.log", "x");
    assert_eq!(reported(&sandbox, &["--changed"]), "");
}

#[test]
fn a_changed_schema_concerns_every_app() {
    let sandbox = repository();
    let schema = sandbox.run(&["schema", "manifest"]).ok().stdout;
    sandbox.write("schemas/app-manifest.schema.json", schema);
    assert_eq!(reported(&sandbox, &["--changed"]), "abc");
}

#[test]
fn a_broken_manifest_that_changed_is_reported() {
    let sandbox = repository();
    sandbox.write("apps/b/app.manifest.yml", "slug: [\n");
    let report = validate(&sandbox, &["--changed"]);
    assert_eq!(text(&report.only()["code"]), "yaml-syntax");
}

#[test]
fn checks_across_apps_look_at_all_whatever_changed() {
    let sandbox = repository();
    let path = "apps/a/app.manifest.yml";
    sandbox.write(path, sandbox.read(path) + "depends_on: [gone]\n");
    sandbox.git(&["commit", "-qam", "Depend"]);
    sandbox.write("apps/b/README.md", "x");
    let report = validate(&sandbox, &["--changed"]);
    assert_eq!(
        report.lines(),
        [format!("depends-unknown {path}:13:14"), "schema-unknown-key apps/b/app.manifest.yml:12:1".into()]
    );
}

#[test]
fn the_repository_may_be_a_folder_of_a_larger_one() {
    let sandbox = repository();
    let outer = Sandbox::empty();
    let inner = outer.path("company/repo");
    std::fs::create_dir_all(inner.parent().unwrap()).unwrap();
    std::fs::remove_dir_all(sandbox.path(".git")).unwrap();
    let copied =
        std::process::Command::new("cp").arg("-r").arg(sandbox.path("")).arg(&inner).status().unwrap();
    assert!(copied.success());
    outer.commit_all();
    outer.write("company/repo/apps/c/README.md", "x");
    outer.write("apps/a/README.md", "x");
    let output = outer.command(&["validate", "--json", "--changed"]).current_dir(&inner).output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), 1, "{json:#}");
    assert_eq!(json["findings"][0]["location"]["path"], "apps/c/app.manifest.yml");
}

#[test]
fn what_git_can_not_answer_is_told() {
    let sandbox = repository();
    let ran = sandbox.run(&["validate", "--changed=no-such-branch"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("git knows no revision `no-such-branch`"), "{ran:?}");

    std::fs::remove_dir_all(sandbox.path(".git")).unwrap();
    let ran = sandbox.run(&["validate", "--changed"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
    assert!(ran.stderr.contains("this is no git repository"), "{ran:?}");

    sandbox.git(&["init", "-q"]);
    let ran = sandbox.run(&["validate", "--changed"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
}

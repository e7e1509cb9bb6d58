//! What git ignores: the same to scalr, at every place that git takes its patterns from.

use std::collections::BTreeSet;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use crate::sandbox::{Sandbox, manifest};

/// The manifests that are found from a folder of the sandbox on.
fn found(sandbox: &Sandbox, root: &str) -> BTreeSet<String> {
    let listed = sandbox.run(&["-C", root, "list", "--json"]).ok();
    let json: Value = serde_json::from_str(&listed.stdout).unwrap();
    let apps = json["apps"].as_array().unwrap();
    apps.iter().map(|app| app["path"].as_str().unwrap().to_owned()).collect()
}

fn apps(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A root in a folder of the sandbox, with the apps `apps/a` and `apps/b`.
fn root_in(sandbox: &Sandbox, folder: &str) {
    sandbox.write(&format!("{folder}/registered-apps.txt"), "");
    sandbox.write(&format!("{folder}/schemas/.keep"), "");
    for (number, slug) in (1..).zip(["a", "b"]) {
        sandbox.write(&format!("{folder}/apps/{slug}/app.manifest.yml"), manifest(slug, "internal", number));
    }
}

/// Whoever keeps the files of a home folder in git ignores everything there.
#[test]
fn what_lies_above_the_git_repository_has_no_say() {
    let sandbox = Sandbox::empty();
    root_in(&sandbox, "company");
    sandbox.write(".gitignore", "*\n");
    assert_eq!(found(&sandbox, "company"), apps(&["apps/a", "apps/b"]), "nothing is in git");
    sandbox.git(&["init", "-q", "company"]);
    assert_eq!(found(&sandbox, "company"), apps(&["apps/a", "apps/b"]));
}

#[test]
fn a_root_within_a_git_repository_has_the_patterns_above_it() {
    let sandbox = Sandbox::empty();
    root_in(&sandbox, "monorepo/company");
    sandbox.git(&["init", "-q"]);
    sandbox.write(".gitignore", "/monorepo/company/apps/a/\nb/\n");
    sandbox.write("monorepo/.gitignore", "!b/\n");
    assert_eq!(found(&sandbox, "monorepo/company"), apps(&["apps/b"]));
    sandbox.write(".git/info/exclude", "app.manifest.yml\n");
    assert_eq!(found(&sandbox, "monorepo/company"), apps(&[]));
}

#[test]
fn a_further_work_tree_has_the_list_of_the_first() {
    let sandbox = Sandbox::empty();
    root_in(&sandbox, "first");
    sandbox.git(&["init", "-q", "first"]);
    sandbox.git(&["-C", "first", "add", "-A"]);
    sandbox.git(&["-C", "first", "commit", "-qm", "All"]);
    sandbox.git(&["-C", "first", "worktree", "add", "-q", "../second"]);
    sandbox.write("first/.git/info/exclude", "/apps/b/\n");
    for root in ["first", "second"] {
        assert_eq!(found(&sandbox, root), apps(&["apps/a"]), "{root}");
    }
}

#[test]
fn a_file_of_patterns_that_can_not_be_read_ignores_nothing() {
    let sandbox = Sandbox::empty();
    root_in(&sandbox, ".");
    let both = apps(&["apps/a", "apps/b"]);
    sandbox.write(".gitignore", b"\xef\xbb\xbf/apps/a/\r\n[\n\xff\xfe\n");
    assert_eq!(found(&sandbox, "."), apps(&["apps/b"]), "a byte order mark, CRLF and broken lines");
    std::fs::remove_file(sandbox.path(".gitignore")).unwrap();
    std::fs::create_dir(sandbox.path(".gitignore")).unwrap();
    assert_eq!(found(&sandbox, "."), both, "a folder");
    std::fs::remove_dir(sandbox.path(".gitignore")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        sandbox.path(".gitignore"),
        rustix::fs::FileType::Fifo,
        0o600.into(),
        0,
    )
    .unwrap();
    assert_eq!(found(&sandbox, "."), both, "a FIFO");
}

fn folder() -> impl Strategy<Value = String> {
    vec(select(vec!["a", "b", ".c", "d e"]), 1..4).prop_map(|parts| parts.join("/"))
}

fn pattern() -> impl Strategy<Value = &'static str> {
    select(vec![
        "a",
        "a/",
        "/a",
        "/a/",
        "!a",
        "!a/",
        "b/",
        "!b",
        "a/b",
        "a/*",
        "!a/b/",
        "**/b",
        "a/**",
        "a/**/b",
        "!**/b/",
        "*/b/",
        ".c",
        "!.c/",
        "d?e/",
        "d e",
        "[ab]/",
        "[!a]/",
        "*",
        "!*/",
        "app.manifest.yml",
        "!app.manifest.yml",
        "/app.*",
        "*.yml",
        "#a",
        "\\#a",
        "a\\ ",
        "b  ",
        "",
        "/",
        "a//b",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_patterns_mean_what_git_takes_them_for(
        manifests in btree_set(folder(), 1..12),
        mut patterns in btree_map(folder(), vec(pattern(), 1..4), 0..3),
        top in vec(pattern(), 0..4),
        exclude in vec(pattern(), 0..3),
    ) {
        let sandbox = Sandbox::empty();
        sandbox.git(&["init", "-q"]);
        patterns.insert(".".to_owned(), top);
        for (folder, patterns) in patterns {
            sandbox.write(&format!("{folder}/.gitignore"), patterns.join("\n") + "\n");
        }
        sandbox.write(".git/info/exclude", exclude.join("\n"));
        for (number, folder) in (1..).zip(&manifests) {
            let name = format!("{folder}/app.manifest.yml");
            sandbox.write(&name, manifest(&format!("app-{number}"), "internal", number));
        }
        let names = sandbox.git(&["ls-files", "-o", "--exclude-standard", "-z", "--", ":(glob)**/app.manifest.yml"]);
        let not_ignored: BTreeSet<String> = names
            .split_terminator('\0')
            .map(|name| name.trim_end_matches("/app.manifest.yml").to_owned())
            .collect();
        prop_assert_eq!(found(&sandbox, "."), not_ignored);
    }
}

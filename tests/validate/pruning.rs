//! What the walk does not enter.

use super::validate;
use crate::sandbox::{Sandbox, manifest};

/// Puts a manifest without its other files there: wherever it is found, it has findings.
fn stray(sandbox: &Sandbox, folder: &str) {
    sandbox.write(&format!("{folder}/app.manifest.yml"), manifest("stray", "internal", 9));
}

fn found(sandbox: &Sandbox) -> u64 {
    validate(sandbox, &[]).json["manifests"].as_u64().unwrap()
}

#[test]
fn build_output_and_dependencies_are_never_entered() {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/desk", "desk", "internal", 2);
    for folder in [".git", "node_modules", "target", ".venv", "__pycache__", "dist", ".scalr"] {
        stray(&sandbox, folder);
        stray(&sandbox, &format!("apps/desk/frontend/{folder}/deep/below"));
    }
    let report = validate(&sandbox, &["--strict"]);
    assert_eq!((report.code, report.lines()), (0, vec![]));
    assert_eq!(report.json["manifests"], 1);
}

#[test]
fn a_file_of_such_a_name_hides_nothing() {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/dist", "dist", "internal", 1);
    assert_eq!(found(&sandbox), 0, "a folder named dist is build output, also in apps/");
    let sandbox = Sandbox::empty();
    sandbox.app("apps/desk", "desk", "internal", 1).write("apps/desk/dist", "a file");
    assert_eq!(found(&sandbox), 1);
}

#[test]
fn hidden_folders_are_entered() {
    let sandbox = Sandbox::empty();
    stray(&sandbox, ".hidden");
    assert_eq!(found(&sandbox), 1);
}

/// With a .git and, since an archive of the repository has the same apps, without one.
#[test]
fn what_git_ignores_is_not_part_of_the_repository() {
    for with_git in [true, false] {
        let sandbox = Sandbox::empty();
        sandbox.app("apps/desk", "desk", "internal", 2);
        sandbox.write(".gitignore", "/scratch/\n*.bak/\n/apps/desk/vendor/*\n!/apps/desk/vendor/kept/\n");
        sandbox.write("apps/desk/.gitignore", "generated\n");
        sandbox.write("services/.gitignore", "!*.bak/\n");
        if with_git {
            sandbox.commit_all();
        }
        for ignored in [
            "scratch",
            "apps/old.bak",
            "apps/desk/generated",
            "apps/desk/a/generated/b",
            "apps/desk/vendor/x",
        ] {
            stray(&sandbox, ignored);
            assert_eq!(found(&sandbox), 1, "{ignored}, with git: {with_git}");
        }
        for (number, seen) in
            (2..).zip(["apps/scratch", "generated", "apps/desk/vendor/kept", "services/x.bak"])
        {
            stray(&sandbox, seen);
            assert_eq!(found(&sandbox), number, "{seen}, with git: {with_git}");
        }
    }
}

#[test]
fn git_s_own_list_of_ignored_files_counts() {
    let sandbox = Sandbox::empty();
    sandbox.commit_all();
    sandbox.write(".git/info/exclude", "/private/\n");
    stray(&sandbox, "private");
    assert_eq!(found(&sandbox), 0);
}

#[test]
fn what_a_person_ignores_everywhere_is_not_part_of_it_either() {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/desk", "desk", "internal", 2);
    stray(&sandbox, "apps/mine");
    let home = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = home.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let manifests = || {
        let mut command = sandbox.command(&["validate", "--json"]);
        command.env("HOME", home.path()).env_remove("XDG_CONFIG_HOME");
        let output = command.output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        report["manifests"].as_u64().unwrap()
    };
    assert_eq!(manifests(), 2);
    put(".config/git/ignore", "mine/\n");
    assert_eq!(manifests(), 1, "the file that git reads by itself");
    put(".gitconfig", "[core]\n\texcludesFile = ~/own\n");
    assert_eq!(manifests(), 2, "the configured one takes its place");
    put("own", "mine/\n");
    assert_eq!(manifests(), 1);
}

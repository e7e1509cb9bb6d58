//! `--commit` and `--branch`

use super::{answers, small};

#[test]
fn commits_the_new_files_and_nothing_else() {
    let sandbox = small();
    sandbox.commit_all();
    sandbox.write("notes.txt", "mine\n");
    sandbox.write("template-app/scripts/run.sh", "#!/bin/sh\necho template_app changed\n");
    let report =
        sandbox.run(&[&answers("order-desk")[..], &["--yes", "--commit", "--json"]].concat()).ok().json();
    assert_eq!(sandbox.git(&["rev-parse", "HEAD"]).trim(), report["commit"].as_str().unwrap());
    let committed = sandbox.git(&["show", "--name-only", "--format=", "HEAD"]);
    let mut expected: Vec<String> = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["path"].as_str().unwrap().to_owned())
        .collect();
    expected.push("registered-apps.txt".into());
    expected.sort();
    let mut committed: Vec<_> = committed.lines().collect();
    committed.sort_unstable();
    assert_eq!(committed, expected);
    let status = sandbox.git(&["status", "--short"]);
    assert_eq!(status, " M template-app/scripts/run.sh\n?? notes.txt\n", "other work stays as it was");
    // Modes and links are committed as they are.
    let listed = sandbox.git(&["ls-tree", "-r", "HEAD", "apps/"]);
    assert!(listed.contains("100755 blob") && listed.contains("120000 blob"), "{listed}");
}

#[test]
fn a_branch_gets_the_commit_and_is_checked_out() {
    let sandbox = small();
    sandbox.commit_all();
    sandbox.run(&[&answers("order-desk")[..], &["--yes", "--branch", "add-order-desk"]].concat()).ok();
    assert_eq!(sandbox.git(&["branch", "--show-current"]).trim(), "add-order-desk");
    assert_eq!(sandbox.git(&["rev-list", "--count", "main..add-order-desk"]).trim(), "1");
    assert_eq!(sandbox.git(&["status", "--short"]), "");
}

#[test]
fn refuses_before_anything_is_made() {
    let args = |more: &[&'static str]| [&answers("order-desk")[..], &["--yes"], more].concat();
    for (case, more, code, message) in [
        (
            "staged",
            &["--commit"][..],
            4,
            "the index holds staged changes (notes.txt); a commit would take them along",
        ),
        ("dirty", &["--commit"], 4, "registered-apps.txt has uncommitted changes"),
        ("branch", &["--branch", "main"], 4, "the branch `main` exists already"),
        ("name", &["--branch", "a b"], 2, "`a b` is no possible name of a branch"),
        ("ignored", &["--commit"], 4, "git ignores apps/products/order-desk"),
        ("identity", &["--commit"], 3, "git does not know who commits"),
        ("none", &["--commit"], 3, "this is no git repository"),
    ] {
        let sandbox = small();
        if case != "none" {
            if case == "ignored" {
                sandbox.write(".gitignore", "/apps/\n");
            }
            sandbox.commit_all();
        }
        match case {
            "staged" => {
                sandbox.write("notes.txt", "mine\n");
                sandbox.git(&["add", "notes.txt"]);
            }
            "dirty" => sandbox.write("registered-apps.txt", "# apps\n# more\n"),
            "identity" => {
                sandbox.git(&["config", "--unset", "user.name"]);
            }
            _ => {}
        }
        let before = sandbox.tree();
        let ran = sandbox.run(&args(more));
        assert_eq!(ran.code, code, "{case}: {ran:?}");
        assert!(ran.stderr.contains(message), "{case}: {ran:?}");
        assert_eq!(sandbox.tree(), before, "{case}");
    }
}

//! `scalr validate --fix`: only the bytes that are wrong change.

use serde_json::json;

use super::validate;
use crate::sandbox::{Sandbox, manifest};

/// Every kind of repair at once, in files with comments, odd spacing, CRLF and no final newline.
fn repository() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/a", "a", "internal", 1).app("apps/b", "b", "internal", 2);
    sandbox.write(
        "registered-apps.txt",
        "# head\r\n\r\napps/b  # the first\r\n\tapps/gone\r\n./apps/b\r\n../out\r\n# tail\r\n",
    );
    sandbox.write(
        "apps/a/.env.app",
        "# ports\r\nexport FRONTEND_PORT = '1' # web\r\nBACKEND_PORT=30010\r\nKEEP=\"a b\"\r\nAPP_SLUG=\r\nDB_PORT=${D:-5}",
    );
    sandbox.write("apps/b/.env.app", "APP_SLUG=b\nFRONTEND_PORT=20020\nBACKEND_PORT=30020");
    sandbox
}

const REGISTRY: &str = "# head\r\n\r\napps/b  # the first\r\n# tail\r\napps/a\r\n";
const ENV_A: &str = "# ports\r\nexport FRONTEND_PORT = 20010 # web\r\nBACKEND_PORT=30010\r\nKEEP=\"a b\"\r\nAPP_SLUG=a\r\nDB_PORT=${D:-5}";
const ENV_B: &str = "APP_SLUG=b\nFRONTEND_PORT=20020\nBACKEND_PORT=30020\nDB_PORT=40002\n";

#[test]
fn every_repair_keeps_every_other_byte() {
    let sandbox = repository();
    let mut expected = sandbox.tree();
    for (path, _, content) in &mut expected {
        match path.as_str() {
            "registered-apps.txt" => *content = REGISTRY.into(),
            "apps/a/.env.app" => *content = ENV_A.into(),
            "apps/b/.env.app" => *content = ENV_B.into(),
            _ => {}
        }
    }
    let report = validate(&sandbox, &["--fix"]);
    assert_eq!((report.code, report.lines()), (0, vec![]));
    assert_eq!(sandbox.tree(), expected);
    assert_eq!(sandbox.read("registered-apps.txt"), REGISTRY);
    assert_eq!(sandbox.read("apps/a/.env.app"), ENV_A);

    // A second time there is nothing to do, and nothing is written.
    let before = std::fs::metadata(sandbox.path("registered-apps.txt")).unwrap().modified().unwrap();
    let again = validate(&sandbox, &["--fix"]);
    assert_eq!((again.code, &again.json["fixed"]), (0, &json!([])));
    assert_eq!(sandbox.tree(), expected);
    assert_eq!(std::fs::metadata(sandbox.path("registered-apps.txt")).unwrap().modified().unwrap(), before);
}

#[test]
fn the_report_says_what_was_changed() {
    let sandbox = repository();
    let fixed = validate(&sandbox, &["--fix"]).json["fixed"].take();
    assert_eq!(
        fixed,
        json!([
            {"path": "apps/a/.env.app", "fixes": [
                {"action": "set-env", "file": "apps/a/.env.app", "key": "APP_SLUG", "value": "a"},
                {"action": "set-env", "file": "apps/a/.env.app", "key": "FRONTEND_PORT", "value": "20010"},
            ]},
            {"path": "apps/b/.env.app", "fixes": [
                {"action": "set-env", "file": "apps/b/.env.app", "key": "DB_PORT", "value": "40002"},
            ]},
            {"path": "registered-apps.txt", "fixes": [
                {"action": "register", "path": "apps/a"},
                {"action": "unregister", "line": 4, "text": "apps/gone"},
                {"action": "unregister", "line": 5, "text": "./apps/b"},
                {"action": "unregister", "line": 6, "text": "../out"},
            ]},
        ])
    );
    let human = repository().run(&["validate", "--fix"]).ok();
    insta::assert_snapshot!(human.stdout, @r"
    fixed: write APP_SLUG=a in apps/a/.env.app
    fixed: write FRONTEND_PORT=20010 in apps/a/.env.app
    fixed: write DB_PORT=40002 in apps/b/.env.app
    fixed: add the line `apps/a` to registered-apps.txt
    fixed: remove line 4, `apps/gone`, from registered-apps.txt
    fixed: remove line 5, `./apps/b`, from registered-apps.txt
    fixed: remove line 6, `../out`, from registered-apps.txt
    ok: 2 manifests checked, no findings
    ");
}

#[test]
fn a_dry_run_shows_the_diff_and_changes_nothing() {
    let sandbox = repository();
    let before = sandbox.tree();
    let ran = sandbox.run(&["validate", "--fix", "--dry-run"]).ok();
    assert_eq!(sandbox.tree(), before);
    assert!(!sandbox.path(".scalr").exists(), "not even a lock");
    insta::assert_snapshot!(ran.stdout, @r#"
      write APP_SLUG=a in apps/a/.env.app
      write FRONTEND_PORT=20010 in apps/a/.env.app
      write DB_PORT=40002 in apps/b/.env.app
      add the line `apps/a` to registered-apps.txt
      remove line 4, `apps/gone`, from registered-apps.txt
      remove line 5, `./apps/b`, from registered-apps.txt
      remove line 6, `../out`, from registered-apps.txt
    --- a/apps/a/.env.app
    +++ b/apps/a/.env.app
    @@ -1,6 +1,6 @@
     # ports
    -export FRONTEND_PORT = '1' # web
    +export FRONTEND_PORT = 20010 # web
     BACKEND_PORT=30010
     KEEP="a b"
    -APP_SLUG=
    +APP_SLUG=a
     DB_PORT=${D:-5}
    \ No newline at end of file
    --- a/apps/b/.env.app
    +++ b/apps/b/.env.app
    @@ -1,3 +1,4 @@
     APP_SLUG=b
     FRONTEND_PORT=20020
    -BACKEND_PORT=30020
    \ No newline at end of file
    +BACKEND_PORT=30020
    +DB_PORT=40002
    --- a/registered-apps.txt
    +++ b/registered-apps.txt
    @@ -2,6 +2,4 @@
     
     apps/b  # the first
    -	apps/gone
    -./apps/b
    -../out
     # tail
    +apps/a
    "#);

    validate(&sandbox, &["--fix"]);
    let ran = sandbox.run(&["validate", "--fix", "--dry-run"]).ok();
    assert_eq!(ran.stdout, "nothing to repair\n");
}

#[test]
fn a_dry_run_needs_fix() {
    let ran = repository().run(&["validate", "--dry-run"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
}

#[test]
fn what_can_not_be_repaired_is_still_reported() {
    let sandbox = repository();
    sandbox.write("apps/c/app.manifest.yml", manifest("c", "internal", 1));
    let report = validate(&sandbox, &["--fix"]);
    assert_eq!(report.code, 1);
    assert!(
        report.lines().contains(&"env-missing apps/c/app.manifest.yml:1:1".to_owned()),
        "{:?}",
        report.lines()
    );
    assert!(sandbox.read("registered-apps.txt").ends_with("apps/a\r\napps/c\r\n"));
}

#[test]
fn with_paths_only_their_repairs_are_made() {
    let sandbox = repository();
    let report = validate(&sandbox, &["--fix", "apps/a"]);
    assert_eq!((report.code, report.lines()), (0, vec![]));
    assert_eq!(sandbox.read("apps/a/.env.app"), ENV_A);
    assert!(sandbox.read("apps/b/.env.app").ends_with("BACKEND_PORT=30020"));
    assert!(sandbox.read("registered-apps.txt").ends_with("../out\r\n# tail\r\napps/a\r\n"));
}

#[test]
fn an_empty_registry_and_one_without_final_newline() {
    for (before, after) in
        [("", "apps/a\napps/b\n"), ("# c", "# c\napps/a\napps/b"), ("apps/b", "apps/b\napps/a")]
    {
        let sandbox = repository();
        sandbox.write("registered-apps.txt", before);
        validate(&sandbox, &["--fix"]);
        assert_eq!(sandbox.read("registered-apps.txt"), after, "{before:?}");
    }
}

#[test]
fn a_linked_env_file_stays_a_link_and_modes_stay() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = repository();
    std::fs::rename(sandbox.path("apps/a/.env.app"), sandbox.path("apps/a/real.env")).unwrap();
    std::os::unix::fs::symlink("real.env", sandbox.path("apps/a/.env.app")).unwrap();
    std::fs::set_permissions(sandbox.path("apps/a/real.env"), std::fs::Permissions::from_mode(0o600))
        .unwrap();
    validate(&sandbox, &["--fix"]);
    assert_eq!(sandbox.read("apps/a/real.env"), ENV_A);
    assert!(sandbox.path("apps/a/.env.app").is_symlink());
    assert_eq!(
        std::fs::metadata(sandbox.path("apps/a/real.env")).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

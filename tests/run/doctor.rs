//! `scalr doctor`, and `.env.shared` made on the way.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::documents::conforms;
use super::fake::Fake;
use crate::sandbox::Ran;

const EXAMPLE: &str = "# secrets\nDB_PASSWORD=\nSCALR_AUTH=dev\nSCALR_PUBLIC_DOMAIN=\n";

fn status<'a>(document: &'a Value, check: &str) -> &'a str {
    let all = document["checks"].as_array().unwrap();
    all.iter().find(|one| one["check"] == check).unwrap()["status"].as_str().unwrap()
}

fn look(fake: &Fake, args: &[&str]) -> (i32, Value) {
    let ran = fake.run(&[&["doctor", "--json"], args].concat());
    let document = ran.json();
    conforms("doctor", &document);
    (ran.code, document)
}

fn without_shared_env() -> Fake {
    let fake = Fake::new();
    std::fs::remove_file(fake.sandbox.path(".env.shared")).unwrap();
    fake.sandbox.write(".env.shared.example", EXAMPLE);
    fake.sandbox.write("docker/cli-plugins/docker-buildx", "");
    fake
}

#[test]
fn everything_is_looked_at_once_and_repaired_when_asked() {
    let fake = without_shared_env();
    fake.sandbox.write("registered-apps.txt", "apps/a\napps/gone\napps/b\napps/gone-too\n");
    let network = r#"{"services": {"web": {"image": "x", "networks": {"scalr-edge": null}}}, "networks": {"scalr-edge": {"name": "scalr-edge", "external": true}}}"#;
    fake.sandbox.write("docker/config.json", network);
    let (code, found) = look(&fake, &[]);
    assert_eq!(code, 1);
    for (check, expected) in [
        ("engine", "ok"),
        ("compose", "ok"),
        (".env.shared", "error"),
        ("registered-apps.txt", "error"),
        ("compose files", "skipped"),
        ("template", "skipped"),
    ] {
        assert_eq!(status(&found, check), expected, "{check}: {found:#}");
    }
    assert_eq!(found["repaired"].as_array().unwrap().len(), 0);
    let text = fake.run(&["doctor"]);
    assert!(
        text.stdout.contains("scalr doctor --fix would:") && text.stdout.contains("line 2, `apps/gone`"),
        "{text:?}"
    );
    assert!(
        !fake.sandbox.path(".env.shared").exists()
            && fake.sandbox.read("registered-apps.txt").contains("gone")
    );
    assert_eq!(fake.asked("networks/create").len(), 0, "without --fix nothing is changed");

    let (code, fixed) = look(&fake, &["--fix"]);
    assert_eq!(code, 0, "{fixed:#}");
    let done: Vec<_> =
        fixed["repaired"].as_array().unwrap().iter().map(|one| one["action"].as_str().unwrap()).collect();
    assert_eq!(done, ["make-shared-env", "edit", "make-network"]);
    assert_eq!(fake.sandbox.read("registered-apps.txt"), "apps/a\napps/b\n");
    let text = fake.sandbox.read(".env.shared");
    let secret = text.lines().nth(1).unwrap().strip_prefix("DB_PASSWORD=").unwrap();
    assert!(secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{text}");
    assert_eq!(text.replace(secret, ""), EXAMPLE);
    let mode = std::fs::metadata(fake.sandbox.path(".env.shared")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(fake.asked("networks/create").len(), 1);
    let again = look(&fake, &["--fix"]);
    assert_eq!((again.0, again.1["repaired"].as_array().unwrap().len()), (0, 0));
    assert_eq!(fake.sandbox.read(".env.shared"), text, "one that is there is never touched");
}

#[test]
fn what_is_there_but_not_right() {
    let fake = Fake::new();
    fake.sandbox.write(".env.shared.example", EXAMPLE);
    fake.sandbox.write(".env.shared", "DB_PASSWORD=\n");
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(fake.sandbox.path(".env.shared"), open).unwrap();
    fake.networks(&["scalr-edge", "scalr-edge"]);
    let warning = r#"time="2026" level=warning msg="The \"NOBODY\" variable is not set. Defaulting to a blank string.""#;
    fake.sandbox.write("docker/warnings", warning);
    let (code, found) = look(&fake, &[]);
    assert_eq!(code, 1);
    for (check, expected) in
        [(".env.shared", "warning"), ("buildx", "warning"), ("networks", "error"), ("compose files", "error")]
    {
        assert_eq!(status(&found, check), expected, "{check}: {found:#}");
    }
    let all = found.to_string();
    for part in [
        "\"env-shared-incomplete\"",
        "\"env-shared-open\"",
        "\"buildx-missing\"",
        "\"network-twins\"",
        "DB_PASSWORD is empty",
        "SCALR_AUTH is not set",
        "may read it (mode 644)",
        "there are 2 networks of the name scalr-edge",
        "the variable NOBODY is not set",
    ] {
        assert!(all.contains(part), "{part}: {found:#}");
    }
    look(&fake, &["--fix"]);
    let mode = std::fs::metadata(fake.sandbox.path(".env.shared")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_machine_with_nothing_says_so() {
    let fake = Fake::new();
    std::fs::remove_file(fake.sandbox.path("docker/cli-plugins/docker-compose")).unwrap();
    let mut command = fake.command(&["doctor", "--json"]);
    let ran = Ran::from(
        command.env("DOCKER_HOST", "unix:///nowhere.sock").env("PATH", "/nowhere").output().unwrap(),
    );
    assert_eq!(ran.code, 1, "{ran:?}");
    let found = ran.json();
    for (check, expected) in [("engine", "error"), ("compose", "error"), ("networks", "skipped")] {
        assert_eq!(status(&found, check), expected, "{found:#}");
    }
    assert!(found.to_string().contains("\"compose-not-installed\""), "{found:#}");
}

#[test]
fn up_makes_the_shared_env_when_told_to_and_not_before() {
    let fake = without_shared_env();
    let ran = fake.run(&["up", "a"]);
    assert!(ran.code == 3 && ran.stderr.contains("scalr doctor --fix makes it"), "{ran:?}");
    assert!(!fake.sandbox.path(".env.shared").exists());
    fake.run(&["plan", "a", "--yes"]);
    assert!(!fake.sandbox.path(".env.shared").exists(), "a plan changes nothing");
    let ran = fake.run(&["up", "a", "--yes"]);
    assert!(
        ran.stderr.contains("made .env.shared (generated: DB_PASSWORD; left empty: SCALR_PUBLIC_DOMAIN)"),
        "{ran:?}"
    );
    assert!(fake.calls().iter().any(|call| call.contains(" up ")), "{:?}", fake.calls());
}

#[test]
fn a_template_that_makes_no_app_is_found() {
    let fake = Fake::new();
    let template = crate::sandbox::Sandbox::with_template();
    for part in ["template-app", "packages"] {
        std::fs::rename(template.path(part), fake.sandbox.path(part)).unwrap();
    }
    let (_, found) = look(&fake, &[]);
    assert_eq!(status(&found, "template"), "ok", "{found:#}");
    fake.sandbox.write("template-app/template.yml", "nonsense: 1\n");
    let (code, found) = look(&fake, &[]);
    assert_eq!((code, status(&found, "template")), (1, "error"), "{found:#}");
}

//! `scalr auth sync`, and what `scalr new-app` tells the sign-in.

use serde_json::json;

use crate::sandbox::{HOME, Sandbox};

/// What services/auth-dev holds against Authentik's own schema.
const SAMPLE: &str = "services/auth-dev/tests/blueprint";

fn repository() -> Sandbox {
    let sandbox = Sandbox::empty();
    let template = std::fs::read_to_string(format!("{HOME}/services/auth/blueprint.yaml.jinja")).unwrap();
    sandbox.write("services/auth/blueprint.yaml.jinja", template);
    sandbox.write("services/auth/blueprints/README.md", "# Blueprints\n");
    let manifest = std::fs::read_to_string(format!("{HOME}/{SAMPLE}/manifest.yml")).unwrap();
    sandbox.write("apps/order-desk/app.manifest.yml", manifest);
    sandbox
}

const FILE: &str = "services/auth/blueprints/order-desk.yaml";

/// `UPDATE_SAMPLES=1 cargo test` writes it.
#[test]
fn the_sample_that_is_held_against_authentiks_schema_is_what_scalr_writes() {
    let sandbox = repository();
    sandbox.run(&["auth", "sync"]).ok();
    let written = sandbox.read(FILE);
    let sample = format!("{HOME}/{SAMPLE}/blueprint.yaml");
    if std::env::var_os("UPDATE_SAMPLES").is_some() {
        std::fs::write(&sample, &written).unwrap();
    }
    assert_eq!(written, std::fs::read_to_string(sample).unwrap());
}

#[test]
fn says_what_differs_and_writes_it_once() {
    let sandbox = repository();
    sandbox.write("services/auth/blueprints/by-hand.yaml", "version: 1\n");
    let check = sandbox.run(&["auth", "sync", "--check"]);
    assert_eq!((check.code, check.stderr.as_str()), (1, ""));
    insta::assert_snapshot!(check.stdout, @r"
    create services/auth/blueprints/order-desk.yaml

    `scalr auth sync` writes them
    ");
    assert!(!sandbox.path(FILE).exists());
    assert_eq!(sandbox.run(&["auth", "sync"]).ok().stdout, format!("create {FILE}\n"));
    let again = sandbox.run(&["auth", "sync"]).ok();
    assert_eq!(again.stdout, "ok: nothing differs; clients: 1\n");

    let manifest = sandbox.read("apps/order-desk/app.manifest.yml");
    sandbox.write(
        "apps/order-desk/app.manifest.yml",
        manifest.replace("[desk-users, \"on: call\"]", "[others]"),
    );
    let check = sandbox.run(&["auth", "sync", "--check"]);
    assert_eq!(check.code, 1);
    for line in ["-      name: \"desk-users\"", "-      name: \"on: call\"", "+      name: \"others\""] {
        assert!(check.stdout.lines().any(|is| is == line), "{}", check.stdout);
    }
    sandbox.run(&["auth", "sync"]).ok();

    // An app without a page and without `auth` is no client; what was its blueprint goes, what is not ours stays.
    std::fs::remove_dir_all(sandbox.path("apps/order-desk")).unwrap();
    let removed = sandbox.run(&["auth", "sync", "--json"]).ok().json();
    assert_eq!(removed["changes"][0]["action"], "remove");
    assert!(!sandbox.path(FILE).exists() && sandbox.path("services/auth/blueprints/by-hand.yaml").exists());
}

#[test]
fn a_file_of_somebody_else_is_not_overwritten() {
    let sandbox = repository();
    sandbox.write(FILE, "version: 1\n");
    let ran = sandbox.run(&["auth", "sync"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.stderr.contains(&format!("{FILE} was not written by scalr")), "{ran:?}");
    assert_eq!(sandbox.read(FILE), "version: 1\n");
    let none = Sandbox::empty().run(&["auth", "sync"]);
    assert_eq!(none.code, 3, "{none:?}");
}

#[test]
fn new_app_tells_the_sign_in_in_the_same_step() {
    let sandbox = Sandbox::with_template();
    let template = std::fs::read_to_string(format!("{HOME}/services/auth/blueprint.yaml.jinja")).unwrap();
    sandbox.write("services/auth/blueprint.yaml.jinja", template);
    sandbox.write("services/auth/blueprints/README.md", "# Blueprints\n");
    sandbox.commit_all();
    let name = "no: \"{{ slug }}\" #1";
    let app = [
        "new-app",
        "--name",
        name,
        "--slug",
        "order-desk",
        "--kind",
        "product",
        "--description",
        "D",
        "--json",
    ];
    let planned = sandbox.run(&[&app[..], &["--dry-run"]].concat()).ok().json();
    let last = planned["files"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["path"], &last["from"]), (&json!(FILE), &json!("services/auth/blueprint.yaml.jinja")));
    assert!(!sandbox.path(FILE).exists());
    sandbox.run(&[&app[..], &["--yes", "--commit"]].concat()).ok();
    assert!(sandbox.read(FILE).contains(r#"name: "no: \"{{ slug }}\" #1""#), "{}", sandbox.read(FILE));
    assert_eq!(sandbox.run(&["auth", "sync", "--check"]).ok().stdout, "ok: nothing differs; clients: 1\n");
    assert!(sandbox.git(&["show", "--name-only", "--format="]).lines().any(|path| path == FILE));
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");

    // Nothing is made where the sign-in can't be told.
    sandbox.write("services/auth/blueprints/second.yaml", "version: 1\n");
    let before = sandbox.tree();
    let app =
        ["new-app", "--name", "N", "--slug", "second", "--kind", "client", "--description", "D", "--yes"];
    assert_eq!(sandbox.run(&app).code, 4);
    assert_eq!(sandbox.tree(), before);
}

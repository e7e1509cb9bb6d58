//! The app that comes out, made from this repository's own template.

use std::collections::BTreeSet;

use super::{answers, mode, small};
use crate::sandbox::Sandbox;

#[test]
fn every_kind_has_its_place_and_is_valid_there() {
    let sandbox = Sandbox::with_template();
    for (kind, slug, place) in [
        ("product", "one", "apps/products/one"),
        ("client", "two", "clients/two"),
        ("internal", "three", "apps/three"),
        ("platform", "four", "services/four"),
    ] {
        let ran = sandbox
            .run(&["new-app", "--name", "N", "--slug", slug, "--description", "D", "--kind", kind, "--yes"])
            .ok();
        assert!(ran.stdout.contains(place), "{ran:?}");
        assert!(sandbox.path(place).join("docker-compose.yml").is_file());
    }
    let validated = sandbox.run(&["validate", "--strict"]).ok();
    assert!(validated.stdout.contains("5 manifests checked, no findings"), "{validated:?}");
    assert_eq!(
        sandbox.read("registered-apps.txt"),
        "# apps\napps/products/one\nclients/two\napps/three\nservices/four\n"
    );
    let ports = sandbox.run(&["ports", "--json"]).ok().json();
    assert_eq!(ports["next"], serde_json::json!({"frontend": 13050, "backend": 18050, "db": 15437}));
    assert_eq!(ports["next_subnet"], "10.213.0.80/28");
}

#[test]
fn its_address_is_the_gateways() {
    let sandbox = small();
    let address = |shared: &str| {
        sandbox.write(".env.shared", shared);
        let args = ["new-app", "--name", "N", "--slug", "desk", "--description", "D", "--kind", "internal"];
        let ran = sandbox.run(&[&args[..], &["--dry-run", "--json"]].concat()).ok();
        ran.json()["app"]["urls"]["app"].as_str().unwrap().to_owned()
    };
    assert_eq!(address(""), "http://desk.localhost");
    assert_eq!(address("GATEWAY_HTTP_PORT=8088\n"), "http://desk.localhost:8088");
    assert_eq!(address("SCALR_PUBLIC_DOMAIN=example.org\n"), "https://desk.example.org");
}

#[test]
fn forty_apps_have_forty_subnets() {
    let sandbox = small();
    let slugs: Vec<String> = (0..40).map(|number| format!("app-{number}")).collect();
    let subnets: BTreeSet<String> = slugs
        .iter()
        .map(|slug| {
            let app =
                sandbox.run(&[&answers(slug)[..], &["--yes", "--json"]].concat()).ok().json()["app"].take();
            let subnet = app["subnet"].as_str().unwrap().to_owned();
            let folder = app["path"].as_str().unwrap();
            assert!(
                sandbox.read(&format!("{folder}/app.manifest.yml")).contains(&format!("subnet: {subnet}\n"))
            );
            assert!(sandbox.read(&format!("{folder}/.env.app")).contains(&format!("APP_SUBNET={subnet}\n")));
            assert!(
                sandbox.read(&format!("{folder}/.scaffold.yml")).contains(&format!("  subnet: {subnet}\n"))
            );
            subnet
        })
        .collect();
    assert_eq!(subnets.len(), 40);
    assert!(subnets.contains("10.213.0.16/28") && subnets.contains("10.213.2.128/28"), "{subnets:?}");
    sandbox.run(&["validate", "--strict"]).ok();

    // What an app gave back is taken again.
    std::fs::remove_dir_all(sandbox.path("apps/products/app-6")).unwrap();
    assert_eq!(sandbox.run(&["ports", "--json"]).ok().json()["next_subnet"], "10.213.0.112/28");
}

#[test]
fn a_template_without_a_subnet_gives_none() {
    let sandbox = small();
    for file in ["app.manifest.yml", ".env.app", "template.yml"] {
        let text = sandbox.read(&format!("template-app/{file}"));
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| {
                !["subnet: ", "APP_SUBNET=", "      subnet: "].iter().any(|key| line.starts_with(key))
            })
            .collect();
        let text = lines.join("\n").replace(", APP_SUBNET: subnet", "") + "\n";
        sandbox.write(&format!("template-app/{file}"), text);
    }
    let report = sandbox.run(&[&answers("plain")[..], &["--yes", "--json"]].concat()).ok().json();
    assert_eq!(report["app"]["subnet"], serde_json::Value::Null);
    assert!(!sandbox.read("apps/products/plain/.scaffold.yml").contains("subnet"));
    assert_eq!(sandbox.run(&["ports", "--json"]).ok().json()["next_subnet"], serde_json::Value::Null);
}

#[test]
fn paths_lead_to_the_same_targets_at_every_depth() {
    let sandbox = Sandbox::with_template();
    for (slug, kind, place) in [("deep", "product", "apps/products/deep"), ("flat", "client", "clients/flat")]
    {
        sandbox
            .run(&["new-app", "--name", "N", "--slug", slug, "--description", "D", "--kind", kind, "--yes"])
            .ok();
        let up = "../".repeat(place.split('/').count());
        let compose = sandbox.read(&format!("{place}/docker-compose.yml"));
        assert!(compose.contains(&format!("context: {}\n", up.trim_end_matches('/'))), "{compose}");
        assert!(compose.contains(&format!("dockerfile: {place}/")), "{compose}");
        assert!(compose.contains(&format!("{up}packages/ui/src:")), "{compose}");
        let package = sandbox.read(&format!("{place}/frontend/package.json"));
        assert!(package.contains(&format!("file:../{up}packages/ui")), "{package}");
        let lock = sandbox.read(&format!("{place}/frontend/package-lock.json"));
        assert!(lock.contains(&format!("\"../{up}packages/ui\"")) && !lock.contains("template-app"));
        let dockerfile = sandbox.read(&format!("{place}/backend/Dockerfile"));
        assert!(dockerfile.contains(&format!("COPY {place}/backend/")), "{dockerfile}");
        assert!(dockerfile.contains(&format!("/repo/{place}/")), "{dockerfile}");
    }
}

#[test]
fn the_slug_is_everywhere_and_the_template_nowhere() {
    let sandbox = Sandbox::with_template();
    sandbox.run(&[&answers("order-desk")[..], &["--yes"]].concat()).ok();
    let read = |file: &str| sandbox.read(&format!("apps/products/order-desk/{file}"));
    assert!(read("docker-compose.yml").contains("Host(`order-desk.localhost`)"));
    assert!(read("docker-compose.yml").contains("order-desk-backend"));
    assert!(read(".env.app").contains("DB_NAME=order_desk\n"));
    assert!(read("frontend/package.json").contains("\"order-desk-frontend\""));
    assert!(read("README.md").starts_with("# Order Desk\n\nTakes orders.\n"));
    assert_eq!(mode(&sandbox, "apps/products/order-desk/scripts/smoke-test.sh"), 0o755);
    for (path, _, content) in sandbox.tree().iter().filter(|(path, ..)| path.starts_with("apps/")) {
        let text = String::from_utf8_lossy(content).to_lowercase();
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
        let names = ["template-app", "template_app", "template app", "5f3c1d52"]
            .iter()
            .any(|name| text.contains(name));
        let ports = ["13000", "18000", "15432"].iter().any(|port| words.contains(port));
        // The app's memory names the template on purpose.
        assert!(path.ends_with(".scaffold.yml") || !(names || ports), "{path} still names the template");
    }
    assert!(!sandbox.path("apps/products/order-desk/template.yml").exists());
}

#[test]
fn the_app_remembers_where_it_came_from() {
    let sandbox = Sandbox::with_template();
    sandbox.commit_all();
    let commit = sandbox.git(&["rev-parse", "HEAD"]);
    sandbox.run(&[&answers("first")[..], &["--yes"]].concat()).ok();
    let memory = sandbox.read("apps/products/first/.scaffold.yml");
    assert!(memory.contains(commit.trim()) && memory.contains("modified: false"), "{memory}");
    sandbox.write("template-app/README.md", "# Template App\n\nChanged.\n");
    let report = sandbox.run(&[&answers("second")[..], &["--yes", "--json"]].concat()).ok().json();
    assert_eq!(report["template"]["modified"], true);
    assert_ne!(report["template"]["digest"], "");
    assert!(!memory.contains(report["template"]["digest"].as_str().unwrap()));
}

#[test]
fn a_dry_run_shows_the_plan_and_changes_nothing() {
    let sandbox = Sandbox::with_template();
    let before = sandbox.tree();
    let ran = sandbox.run(&[&answers("order-desk")[..], &["--dry-run"]].concat()).ok();
    for part in [
        "create apps/products/order-desk/docker-compose.yml",
        "../packages/ui/src -> ../../../packages/ui/src",
        "# The build context is the repository's root.",
        "+apps/products/order-desk",
    ] {
        assert!(ran.stdout.contains(part), "{part} is missing in {}", ran.stdout);
    }
    assert_eq!(sandbox.tree(), before);
    assert!(!sandbox.path(".scalr").exists(), "a dry run leaves no state");
}

#[test]
fn the_plan_and_the_result_are_the_same_values() {
    let sandbox = Sandbox::with_template();
    let planned = sandbox.run(&[&answers("order-desk")[..], &["--dry-run", "--json"]].concat()).ok().json();
    let created = sandbox.run(&[&answers("order-desk")[..], &["--yes", "--json"]].concat()).ok().json();
    assert_eq!((&planned["status"], &created["status"]), (&"planned".into(), &"created".into()));
    assert_eq!(planned["edits"], created["edits"]);
    assert_eq!(planned["app"]["ports"], created["app"]["ports"]);
    let paths = |report: &serde_json::Value| -> Vec<String> {
        report["files"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| file["path"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(paths(&planned), paths(&created));
    for path in paths(&created) {
        assert!(sandbox.path(&path).symlink_metadata().is_ok(), "{path} was announced and is not there");
    }
    let below: Vec<_> = sandbox
        .tree()
        .into_iter()
        .filter(|(path, ..)| path.starts_with("apps/") && !path.ends_with('/'))
        .collect();
    assert_eq!(below.len(), paths(&created).len(), "a file is there that was not announced");
}

#[test]
fn a_taken_slug_or_place_is_a_conflict() {
    let sandbox = Sandbox::with_template();
    sandbox.run(&[&answers("order-desk")[..], &["--yes"]].concat()).ok();
    let before = sandbox.tree();
    let again = sandbox.run(&[&answers("order-desk")[..], &["--yes"]].concat());
    assert_eq!(again.code, 4, "{again:?}");
    assert!(again.stderr.contains("`order-desk` is taken by apps/products/order-desk"), "{again:?}");
    sandbox.write("apps/products/lonely/x", "");
    let lonely = sandbox.run(&[&answers("lonely")[..], &["--yes"]].concat());
    assert_eq!(lonely.code, 4, "{lonely:?}");
    assert!(lonely.stderr.contains("apps/products/lonely exists already"), "{lonely:?}");
    std::fs::remove_dir_all(sandbox.path("apps/products/lonely")).unwrap();
    assert_eq!(sandbox.tree(), before);
}

//! The checks across apps: what is wrong is told once, with both places.

use serde_json::json;

use super::{place, text, validate};
use crate::sandbox::{Sandbox, manifest};

fn two_apps() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/products/crm", "crm", "product", 1).app("apps/desk", "desk", "internal", 2);
    sandbox
}

/// Changes a text of a file that must be there.
fn change(sandbox: &Sandbox, path: &str, from: &str, to: &str) {
    let before = sandbox.read(path);
    assert!(before.contains(from), "{path} does not hold {from:?}");
    sandbox.write(path, before.replacen(from, to, 1));
}

fn append(sandbox: &Sandbox, path: &str, more: &str) {
    sandbox.write(path, sandbox.read(path) + more);
}

const CRM: &str = "apps/products/crm/app.manifest.yml";
const DESK: &str = "apps/desk/app.manifest.yml";

#[test]
fn apps_of_every_kind_in_their_places_are_fine() {
    let sandbox = two_apps();
    sandbox.app("clients/acme", "acme", "client", 3).app("services/mail", "mail", "platform", 4);
    let report = validate(&sandbox, &["--strict"]);
    assert_eq!((report.code, report.lines()), (0, vec![]));
    assert_eq!(report.json["manifests"], 4);
    assert_eq!(report.json["ok"], true);
}

#[test]
fn a_slug_belongs_to_one_app() {
    let sandbox = two_apps();
    sandbox.app("clients/crm", "crm", "client", 3);
    let report = validate(&sandbox, &[]);
    let finding = report.only();
    assert_eq!(report.lines(), ["slug-conflict clients/crm/app.manifest.yml:3:7"]);
    assert_eq!(finding["message"], "the slug `crm` is also that of apps/products/crm");
    assert_eq!(place(&finding["related"][0]["location"]), format!("{CRM}:3:7"));
    assert_eq!(report.code, 1);
}

#[test]
fn an_id_belongs_to_one_app_in_any_case() {
    let sandbox = two_apps();
    change(
        &sandbox,
        CRM,
        "id: 00000000-0000-4000-8000-000000000001",
        "id: abcdef00-0000-4000-8000-000000000001",
    );
    change(
        &sandbox,
        DESK,
        "id: 00000000-0000-4000-8000-000000000002",
        "id: ABCDEF00-0000-4000-8000-000000000001",
    );
    let report = validate(&sandbox, &[]);
    assert_eq!(report.lines(), [format!("id-conflict {CRM}:2:5")]);
    assert_eq!(place(&report.only()["related"][0]["location"]), format!("{DESK}:2:5"));
}

#[test]
fn a_subnet_belongs_to_one_app() {
    let sandbox = two_apps();
    append(&sandbox, CRM, "subnet: 10.9.0.0/24\n");
    append(&sandbox, "apps/products/crm/.env.app", "APP_SUBNET=10.9.0.0/24\n");
    append(&sandbox, DESK, "subnet: 10.9.0.16/28\n");
    let report = validate(&sandbox, &[]);
    // Folders come in order, and apps/desk is before apps/products/crm.
    assert_eq!(
        report.lines(),
        ["env-mismatch apps/desk/.env.app".to_owned(), format!("subnet-conflict {CRM}:12:9")]
    );
    let conflict = &report.json["findings"][1];
    assert_eq!(conflict["message"], "the subnet 10.9.0.0/24 overlaps 10.9.0.16/28 of desk");
    assert_eq!(place(&conflict["related"][0]["location"]), format!("{DESK}:12:9"));
    validate(&sandbox, &["--fix"]);
    assert!(sandbox.read("apps/desk/.env.app").ends_with("APP_SUBNET=10.9.0.16/28\n"));
}

#[test]
fn subnets_overlap_whatever_lies_between_them() {
    let sandbox = Sandbox::empty();
    for (number, slug, subnet) in [
        (1, "a", "10.9.2.0/24"),
        (2, "b", "10.9.0.0/24"),
        (3, "c", "10.9.2.16/28"),
        (4, "d", "10.9.2.128/25"),
    ] {
        let folder = format!("apps/{slug}");
        sandbox.app(&folder, slug, "internal", number);
        append(&sandbox, &format!("{folder}/app.manifest.yml"), &format!("subnet: {subnet}\n"));
        append(&sandbox, &format!("{folder}/.env.app"), &format!("APP_SUBNET={subnet}\n"));
    }
    let report = validate(&sandbox, &[]);
    assert_eq!(
        report.lines(),
        ["subnet-conflict apps/c/app.manifest.yml:12:9", "subnet-conflict apps/d/app.manifest.yml:12:9"]
    );
    for finding in report.json["findings"].as_array().unwrap() {
        assert_eq!(place(&finding["related"][0]["location"]), "apps/a/app.manifest.yml:12:9");
    }
}

#[test]
fn a_subnet_is_private_small_and_begins_where_it_begins() {
    for (text, message) in [
        ("10.9.0.1/28", "the subnet begins in the middle of a network: 10.9.0.1/28 lies in 10.9.0.0/28"),
        (
            "8.8.8.0/28",
            "the subnet 8.8.8.0/28 is not private: choose one in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        ),
        ("10.0.0.0/8", "the subnet has the size /8; /16 to /29 are possible"),
        ("ten", "the subnet is no IPv4 network: `ten`"),
    ] {
        let sandbox = two_apps();
        append(&sandbox, CRM, &format!("subnet: {text}\n"));
        let report = validate(&sandbox, &[]);
        assert_eq!(report.lines(), [format!("subnet-invalid {CRM}:12:9")]);
        assert_eq!(report.only()["message"], message);
    }
}

#[test]
fn a_port_belongs_to_one_app_whatever_its_role() {
    let sandbox = two_apps();
    change(&sandbox, CRM, "backend: 30010", "backend: 20020");
    change(&sandbox, "apps/products/crm/.env.app", "BACKEND_PORT=30010", "BACKEND_PORT=20020");
    let report = validate(&sandbox, &[]);
    assert_eq!(report.lines(), [format!("port-conflict {CRM}:10:12")]);
    assert_eq!(report.only()["message"], "port 20020 is also the frontend of desk");
    assert_eq!(place(&report.only()["related"][0]["location"]), format!("{DESK}:9:13"));
}

#[test]
fn one_app_can_not_use_a_port_twice() {
    let sandbox = two_apps();
    change(&sandbox, CRM, "db: 40001", "db: 20010");
    change(&sandbox, "apps/products/crm/.env.app", "DB_PORT=40001", "DB_PORT=20010");
    assert_eq!(validate(&sandbox, &[]).lines(), [format!("port-conflict {CRM}:11:7")]);
}

#[test]
fn the_template_is_checked_but_competes_with_nobody() {
    let sandbox = two_apps();
    sandbox.write("template-app/app.manifest.yml", manifest("crm", "product", 1));
    let report = validate(&sandbox, &["--strict"]);
    assert_eq!((report.code, report.lines()), (0, vec![]));
    assert_eq!(report.json["manifests"], 3);
    change(&sandbox, "template-app/app.manifest.yml", "kind: product", "kind: produce");
    assert_eq!(validate(&sandbox, &[]).lines(), ["schema-value template-app/app.manifest.yml:6:7"]);
}

#[test]
fn the_folder_agrees_with_kind_and_slug() {
    let sandbox = two_apps();
    change(&sandbox, DESK, "kind: internal", "kind: client");
    change(&sandbox, CRM, "slug: crm", "slug: crm-2");
    change(&sandbox, "apps/products/crm/.env.app", "APP_SLUG=crm", "APP_SLUG=crm-2");
    let report = validate(&sandbox, &[]);
    // The value that is wrong is underlined: the kind where the folder has the slug's name.
    assert_eq!(report.lines(), [format!("place-mismatch {DESK}:6:7"), format!("place-mismatch {CRM}:3:7")]);
    assert_eq!(
        report.findings()[0]["message"],
        "a client app `desk` belongs in clients/desk, not in apps/desk"
    );
}

#[test]
fn a_dependency_is_an_app() {
    let sandbox = two_apps();
    append(&sandbox, CRM, "depends_on: [desc, identity, desk]\n");
    let report = validate(&sandbox, &[]);
    assert_eq!(
        report.lines(),
        [format!("depends-unknown {CRM}:12:14"), format!("depends-unknown {CRM}:12:20")]
    );
    assert_eq!(report.findings()[0]["label"], "did you mean `desk`?");
    assert_eq!(report.findings()[1]["help"], "`scalr list` shows every app");
}

#[test]
fn a_circle_of_dependencies_is_told_once_with_every_edge() {
    let sandbox = two_apps();
    append(&sandbox, CRM, "depends_on: [desk]\n");
    append(&sandbox, DESK, "depends_on: [crm]\n");
    let two = validate(&sandbox, &[]);
    assert_eq!(two.lines(), [format!("depends-cycle {DESK}:12:14")]);
    assert_eq!(two.only()["message"], "apps depend on each other in a circle: desk -> crm -> desk");
    assert_eq!(place(&two.only()["related"][0]["location"]), format!("{CRM}:12:14"));

    sandbox.app("services/mail", "mail", "platform", 3);
    change(&sandbox, DESK, "depends_on: [crm]", "depends_on: [mail]");
    append(&sandbox, "services/mail/app.manifest.yml", "depends_on:\n  - crm\n");
    let three = validate(&sandbox, &[]);
    assert_eq!(three.only()["message"], "apps depend on each other in a circle: desk -> mail -> crm -> desk");
    let edges: Vec<_> =
        three.only()["related"].as_array().unwrap().iter().map(|edge| place(&edge["location"])).collect();
    assert_eq!(edges, ["services/mail/app.manifest.yml:13:5".to_owned(), format!("{CRM}:12:14")]);

    let alone = two_apps();
    append(&alone, CRM, "depends_on: [crm]\n");
    assert_eq!(validate(&alone, &[]).lines(), [format!("depends-cycle {CRM}:12:14")]);
}

#[test]
fn a_subscription_without_publisher_is_a_warning() {
    let sandbox = two_apps();
    append(&sandbox, CRM, "events_publish: [order.placed]\n");
    append(&sandbox, DESK, "events_subscribe: [order.placed, order.place, mail.sent]\n");
    let report = validate(&sandbox, &[]);
    assert_eq!(
        report.lines(),
        [format!("event-unpublished {DESK}:12:34"), format!("event-unpublished {DESK}:12:47")]
    );
    assert_eq!(report.findings()[0]["label"], "did you mean `order.placed`?");
    assert_eq!(report.findings()[0]["severity"], "warning");
    assert_eq!((report.code, validate(&sandbox, &["--strict"]).code), (0, 1));
}

#[test]
fn the_registry_names_each_folder_once_and_inside() {
    let sandbox = two_apps();
    sandbox.write(
        "registered-apps.txt",
        "# apps\napps/products/crm\n\n  apps/gone # moved\n./apps/desk/\napps/products/../desk\n/etc\n../other\n",
    );
    let report = validate(&sandbox, &[]);
    assert_eq!(
        report.lines(),
        [
            "registry-missing registered-apps.txt:4:3",
            "registry-duplicate registered-apps.txt:6:1",
            "registry-outside registered-apps.txt:7:1",
            "registry-outside registered-apps.txt:8:1",
        ]
    );
    assert_eq!(place(&report.findings()[1]["related"][0]["location"]), "registered-apps.txt:5:1");
    assert_eq!(report.findings()[0]["fix"], json!({"action": "unregister", "line": 4, "text": "apps/gone"}));
}

#[test]
fn an_app_that_nobody_registers_is_a_warning_unless_it_rests_on_purpose() {
    let sandbox = two_apps();
    sandbox.write("registered-apps.txt", "apps/products/crm\n");
    let report = validate(&sandbox, &[]);
    assert_eq!((report.code, report.lines()), (0, vec![format!("app-unregistered {DESK}:3:7")]));
    assert_eq!(report.only()["fix"], json!({"action": "register", "path": "apps/desk"}));
    append(&sandbox, DESK, "x-unregistered: true\n");
    assert!(validate(&sandbox, &[]).lines().is_empty());
}

#[test]
fn env_app_agrees_with_the_manifest() {
    let sandbox = two_apps();
    let env = "apps/desk/.env.app";
    sandbox.write(env, "APP_SLUG='desk'\nexport FRONTEND_PORT=20021 # web\nBACKEND_PORT=${PORT:-1}\nCOMPOSE_PROJECT_NAME=x\n");
    let report = validate(&sandbox, &[]);
    let expected = [
        format!("env-mismatch {env}"),
        format!("env-mismatch {env}:2:22"),
        format!("env-reserved {env}:4:22"),
    ];
    assert_eq!(report.lines(), expected);
    assert_eq!(report.findings()[0]["message"], "DB_PORT is not set; the manifest says 40002");
    assert_eq!(report.findings()[1]["message"], "FRONTEND_PORT is 20021, but the manifest says 20020");
    assert_eq!(place(&report.findings()[1]["related"][0]["location"]), format!("{DESK}:9:13"));

    sandbox.write(env, "A=1\nB C=2\n");
    assert_eq!(validate(&sandbox, &[]).lines(), [format!("env-syntax {env}:2:2")]);
    std::fs::remove_file(sandbox.path(env)).unwrap();
    assert_eq!(validate(&sandbox, &[]).lines(), [format!("env-missing {DESK}:1:1")]);
}

#[test]
fn env_shared_redirects_nobody_and_is_never_shown() {
    let sandbox = two_apps();
    sandbox.write(".env.shared", "TOKEN=hidden\nCOMPOSE_PROJECT_NAME=hidden\n");
    assert_eq!(validate(&sandbox, &[]).lines(), ["env-reserved .env.shared:2:22"]);
    sandbox.write(".env.shared", "TOKEN=\"hidden\n");
    assert_eq!(validate(&sandbox, &[]).lines(), ["env-syntax .env.shared:1:7"]);
    for format in ["human", "json", "sarif", "github", "junit"] {
        let shown = sandbox.run(&["validate", "--format", format]);
        assert_eq!(shown.code, 1, "{format}");
        assert!(!(shown.stdout + &shown.stderr).contains("hidden"), "{format}");
    }
}

#[test]
fn env_app_signs_people_in_as_the_manifest_says() {
    let sandbox = two_apps();
    let env = "apps/desk/.env.app";
    append(&sandbox, DESK, "auth: {client_id: desk-web, groups: [staff, admins]}\n");
    // An app that lets everybody in needs neither; spaces change nothing.
    assert!(validate(&sandbox, &[]).lines().is_empty());
    append(&sandbox, env, "OIDC_CLIENT_ID=desk-web\nAUTH_GROUPS=\"staff, admins\"\n");
    assert!(validate(&sandbox, &[]).lines().is_empty());

    change(&sandbox, env, "desk-web", "desk");
    change(&sandbox, env, "staff, admins", "admins");
    let report = validate(&sandbox, &[]);
    let messages: Vec<_> = report.findings().iter().map(|finding| text(&finding["message"])).collect();
    let expected = [
        "OIDC_CLIENT_ID is desk, but the manifest says desk-web",
        "AUTH_GROUPS is admins, but the manifest says staff,admins",
    ];
    assert_eq!(messages, expected);
    assert!(validate(&sandbox, &["--fix"]).lines().is_empty());
    assert!(sandbox.read(env).ends_with("OIDC_CLIENT_ID=desk-web\nAUTH_GROUPS=staff,admins\n"));
}

#[test]
fn every_subproject_has_a_compose_file_under_one_of_its_names() {
    let sandbox = two_apps();
    let compose = sandbox.path("apps/desk/docker-compose.yml");
    for name in ["compose.yaml", "compose.yml", "docker-compose.yaml"] {
        let other = sandbox.path(&format!("apps/desk/{name}"));
        std::fs::rename(&compose, &other).unwrap();
        assert!(validate(&sandbox, &[]).lines().is_empty(), "{name}");
        std::fs::rename(&other, &compose).unwrap();
    }
    let target = sandbox.path("apps/common.yml");
    std::fs::rename(&compose, &target).unwrap();
    std::os::unix::fs::symlink("../common.yml", &compose).unwrap();
    assert!(validate(&sandbox, &[]).lines().is_empty(), "a link");
    // Now the link leads nowhere.
    std::fs::remove_file(target).unwrap();
    // A subproject without a manifest is known by its line alone.
    sandbox.write("docs/index.md", "");
    append(&sandbox, "registered-apps.txt", "docs\n");
    let report = validate(&sandbox, &[]);
    assert_eq!(
        report.lines(),
        [format!("compose-missing {DESK}:3:7"), "compose-missing registered-apps.txt:4:1".into()]
    );
}

#[test]
fn a_broken_manifest_still_takes_part_with_what_can_be_read() {
    let sandbox = two_apps();
    change(&sandbox, DESK, "kind: internal", "kind: intern");
    change(&sandbox, DESK, "frontend: 20020", "frontend: 20010");
    change(&sandbox, "apps/desk/.env.app", "FRONTEND_PORT=20020", "FRONTEND_PORT=20010");
    let report = validate(&sandbox, &[]);
    assert_eq!(report.lines(), [format!("schema-value {DESK}:6:7"), format!("port-conflict {CRM}:9:13")]);
    assert_eq!(text(&report.findings()[1]["related"][0]["message"]), "frontend of desk");
}

#[test]
fn the_repository_may_have_a_stricter_schema_of_its_own() {
    let sandbox = two_apps();
    let built_in = sandbox.run(&["schema", "manifest"]).ok().stdout;
    let path = "schemas/app-manifest.schema.json";
    sandbox
        .write(path, built_in.replacen("\"created\", \"ports\"]", "\"created\", \"ports\", \"owner\"]", 1));
    let report = validate(&sandbox, &[]);
    assert_eq!(
        report.lines(),
        [format!("schema-missing-key {DESK}:1:1"), format!("schema-missing-key {CRM}:1:1")]
    );
    assert_eq!(report.findings()[0]["message"], "the key `owner` is missing");

    for broken in ["{", "{\"type\": 7}", "{\"$ref\": \"https://example.com/x.json\"}", "\u{0}"] {
        sandbox.write(path, broken);
        let report = validate(&sandbox, &[]);
        assert_eq!((report.code, report.lines()), (1, vec![format!("schema-broken {path}")]), "{broken}");
    }
}

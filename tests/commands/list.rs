//! `scalr list`

use serde_json::json;

use crate::sandbox::Sandbox;

fn repository() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/products/crm", "crm", "product", 1).app("clients/acme", "acme", "client", 2);
    let path = "clients/acme/app.manifest.yml";
    sandbox.write(path, sandbox.read(path).replace("App 2", "漢字").replace("  db: 40002\n", ""));
    sandbox.write("registered-apps.txt", "apps/products/crm\n");
    sandbox
}

#[test]
fn every_app_has_a_line() {
    let ran = repository().run(&["list"]).ok();
    assert_eq!(ran.stderr, "");
    insta::assert_snapshot!(ran.stdout, @r"
    SLUG  NAME   KIND     PATH               FRONTEND  BACKEND  DB     REGISTERED
    crm   App 1  product  apps/products/crm  20010     30010    40001  yes
    acme  漢字   client   clients/acme       20020     30020    -      no
    ");
}

#[test]
fn json_has_nulls_for_what_an_app_does_not_have() {
    let json = repository().run(&["list", "--json", "acme"]).ok().json();
    assert_eq!(
        json,
        json!({"schema": "scalr.list/1", "apps": [{
            "slug": "acme", "name": "漢字", "kind": "client", "path": "clients/acme",
            "ports": {"frontend": 20020, "backend": 30020, "db": null}, "registered": false,
        }]})
    );
}

#[test]
fn slugs_choose_and_order() {
    let json = repository().run(&["list", "--json", "crm", "acme"]).ok().json();
    let slugs: Vec<_> = json["apps"].as_array().unwrap().iter().map(|app| app["slug"].clone()).collect();
    assert_eq!(slugs, ["crm", "acme"]);
}

#[test]
fn unknown_slugs_are_told_all_at_once() {
    let ran = repository().run(&["list", "crn", "crm", "nothing-like-it"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(ran.stderr, @r"
    error: no app has the slug `crn`; did you mean `crm`?
           no app has the slug `nothing-like-it`
      = scalr list shows every app
    ");
}

#[test]
fn an_empty_repository_says_what_to_do() {
    let ran = Sandbox::empty().run(&["list"]).ok();
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", "no app yet; scalr new-app makes one\n"));
    assert_eq!(Sandbox::empty().run(&["list", "--quiet"]).ok().stderr, "");
    assert_eq!(Sandbox::empty().run(&["list", "--json"]).ok().json()["apps"], json!([]));
}

#[test]
fn a_broken_manifest_is_hinted_at() {
    let sandbox = repository();
    sandbox.write("apps/x/app.manifest.yml", "slug: x\nports: 7\n");
    sandbox.write("apps/y/app.manifest.yml", "[");
    let ran = sandbox.run(&["list"]).ok();
    assert!(ran.stdout.contains("apps/x") && !ran.stdout.contains("apps/y"), "{ran:?}");
    assert!(ran.stderr.contains("this may be incomplete; scalr validate shows them"), "{ran:?}");
}

#[test]
fn the_template_is_no_app() {
    let ran = Sandbox::with_template().run(&["list", "--json"]).ok();
    assert_eq!(ran.json()["apps"], json!([]));
}

//! `scalr ports`

use serde_json::json;

use crate::sandbox::{Sandbox, manifest};

fn repository() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/products/crm", "crm", "product", 1).app("clients/acme", "acme", "client", 3);
    let template = manifest("template-app", "internal", 0) + "subnet: 10.9.0.0/29\n";
    sandbox.write("template-app/app.manifest.yml", template);
    let crm = sandbox.read("apps/products/crm/app.manifest.yml");
    sandbox.write("apps/products/crm/app.manifest.yml", crm + "subnet: 10.9.0.8/29\n");
    sandbox
}

#[test]
fn every_block_and_the_next_one() {
    let ran = repository().run(&["ports"]).ok();
    assert_eq!(ran.stderr, "");
    insta::assert_snapshot!(ran.stdout, @r"
    APP                          FRONTEND  BACKEND  DB     SUBNET
    template-app (the template)  20000     30000    40000  10.9.0.0/29
    crm                          20010     30010    40001  10.9.0.8/29
    acme                         20030     30030    40003  -
    next app                     20040     30040    40004  10.9.0.16/29
    ");
}

#[test]
fn json_lists_every_port_by_number() {
    let json = repository().run(&["ports", "--json"]).ok().json();
    assert_eq!(json["next"], json!({"frontend": 20040, "backend": 30040, "db": 40004}));
    assert_eq!(json["conflicts"], json!([]));
    let held = json["held"].as_array().unwrap();
    assert_eq!(held.len(), 9);
    assert_eq!(held[0], json!({"port": 20000, "role": "frontend", "app": "template-app", "template": true}));
    assert!(held.is_sorted_by_key(|held| held["port"].as_u64()));
    assert_eq!(json["subnets"][0], json!({"subnet": "10.9.0.0/29", "app": "template-app", "template": true}));
    assert_eq!((&json["subnet_conflicts"], &json["next_subnet"]), (&json!([]), &json!("10.9.0.16/29")));
}

#[test]
fn conflicts_are_told_with_every_holder() {
    let sandbox = repository();
    sandbox
        .write("services/mail/app.manifest.yml", manifest("mail", "platform", 4).replace("40004", "20030"));
    sandbox
        .write("services/post/app.manifest.yml", manifest("post", "platform", 5).replace("40005", "20030"));
    let ran = sandbox.run(&["ports"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let last = ran.stdout.lines().last();
    assert_eq!(
        last,
        Some("conflict: port 20030 is the frontend of acme and the db of mail and the db of post")
    );
    let json = sandbox.run(&["ports", "--json"]);
    assert_eq!(json.code, 1);
    assert_eq!(json.json()["conflicts"][0]["holders"].as_array().unwrap().len(), 3);
}

#[test]
fn overlapping_subnets_are_a_conflict() {
    let sandbox = repository();
    let mail = manifest("mail", "platform", 4) + "subnet: 10.9.0.0/28\n";
    sandbox.write("services/mail/app.manifest.yml", mail);
    let ran = sandbox.run(&["ports"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let last: Vec<&str> = ran.stdout.lines().rev().take(2).collect();
    assert_eq!(
        last,
        [
            "conflict: the subnet 10.9.0.8/29 of crm overlaps 10.9.0.0/28 of mail",
            "conflict: the subnet 10.9.0.0/29 of template-app overlaps 10.9.0.0/28 of mail",
        ]
    );
    let json = sandbox.run(&["ports", "--json"]).json();
    assert_eq!(json["subnet_conflicts"].as_array().unwrap().len(), 2);
    assert_eq!(json["next_subnet"], "10.9.0.16/29");
}

#[test]
fn the_template_runs_beside_the_apps() {
    let sandbox = repository();
    sandbox
        .write("services/mail/app.manifest.yml", manifest("mail", "platform", 4).replace("40004", "40000"));
    let ran = sandbox.run(&["ports"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("template-app (the template)"), "{ran:?}");
}

#[test]
fn no_port_is_left() {
    let sandbox = Sandbox::empty();
    let ports = "ports: {frontend: 65530, backend: 65531, db: 65535}\n";
    let text = manifest("x", "internal", 1);
    sandbox.write("apps/x/app.manifest.yml", text[..text.find("ports:").unwrap()].to_owned() + ports);
    let json = sandbox.run(&["ports", "--json"]).ok().json();
    assert_eq!(json["next"], json!(null));
    assert!(sandbox.run(&["ports"]).ok().stdout.contains("port is left below 65536"));
}

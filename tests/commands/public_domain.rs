//! `scalr set-public-domain`

use serde_json::json;

use crate::sandbox::Sandbox;

const SHARED: &str = "# secrets\r\nPOSTGRES_PASSWORD='hush $x' # hers\r\nSCALR_AUTH=authentik\r\n\r\nSCALR_PUBLIC_DOMAIN= \r\nLAST=\"a\nb\"";

fn repository() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/crm", "crm", "internal", 1).app("services/gateway", "gateway", "platform", 2);
    let gateway = sandbox.read("services/gateway/app.manifest.yml");
    let (head, _) = gateway.split_once("ports:").unwrap();
    sandbox.write("services/gateway/app.manifest.yml", format!("{head}ports: {{}}\n"));
    sandbox.write(".env.shared", SHARED);
    set_mode(&sandbox, 0o600);
    sandbox
}

fn set_mode(sandbox: &Sandbox, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(sandbox.path(".env.shared"), std::fs::Permissions::from_mode(mode)).unwrap();
}

const SET: [&str; 3] = ["set-public-domain", "Bücher.Example", "--email"];

#[test]
fn writes_two_variables_and_keeps_every_other_byte() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = repository();
    let before = sandbox.tree();
    let planned = sandbox.run(&[&SET[..], &["ops@example.org", "--no-check", "--dry-run"]].concat()).ok();
    assert_eq!(sandbox.tree(), before);
    insta::assert_snapshot!(planned.stdout, @r"
    would write SCALR_PUBLIC_DOMAIN=xn--bcher-kva.example in .env.shared
    would write SCALR_ACME_EMAIL=ops@example.org in .env.shared

    DNS has to have, with the addresses of this server:
      *.xn--bcher-kva.example  A (and AAAA for IPv6), or one for each host below

    APP        ADDRESS
    crm        https://crm.xn--bcher-kva.example
    (sign-in)  https://auth.xn--bcher-kva.example
    ");
    assert_eq!(planned.stderr, "");

    sandbox.run(&[&SET[..], &["ops@example.org", "--no-check"]].concat()).ok();
    let expected = SHARED.replace("SCALR_PUBLIC_DOMAIN= ", "SCALR_PUBLIC_DOMAIN=xn--bcher-kva.example ")
        + "\r\nSCALR_ACME_EMAIL=ops@example.org\r\n";
    let text = sandbox.read(".env.shared");
    assert_eq!(text, expected);
    assert_eq!(sandbox.path(".env.shared").metadata().unwrap().permissions().mode() & 0o777, 0o600);

    let again = sandbox.run(&["set-public-domain", "bücher.example", "--no-check", "--json"]).ok().json();
    assert_eq!((&again["status"], &again["changes"]), (&json!("unchanged"), &json!([])));
    assert_eq!(sandbox.read(".env.shared"), text);

    let unset = sandbox.run(&["set-public-domain", "--unset", "--json"]).ok().json();
    assert_eq!(unset["changes"], json!([{"file": ".env.shared", "key": "SCALR_PUBLIC_DOMAIN", "value": ""}]));
    assert_eq!(unset["hosts"][0]["url"], "http://crm.localhost");
    assert_eq!((&unset["domain"], &unset["records"]), (&json!(null), &json!([])));
    assert_eq!(sandbox.read(".env.shared"), text.replace("xn--bcher-kva.example", "\"\""));
}

#[test]
fn says_what_dns_says_and_never_waits_long() {
    let sandbox = repository();
    let begin = std::time::Instant::now();
    // A name below .test has no address anywhere (RFC 2606).
    let report = sandbox.run(&["set-public-domain", "scalr.test", "--dry-run", "--json"]).ok().json();
    assert!(begin.elapsed().as_secs() < 10);
    assert_eq!(report["status"], "planned");
    for host in report["hosts"].as_array().unwrap() {
        assert!(["missing", "late"].contains(&host["dns"].as_str().unwrap()), "{host}");
        assert!(host["reason"].is_string() && host["addresses"] == json!([]), "{host}");
    }
}

#[test]
fn warns_of_what_will_not_work() {
    let sandbox = repository();
    sandbox.write(".env.shared", "SCALR_AUTH=dev\n");
    sandbox.write("registered-apps.txt", "apps/crm\n");
    let mut command = sandbox.command(&["set-public-domain", "example.org", "--no-check", "--dry-run"]);
    let ran =
        crate::sandbox::Ran::from(command.env("SCALR_PUBLIC_DOMAIN", "other.org").output().unwrap()).ok();
    insta::assert_snapshot!(ran.stderr, @r"
    warning: the shell sets SCALR_PUBLIC_DOMAIN to `other.org`, which wins over .env.shared
    warning: SCALR_AUTH is dev: services/auth-dev does not start where a public domain is set; set SCALR_AUTH=authentik in .env.shared and start services/auth
    warning: services/gateway is not registered, and nothing else answers on ports 80 and 443
    ");
}

#[test]
fn what_can_not_be_used_changes_nothing() {
    let sandbox = repository();
    let before = sandbox.tree();
    let ran = sandbox.run(&["set-public-domain", "https://example.org", "--email", "me"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(ran.stderr, @r"
    error: the domain `https://example.org` has a scheme; leave `https://` out: example.org
           the e-mail address `me` is none; expected one such as admin@example.org
      = nothing was changed
    ");
    for args in [["set-public-domain"].as_slice(), &["set-public-domain", "example.org", "--unset"]] {
        assert_eq!(sandbox.run(args).code, 2);
    }
    assert_eq!(sandbox.tree(), before);
    std::fs::remove_file(sandbox.path(".env.shared")).unwrap();
    let missing = sandbox.run(&["set-public-domain", "example.org", "--no-check"]);
    assert_eq!(missing.code, 3, "{missing:?}");
    assert!(missing.stderr.contains("scalr doctor --fix"), "{missing:?}");
    sandbox.write(".env.shared", "A B=1\n");
    let broken = sandbox.run(&["set-public-domain", "example.org", "--no-check"]);
    assert_eq!(broken.code, 1, "{broken:?}");
}

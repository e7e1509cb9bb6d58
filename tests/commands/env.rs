//! `scalr env`

use serde_json::{Value, json};

use crate::sandbox::{Ran, Sandbox};

/// A value that must never be seen.
const PLANTED: &str = "hunter2-planted";

const COMPOSE: &str = "\
name: crm
services:
  web:
    image: ${IMAGE:-web:1}
    environment:
      SLUG: ${APP_SLUG}
      PASSWORD: ${DB_PASSWORD:?is set in .env.shared}
      URL: ${DATABASE_URL}
      DOMAIN: ${SCALR_PUBLIC_DOMAIN:-localhost}
      FROM_SHELL:
    # ${COMMENT}
    ports: [\"127.0.0.1:${FRONTEND_PORT}:80\"]
";

fn repository() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/products/crm", "crm", "product", 1);
    sandbox.write("apps/products/crm/docker-compose.yml", COMPOSE);
    let own = sandbox.read("apps/products/crm/.env.app");
    sandbox.write(
        "apps/products/crm/.env.app",
        format!(
            "{own}DATABASE_URL=\"postgres://crm:${{DB_PASSWORD}}@db/crm\"\nSPARE=1\nFRONTEND_PORT=1234\n"
        ),
    );
    sandbox.write(
        ".env.shared",
        format!("DB_PASSWORD={PLANTED}\nSCALR_PUBLIC_DOMAIN=\nOTHERS=for-other-apps\n"),
    );
    sandbox
}

/// Under a shell of which nothing but these variables matters.
fn run(sandbox: &Sandbox, shell: &[(&str, &str)], args: &[&str]) -> Ran {
    Ran::from(sandbox.command(args).envs(shell.iter().copied()).output().unwrap())
}

/// The variable of that name in the document.
fn variable<'a>(document: &'a Value, name: &str) -> &'a Value {
    document["variables"].as_array().unwrap().iter().find(|variable| variable["name"] == name).unwrap()
}

#[test]
fn every_value_with_its_origin() {
    let ran = run(&repository(), &[("FROM_SHELL", "yes"), ("DB_PORT", "77")], &["env", "crm"]).ok();
    insta::assert_snapshot!(ran.stdout, @"
    VARIABLE             VALUE      FROM
    APP_SLUG             crm        apps/products/crm/.env.app:1
    BACKEND_PORT         30010      apps/products/crm/.env.app:3
    DATABASE_URL         ••••••     apps/products/crm/.env.app:5
    DB_PASSWORD          ••••••     .env.shared:1
    DB_PORT              77         shell
      overrides          40001      apps/products/crm/.env.app:4
    FROM_SHELL           yes        shell
    FRONTEND_PORT        1234       apps/products/crm/.env.app:7
      overrides          20010      apps/products/crm/.env.app:2
    IMAGE                web:1      default, apps/products/crm/docker-compose.yml:4
    OTHERS               ••••••     .env.shared:3
    SCALR_PUBLIC_DOMAIN  (empty)    .env.shared:2
      taken instead      localhost  apps/products/crm/docker-compose.yml:9
    SPARE                1          apps/products/crm/.env.app:6

    not used by this app's compose files: SPARE

    in .env.shared for other apps: OTHERS
    ");
    assert!(ran.stderr.contains("Docker Compose"), "{ran:?}");
}

#[test]
fn json_tells_places_and_overrides() {
    let ran = run(&repository(), &[("DB_PORT", "77")], &["env", "crm", "--json"]).ok();
    let document = ran.json();
    let file = "apps/products/crm/.env.app";
    assert_eq!(document["env_files"], json!([".env.shared", file]));
    assert_eq!(document["compose_files"], json!(["apps/products/crm/docker-compose.yml"]));
    let port = variable(&document, "DB_PORT");
    assert_eq!((&port["value"], &port["origin"]), (&json!("77"), &json!({"kind": "shell"})));
    assert_eq!(port["overrides"][0]["value"], "40001");
    assert_eq!(port["overrides"][0]["origin"]["location"]["path"], file);
    let frontend = variable(&document, "FRONTEND_PORT");
    assert_eq!((&frontend["value"], &frontend["overrides"][0]["value"]), (&json!("1234"), &json!("20010")));
    assert_eq!(frontend["origin"]["location"]["line"], 7);
    assert_eq!(frontend["uses"][0]["location"]["line"], 12);
    let image = variable(&document, "IMAGE");
    assert_eq!((&image["value"], &image["origin"]["kind"]), (&json!("web:1"), &json!("default")));
    let domain = variable(&document, "SCALR_PUBLIC_DOMAIN");
    assert_eq!(domain["uses"][0]["instead"], json!({"value": "localhost", "masked": false}));
    let names: Vec<_> = document["unused"].as_array().unwrap().iter().map(|unused| &unused["name"]).collect();
    assert_eq!(names, ["OTHERS", "SPARE"]);
    assert!(!ran.stdout.contains("COMMENT") && document["missing"] == json!([]));
}

#[test]
fn what_is_needed_and_set_nowhere_is_an_error() {
    let sandbox = repository();
    sandbox.write(".env.shared", "OTHERS=1\n");
    sandbox.write("apps/products/crm/.env.app", "APP_SLUG=crm\n");
    let ran = run(&sandbox, &[], &["env", "crm", "--json"]);
    assert_eq!(ran.code, 1);
    let document = ran.json();
    let missing: Vec<_> = document["missing"]
        .as_array()
        .unwrap()
        .iter()
        .map(|missing| (missing["name"].as_str().unwrap(), missing["required"].as_bool().unwrap()))
        .collect();
    assert_eq!(missing, [("DATABASE_URL", false), ("DB_PASSWORD", true), ("FRONTEND_PORT", false)]);
    assert_eq!(document["missing"][1]["reason"], "is set in .env.shared");
    let codes: Vec<_> = document["findings"].as_array().unwrap().iter().map(|it| &it["code"]).collect();
    assert_eq!(codes, ["env-unset", "env-unset", "env-unset"]);
    let ran = run(&sandbox, &[], &["env", "crm"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stdout.contains("docker-compose.yml:7:17: error[env-unset]: DB_PASSWORD is needed"),
        "{ran:?}"
    );
    assert!(ran.stdout.contains("(is set in .env.shared)"), "{ran:?}");
}

#[test]
fn without_env_shared_it_ends_with_3_and_the_command_to_type() {
    let sandbox = repository();
    std::fs::remove_file(sandbox.path(".env.shared")).unwrap();
    let ran = sandbox.run(&["env", "crm"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
    assert!(ran.stderr.contains("scalr doctor --fix makes it from .env.shared.example"), "{ran:?}");
    let ran = sandbox.run(&["env", "crm", "--json"]);
    assert_eq!((ran.code, &ran.json()["kind"]), (3, &json!("environment")));
}

#[test]
fn secrets_are_shown_nowhere() {
    let sandbox = repository();
    let own = sandbox.read("apps/products/crm/.env.app");
    let shared = sandbox.read(".env.shared");
    let dollar = (own.clone(), format!("{shared}PW=pa$hunter2planted\n"), COMPOSE.to_owned());
    let variants = [
        (own.clone(), shared.clone(), COMPOSE.to_owned()),
        // In another file, in an error of Compose's, in a default, in a name that says nothing.
        (format!("{own}COPY={PLANTED}\nX=${{U:?{PLANTED}}}\n"), shared.clone(), COMPOSE.to_owned()),
        (
            own.clone(),
            shared.clone(),
            format!("{COMPOSE}    x-a: ${{U:-a ${{DB_PASSWORD}}}} ${{V:?$DB_PASSWORD}}\n"),
        ),
        (own.clone(), format!("X=${{U:?{PLANTED}}}\n{shared}"), COMPOSE.to_owned()),
        // In lines that can't be read.
        (own.clone(), format!("{shared}PEM=-----BEGIN KEY-----\n{PLANTED}/+==\n"), COMPOSE.to_owned()),
        (own.clone(), format!("{shared}A='{PLANTED}\n"), COMPOSE.to_owned()),
        (own.clone(), format!("{shared}COMPOSE_FILE={PLANTED}\n={PLANTED}\n"), COMPOSE.to_owned()),
        (own.clone(), format!("{shared}A=${{{PLANTED}\nCERT=\"one\n{PLANTED}\n\"\n"), COMPOSE.to_owned()),
    ];
    // Behind a dollar sign it is a variable's name.
    let variants = [variants.as_slice(), &[dollar]].concat();
    let mut shown = 0;
    for (at, (own, shared, compose)) in variants.iter().enumerate() {
        sandbox.write("apps/products/crm/.env.app", own);
        sandbox.write(".env.shared", shared);
        sandbox.write("apps/products/crm/docker-compose.yml", compose);
        for args in [&["env", "crm"][..], &["env", "crm", "--json"], &["--verbose", "env", "crm"]] {
            let ran = run(&sandbox, &[("DB_PASSWORD", PLANTED), ("API_TOKEN", PLANTED)], args);
            let all = format!("{}{}", ran.stdout, ran.stderr);
            assert!(!all.contains(PLANTED) && !all.contains("hunter2planted"), "{at}: {args:?}: {all}");
            assert!(all.contains("DB_PASSWORD") || ran.code == 1, "{at}: {args:?}: {all}");
            shown += usize::from(ran.code == 0);
        }
        // The compose file and .env.app are committed, and validate shows their lines.
        let ran = sandbox.run(&["validate"]);
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains(PLANTED), "{at}: {ran:?}");
    }
    assert!(shown >= 3, "only {shown} environments were shown");
}

#[test]
fn secrets_are_not_shown_in_a_pipe_even_when_asked_for() {
    let ran = repository().run(&["env", "crm", "--show-secrets"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("at a terminal only"), "{ran:?}");
}

#[test]
fn secrets_are_shown_at_a_terminal_when_asked_for() {
    let sandbox = repository();
    for (args, shown) in [(&["env", "crm", "--show-secrets"][..], true), (&["env", "crm"], false)] {
        let text = at_a_terminal(&sandbox, args);
        assert!(text.contains("SCALR_PUBLIC_DOMAIN"), "{text}");
        assert_eq!(text.contains(&format!("postgres://crm:{PLANTED}@db/crm")), shown, "{text}");
    }
}

/// Everything that the command prints to a terminal.
fn at_a_terminal(sandbox: &Sandbox, args: &[&str]) -> String {
    use expectrl::Expect;
    let command = sandbox.command(args);
    let mut rebuilt = std::process::Command::new(command.get_program());
    rebuilt.args(command.get_args()).current_dir(sandbox.path("")).env("HOME", "/nonexistent");
    let mut terminal = expectrl::Session::spawn(rebuilt).unwrap();
    terminal.set_expect_timeout(Some(std::time::Duration::from_secs(20)));
    let found = terminal.expect(expectrl::Eof).unwrap();
    String::from_utf8_lossy(found.as_bytes()).into_owned()
}

#[test]
fn no_env_file_may_redirect_compose() {
    let sandbox = repository();
    let shared = sandbox.read(".env.shared");
    sandbox.write(".env.shared", format!("{shared}COMPOSE_PROJECT_NAME=all\n"));
    for args in [&["env", "crm", "--json"][..], &["validate", "--json"]] {
        let ran = sandbox.run(args);
        assert_eq!(ran.code, 1, "{args:?}: {ran:?}");
        let findings = &ran.json()["findings"];
        assert_eq!(findings[0]["code"], "env-reserved", "{findings}");
        assert_eq!(findings[0]["location"]["path"], ".env.shared", "{findings}");
    }
}

#[test]
fn under_a_public_domain_the_production_file_counts() {
    let sandbox = repository();
    sandbox.write("apps/products/crm/docker-compose.prod.yml", "services: {web: {image: \"$PROD_IMAGE\"}}\n");
    sandbox.write("apps/products/crm/compose.override.yaml", "include: [../../more.yml]\n");
    sandbox.write("apps/more.yml", "services: {more: {image: \"$MORE_IMAGE\"}}\n");
    let missing = |shell: &[(&str, &str)]| -> Vec<Value> {
        let document = run(&sandbox, shell, &["env", "crm", "--json"]).json();
        document["missing"].as_array().unwrap().iter().map(|missing| missing["name"].clone()).collect()
    };
    assert_eq!(missing(&[]), ["MORE_IMAGE"]);
    assert_eq!(missing(&[("SCALR_PUBLIC_DOMAIN", "example.com")]), ["PROD_IMAGE"]);
}

#[test]
fn broken_and_missing_files_are_findings() {
    let sandbox = repository();
    let folder = "apps/products/crm";
    let codes = || -> Vec<String> {
        let ran = run(&sandbox, &[("FRONTEND_PORT", "1"), ("DATABASE_URL", "x")], &["env", "crm", "--json"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        let document = ran.json();
        let findings = document["findings"].as_array().unwrap();
        findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
    };
    sandbox.write(&format!("{folder}/docker-compose.yml"), "services: [\n");
    assert_eq!(codes(), ["yaml-syntax"]);
    sandbox.write(&format!("{folder}/docker-compose.yml"), "services: {a: {image: \"${\"}}\n");
    assert_eq!(codes(), ["env-interpolation"]);
    std::fs::remove_file(sandbox.path(&format!("{folder}/docker-compose.yml"))).unwrap();
    assert_eq!(codes(), ["compose-missing"]);
    sandbox.write(&format!("{folder}/docker-compose.yml"), COMPOSE);
    sandbox.write(&format!("{folder}/.env.app"), "APP_SLUG=${U:?not here}\nV=${\n=x\n");
    assert_eq!(codes(), ["env-interpolation", "env-interpolation", "env-syntax", "env-unset"]);
    std::fs::remove_file(sandbox.path(&format!("{folder}/.env.app"))).unwrap();
    assert_eq!(codes(), ["env-missing", "env-unset"]);
    sandbox.write(&format!("{folder}/.env.app"), "A B=1\n");
    assert_eq!(codes(), ["env-syntax"]);
}

#[test]
fn an_unknown_app_gets_a_did_you_mean() {
    let ran = repository().run(&["env", "cmr"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("did you mean `crm`?"), "{ran:?}");
}

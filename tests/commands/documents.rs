//! What `--json` prints, held against the schemas that `scalr schema` prints.

use serde_json::Value;

use super::help::commands;
use crate::sandbox::{HOME, Sandbox, manifest};
use scalr_model::schema::{self, Describes};

fn schema(name: &str) -> Value {
    Sandbox::empty().run(&["schema", name]).ok().json()
}

/// The document of a command, which conforms to the schema of that name.
fn document(sandbox: &Sandbox, name: &str, args: &[&str]) -> Value {
    let document = sandbox.run(args).json();
    let schema = schema(name);
    let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}\n{document:#}");
    document
}

/// Something of every kind is wrong.
fn broken() -> Sandbox {
    let sandbox = Sandbox::with_template();
    sandbox.app("apps/a", "a", "internal", 1).app("apps/b", "b", "internal", 1);
    sandbox.write("apps/a/.env.app", "DB_PORT=1\n");
    sandbox.write("apps/c/app.manifest.yml", "slug: c\nports: {db: 5}\nknid: x\n");
    sandbox.write("apps/d/app.manifest.yml", "[");
    sandbox.write("apps/e/app.manifest.yml", vec![b'#'; 2 * 1024 * 1024]);
    sandbox.write("schemas/app-manifest.schema.json", "{");
    sandbox.write("registered-apps.txt", "apps/a\napps/a\napps/gone\n../out\n");
    sandbox
}

#[test]
fn every_schema_is_a_schema_and_describes_every_key() {
    for schema::BuiltInSchema { name, .. } in schema::ALL {
        let schema = schema(name);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(schema["title"].is_string() && schema["description"].is_string(), "{name}");
        described(&schema, name);
    }
}

/// Every object of a schema is closed, and every property says what it is for.
fn described(schema: &Value, at: &str) {
    match schema {
        Value::Object(keys) => {
            if let Some(properties) = keys.get("properties").and_then(Value::as_object) {
                assert!(keys.contains_key("additionalProperties"), "{at} is open");
                for (key, property) in properties {
                    let reference = property.get("$ref").is_some();
                    // `format` of a `set` rule and the like may lean on their enum.
                    let said =
                        property.get("description").is_some() || property.get("enum").is_some() || reference;
                    assert!(said, "{at}/{key} has no description");
                }
            }
            keys.iter().for_each(|(key, value)| described(value, &format!("{at}/{key}")));
        }
        Value::Array(items) => items.iter().for_each(|item| described(item, at)),
        _ => {}
    }
}

/// The same thing looks the same in every document.
#[test]
fn shared_definitions_are_equal() {
    let report = schema("validate-report");
    let mut shared = 0;
    for name in ["error", "fix-plan", "new-app-report", "env", "plan", "events", "doctor"] {
        for (key, definition) in schema(name)["$defs"].as_object().unwrap() {
            // What findings are made of; a document's own parts are its own.
            if let Some(same) = report["$defs"].get(key) {
                assert_eq!(same, definition, "{name}: {key}");
                shared += 1;
            }
        }
    }
    assert!(shared > 20, "only {shared} definitions were compared");
}

#[test]
fn the_files_are_what_the_command_prints() {
    for built_in in schema::ALL {
        let id = schema(built_in.name)["$id"].as_str().unwrap().to_owned();
        let file = id.split(':').nth(3).unwrap();
        let path = format!("{HOME}/schemas/{file}.schema.json");
        let printed = Sandbox::empty().run(&["schema", built_in.name]).ok().stdout;
        assert_eq!(std::fs::read_to_string(path).unwrap(), printed);
        assert_eq!(built_in.text, printed);
    }
    let files = std::fs::read_dir(format!("{HOME}/schemas")).unwrap().count();
    assert_eq!(files, schema::ALL.len(), "a schema that the table does not hold");
    assert_eq!(schema("manifest"), Sandbox::empty().run(&["schema"]).ok().json());
}

#[test]
fn the_page_of_json_names_every_document() {
    let page = std::fs::read_to_string(format!("{HOME}/docs/reference/json.md")).unwrap();
    for schema in schema::ALL.iter().filter(|schema| !matches!(schema.describes, Describes::File(_))) {
        assert!(page.contains(&format!("| `scalr schema {}` |", schema.name)), "{}", schema.name);
    }
}

#[test]
fn every_command_has_a_schema_of_what_it_prints() {
    let documents: Vec<&str> = schema::ALL
        .iter()
        .flat_map(|schema| match &schema.describes {
            Describes::Document(command) => std::slice::from_ref(command),
            Describes::Lines(commands) => commands,
            Describes::File(_) | Describes::Failure => &[],
        })
        .map(|command| command.split(' ').next().unwrap())
        .collect();
    // They print a text for another program, or hand the streams to one.
    let texts = ["exec", "shell", "schema", "completions", "man"];
    for command in &commands() {
        let (document, text) = (documents.contains(&command.as_str()), texts.contains(&command.as_str()));
        assert!(document != text, "{command}");
    }
}

#[test]
fn validate() {
    let broken = broken();
    let report = document(&broken, "validate-report", &["validate", "--json"]);
    assert_eq!(report["ok"], false);
    let all = report.to_string();
    for part in [
        "\"fix\"",
        "\"related\"",
        "\"label\"",
        "\"help\"",
        "schema-broken",
        "register",
        "unregister",
        "set-env",
    ] {
        assert!(all.contains(part), "this repository should show {part}: {report:#}");
    }
    let plan = document(&broken, "fix-plan", &["validate", "--json", "--fix", "--dry-run"]);
    assert!(plan["edits"].as_array().unwrap().len() > 1);
    let fixed = document(&broken, "validate-report", &["validate", "--json", "--fix"]);
    assert_eq!(fixed["fixed"], plan["edits"]);

    let clean = Sandbox::with_template();
    assert_eq!(document(&clean, "validate-report", &["validate", "--json"])["ok"], true);
    document(&clean, "fix-plan", &["validate", "--json", "--fix", "--dry-run"]);
}

#[test]
fn new_app() {
    let sandbox = Sandbox::with_template();
    let args = ["--name", "Shop", "--slug", "shop", "--description", "x", "--kind", "product", "--json"];
    let planned =
        document(&sandbox, "new-app-report", &[["new-app", "--dry-run"].as_slice(), &args].concat());
    assert_eq!(planned["status"], "planned");
    let created = document(&sandbox, "new-app-report", &[["new-app", "--yes"].as_slice(), &args].concat());
    assert_eq!(created["status"], "created");
    assert_eq!(created["template"]["commit"], Value::Null);
    sandbox.commit_all();
    let args = [
        "new-app",
        "--yes",
        "--json",
        "--name",
        "B",
        "--slug",
        "b",
        "--description",
        "x",
        "--kind",
        "client",
        "--commit",
    ];
    let committed = document(&sandbox, "new-app-report", &args);
    assert_eq!(committed["commit"].as_str().unwrap(), sandbox.git(&["rev-parse", "HEAD"]).trim());
    assert!(committed["template"]["commit"].is_string());
}

#[test]
fn list_and_ports() {
    for sandbox in [broken(), Sandbox::with_template(), Sandbox::empty()] {
        document(&sandbox, "list", &["list", "--json"]);
        document(&sandbox, "ports", &["ports", "--json"]);
    }
    let full = Sandbox::empty();
    full.write(
        "apps/x/app.manifest.yml",
        manifest("x", "internal", 1).replace("20010", "65535").replace("30010", "65534"),
    );
    document(&full, "ports", &["ports", "--json"]);
}

#[test]
fn env() {
    let sandbox = Sandbox::with_template();
    let args =
        ["new-app", "--yes", "--name", "S", "--slug", "shop", "--description", "x", "--kind", "client"];
    sandbox.run(&args).ok();
    sandbox.write(".env.shared", "POSTGRES_PASSWORD=hunter2\nSPARE=1\nCOMPOSE_FILE=x\n");
    let compose =
        "services: {s: {image: \"${IMAGE:-x}${APP_SLUG:+y} $NEVER ${MUST:?why}\", environment: [DB_PORT]}}\n";
    sandbox.write("clients/shop/compose.override.yml", compose);
    let own = sandbox.read("clients/shop/.env.app");
    sandbox.write("clients/shop/.env.app", format!("{own}DB_PORT=1\nA=${{\n"));
    let all = document(&sandbox, "env", &["env", "--json", "shop"]).to_string();
    for part in [
        "\"masked\":true",
        "\"kind\":\"file\"",
        "\"kind\":\"default\"",
        "\"instead\"",
        "\"overrides\":[{",
        "\"unused\":[{",
        "\"required\":true",
        "\"required\":false",
        "\"reason\":\"why\"",
        "env-reserved",
        "env-interpolation",
    ] {
        assert!(all.contains(part), "this app should show {part}: {all}");
    }
}

#[test]
fn explain_and_overview() {
    document(&Sandbox::empty(), "explain", &["explain", "--json"]);
    document(&Sandbox::empty(), "explain", &["explain", "--json", "port-conflict"]);
    document(&broken(), "overview", &["--json"]);
    let nowhere = Sandbox::empty();
    std::fs::remove_file(nowhere.path("registered-apps.txt")).unwrap();
    document(&nowhere, "overview", &["--json"]);
}

#[test]
fn public_domain_and_smoke() {
    let sandbox = broken();
    sandbox.write(".env.shared", "A=1\n");
    document(&sandbox, "public-domain", &["set-public-domain", "x.test", "--json", "--no-check"]);
    document(&sandbox, "public-domain", &["set-public-domain", "y.test", "--json", "--dry-run"]);
    document(&sandbox, "public-domain", &["set-public-domain", "--unset", "--json"]);
    document(&sandbox, "smoke", &["smoke", "--json"]);
}

#[test]
fn errors() {
    let sandbox = Sandbox::with_template();
    sandbox.app("apps/taken", "taken", "internal", 1);
    sandbox.write("bad.yml", "nane: x\nslug: 7\n");
    for (exit_code, args) in [
        (2, ["list", "--json", "nobody"].as_slice()),
        (2, &["explain", "--json", "nothing"]),
        (2, &["validate", "--json", "nowhere"]),
        (3, &["validate", "--json", "--changed"]),
        (3, &["list", "--json", "-C", "apps"]),
        (2, &["new-app", "--json", "--yes", "--kind", "x"]),
        (2, &["new-app", "--json", "--yes", "--answers", "bad.yml"]),
        (
            4,
            &[
                "new-app",
                "--json",
                "--yes",
                "--name",
                "T",
                "--slug",
                "taken",
                "--description",
                "x",
                "--kind",
                "internal",
            ],
        ),
        (2, &["list", "--json", "--bogus"]),
        (2, &["bogus", "--json"]),
    ] {
        let error = document(&sandbox, "error", args);
        assert_eq!(error["exit_code"], exit_code, "{args:?}");
        let ran = sandbox.run(args);
        assert_eq!((ran.code, ran.stderr.as_str()), (exit_code, ""), "{args:?}");
        let plain: Vec<&str> = args.iter().copied().filter(|arg| *arg != "--json").collect();
        let ran = sandbox.run(&plain);
        assert_eq!((ran.code, ran.stdout.as_str()), (exit_code, ""), "{args:?}");
    }
    let answers = document(&sandbox, "error", &["new-app", "--json", "--yes", "--kind", "x"]);
    assert_eq!(answers["problems"].as_array().unwrap().len(), 4);
    let file = document(&sandbox, "error", &["new-app", "--json", "--yes", "--answers", "bad.yml"]);
    assert_eq!(file["findings"].as_array().unwrap().len(), 2);
}

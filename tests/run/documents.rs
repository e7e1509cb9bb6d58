//! What `--json` prints, held against the schemas.

use serde_json::{Value, json};

use super::fake::{Fake, container};
use crate::sandbox::Sandbox;

pub(super) fn conforms(name: &str, document: &Value) {
    let schema = Sandbox::empty().run(&["schema", name]).ok().json();
    let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}\n{document:#}");
}

pub(super) fn events(fake: &Fake, args: &[&str]) -> Vec<String> {
    let ran = fake.run(args);
    let lines = ran.events();
    for line in &lines {
        conforms("events", line);
    }
    lines.iter().map(|line| line["event"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_document_conforms() {
    let fake = Fake::new();
    let root = fake.sandbox.path("").canonicalize().unwrap();
    fake.sandbox.write("registered-apps.txt", "apps/a\napps/b\napps/gone\n");
    conforms("plan", &fake.run(&["plan", "--json"]).json());
    fake.has(json!([
        container("a", &format!("{}/apps/a", root.display()), "Up 2 minutes"),
        container("b", "/elsewhere", "Exited (2) 1 minute ago"),
        container("old", &format!("{}/apps/old", root.display()), "Up 2 minutes"),
    ]));
    let ps = fake.run(&["ps", "--json"]).ok().json();
    conforms("ps", &ps);
    let standings: Vec<_> =
        ps["apps"].as_array().unwrap().iter().map(|app| app["standing"].clone()).collect();
    assert_eq!(standings, ["up", "elsewhere", "gone"]);
    assert_eq!(ps["apps"][0]["services"][0]["restarts"], 3);
    fake.up_does("a", "echo building >&2; exit 1");
    let seen = events(&fake, &["up", "--json"]);
    for kind in ["begin", "finding", "start", "step", "finish", "end"] {
        assert!(seen.iter().any(|event| event == kind), "{kind}: {seen:?}");
    }
    assert_eq!((seen[0].as_str(), seen.last().unwrap().as_str()), ("begin", "end"));
    events(&fake, &["down", "--json"]);
    events(&fake, &["restart", "--json", "a"]);
}

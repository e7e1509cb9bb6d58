//! `--format sarif` passes the schema of SARIF 2.1.0.
//!
//! The schema is OASIS's and is not part of this repository. The package serde-sarif ships it: it is
//! a development dependency for a system that does not exist, so that Cargo.lock pins it and cargo
//! downloads it, but nobody builds it.

use std::process::Command;

use serde_json::Value;

use super::formats::broken;
use super::text;
use crate::sandbox::{HOME, Sandbox};

fn schema() -> Value {
    let output = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
        .args(["metadata", "--format-version=1", "--locked"])
        .current_dir(HOME)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let package =
        metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == "serde-sarif");
    let manifest = text(&package.unwrap()["manifest_path"]);
    let path = std::path::Path::new(manifest).with_file_name("src/schema.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // As it was published it holds one pattern that is none: a bracket is closed and was never opened.
    serde_json::from_str(&text.replace("-[a-zA-Z]{2}]?$", "(-[a-zA-Z]{2})?$")).unwrap()
}

#[test]
fn sarif_passes_its_schema() {
    let schema = schema();
    assert!(
        text(&schema["$id"]).contains("sarif") && text(&schema["$id"]).contains("2.1.0"),
        "{}",
        schema["$id"]
    );
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    for sandbox in [broken(), Sandbox::empty()] {
        let document = sandbox.run(&["validate", "--format", "sarif"]).json();
        let errors: Vec<String> = validator
            .iter_errors(&document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    // The schema does refuse something.
    let mut document = broken().run(&["validate", "--format", "sarif"]).json();
    document["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!validator.is_valid(&document));
}

#[test]
fn what_code_scanning_needs_is_there() {
    let document = broken().run(&["validate", "--format", "sarif"]).json();
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), scalr_model::codes::Code::ALL.len());
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 5);
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert_eq!(rule["defaultConfiguration"]["level"], result["level"]);
    }
    let uris: Vec<&str> = results
        .iter()
        .map(|result| text(&result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]))
        .collect();
    assert!(uris.contains(&"apps/a%2C%20b%3A100%25/app.manifest.yml"), "{uris:?}");
    // The root's place on this machine is nobody's business.
    assert!(!document.to_string().contains("/tmp/"), "{document:#}");
}

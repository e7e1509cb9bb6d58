//! Every mistake that one manifest can hold: tests/manifests/ has a file for each, named after it.
//! What the binary says to a person is a snapshot.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use scalr_model::codes::Code;

use crate::sandbox::{HOME, Sandbox};

/// The files of tests/manifests/FOLDER by name.
fn cases(folder: &str) -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(format!("{HOME}/tests/manifests/{folder}")).unwrap();
    let mut cases: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path))
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "there are no cases in {folder}");
    cases
}

/// A repository with this manifest in the place of the slug `shop`. Its `.env.app` agrees with
/// anything, since Compose would compute it.
fn repository(manifest: &[u8]) -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("registered-apps.txt", "apps/products/shop\n");
    sandbox.write("apps/products/shop/docker-compose.yml", "services: {}\n");
    sandbox.write(
        "apps/products/shop/.env.app",
        "APP_SLUG=$S\nFRONTEND_PORT=$F\nBACKEND_PORT=$B\nDB_PORT=$D\nAPP_SUBNET=$N\n",
    );
    sandbox.write("apps/products/shop/app.manifest.yml", manifest);
    sandbox
}

#[test]
fn a_valid_manifest_has_no_finding() {
    for (name, path) in cases("valid") {
        let ran = repository(&std::fs::read(path).unwrap()).run(&["validate", "--strict"]);
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (0, "ok: 1 manifest checked, no findings\n"),
            "{name}: {ran:?}"
        );
    }
}

#[test]
fn an_invalid_manifest_is_told_with_its_place() {
    for (name, path) in cases("invalid") {
        let ran = repository(&std::fs::read(path).unwrap()).run(&["validate"]);
        assert_eq!((ran.code, ran.stderr.as_str()), (1, ""), "{name}: {ran:?}");
        let head = ran.stdout.lines().next().unwrap();
        let clickable = head
            .strip_prefix("apps/products/shop/app.manifest.yml:")
            .unwrap_or_else(|| panic!("{name}: {head}"));
        let mut parts = clickable.splitn(4, ':');
        let number = |part: Option<&str>| part.unwrap().parse::<u32>().unwrap() > 0;
        assert!(number(parts.next()) && number(parts.next()), "{name}: {head}");
        assert!(parts.next().unwrap().starts_with(" error["), "{name}: {head}");
        insta::assert_snapshot!(name, ran.stdout);
    }
}

/// Each rule has a test that names its code, so that a new rule can't do without: one about a manifest's text has a
/// file in tests/manifests, and any other is named by a test of tests/ or by the tests at the end of a source file.
#[test]
fn every_code_has_a_case() {
    let snapshots: String = cases("invalid")
        .iter()
        .map(|(name, _)| format!("{HOME}/tests/validate/snapshots/scalr__validate__cases__{name}.snap"))
        .map(|path| std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}")))
        .collect();
    let mut tests = String::new();
    for folder in ["tests", "crates", "src"] {
        tests_below(&Path::new(HOME).join(folder), &mut tests);
    }
    let about_a_text = |name: &str| name.starts_with("yaml-") || name.starts_with("schema-");
    let missing: BTreeSet<&str> = Code::ALL
        .iter()
        .map(|code| code.name())
        .filter(|name| {
            if about_a_text(name) && *name != "schema-broken" {
                return !snapshots.contains(&format!("error[{name}]"));
            }
            let words = || tests.split(|c: char| c != '-' && !c.is_ascii_alphanumeric());
            !words().any(|word| word == *name || word == variant(name))
        })
        .collect();
    // Only scalr's own schema of answers could be broken, and that is tested elsewhere.
    assert_eq!(missing, BTreeSet::from(["answers-invalid"]));
}

/// The name of a code in Rust: `port-conflict` is `PortConflict`.
fn variant(name: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('-').map(capital).collect()
}

/// The text of all tests below a folder: whole files in tests/, what follows `mod tests` elsewhere.
fn tests_below(folder: &Path, text: &mut String) {
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            tests_below(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with(file!()) {
            let content = std::fs::read_to_string(&path).unwrap();
            let of_tests = path.starts_with(Path::new(HOME).join("tests")) || path.ends_with("tests.rs");
            let begin = if of_tests { Some(0) } else { content.find("\nmod tests {") };
            *text += begin.map_or("", |begin| &content[begin..]);
        }
    }
}

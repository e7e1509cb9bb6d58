//! Every mistake that one manifest can hold: tests/manifests/ has a file for each, named after it.
//! What the binary says to a person is a snapshot.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::sandbox::{HOME, Sandbox};

/// The files of tests/manifests/FOLDER by name.
fn cases(folder: &str) -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(format!("{HOME}/tests/manifests/{folder}")).unwrap();
    let mut cases: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path))
        .collect();
    cases.sort();
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

/// Each rule about one manifest's text has a case, so that a new rule can't do without.
#[test]
fn every_code_has_a_case() {
    let snapshots: String = cases("invalid")
        .iter()
        .map(|(name, _)| format!("{HOME}/tests/validate/snapshots/scalr__validate__cases__{name}.snap"))
        .map(|path| std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}")))
        .collect();
    let missing: BTreeSet<&str> = scalr_model::codes::Code::ALL
        .iter()
        .map(|code| code.name())
        .filter(|name| name.starts_with("yaml-") || name.starts_with("schema-"))
        .filter(|name| !snapshots.contains(&format!("error[{name}]")))
        .collect();
    // This one is about the repository's schema, not about a manifest.
    assert_eq!(missing, BTreeSet::from(["schema-broken"]));
}

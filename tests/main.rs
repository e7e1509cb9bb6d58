//! The tests of the binary, in one test binary: each module drives the real `scalr` in a sandbox.

#![expect(clippy::disallowed_methods, reason = "tests drive the real binary in real folders")]
#![expect(missing_docs, reason = "tests are not an interface")]

mod sandbox;

mod new_app;

/// A test file that no `mod` names would silently not run.
#[test]
fn every_test_file_is_part_of_this_binary() {
    let main = include_str!("main.rs");
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "main") {
            assert!(main.contains(&format!("\nmod {module};")), "tests/{name} is not named in tests/main.rs");
        }
    }
}

//! The tests of the binary, in one test binary: each module drives the real `scalr` in a sandbox.

#![expect(clippy::disallowed_methods, reason = "tests drive the real binary in real folders")]
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod sandbox;

mod commands;
mod new_app;
mod run;
mod validate;

/// A test file that no `mod` names would silently not run.
#[test]
fn every_test_file_is_part_of_this_binary() {
    let tests = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut folders = vec![(tests.clone(), tests.join("main.rs"))];
    while let Some((folder, root)) = folders.pop() {
        let named = std::fs::read_to_string(&root).unwrap();
        for path in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.join("mod.rs").is_file() {
                folders.push((path.clone(), path.join("mod.rs")));
            } else if path == root || path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            // A binary of its own.
            if path.file_name().unwrap() == "engine.rs" {
                continue;
            }
            let line = format!("mod {};", path.file_stem().unwrap().to_str().unwrap());
            let part = named.lines().any(|is| is.trim() == line);
            assert!(part, "{} is not named in {}", path.display(), root.display());
        }
    }
}

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
fn every_test_file_is_part_of_a_test_binary() {
    let tests = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut folders = vec![(tests.clone(), tests.join("main.rs"))];
    let mut files = 0;
    while let Some((folder, root)) = folders.pop() {
        let named = std::fs::read_to_string(&root).unwrap();
        for path in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            // A test binary of its own has a main.rs, as tests/engine.
            let own =
                ["mod.rs", "main.rs"].map(|name| path.join(name)).into_iter().find(|file| file.is_file());
            let is_binary = own.as_ref().is_some_and(|file| file.ends_with("main.rs"));
            if let Some(own) = own {
                folders.push((path.clone(), own));
            } else if path == root || path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let line = format!("mod {};", path.file_stem().unwrap().to_str().unwrap());
            let part = is_binary || named.lines().any(|is| is.trim() == line);
            assert!(part, "{} is not named in {}", path.display(), root.display());
            files += 1;
        }
    }
    assert!(files > 50, "only {files} test files were found");
}

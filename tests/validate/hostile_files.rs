//! A manifest that is no readable file: one finding, at once, whatever stands there.

use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use super::{text, validate};
use crate::sandbox::{Sandbox, manifest};

const DESK: &str = "apps/desk/app.manifest.yml";

/// A valid app, and a registered folder whose manifest is up to the test.
fn repository() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/products/crm", "crm", "product", 1).app("apps/desk", "desk", "internal", 2);
    std::fs::remove_file(sandbox.path(DESK)).unwrap();
    sandbox
}

/// The one finding about the manifest that `make` puts there.
fn finding(make: impl FnOnce(&Sandbox, &Path)) -> Value {
    let sandbox = repository();
    make(&sandbox, &sandbox.path(DESK));
    let report = validate(&sandbox, &[]);
    assert_eq!(report.code, 1, "{:#}", report.json);
    assert_eq!(report.only()["location"]["path"], DESK);
    report.only().clone()
}

fn code_of(make: impl FnOnce(&Sandbox, &Path)) -> String {
    text(&finding(make)["code"]).to_owned()
}

#[test]
fn a_folder_a_fifo_and_a_socket_are_never_opened() {
    assert_eq!(code_of(|_, path| std::fs::create_dir(path).unwrap()), "file-not-regular");
    assert_eq!(
        code_of(|sandbox, _| sandbox.write("apps/desk/app.manifest.yml/app.manifest.yml", "")),
        "file-not-regular"
    );
    assert_eq!(
        code_of(|_, path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success())),
        "file-not-regular"
    );
    assert_eq!(code_of(|_, path| drop(UnixListener::bind(path).unwrap())), "file-not-regular");
    assert_eq!(code_of(|_, path| symlink("/dev/zero", path).unwrap()), "file-not-regular");
}

#[test]
fn a_link_is_followed_to_a_file_and_nowhere_else() {
    assert_eq!(code_of(|_, path| symlink("gone.yml", path).unwrap()), "file-not-regular");
    assert_eq!(code_of(|_, path| symlink("app.manifest.yml", path).unwrap()), "file-not-regular");
    assert_eq!(code_of(|_, path| symlink("..", path).unwrap()), "file-not-regular");

    let sandbox = repository();
    sandbox.write("apps/desk/real.yml", manifest("desk", "internal", 2));
    symlink("real.yml", sandbox.path(DESK)).unwrap();
    let report = validate(&sandbox, &["--strict"]);
    assert_eq!((report.code, report.lines()), (0, vec![]));
    assert_eq!(report.json["manifests"], 2);
}

#[test]
fn linked_folders_are_not_walked() {
    let sandbox = repository();
    sandbox.write(DESK, manifest("desk", "internal", 2));
    symlink("..", sandbox.path("apps/desk/circle")).unwrap();
    symlink("products/crm", sandbox.path("apps/crm")).unwrap();
    let report = validate(&sandbox, &["--strict"]);
    assert_eq!((report.code, report.lines()), (0, vec![]));
    assert_eq!(report.json["manifests"], 2);
}

#[test]
fn fifty_megabytes_are_not_read() {
    let finding = finding(|_, path| {
        std::fs::File::create(path).unwrap().set_len(50 * 1024 * 1024).unwrap();
    });
    assert_eq!(finding["code"], "file-too-large");
    assert_eq!(finding["message"], "the file has 52428800 bytes, at most 1048576 are read");
}

#[test]
fn the_limit_is_one_mebibyte_exactly() {
    let padded = |size: usize| {
        let text = manifest("desk", "internal", 2) + "# ";
        let rest = size - text.len();
        text + &"x".repeat(rest)
    };
    let sandbox = repository();
    sandbox.write(DESK, padded(1024 * 1024));
    assert!(validate(&sandbox, &[]).lines().is_empty());
    sandbox.write(DESK, padded(1024 * 1024 + 1));
    assert_eq!(validate(&sandbox, &[]).lines(), [format!("file-too-large {DESK}")]);
}

#[test]
fn a_path_that_is_no_text_is_told() {
    use std::os::unix::ffi::OsStrExt;
    for name in [b"a\nb".as_slice(), b"a\\b", b"a\xffb"] {
        let sandbox = repository();
        let folder = sandbox.path("clients").join(std::ffi::OsStr::from_bytes(name));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("app.manifest.yml"), "slug: x\n").unwrap();
        let report = validate(&sandbox, &[]);
        assert_eq!(
            (report.code, report.lines()),
            (1, vec!["file-unreadable clients".to_owned()]),
            "{name:?}"
        );
    }
}

#[test]
fn files_that_come_and_go_during_the_walk_do_no_harm() {
    let sandbox = repository();
    let stop = AtomicBool::new(false);
    let lines: Vec<String> = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                sandbox.write(
                    "apps/flicker/app.manifest.yml",
                    manifest("flicker", "internal", 3) + "x-unregistered: true\n",
                );
                std::fs::remove_dir_all(sandbox.path("apps/flicker")).unwrap();
            }
        });
        let reports: Vec<_> =
            (0..40).map(|_| std::panic::catch_unwind(|| validate(&sandbox, &[]).lines())).collect();
        stop.store(true, Ordering::Relaxed);
        reports.into_iter().flat_map(Result::unwrap).collect()
    });
    assert!(lines.iter().all(|line| line.contains("apps/flicker/")), "{lines:#?}");
}

/// The same at the one moment that counts: between finding the name and opening the file.
#[test]
fn a_manifest_that_vanishes_before_it_is_opened_is_one_finding() {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/desk", "desk", "internal", 2);
    let mut command = Command::new("strace");
    command.args([
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=openat",
        "-e",
        "inject=openat:error=ENOENT",
        "-P",
    ]);
    // It is opened by its name alone, from its folder.
    command.args(["app.manifest.yml", env!("CARGO_BIN_EXE_scalr"), "validate", "--json"]);
    let output = match command.current_dir(sandbox.path("")).output() {
        Ok(output) => output,
        Err(error) if std::env::var_os("CI").is_none() => return eprintln!("skipped: strace: {error}"),
        Err(error) => panic!("strace: {error}"),
    };
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(json["findings"].as_array().unwrap().len(), 1, "{json:#}");
    assert_eq!(json["findings"][0]["code"], "file-unreadable");
    assert_eq!(json["findings"][0]["message"], "the file can't be read: it does not exist");
}

/// Runs `scalr validate --json` as a user who is not root, whom no permission stops.
fn as_nobody(sandbox: &Sandbox) -> (i32, Value) {
    chmod(&sandbox.path(""), 0o755);
    // Neither home nor target folder need be open to others.
    let binaries = tempfile::tempdir().unwrap();
    let mut command = if std::fs::metadata(binaries.path()).unwrap().uid() == 0 {
        chmod(binaries.path(), 0o755);
        let copy = binaries.path().join("scalr");
        // Not by this process: another thread that forks meanwhile would hold the copy open for writing,
        // and such a file can't be executed.
        assert!(Command::new("cp").arg(env!("CARGO_BIN_EXE_scalr")).arg(&copy).status().unwrap().success());
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(&copy);
        command
    } else {
        Command::new(env!("CARGO_BIN_EXE_scalr"))
    };
    command.args(["validate", "--json"]).current_dir(sandbox.path("")).env("HOME", "/nonexistent");
    let output = command.output().expect("root needs setpriv, of util-linux, to be somebody else");
    let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (output.status.code().unwrap(), json)
}

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn no_permission_is_one_finding() {
    for denied in [DESK, "clients", "apps/desk/.env.app"] {
        let sandbox = repository();
        sandbox.write(DESK, manifest("desk", "internal", 2));
        sandbox.write("clients/note", "");
        chmod(&sandbox.path(denied), 0);
        let (code, json) = as_nobody(&sandbox);
        // So that the sandbox can be removed by whoever made it.
        chmod(&sandbox.path(denied), 0o755);
        assert_eq!(json["findings"].as_array().unwrap().len(), 1, "{json:#}");
        assert_eq!(json["findings"][0]["code"], "file-unreadable");
        assert_eq!(json["findings"][0]["location"]["path"], denied);
        assert!(text(&json["findings"][0]["message"]).ends_with("permission denied"), "{json:#}");
        assert_eq!(code, 1);
    }
    let sandbox = repository();
    chmod(&sandbox.path("registered-apps.txt"), 0);
    let (code, json) = as_nobody(&sandbox);
    assert_eq!((code, &json["schema"]), (3, &Value::from("scalr.error/1")));
}

//! `scalr smoke`

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::sandbox::{Ran, Sandbox};

const SCRIPT: &str = "scripts/smoke-test.sh";

fn repository(scripts: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write(".env.shared", "TOKEN=hush-hush-hush\n");
    for (number, (slug, script)) in (1..).zip(scripts) {
        sandbox.app(&format!("apps/{slug}"), slug, "internal", number);
        if !script.is_empty() {
            let path = format!("apps/{slug}/{SCRIPT}");
            sandbox.write(&path, format!("#!/bin/sh\n{script}\n"));
            std::fs::set_permissions(sandbox.path(&path), std::fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
    sandbox
}

#[test]
fn sums_up_and_shows_what_failed() {
    let sandbox = repository(&[
        ("a", "pwd; echo all is well"),
        ("b", "echo one; echo hush-hush-hush >&2; echo three; exit 7"),
        ("c", ""),
    ]);
    let ran = sandbox.run(&["smoke"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    insta::with_settings!({filters => vec![(r"\d+\.\d s", "N s")]}, {
        insta::assert_snapshot!(ran.stdout, @r"
        APP  SMOKE TEST     TOOK
        a    passed         N s
        b    failed         N s
        c    no smoke test  -

        b failed with exit code 7
          one
          ***
          three
          = apps/b/scripts/smoke-test.sh runs it alone
        ");
    });
    let report = sandbox.run(&["smoke", "a", "c", "--json"]).ok().json();
    let folder = sandbox.path("apps/a").canonicalize().unwrap();
    assert_eq!(report["apps"][0]["output"], json!([folder.to_str().unwrap(), "all is well"]));
    assert_eq!((&report["ok"], &report["apps"][1]["outcome"]), (&json!(true), &json!("missing")));
    assert_eq!(sandbox.run(&["smoke", "nobody"]).code, 2);
}

#[test]
fn runs_several_at_once_and_none_for_ever() {
    // Each of the two waits for the other one's file.
    let meet = |own: &str, other: &str| {
        format!(
            "touch ../{own}.here; i=0; until [ -e ../{other}.here ]; do i=$((i+1)); [ $i -lt 200 ] || exit 1; sleep 0.05; done"
        )
    };
    let sandbox = repository(&[("a", &meet("a", "b")), ("b", &meet("b", "a"))]);
    sandbox.run(&["smoke", "-j", "2"]).ok();

    // One that goes on is ended with its children, and one that leaves a child behind is not waited for.
    let sandbox = repository(&[("slow", "sleep 300"), ("parent", "sleep 300 & echo $!")]);
    let begin = Instant::now();
    let report = sandbox.run(&["smoke", "--timeout", "1", "--json"]);
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    assert_eq!(report.code, 1);
    let report = report.json();
    assert_eq!(report["apps"][1]["outcome"], "timed-out");
    assert_eq!(report["apps"][0]["outcome"], "passed");
    let left = report["apps"][0]["output"][0].as_str().unwrap().to_owned();
    assert!(gone(&left), "the child {left} is still there");
}

#[test]
fn a_script_that_can_not_be_run_has_failed() {
    let sandbox = repository(&[("a", "echo")]);
    std::fs::set_permissions(
        sandbox.path("apps/a/scripts/smoke-test.sh"),
        std::fs::Permissions::from_mode(0o644),
    )
    .unwrap();
    let ran = sandbox.run(&["smoke"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("scripts/smoke-test.sh can't be run: Permission denied"), "{ran:?}");
}

#[test]
fn ctrl_c_ends_the_children() {
    let sandbox =
        repository(&[("a", "echo $$ > ../pid; exec sleep 300"), ("b", "echo $$ > ../pid; exec sleep 300")]);
    let mut child =
        sandbox.command(&["smoke", "-j", "1"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let pid = wait_for(|| {
        std::fs::read_to_string(sandbox.path("apps/pid")).ok().filter(|text| text.ends_with('\n'))
    });
    let ended = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(ended.success());
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 130, "{ran:?}");
    assert!(gone(pid.trim()), "the test of a is still there");
}

fn wait_for<T>(look: impl Fn() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begin.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A process that nobody has waited for yet is gone as well.
fn gone(pid: &str) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(3) {
        match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
            Err(_) => return true,
            Ok(stat) if stat.contains(") Z ") => return true,
            Ok(_) => std::thread::sleep(Duration::from_millis(20)),
        }
    }
    false
}

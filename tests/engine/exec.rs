//! Commands in real containers, their images, and what the doctor says of a real engine.

use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use expectrl::process::unix::WaitStatus;
use expectrl::{Expect, Session};
use serde_json::Value;

use crate::sandbox::Ran;
use crate::testbed::{Testbed, docker};

#[test]
fn a_command_has_streams_exit_code_and_terminal() {
    let bed = Testbed::new("exec");
    bed.app("a", "serve", "");
    let a = bed.name("a");
    let down = bed.run(&["exec", &a, "web", "--", "/app", "once"]);
    assert!(down.code == 1 && down.stderr.contains(&format!("scalr up {a}")), "{down:?}");
    bed.run(&["up"]).ok();
    // In pipes.
    let mut command = bed.command(&["exec", &a, "web", "--", "/app", "ask"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"hello\n").unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert!(ran.code == 7 && ran.stdout.ends_with("terminal no\nheard hello\n"), "{ran:?}");
    // At a terminal.
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_scalr"));
    command.args(["exec", &a, "web", "--", "/app", "ask"]).current_dir(bed.path(""));
    let mut terminal = Session::spawn(command).unwrap();
    terminal.set_expect_timeout(Some(Duration::from_mins(1)));
    terminal.expect("terminal yes").unwrap();
    terminal.send_line("typed").unwrap();
    terminal.expect("heard typed").unwrap();
    terminal.expect(expectrl::Eof).unwrap();
    assert!(matches!(terminal.get_process().wait().unwrap(), WaitStatus::Exited(_, 7)));
    // There are two services, and none is called backend.
    let which = bed.run(&["exec", &a, "--", "/app", "once"]);
    assert!(which.code == 2 && which.stderr.contains("side, web"), "{which:?}");
    // The image has no shell at all.
    let shell = bed.run(&["shell", &a, "web"]);
    assert!(shell.code > 100 && shell.stdout.contains("sh") | shell.stderr.contains("sh"), "{shell:?}");
    // What has no compose file any more can still be entered.
    std::fs::remove_file(bed.path(&bed.of("a", ".env.app"))).unwrap();
    assert_eq!(bed.run(&["exec", &a, "side", "--", "/app", "crash"]).code, 3);
}

#[test]
fn images_are_built_and_nothing_starts() {
    let bed = Testbed::new("images");
    bed.app("a", "serve", "");
    bed.app("b", "serve", "");
    let built = bed.run(&["build", "--json"]).ok();
    for short in ["a", "b"] {
        assert_eq!(built.finish(&bed.name(short))["outcome"], "built");
        assert!(bed.running(short).is_empty());
        assert!(docker(&["image", "ls"]).contains(&format!("{}-web", bed.name(short))));
    }
    bed.run(&["up"]).ok();
    bed.write(&bed.of("a", "web/data/a.txt"), "another\n");
    let before = bed.running("a");
    bed.run(&["build", "--no-cache", &bed.name("a")]).ok();
    assert_eq!(bed.running("a"), before);
    assert_eq!(bed.planned("a").0, "up", "up has to start the new image");
    bed.run(&["up"]).ok();
    assert_ne!(bed.running("a"), before);
    // No registry has the image of these tests.
    let pulled = bed.run(&["pull", "--json", &bed.name("b")]);
    let finish = pulled.finish(&bed.name("b"));
    assert_eq!((pulled.code, &finish["outcome"]), (1, &"failed".into()), "{finish}");
    assert!(!finish["failure"]["message"].as_str().unwrap().is_empty());
}

#[test]
fn the_doctor_makes_a_repository_ready() {
    let bed = Testbed::new("doctor");
    bed.app("a", "serve", "");
    std::fs::rename(bed.path(".env.shared"), bed.path(".env.shared.example")).unwrap();
    bed.write(".env.shared.example", "TEST_PASSWORD=\n");
    let registry = bed.read("registered-apps.txt");
    bed.write("registered-apps.txt", format!("{registry}apps/gone\n"));
    assert_eq!(bed.run(&["doctor"]).code, 1);
    let fixed = bed.run(&["doctor", "--fix", "--json"]).ok();
    let document: Value = serde_json::from_str(&fixed.stdout).unwrap();
    assert_eq!(document["repaired"].as_array().unwrap().len(), 2, "{document:#}");
    for check in document["checks"].as_array().unwrap() {
        assert!(check["status"] != "error", "{check:#}");
    }
    assert_eq!(bed.read("registered-apps.txt"), registry);
    bed.run(&["up"]).ok();
    assert!(
        !bed.run(&["logs"]).ok().stdout.contains(bed.read(".env.shared").trim().split('=').nth(1).unwrap())
    );
    bed.run(&["doctor"]).ok();
}

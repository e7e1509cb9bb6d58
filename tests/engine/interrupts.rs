//! Ctrl-C, kill -9 and two at once.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use expectrl::process::unix::WaitStatus;
use expectrl::{ControlCode, Expect, Session};

use crate::testbed::Testbed;

type Terminal = expectrl::session::OsSession;

/// scalr in a pseudo-terminal.
fn terminal(bed: &Testbed, args: &[&str]) -> Terminal {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_scalr"));
    command.args(args).current_dir(bed.path("")).env("TERM", "xterm-256color");
    let mut terminal = Session::spawn(command).unwrap();
    terminal.set_expect_timeout(Some(Duration::from_mins(1)));
    terminal
}

fn end(terminal: &mut Terminal) -> (String, i32) {
    let rest = terminal.expect(expectrl::Eof).unwrap();
    let rest = String::from_utf8_lossy(rest.as_bytes()).into_owned();
    match terminal.get_process().wait().unwrap() {
        WaitStatus::Exited(_, code) => (rest, code),
        other => panic!("{other:?}: {rest}"),
    }
}

/// The processes of `compose up` for subprojects of this bed.
fn children(bed: &Testbed) -> Vec<String> {
    let lines = std::fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| {
        let line =
            String::from_utf8(std::fs::read(entry.path().join("cmdline")).ok()?).ok()?.replace('\0', " ");
        (line.contains("docker-compose") && line.contains(&bed.prefix) && line.contains(" up "))
            .then_some(line)
    });
    lines.collect()
}

#[test]
fn one_interrupt_ends_the_step_and_starts_nothing_more() {
    let bed = Testbed::new("drain");
    for short in ["a", "b", "c"] {
        bed.app(short, "slow", "");
    }
    let mut up = terminal(&bed, &["up", "-j", "1"]);
    up.expect(bed.name("a").as_str()).unwrap();
    up.expect("Creat").unwrap();
    up.send(ControlCode::EndOfText).unwrap();
    up.expect("nothing more is started").unwrap();
    let (rest, code) = end(&mut up);
    assert_eq!(code, 130, "{rest}");
    assert!(rest.contains("not started"), "{rest}");
    assert_eq!(children(&bed), Vec::<String>::new());
    assert!(bed.running("c").is_empty());
    bed.run(&["up"]).ok();
}

#[test]
fn two_interrupts_end_the_children() {
    let bed = Testbed::new("kill");
    bed.app("a", "serve", "");
    bed.write(
        &bed.of("a", "web/Dockerfile"),
        format!("FROM {}\nCOPY data /data\nRUN [\"/app\", \"serve\"]\n", crate::testbed::image()),
    );
    let mut up = terminal(&bed, &["up"]);
    // The build never ends.
    up.expect("RUN").unwrap();
    assert!(!children(&bed).is_empty());
    up.send(ControlCode::EndOfText).unwrap();
    up.expect("nothing more is started").unwrap();
    up.send(ControlCode::EndOfText).unwrap();
    let (rest, code) = end(&mut up);
    assert_eq!(code, 130, "{rest}");
    assert_eq!(children(&bed), Vec::<String>::new());
}

fn start(bed: &Testbed, args: &[&str]) -> Child {
    bed.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn until(what: &str, mut happens: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !happens() {
        assert!(begin.elapsed() < Duration::from_mins(1), "{what} does not happen");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn after_kill_nine_the_next_up_waits_for_what_was_left_and_heals() {
    let bed = Testbed::new("nine");
    bed.app("a", "slow", "");
    bed.app("b", "slow", "");
    let mut up = start(&bed, &["up"]);
    until("a Compose", || children(&bed).len() == 2);
    up.kill().unwrap();
    up.wait().unwrap();
    let healed = bed.run(&["up"]).ok();
    assert_eq!(children(&bed), Vec::<String>::new());
    assert_eq!((bed.running("a").len(), bed.running("b").len()), (2, 2), "{healed:?}");
    assert!(healed.stderr.contains("waiting for another scalr"), "{healed:?}");
}

#[test]
fn of_two_at_once_one_waits_and_does_nothing_again() {
    let bed = Testbed::new("two");
    for short in ["a", "b", "c", "d"] {
        bed.app(short, "slow", "");
    }
    let runs: Vec<Child> = (0..3).map(|_| start(&bed, &["up", "--json"])).collect();
    let mut done = 0;
    for run in runs {
        let ran = crate::sandbox::Ran::from(run.wait_with_output().unwrap()).ok();
        let finished = ran.events().into_iter().filter(|event| event["event"] == "finish");
        done += finished.filter(|event| event["outcome"] == "up").count();
    }
    assert_eq!(done, 4, "each subproject is started once");
}

#[test]
fn many_at_once_make_one_network() {
    let bed = Testbed::new("edge");
    let made = |name: &str| {
        crate::testbed::docker(&["network", "ls", "--format", "{{.Name}}"])
            .lines()
            .filter(|line| *line == name)
            .count()
    };
    let there = made("scalr-edge");
    for short in ["a", "b"] {
        bed.app(short, "serve", "");
        let compose = bed.of(short, "docker-compose.yml");
        bed.write(&compose, bed.read(&compose) + "networks: {default: {name: scalr-edge, external: true}}\n");
    }
    let runs: Vec<Child> = (0..2).map(|_| start(&bed, &["up"])).collect();
    for run in runs {
        crate::sandbox::Ran::from(run.wait_with_output().unwrap()).ok();
    }
    assert_eq!(made("scalr-edge"), 1);
    bed.run(&["down"]).ok();
    if there == 0 {
        crate::testbed::docker(&["network", "rm", "scalr-edge"]);
    }
}

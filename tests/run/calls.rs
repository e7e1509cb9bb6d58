//! How Compose is called, and what becomes of its end.

use std::os::unix::net::UnixListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use super::fake::{Fake, container};
use crate::sandbox::Ran;

/// The engine has both subprojects, started from here and well.
fn both_run(fake: &Fake) {
    let root = fake.sandbox.path("").canonicalize().unwrap();
    let one =
        |name: &str| container(name, &format!("{}/apps/{name}", root.display()), "Up 2 minutes (healthy)");
    fake.has(json!([one("a"), one("b")]));
}

#[test]
fn compose_gets_project_folder_env_files_and_no_secret() {
    let fake = Fake::new();
    both_run(&fake);
    let ran =
        Ran::from(fake.command(&["up", "a"]).env("COMPOSE_FILE", "elsewhere.yml").output().unwrap()).ok();
    assert!(ran.stdout.contains("http://a.localhost"), "{ran:?}");
    let common = "--ansi never --progress plain -p a --project-directory apps/a --env-file .env.shared --env-file \
                  apps/a/.env.app -f apps/a/docker-compose.yml";
    assert_eq!(
        fake.calls(),
        [
            format!("{common} config --format json|COMPOSE_FILE="),
            format!("{common} up --detach --build|COMPOSE_FILE=")
        ]
    );
}

#[test]
fn a_public_domain_adds_the_production_file_in_the_place_of_the_override() {
    let fake = Fake::new();
    fake.sandbox.write("apps/a/docker-compose.prod.yml", "services: {}\n");
    fake.sandbox.write("apps/a/docker-compose.override.yml", "services: {}\n");
    fake.run(&["plan", "a"]);
    assert!(
        fake.calls()[0].contains("-f apps/a/docker-compose.yml -f apps/a/docker-compose.override.yml config")
    );
    fake.sandbox.write(".env.shared", "SCALR_PUBLIC_DOMAIN=example.org\n");
    let plan = fake.run(&["plan", "a", "--json"]);
    assert!(
        fake.calls()[1].contains("-f apps/a/docker-compose.yml -f apps/a/docker-compose.prod.yml config")
    );
    assert_eq!(plan.json()["apps"][0]["url"], "https://a.example.org");
}

#[test]
fn a_failure_does_not_stop_the_others_unless_asked() {
    let fake = Fake::new();
    both_run(&fake);
    fake.up_does("a", "echo 'no, since hush-hush-hush' >&2; exit 17");
    let ran = fake.run(&["up", "-j", "1"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("no, since ***") && !ran.stderr.contains("hush"), "{ran:?}");
    assert!(ran.stdout.contains("failed") && ran.stdout.contains("up "), "{ran:?}");
    let fast = fake.run(&["up", "-j", "1", "--fail-fast"]);
    assert!(fast.code == 1 && fast.stdout.contains("not started"), "{fast:?}");
}

#[test]
fn the_engine_is_asked_for_each_list_once() {
    let fake = Fake::new();
    both_run(&fake);
    fake.run(&["plan"]);
    for list in ["/images/json", "/containers/json", "/networks"] {
        assert_eq!(fake.asked(list).len(), 1, "{list}: {:?}", fake.asked(""));
    }
    assert!(fake.asked("/version").is_empty());
}

#[test]
fn an_engine_that_never_answers_keeps_nobody_from_hearing_of_a_wrong_name() {
    let fake = Fake::new();
    let silent = UnixListener::bind(fake.sandbox.path("silent.sock")).unwrap();
    let host = format!("unix://{}", fake.sandbox.path("silent.sock").display());
    let before = Instant::now();
    let ran = Ran::from(fake.command(&["up", "aa"]).env("DOCKER_HOST", host).output().unwrap());
    assert!(ran.code == 2 && ran.stderr.contains("did you mean `a`?"), "{ran:?}");
    // A request to an engine is given up after a minute.
    assert!(before.elapsed() < Duration::from_secs(30), "{:?}", before.elapsed());
    drop(silent);
}

#[test]
fn unknown_names_change_nothing_and_get_a_suggestion() {
    let fake = Fake::new();
    for command in ["up", "down", "plan", "ps", "restart", "logs", "pull", "build"] {
        let ran = fake.run(&[command, "ab", "b"]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains("no subproject is called `ab`; did you mean `a`?"), "{ran:?}");
    }
    assert_eq!(fake.calls(), Vec::<String>::new());
}

#[test]
fn two_signals_end_a_compose_that_hangs_and_what_it_has_started() {
    let fake = Fake::new();
    both_run(&fake);
    let begun = fake.sandbox.path("begun");
    let hang = format!("trap '' INT; sleep 987654 & echo $! >'{}'; wait", begun.display());
    fake.up_does("a", &hang);
    let mut child = fake.command(&["up", "a"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let pid = rustix::process::Pid::from_child(&child);
    let grandchild = loop {
        if let Ok(text) = std::fs::read_to_string(&begun)
            && let Ok(id) = text.trim().parse::<u32>()
        {
            break id;
        }
        assert_eq!(child.try_wait().unwrap(), None, "scalr ended before Compose began");
        std::thread::sleep(std::time::Duration::from_millis(10));
    };
    for _ in 0..2 {
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 130, "{ran:?}");
    assert!(ran.stderr.contains("nothing more is started"), "{ran:?}");
    let state = std::fs::read_to_string(format!("/proc/{grandchild}/stat")).unwrap_or_default();
    assert!(state.is_empty() || state.contains(") Z "), "an orphan lives on: {state}");
}

#[test]
fn volumes_go_only_with_yes_and_down_with_nothing_does_nothing() {
    let fake = Fake::new();
    let ran = fake.run(&["down"]).ok();
    assert!(ran.stdout.contains("unchanged"), "{ran:?}");
    assert_eq!(fake.calls(), Vec::<String>::new());
    both_run(&fake);
    fake.run(&["down", "--yes", "-v", "a"]).ok();
    assert!(fake.calls()[0].contains("down --remove-orphans --volumes"), "{:?}", fake.calls());
}

#[test]
fn a_compose_that_lies_is_not_believed() {
    let fake = Fake::new();
    // It says that all went well, and nothing was started.
    let ran = fake.run(&["up", "a"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("the engine has no container of web"), "{ran:?}");
    both_run(&fake);
    fake.run(&["up", "a"]).ok();
    // What it says of the configuration is no JSON, or ends in the middle.
    for answer in ["hush-hush-hush", "{\"services\": {", ""] {
        fake.sandbox.write("docker/config.json", answer);
        let ran = fake.run(&["up", "b"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.stderr.contains("printed no JSON") && !ran.stderr.contains("hush"), "{ran:?}");
    }
}

#[test]
fn a_compose_that_hangs_while_it_is_asked_is_ended_by_one_signal() {
    let fake = Fake::new();
    fake.sandbox.write("docker/hang", "");
    let mut child = fake.command(&["up", "a"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let pid = rustix::process::Pid::from_child(&child);
    while !fake.sandbox.path("docker/hangs").exists() {
        assert_eq!(child.try_wait().unwrap(), None, "scalr ended before Compose began");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert!(ran.code == 130 && ran.stderr.contains("interrupted; nothing was started"), "{ran:?}");
}

#[test]
fn traces_tell_each_call_and_no_value() {
    let fake = Fake::new();
    fake.up_does("a", "echo hush-hush-hush; exit 3");
    let up = Ran::from(fake.command(&["up"]).env("SCALR_LOG", "debug").output().unwrap());
    assert_eq!(up.code, 1, "{up:?}");
    for call in [
        "engine list-containers",
        "engine list-containers project=b",
        "compose config project=a code=0",
        "compose up project=a code=3",
    ] {
        let is_told = |line: &str| line.starts_with("trace: ") && line.ends_with(&format!(" ms {call}"));
        assert!(up.stderr.lines().any(is_told), "{call}: {up:?}");
    }
    assert!(!up.stderr.contains("hush") && !up.stderr.contains(".env.shared"), "{up:?}");
}

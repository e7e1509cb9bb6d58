//! What only happens at a terminal: a question, a browser.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::Duration;

use expectrl::process::unix::WaitStatus;
use expectrl::{ControlCode, Expect, Session};

use super::fake::Fake;

type Terminal = expectrl::session::OsSession;

fn start(fake: &Fake, args: &[&str], more: &[(&str, String)]) -> Terminal {
    let command = fake.command(args);
    // The same without the empty input.
    let mut rebuilt = Command::new(command.get_program());
    rebuilt.args(args).current_dir(fake.sandbox.path("")).env("TERM", "xterm-256color");
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => rebuilt.env(name, value),
            None => rebuilt.env_remove(name),
        };
    }
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"] {
        rebuilt.env_remove(name);
    }
    rebuilt.envs(more.iter().map(|(name, value)| (*name, value.as_str())));
    let mut terminal = Session::spawn(rebuilt).unwrap();
    terminal.set_expect_timeout(Some(Duration::from_secs(20)));
    terminal
}

/// Reads to the end; the text and the exit code.
fn finish(terminal: &mut Terminal) -> (String, i32) {
    let rest = terminal.expect(expectrl::Eof).unwrap();
    let rest = String::from_utf8_lossy(rest.as_bytes()).into_owned();
    match terminal.get_process().wait().unwrap() {
        WaitStatus::Exited(_, code) => (rest, code),
        other => panic!("{other:?}: {rest}"),
    }
}

#[test]
fn up_asks_before_it_makes_the_shared_env() {
    let fake = Fake::new();
    let path = fake.sandbox.path(".env.shared");
    std::fs::remove_file(&path).unwrap();
    fake.sandbox.write(".env.shared.example", "DB_PASSWORD=\n");
    let question = "Make it from .env.shared.example, with generated secrets?";
    let mut terminal = start(&fake, &["up", "a"], &[]);
    terminal.expect(question).unwrap();
    terminal.send("n").unwrap();
    let (said, code) = finish(&mut terminal);
    assert!(code == 3 && said.contains("scalr doctor --fix makes it") && !path.exists(), "{said}");
    let mut terminal = start(&fake, &["up", "a"], &[]);
    terminal.expect(question).unwrap();
    terminal.send(ControlCode::EndOfText).unwrap();
    let (said, code) = finish(&mut terminal);
    assert!(code == 130 && !path.exists(), "{code}: {said}");
    let mut terminal = start(&fake, &["up", "a"], &[]);
    terminal.expect(question).unwrap();
    terminal.send("y").unwrap();
    terminal.expect("generated: DB_PASSWORD").unwrap();
    finish(&mut terminal);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn an_address_is_opened_where_there_is_a_display() {
    let fake = Fake::new();
    let opened = fake.sandbox.path("opened");
    let browser = |ending: &str| {
        let script = format!("#!/bin/sh\nprintf %s \"$1\" >'{}'\n{ending}\n", opened.display());
        fake.sandbox.write("bin/xdg-open", script);
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(fake.sandbox.path("bin/xdg-open"), mode).unwrap();
    };
    let path = format!("{}:/usr/bin:/bin", fake.sandbox.path("bin").display());
    let display = [("DISPLAY", ":9".to_owned()), ("PATH", path)];
    browser("exit 0");
    let (said, code) = finish(&mut start(&fake, &["open", "a"], &display));
    assert!(code == 0 && said.contains("opened http://a.localhost"), "{said}");
    assert_eq!(std::fs::read_to_string(&opened).unwrap(), "http://a.localhost");
    // It could not: the address is there to be clicked.
    browser("exit 3");
    let (said, code) = finish(&mut start(&fake, &["open", "a"], &display));
    assert!(code == 0 && said.trim() == "http://a.localhost", "{said}");
    // No display.
    std::fs::remove_file(&opened).unwrap();
    let (said, _) = finish(&mut start(&fake, &["open", "a"], &display[1..]));
    assert!(said.trim() == "http://a.localhost" && !opened.exists(), "{said}");
}

#[test]
fn traces_stand_on_lines_of_their_own_above_the_progress() {
    let fake = Fake::new();
    // While the one is still drawn, the other's call ends.
    fake.up_does("a", "echo working; sleep 1");
    fake.up_does("b", "sleep 0.5");
    let (said, _) = finish(&mut start(&fake, &["up"], &[("SCALR_LOG", "info".to_owned())]));
    let drawn = said.find("working").unwrap();
    assert!(said.find("compose up project=b").is_some_and(|at| at > drawn), "{said:?}");
    let text = anstream::adapter::strip_str(&said).to_string();
    for (at, _) in text.match_indices("trace: ") {
        assert!(at == 0 || text[..at].ends_with(['\n', '\r']), "{:?}", &text[..at]);
        assert!(text[at..].split_once("\r\n").is_some_and(|(line, _)| !line.contains("not up")), "{text:?}");
    }
}

//! The questions, in a real pseudo-terminal.

use std::time::Duration;

use expectrl::process::unix::WaitStatus;
use expectrl::{ControlCode, Expect, Session};

use super::small;
use crate::sandbox::Sandbox;

type Terminal = expectrl::session::OsSession;

fn start(sandbox: &Sandbox, args: &[&str]) -> Terminal {
    let mut command = sandbox.command(args);
    // The sandbox gives commands no input; here they get the terminal's.
    command.stdin(std::process::Stdio::inherit()).env("TERM", "xterm-256color");
    let mut rebuilt = std::process::Command::new(command.get_program());
    rebuilt.args(command.get_args()).current_dir(sandbox.path(""));
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => rebuilt.env(name, value),
            None => rebuilt.env_remove(name),
        };
    }
    let mut terminal = Session::spawn(rebuilt).unwrap();
    terminal.set_expect_timeout(Some(Duration::from_secs(20)));
    terminal
}

/// Reads to the end; the text and the exit code.
fn finish(terminal: &mut Terminal) -> (String, i32) {
    let rest = terminal
        .expect(expectrl::Eof)
        .map(|found| String::from_utf8_lossy(found.as_bytes()).into_owned())
        .unwrap_or_default();
    match terminal.get_process().wait().unwrap() {
        WaitStatus::Exited(_, code) => (rest, code),
        WaitStatus::Signaled(_, signal, _) => panic!("killed by {signal:?}: {rest}"),
        other => panic!("{other:?}: {rest}"),
    }
}

#[test]
fn four_answers_and_a_confirmation_make_an_app() {
    let sandbox = small();
    let mut terminal = start(&sandbox, &["new-app"]);
    terminal.expect("Name").unwrap();
    terminal.send_line("Order Desk").unwrap();
    terminal.expect("Slug").unwrap();
    terminal.expect("order-desk").unwrap();
    terminal.send_line("").unwrap();
    terminal.expect("Description").unwrap();
    terminal.send_line("Takes orders.").unwrap();
    terminal.expect("Kind").unwrap();
    terminal.expect("platform").unwrap();
    terminal.send_line("").unwrap();
    terminal.expect("New product app in apps/products/order-desk/").unwrap();
    terminal.expect("frontend 13010, backend 18010, db 15433").unwrap();
    terminal.expect("Make this app?").unwrap();
    terminal.send("y").unwrap();
    let (text, code) = finish(&mut terminal);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("created") && text.contains("Next:"), "{text}");
    assert!(sandbox.read("apps/products/order-desk/app.manifest.yml").contains("name: Order Desk\n"));
    assert_eq!(sandbox.read("registered-apps.txt"), "# apps\napps/products/order-desk\n");
}

#[test]
fn each_answer_is_checked_at_once() {
    let sandbox = small();
    sandbox.app("apps/crm", "crm", "internal", 1);
    let mut terminal =
        start(&sandbox, &["new-app", "--name", "CRM", "--description", "D", "--kind", "client"]);
    terminal.expect("Slug").unwrap();
    terminal.send_line("Not A Slug").unwrap();
    terminal.expect("is not kebab-case").unwrap();
    for _ in 0..20 {
        terminal.send(ControlCode::Backspace).unwrap();
    }
    terminal.send_line("crm").unwrap();
    terminal.expect("is taken by apps/crm").unwrap();
    terminal.send(ControlCode::EndOfText).unwrap();
    let (_, code) = finish(&mut terminal);
    assert_eq!(code, 130);
}

#[test]
fn a_given_answer_that_is_wrong_is_told_and_asked_again() {
    let sandbox = small();
    let mut terminal =
        start(&sandbox, &["new-app", "--name", "X", "--slug", "x", "--description", "D", "--kind", "nope"]);
    terminal.expect("the kind `nope` is not possible").unwrap();
    terminal.expect("Kind").unwrap();
    terminal.send(ControlCode::EndOfText).unwrap();
    let (_, code) = finish(&mut terminal);
    assert_eq!(code, 130);
}

/// Ctrl-C at every question leaves nothing behind and the cursor visible.
#[test]
fn ctrl_c_anywhere_leaves_nothing() {
    for question in ["Name", "Slug", "Description", "Kind", "Make this app?"] {
        let sandbox = small();
        let before = sandbox.tree();
        let mut terminal = start(&sandbox, &["new-app"]);
        let mut seen = String::new();
        for (asked, answer) in [("Name", "Order Desk"), ("Slug", ""), ("Description", "D"), ("Kind", "")] {
            seen += &String::from_utf8_lossy(terminal.expect(asked).unwrap().as_bytes());
            if asked == question {
                break;
            }
            if asked == "Kind" {
                terminal.expect("platform").unwrap();
            }
            terminal.send_line(answer).unwrap();
        }
        if question == "Make this app?" {
            terminal.expect(question).unwrap();
        }
        terminal.send(ControlCode::EndOfText).unwrap();
        let (rest, code) = finish(&mut terminal);
        assert_eq!(code, 130, "at {question}: {rest}");
        let text = seen + &rest;
        let (hidden, shown) = (text.rfind("\u{1b}[?25l"), text.rfind("\u{1b}[?25h"));
        assert!(shown >= hidden, "at {question} the cursor stays hidden: {text:?}");
        assert!(rest.contains("nothing was changed"), "at {question}: {rest:?}");
        assert_eq!(sandbox.tree(), before, "at {question}");
        assert!(!sandbox.path(".scalr").exists());
    }
}

#[test]
fn no_means_no() {
    let sandbox = small();
    let before = sandbox.tree();
    let mut terminal =
        start(&sandbox, &["new-app", "--name", "X", "--slug", "x", "--description", "D", "--kind", "client"]);
    terminal.expect("Make this app?").unwrap();
    terminal.send("n").unwrap();
    let (_, code) = finish(&mut terminal);
    assert_eq!(code, 130);
    assert_eq!(sandbox.tree(), before);
}

/// A process manager that ends the terminal's session is obeyed, and the terminal is left usable.
#[test]
fn sigterm_at_a_question_ends_it() {
    let sandbox = small();
    let before = sandbox.tree();
    let mut terminal = start(&sandbox, &["new-app", "--name", "X", "--slug", "x", "--description", "D"]);
    terminal.expect("Kind").unwrap();
    let process = terminal.get_process().pid().to_string();
    let sent = std::process::Command::new("kill").args(["-TERM", &process]).status().unwrap();
    assert!(sent.success());
    let (rest, code) = finish(&mut terminal);
    assert_eq!(code, 130, "{rest}");
    assert!(rest.contains("\u{1b}[?25h"), "the cursor stays hidden: {rest:?}");
    assert_eq!(sandbox.tree(), before);
}

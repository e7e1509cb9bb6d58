//! What clap prints: help, usage errors, the manual.

use std::process::Command;

use crate::sandbox::Sandbox;

const COMMANDS: [&str; 24] = [
    "up",
    "down",
    "restart",
    "ps",
    "logs",
    "exec",
    "shell",
    "open",
    "pull",
    "build",
    "plan",
    "doctor",
    "smoke",
    "validate",
    "new-app",
    "list",
    "ports",
    "env",
    "set-public-domain",
    "auth",
    "explain",
    "schema",
    "completions",
    "man",
];

#[test]
fn every_command_has_help_with_examples() {
    let sandbox = Sandbox::empty();
    for command in COMMANDS {
        let long = sandbox.run(&[command, "--help"]).ok();
        assert!(
            long.stdout.contains(&format!("Examples:\n  scalr {command}"))
                || long.stdout.contains("Examples:\n  echo"),
            "{}",
            long.stdout
        );
        assert!(long.stdout.contains(&format!("Usage: scalr {command}")), "{}", long.stdout);
        assert_eq!(long.stderr, "");
        sandbox.run(&[command, "-h"]).ok();
    }
}

/// A new command has to come into the list above.
#[test]
fn the_list_of_commands_is_complete() {
    let help = Sandbox::empty().run(&["--help"]).ok().stdout;
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let mut names: Vec<&str> = commands
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    names.retain(|name| *name != "help");
    assert_eq!(names, COMMANDS);
    assert!(help.contains("Exit codes: 0 done;"), "{help}");
    assert_eq!(Sandbox::empty().run(&["help"]).ok().stdout, help);
}

#[test]
fn bad_usage_is_exit_code_2_and_prints_no_answer() {
    for args in [
        ["--bogus"].as_slice(),
        &["bogus"],
        &["validate", "--format", "xml"],
        &["schema", "xyz"],
        &["-q", "--verbose", "list"],
    ] {
        let ran = Sandbox::empty().run(args);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}");
        assert!(ran.stderr.starts_with("error: "), "{ran:?}");
    }
    let ran = Sandbox::empty().run(&["validat"]);
    assert!(ran.stderr.contains("validate"), "{ran:?}");
}

#[test]
fn the_version_is_the_package_s() {
    let ran = Sandbox::empty().run(&["--version"]).ok();
    assert_eq!(ran.stdout, format!("scalr {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let sandbox = Sandbox::empty();
    let page = |args: &[&str]| sandbox.run(&[["man"].as_slice(), args].concat()).ok().stdout;
    assert!(page(&[]).contains(".TH scalr 1"), "{}", page(&[]));
    for command in COMMANDS {
        assert!(page(&[command]).contains(&format!(".TH scalr-{command} 1")), "{command}");
        assert!(page(&[command]).contains("Examples:"), "{command}");
    }
    let ran = sandbox.run(&["man", "bogus"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("there is no command `bogus`"), "{ran:?}");
}

#[test]
fn the_manual_renders() {
    let sandbox = Sandbox::empty();
    sandbox.write("scalr.1", sandbox.run(&["man", "validate"]).ok().stdout);
    let output =
        match Command::new("man").arg("-l").arg(sandbox.path("scalr.1")).env("MANPAGER", "cat").output() {
            Ok(output) if output.status.success() => output,
            // A minimal system has a `man` that only says so, or none.
            _ => return eprintln!("skipped: no working man"),
        };
    if output.stdout.is_empty() {
        return eprintln!("skipped: no working man");
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("SYNOPSIS") || text.contains("minimized"), "{text}");
}

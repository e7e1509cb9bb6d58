//! What clap prints: help, usage errors, the manual.

use std::process::Command;

use crate::sandbox::{HOME, Sandbox};

/// Every command that the help lists. The reference page cli.md is held against the same table, so that none goes missing.
pub(crate) fn commands() -> Vec<String> {
    let help = Sandbox::empty().run(&["--help"]).ok().stdout;
    let listed = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = listed
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help");
    let names: Vec<String> = names.map(str::to_owned).collect();
    assert!(names.len() > 20 && names.contains(&"new-app".to_owned()), "{help}");
    names
}

#[test]
fn every_command_has_help_with_examples() {
    let sandbox = Sandbox::empty();
    for command in &commands() {
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

#[test]
fn help_is_a_command_too_and_tells_the_exit_codes() {
    let help = Sandbox::empty().run(&["--help"]).ok().stdout;
    assert!(help.contains("Exit codes: 0 done;"), "{help}");
    assert_eq!(Sandbox::empty().run(&["help"]).ok().stdout, help);
}

/// Both pages have a table of commands that people wrote.
#[test]
fn the_readme_and_the_page_of_json_name_every_command() {
    for page in ["README.md", "docs/reference/json.md"] {
        let text = std::fs::read_to_string(format!("{HOME}/{page}")).unwrap();
        let words: Vec<&str> = text
            .lines()
            .flat_map(|line| line.split('`').skip(1).step_by(2))
            .flat_map(|code| code.split(|is: char| !is.is_ascii_lowercase() && is != '-'))
            .collect();
        for command in commands() {
            assert!(words.contains(&command.as_str()), "{page} does not name `{command}`");
        }
    }
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
    for command in &commands() {
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

//! `scalr completions`, in a real shell.

use std::path::Path;
use std::process::Command;

use crate::sandbox::Sandbox;

/// What bash offers for a line, whose last word is completed.
fn complete(sandbox: &Sandbox, words: &[&str]) -> Vec<String> {
    let script = "source <(scalr completions bash)
        complete -p scalr >/dev/null || exit 9
        function=$(complete -p scalr | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        COMP_WORDS=(\"$@\")
        COMP_CWORD=$(($# - 1))
        COMP_LINE=\"$*\" COMP_POINT=${#COMP_LINE} COMP_TYPE=9 COMP_KEY=9
        \"$function\" scalr \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"
        printf '%s\\n' \"${COMPREPLY[@]}\"";
    let binaries = Path::new(env!("CARGO_BIN_EXE_scalr")).parent().unwrap();
    let path = format!("{}:{}", binaries.display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .args(["--norc", "-c", script, "bash"])
        .args(words)
        .current_dir(sandbox.path(""))
        .env("PATH", path)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(|line| line.trim_end().to_owned()).collect()
}

fn repository() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.app("apps/crm", "crm", "internal", 1).app("apps/cms", "cms", "internal", 2);
    sandbox.app("clients/acme", "acme", "client", 3);
    sandbox
}

#[test]
fn bash_completes_commands_options_values_and_slugs() {
    let sandbox = repository();
    assert_eq!(complete(&sandbox, &["scalr", "val"]), ["validate"]);
    assert_eq!(complete(&sandbox, &["scalr", "list", "c"]), ["cms", "crm"]);
    assert_eq!(complete(&sandbox, &["scalr", "list", "crm", "a"]), ["acme"]);
    assert_eq!(complete(&sandbox, &["scalr", "explain", "port-"]), ["port-conflict"]);
    assert_eq!(complete(&sandbox, &["scalr", "schema", "over"]), ["overview"]);
    assert_eq!(complete(&sandbox, &["scalr", "validate", "--form"]), ["--format"]);
    assert_eq!(complete(&sandbox, &["scalr", "validate", "--format", "s"]), ["sarif"]);
}

#[test]
fn hidden_commands_stay_hidden() {
    let offered = complete(&repository(), &["scalr", ""]);
    assert!(offered.contains(&"validate".to_owned()), "{offered:?}");
    assert!(!offered.contains(&"reference".to_owned()), "{offered:?}");
}

#[test]
fn without_a_repository_there_are_no_slugs_and_no_noise() {
    let sandbox = Sandbox::empty();
    std::fs::remove_file(sandbox.path("registered-apps.txt")).unwrap();
    assert_eq!(complete(&sandbox, &["scalr", "list", "c"]), [""]);
}

#[test]
fn every_shell_has_a_script() {
    let sandbox = Sandbox::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = sandbox.run(&["completions", shell]).ok();
        assert!(ran.stdout.contains("COMPLETE"), "{shell}: {ran:?}");
    }
    assert_eq!(sandbox.run(&["completions", "tcsh"]).code, 2);
}

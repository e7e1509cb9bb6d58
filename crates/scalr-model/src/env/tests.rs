//! Several files and the shell together, by version.

use std::collections::BTreeSet;

use super::template::InterpolationError;
use super::*;
use crate::compose::env::ComposeVariables;
use crate::compose::file::ComposeFiles;
use crate::compose::version::{ComposeRules, ComposeVersion};
use crate::rel_path::RelPath;
use proptest::prelude::*;

const OLD: &str = "2.26.1";
const NEW: &str = "5.3.1";

fn environment(version: &str, shell: &[(&str, &str)], files: &[&str]) -> Environment {
    let rules = ComposeRules::of(ComposeVersion::parse(version).unwrap());
    let paths: Vec<RelPath> =
        (1..=files.len()).map(|number| RelPath::new(&format!("{number}.env")).unwrap()).collect();
    let parsed: Vec<_> = files.iter().map(|text| parse(text).unwrap()).collect();
    let sources: Vec<_> = paths
        .iter()
        .zip(&parsed)
        .map(|(path, variables)| EnvSource {
            path,
            variables,
            secret: path.as_str() == "1.env" && files.len() > 2,
        })
        .collect();
    let shell = shell.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Environment::new(shell, &sources, rules)
}

fn value(environment: &Environment, key: &str) -> Option<String> {
    environment.value(key).map(|(value, _)| value.to_owned())
}

/// `FILE:LINE`, or `shell`.
fn origin(setting: &Setting) -> String {
    match &setting.origin {
        VariableOrigin::Shell => "shell".to_owned(),
        VariableOrigin::File(location) => format!("{}:{}", location.path, location.span.unwrap().line),
    }
}

#[test]
fn the_shell_wins_and_later_files_win_over_earlier() {
    let environment = environment(NEW, &[("A", ""), ("X", "x")], &["A=1\nB=1\nB=2\nC=1\n", "B=3\nD=4\n"]);
    let shown: Vec<_> = environment
        .variables
        .iter()
        .map(|(key, entry)| {
            let lost: Vec<_> = entry.overridden.iter().map(origin).collect();
            format!("{key}={} {} {lost:?}", entry.setting.value, origin(&entry.setting))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "A= shell [\"1.env:1\"]",
            "B=3 2.env:1 [\"1.env:2\", \"1.env:3\"]",
            "C=1 1.env:4 []",
            "D=4 2.env:2 []",
        ]
    );
    assert_eq!((value(&environment, "X").as_deref(), value(&environment, "Y")), (Some("x"), None));
}

#[test]
fn a_variable_of_both_files_means_the_first_before_2_39_and_the_own_since() {
    let files = ["H=one\nU=http://${H}\n", "H=two\nU=http://${H}\nN=${M-none}\nM=1\n"];
    for (version, expected) in [(OLD, "http://one"), ("2.38.2", "http://one"), ("2.39.0", "http://two")] {
        let environment = environment(version, &[], &files);
        assert_eq!(value(&environment, "U").as_deref(), Some(expected), "{version}");
        assert_eq!(value(&environment, "N").as_deref(), Some("none"));
    }
    let with_shell = environment(NEW, &[("H", "shell")], &files);
    assert_eq!(value(&with_shell, "U").as_deref(), Some("http://shell"));
}

#[test]
fn a_name_alone_takes_the_shells_value_or_an_earlier_files() {
    let files = ["A=1\nB\nC\n", "A=2\nA\nB\nD=4\nD\n"];
    let old = environment(OLD, &[("B", "shell")], &files);
    let new = environment(NEW, &[("B", "shell")], &files);
    // Before 2.39 it falls back to the earlier files within one file.
    assert_eq!((value(&old, "A").unwrap(), value(&new, "A").unwrap()), ("1".into(), "2".into()));
    assert_eq!(origin(&old.variables["A"].setting), "1.env:1");
    assert_eq!(value(&new, "B").as_deref(), Some("shell"));
    assert_eq!(origin(&new.variables["B"].setting), "shell");
    assert_eq!((value(&new, "C"), value(&old, "D").as_deref()), (None, Some("4")));
}

#[test]
fn what_compose_stops_at_is_told_all_at_once() {
    let files = ["A=${U:?set it}\nB=${\nC=${A}\nD=1\n=x\nE=\"\\0000\"\nF-G=1\n"];
    let reasons = |version| -> Vec<(String, FailureReason)> {
        let failures = environment(version, &[], &files).failures;
        failures.into_iter().map(|failure| (failure.key, failure.reason)).collect()
    };
    let required =
        FailureReason::Template(InterpolationError::Required { name: "U".into(), reason: "set it".into() });
    let both = vec![
        ("A".to_owned(), required),
        ("B".to_owned(), FailureReason::Template(InterpolationError::Malformed)),
    ];
    assert_eq!(reasons(NEW), both);
    let exported = [(String::new(), FailureReason::Unnamed), ("E".into(), FailureReason::Nul)];
    assert_eq!(reasons(OLD), [both.clone(), exported.to_vec()].concat());
    let dash = [("F-G".to_owned(), FailureReason::Dash)];
    assert_eq!(reasons("2.29.7"), [both, exported.to_vec(), dash.to_vec()].concat());
}

#[test]
fn a_dollar_sign_in_a_password_is_told() {
    let files = ["PW=pa$word\nOK='pa$word'\nDEFAULT=${U-}\n", "B=${A}\n", "A=1\n"];
    let environment = environment(NEW, &[], &files);
    let blanks: Vec<_> = environment
        .blanks
        .iter()
        .map(|blank| (blank.key.as_str(), blank.reason.clone(), blank.secret))
        .collect();
    let blank = |name: &str| FailureReason::Blank(name.to_owned());
    assert_eq!(blanks, [("PW", blank("word"), true), ("B", blank("A"), false)]);
    assert_eq!(environment.failures, []);
}

#[test]
fn compose_reads_twice_and_stops_at_what_only_then_is_wrong() {
    let files = ["X=1\nK=${X:?empty}\nX=\n"];
    assert_eq!(environment(NEW, &[], &files).failures.len(), 1);
    assert_eq!(environment("2.27.1", &[], &files).failures, []);
}

#[test]
fn what_is_made_of_a_secret_is_one() {
    let environment = environment(
        NEW,
        &[("API_TOKEN", "t0ken-of-shell"), ("HOST", "h")],
        &[
            "DOMAIN=d.example\nPW=hunter2!\n",
            "URL=x://${PW}\nPLAIN=$HOST\nT=$API_TOKEN\nDOMAIN=e\n",
            "URL2=$URL\n",
        ],
    );
    let secret: Vec<_> = environment
        .variables
        .iter()
        .filter(|(_, entry)| entry.setting.secret)
        .map(|(key, _)| key.as_str())
        .collect();
    // A name of the secret file stays secret if another file sets it.
    assert_eq!(secret, ["DOMAIN", "PW", "T", "URL", "URL2"]);
    let secrets: Vec<_> = environment.secrets().collect();
    for text in ["hunter2!", "d.example", "t0ken-of-shell"] {
        assert!(secrets.contains(&text), "{text} in {secrets:?}");
    }
}

/// The report on these texts; nothing where one can't be read.
fn report(own: &str, compose: &str) -> Option<report::EnvReport> {
    let path = |name: &str| RelPath::new(name).unwrap();
    let (shared, own) = (parse("DB_PASSWORD=hunter2-planted\nEMPTY=\n").unwrap(), parse(own).ok()?);
    let paths = [path(".env.shared"), path("apps/a/.env.app"), path("apps/a/compose.yaml")];
    let files = [
        EnvSource { path: &paths[0], variables: &shared, secret: true },
        EnvSource { path: &paths[1], variables: &own, secret: false },
    ];
    let variables = ComposeVariables::of(&paths[2], &crate::yaml::parse_compose(compose).ok()?);
    let question = report::Question {
        shell: Shell::from([("API_TOKEN".to_owned(), "hunter2-planted".to_owned())]),
        files: &files,
        compose: &ComposeFiles { variables: vec![variables], ..ComposeFiles::default() },
        rules: ComposeRules::NEWEST,
        needed: &BTreeSet::new(),
        show_secrets: false,
    };
    Some(question.answer())
}

#[test]
fn large_files_are_read_to_their_end() {
    let lines = |line: &dyn Fn(usize) -> String| (1..40_000).map(line).collect::<String>();
    let chain = lines(&|at| format!("K{at}=$K{}\n", at - 1));
    let repeated = lines(&|at| format!("K=$K{}\n", at % 10));
    let compose = lines(&|at| format!("k{at}: \"$K{at} ${{U{at}}} ${{V:-$DB_PASSWORD}}\"\n"));
    assert_eq!(report(&chain, &compose).unwrap().missing.len(), 39_999);
    assert!(report(&repeated, "x: ${K}").unwrap().missing.is_empty());
}

#[test]
fn values_can_not_grow_without_bounds() {
    let mut laughs = "A0=xxxxxxxxxx\n".to_owned();
    for level in 1..60 {
        laughs += &format!("A{level}=${{A{0}}}${{A{0}}}\n", level - 1);
    }
    let environment = environment(NEW, &[], &[&laughs]);
    assert_eq!(environment.failures[0].reason, FailureReason::Template(InterpolationError::TooLong));
    let many = format!("A={}\n{}", "x".repeat(1024 * 1024), "B=$A\n".repeat(1000));
    let environment = self::environment(NEW, &[], &[&many]);
    assert_eq!(environment.failures[0].reason, FailureReason::TooLarge);
}

proptest! {
    /// The shell's value is what every file that names the variable comes to.
    #[test]
    fn the_shell_always_wins(
        lines in prop::collection::vec("[A-D](=[a-z$A-D]{0,4})?", 0..12),
        shell in "[a-z]{0,3}",
    ) {
        let text = lines.join("\n") + "\n";
        for version in [OLD, NEW] {
            let environment = environment(version, &[("A", &shell)], &[&text, &text]);
            prop_assert_eq!(value(&environment, "A"), Some(shell.clone()));
            for (key, entry) in &environment.variables {
                prop_assert!(entry.overridden.iter().all(|other| other.origin != entry.setting.origin), "{}", key);
            }
        }
    }

    /// The secret is in no document, for any content of the files.
    #[test]
    fn no_report_holds_a_secret(
        own in "([A-D]=['\"]?([a-z ]|[$][{]?(A|B|DB_PASSWORD|API_TOKEN)(:?[-+?][a-z$A]{0,3})?[}]?){0,4}['\"]?\n){0,6}",
        value in "([a-z ]|[$][{]?(A|B|EMPTY|DB_PASSWORD|API_TOKEN)(:?[-+?][a-z$A-D]{0,3})?[}]?){0,5}",
    ) {
        if let Some(report) = report(&own, &format!("services: {{s: {{image: \"{value}\", environment: [A, API_TOKEN]}}}}")) {
            let text = serde_json::to_string(&report).unwrap();
            prop_assert!(!text.contains("hunter2-planted"), "{}", text);
        }
    }
}

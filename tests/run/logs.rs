//! `scalr logs`: what the engine sends, as one stream.

use serde_json::{Value, json};

use super::documents::conforms;
use super::fake::{Fake, container, frame};

/// Two containers with a line each second, in turn; the second one has a terminal.
fn two() -> Fake {
    let fake = Fake::new();
    fake.has(json!([container("a", "/x", "Up 2 minutes"), container("b", "/x", "Exited (0) 1 minute ago")]));
    let at = |second: u32| format!("2026-11-22T10:00:0{second}.000000001Z");
    let a = [
        frame(1, &format!("{} one\n", at(1))),
        frame(2, &format!("{} thr", at(3))),
        frame(2, &format!("{} ee hush-hush-hush\n", at(3))),
        frame(1, &format!("{} \u{1b}[32mfive\u{1b}[0m \u{1b}[2J\n", at(5))),
    ];
    fake.log("id-a", a.concat());
    fake.log("id-b", format!("{} two\r\n{} four\r\n{} no end", at(2), at(4), at(6)));
    fake
}

#[test]
fn what_is_there_is_merged_by_time_and_holds_no_secret() {
    let fake = two();
    let ran = fake.run(&["logs"]).ok();
    let expected = "a web | one\nb web | two\na web | three ***\nb web | four\na web | five \\u{1b}[2J\nb web | no end\n";
    assert_eq!(ran.stdout, expected);
    assert_eq!(ran.stderr, "");
    assert_eq!(fake.calls(), Vec::<String>::new(), "Compose has no part in it");
    let timed = fake.run(&["logs", "b", "-t"]).ok();
    assert!(timed.stdout.starts_with("b web | 2026-11-22T10:00:02.000Z two\n"), "{timed:?}");
}

#[test]
fn lines_as_json_conform() {
    let ran = two().run(&["logs", "--json"]).ok();
    let lines = ran.events();
    for line in &lines {
        conforms("log", line);
    }
    let streams: Vec<_> = lines.iter().map(|line| line["stream"].as_str().unwrap()).collect();
    assert_eq!(streams, ["stdout", "console", "stderr", "console", "stdout", "console"]);
    assert_eq!(lines[2]["line"], "three ***");
    assert_eq!(lines[4]["line"], "\u{1b}[32mfive\u{1b}[0m \u{1b}[2J");
}

#[test]
fn a_part_of_it() {
    let fake = two();
    let lines = |args: &[&str]| {
        let ran = fake.run(&[&["logs", "--json"], args].concat()).ok();
        let line =
            |line: &str| serde_json::from_str::<Value>(line).unwrap()["line"].as_str().unwrap().to_owned();
        ran.stdout.lines().map(line).collect::<Vec<_>>()
    };
    assert_eq!(lines(&["--grep", "^(three|five|hush)"]).len(), 2);
    assert_eq!(lines(&["--grep", "hush"]), Vec::<String>::new(), "nobody can search for a secret");
    // The engine knows seconds; scalr cuts what it sends.
    assert_eq!(lines(&["b", "--since", "2026-11-22T10:00:04.5Z"]), ["no end"]);
    assert!(
        fake.asked("id-b/logs").iter().any(|request| request.contains("since=1795341604")),
        "{:?}",
        fake.asked("logs")
    );
    lines(&["--tail", "7", "--service", "web"]);
    assert_eq!(fake.asked("tail=7").len(), 2);
    lines(&["-n", "0"]);
}

#[test]
fn bad_words_change_nothing_and_say_what_would_be_good() {
    let fake = two();
    for (args, expected) in [
        (["--since", "yesterday"].as_slice(), "such as 10m"),
        (&["--grep", "("], "unclosed group"),
        (&["--tail", "x"], "a number of lines, or all"),
        (&["--service", "wev"], "did you mean `web`?"),
        (&["aa"], "did you mean `a`?"),
    ] {
        let ran = fake.run(&[&["logs"], args].concat());
        assert!(ran.code == 2 && ran.stderr.contains(expected), "{args:?}: {ran:?}");
    }
}

#[test]
fn what_can_not_be_read_is_told_and_the_rest_is_shown() {
    let fake = two();
    fake.has(json!([container("a", "/x", "Up 2 minutes"), container("c", "/x", "Up 2 minutes")]));
    fake.sandbox.app("apps/c", "c", "internal", 3);
    let ran = fake.run(&["logs"]);
    assert_eq!((ran.code, ran.stdout.lines().count()), (1, 3), "{ran:?}");
    assert!(
        ran.stderr.contains("the log of c-web-1 can't be read: the Docker engine says: configured logging"),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("no containers: b; scalr up starts them"), "{ran:?}");
}

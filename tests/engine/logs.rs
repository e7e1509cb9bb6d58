//! The logs of real containers: merged, followed, ended.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::testbed::{SECRET, Testbed};

fn text<'a>(line: &'a Value, key: &str) -> &'a str {
    line[key].as_str().unwrap()
}

#[test]
fn old_lines_come_in_the_order_of_time_and_without_secrets() {
    let bed = Testbed::new("log");
    bed.app("a", "tick", "");
    bed.app("b", "tick", "");
    bed.app("over", "once", "");
    bed.run(&["up"]).ok();
    let all = bed.run(&["logs", "--json"]).ok().events();
    let times: Vec<&str> = all.iter().map(|line| text(line, "at")).collect();
    assert!(times.is_sorted(), "{times:?}");
    let apps: BTreeSet<&str> = all.iter().map(|line| text(line, "app")).collect();
    assert_eq!(apps.len(), 3, "also of one that has ended");
    let of = |app: &str, part: &str| {
        all.iter()
            .find(|line| text(line, "app") == bed.name(app) && text(line, "line").starts_with(part))
            .unwrap()["stream"]
            .clone()
    };
    assert_eq!((of("a", "tick 0"), of("a", "tick 1")), ("stdout".into(), "stderr".into()));
    let human = bed.run(&["logs", "--grep", "password"]).ok();
    assert!(human.stdout.contains("password ***") && !human.stdout.contains(SECRET), "{human:?}");
    let first = format!("{} web     | app tick begins", bed.name("a"));
    assert!(human.stdout.contains(&first), "names line up: {human:?}");
    // Two lines of each container.
    let last = bed.run(&["logs", "--json", "--tail", "2", &bed.name("a")]).ok().events();
    assert_eq!(last.iter().filter(|line| text(line, "service") == "web").count(), 2);
    let since = text(all.last().unwrap(), "at");
    let after = bed.run(&["logs", "--json", "--since", since]).ok().events();
    assert!(!after.is_empty() && after.iter().all(|line| text(line, "at") >= since));
    let none = bed.run(&["logs", "--json", "--since", "1h", "--grep", "nobody says this"]).ok();
    assert_eq!(none.stdout, "");
}

/// A `scalr logs -f` whose lines are read one by one.
struct Following {
    child: Child,
    out: BufReader<ChildStdout>,
    seen: Vec<Value>,
}

impl Following {
    fn start(bed: &Testbed, args: &[&str]) -> Self {
        let mut command = bed.command(&[&["logs", "-f", "--json"], args].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out, seen: Vec::new() }
    }

    fn until(&mut self, what: impl Fn(&Value) -> bool) -> Value {
        let begin = Instant::now();
        loop {
            let mut line = String::new();
            assert!(self.out.read_line(&mut line).unwrap() > 0, "it has ended: {:?}", self.seen.last());
            assert!(begin.elapsed() < Duration::from_mins(1), "it does not come");
            let line: Value = serde_json::from_str(&line).unwrap();
            self.seen.push(line.clone());
            if what(&line) {
                return line;
            }
        }
    }

    /// Ctrl-C; gives the exit code.
    fn end(&mut self) -> Option<i32> {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        let begin = Instant::now();
        let status = self.child.wait().unwrap();
        assert!(begin.elapsed() < Duration::from_secs(1), "it ends at once");
        status.code()
    }
}

#[test]
fn new_lines_come_once_also_of_what_starts_later() {
    let bed = Testbed::new("follow");
    bed.app("a", "tick", "");
    bed.app("late", "tick", "");
    let (a, late) = (bed.name("a"), bed.name("late"));
    bed.run(&["up", &a]).ok();
    let mut following = Following::start(&bed, &[]);
    following.until(|line| text(line, "app") == a && text(line, "line") == "tick 3");
    bed.run(&["up", &late]).ok();
    following.until(|line| text(line, "app") == late && text(line, "line") == "tick 2");
    // One that starts again: what it says then, too, and nothing twice.
    bed.run(&["restart", &a]).ok();
    following.until(|line| text(line, "app") == a && text(line, "line") == "tick 0");
    following.until(|line| text(line, "app") == a && text(line, "line") == "tick 4");
    assert_eq!(following.end(), Some(130));
    let places: BTreeSet<(&str, &str)> =
        following.seen.iter().map(|line| (text(line, "container"), text(line, "at"))).collect();
    assert_eq!(places.len(), following.seen.len(), "no line comes twice");
    // Every number from the first to the last: nothing is lost where old lines end and new ones begin.
    let ticks: Vec<u32> = following
        .seen
        .iter()
        .filter(|line| text(line, "app") == late)
        .filter_map(|line| text(line, "line").strip_prefix("tick ")?.parse().ok())
        .collect();
    assert_eq!(ticks, (0..u32::try_from(ticks.len()).unwrap()).collect::<Vec<_>>());
    let only_new = Following::start(&bed, &["--tail", "0", &a]).until(|_| true);
    assert_ne!(text(&only_new, "line"), "tick 0");
}

#[test]
fn a_container_with_a_terminal_and_one_that_never_comes() {
    let bed = Testbed::new("tty");
    bed.app("a", "tick", "");
    let compose = bed.of("a", "docker-compose.yml");
    bed.write(&compose, bed.read(&compose).replace("    command:", "    tty: true\n    command:"));
    let mut following = Following::start(&bed, &[]);
    bed.run(&["up"]).ok();
    let line = following.until(|line| text(line, "line") == "tick 5");
    assert_eq!(text(&line, "stream"), "console");
    assert_eq!(following.end(), Some(130));
}

#[test]
fn a_reader_that_goes_ends_it_and_one_that_stops_reading_keeps_it_from_nothing() {
    let bed = Testbed::new("pipe");
    bed.app("a", "flood", "");
    bed.run(&["up"]).ok();
    let mut following = Following::start(&bed, &[]);
    following.until(|_| true);
    // It waits for the pipe now, and still hears Ctrl-C.
    assert_eq!(following.end(), Some(130));
    let mut following = Following::start(&bed, &[]);
    following.until(|_| true);
    let Following { mut child, out, .. } = following;
    drop(out);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

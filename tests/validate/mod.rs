//! `scalr validate`

mod across;
mod cases;
mod changed;
mod fix;
mod formats;
mod hostile_files;
mod hostile_text;
mod ignored;
mod mutated;
mod paths;
mod pruning;
mod sarif;

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use crate::sandbox::{Ran, Sandbox};

/// What `scalr validate --json` said.
struct Report {
    code: i32,
    json: Value,
}

fn validate(sandbox: &Sandbox, args: &[&str]) -> Report {
    let ran = patiently(sandbox.command(&[["validate", "--json"].as_slice(), args].concat()));
    let json = ran.json();
    assert_eq!(json["schema"], "scalr.validate/1", "{ran:?}");
    Report { code: ran.code, json }
}

/// Runs a command that must end: one that waits for something fails the test instead of hanging it.
fn patiently(mut command: Command) -> Ran {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = child.id().to_string();
    let (done, output) = mpsc::channel();
    std::thread::spawn(move || done.send(child.wait_with_output()));
    let Ok(output) = output.recv_timeout(Duration::from_mins(1)) else {
        Command::new("kill").args(["-KILL", &id]).status().unwrap();
        panic!("{command:?} still runs after a minute");
    };
    Ran::from(output.unwrap())
}

impl Report {
    fn findings(&self) -> &[Value] {
        self.json["findings"].as_array().unwrap()
    }

    /// Code and place of each finding: `port-conflict apps/crm/app.manifest.yml:9:13`.
    fn lines(&self) -> Vec<String> {
        self.findings()
            .iter()
            .map(|finding| format!("{} {}", text(&finding["code"]), place(&finding["location"])))
            .collect()
    }

    /// The only finding.
    fn only(&self) -> &Value {
        assert_eq!(self.findings().len(), 1, "{:#}", self.json);
        &self.findings()[0]
    }
}

/// `FILE:LINE:COLUMN`, or the file alone where the finding is about all of it.
fn place(location: &Value) -> String {
    let path = text(&location["path"]);
    match (&location["line"], &location["column"]) {
        (Value::Null, Value::Null) => path.to_owned(),
        (line, column) => format!("{path}:{line}:{column}"),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

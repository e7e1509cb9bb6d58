//! `scalr validate`

mod across;
mod cases;
mod changed;
mod fix;
mod formats;
mod hostile_files;
mod hostile_text;
mod mutated;
mod paths;
mod pruning;
mod sarif;

use serde_json::Value;

use crate::sandbox::Sandbox;

/// What `scalr validate --json` said.
struct Report {
    code: i32,
    json: Value,
}

fn validate(sandbox: &Sandbox, args: &[&str]) -> Report {
    let ran = sandbox.run(&[["validate", "--json"].as_slice(), args].concat());
    let json = ran.json();
    assert_eq!(json["schema"], "scalr.validate/1", "{ran:?}");
    Report { code: ran.code, json }
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

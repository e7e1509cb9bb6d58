//! A throw-away repository of tiny subprojects on a real engine, and what cleans up behind it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};

use crate::sandbox::{Ran, Sandbox};

/// The value that no output may hold.
pub(crate) const SECRET: &str = "planted-0xC0FFEE-secret";

/// Ports of the tests, above those of apps and below the ephemeral ones.
static PORT: AtomicU16 = AtomicU16::new(0);

/// A sandbox whose subprojects run, and which takes away what they leave in the engine.
pub(crate) struct Testbed {
    sandbox: Sandbox,
    /// What every name of this testbed begins with.
    pub(crate) prefix: String,
}

impl Testbed {
    /// A repository without subprojects. `name` tells the testbeds of one run apart.
    pub(crate) fn new(name: &str) -> Self {
        image();
        let sandbox = Sandbox::empty();
        sandbox.write(".env.shared", format!("TEST_PASSWORD={SECRET}\n"));
        Self { sandbox, prefix: format!("zt{}-{name}", std::process::id()) }
    }

    /// The name of a subproject.
    pub(crate) fn name(&self, short: &str) -> String {
        format!("{}-{short}", self.prefix)
    }

    /// A subproject of two services: `web` is built, listens on a port of the host, and does what `word`
    /// says; `side` runs the shared image. `more` goes into the manifest.
    pub(crate) fn app(&self, short: &str, word: &str, more: &str) -> u16 {
        let name = self.name(short);
        let folder = format!("apps/{name}");
        let port = port();
        self.write(
            &format!("{folder}/docker-compose.yml"),
            format!(
                "name: {name}\nservices:\n  web:\n    build: ./web\n    command: [/app, {word}]\n    stop_grace_period: 1s\n    \
                 environment:\n      TEST_PASSWORD: ${{TEST_PASSWORD:?}}\n      TAG: ${{TEST_TAG:-none}}\n    \
                 env_file: [web.env]\n    configs: [settings]\n    ports: [\"127.0.0.1:${{BACKEND_PORT}}:80\"]\n  side:\n    \
                 image: {}\n    stop_grace_period: 1s\n    healthcheck: {{disable: true}}\nconfigs:\n  settings: {{file: ./settings.txt}}\n",
                image()
            ),
        );
        let slug = &name;
        self.write(&format!("{folder}/.env.app"), format!("APP_SLUG={slug}\nBACKEND_PORT={port}\n"));
        self.write(&format!("{folder}/web.env"), "FROM_FILE=1\n");
        self.write(&format!("{folder}/settings.txt"), "one\n");
        self.write(&format!("{folder}/web/Dockerfile"), format!("FROM {}\nCOPY data /data\n", image()));
        self.write(&format!("{folder}/web/.dockerignore"), "*.log\n");
        self.write(&format!("{folder}/web/data/a.txt"), format!("{name}\n"));
        self.write(
            &format!("{folder}/app.manifest.yml"),
            format!(
                "schema_version: 1\nid: 00000000-0000-4000-8000-{port:012}\nslug: {slug}\nname: {name}\n\
                 description: A test.\nkind: internal\ncreated: 2026-11-22\nports:\n  backend: {port}\n{more}"
            ),
        );
        let registry = self.read("registered-apps.txt");
        self.write("registered-apps.txt", format!("{registry}{folder}\n"));
        port
    }

    /// A file of a subproject.
    pub(crate) fn of(&self, short: &str, file: &str) -> String {
        format!("apps/{}/{file}", self.name(short))
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.sandbox.path(path)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        self.sandbox.write(path, text);
    }

    pub(crate) fn read(&self, path: &str) -> String {
        self.sandbox.read(path)
    }

    /// The binary, with the Compose of the person who runs the tests.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.sandbox.command(args);
        command.env("DOCKER_CONFIG", docker_config()).env_remove("TEST_TAG");
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::from(self.command(args).output().unwrap())
    }

    /// What the real Compose does, with nothing of scalr between.
    pub(crate) fn compose(&self, short: &str, args: &[&str]) -> Ran {
        let mut command = Command::new("docker");
        command.args(["compose", "-p", &self.name(short), "--env-file"]).arg(self.path(".env.shared"));
        command.arg("--env-file").arg(self.path(&self.of(short, ".env.app"))).args(args);
        command.current_dir(self.path(&self.of(short, ""))).env_remove("TEST_TAG").stdin(Stdio::null());
        Ran::from(command.output().unwrap())
    }

    /// The ids of a subproject's containers, of those that run.
    pub(crate) fn running(&self, short: &str) -> BTreeSet<String> {
        let label = format!("label=com.docker.compose.project={}", self.name(short));
        let listed = docker(&["ps", "--quiet", "--no-trunc", "--filter", &label]);
        listed.lines().map(str::to_owned).collect()
    }

    /// The plan of one subproject: its action and its reasons.
    pub(crate) fn planned(&self, short: &str) -> (String, Vec<String>) {
        let ran = self.run(&["plan", "--json", &self.name(short)]);
        let plan = ran.json();
        let app = &plan["apps"][0];
        let reasons = app["reasons"].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned());
        (app["action"].as_str().unwrap().to_owned(), reasons.collect())
    }
}

impl Drop for Testbed {
    fn drop(&mut self) {
        for kind in ["container", "network", "volume"] {
            let all: &[&str] = if kind == "container" { &["--all"] } else { &[] };
            let format = r#"{{.Label "com.docker.compose.project"}} {{if .Name}}{{.Name}}{{end}}"#;
            let format = if kind == "container" {
                r#"{{.Label "com.docker.compose.project"}} {{.ID}}"#
            } else {
                format
            };
            let listed = docker(&[&[kind, "ls", "--format", format], all].concat());
            let ours = listed.lines().filter(|line| line.starts_with(&self.prefix));
            let names: Vec<&str> =
                ours.filter_map(|line| line.split_once(' ')).map(|(_, name)| name).collect();
            let force: &[&str] = if kind == "container" { &["--force", "--volumes"] } else { &[] };
            if !names.is_empty() {
                docker(&[&[kind, "rm"], force, &names[..]].concat());
            }
        }
        let images = docker(&["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"]);
        let names: Vec<&str> = images.lines().filter(|name| name.starts_with(&self.prefix)).collect();
        if !names.is_empty() {
            docker(&[&["image", "rm", "--force"], &names[..]].concat());
        }
    }
}

/// The folder with Docker's plugins: a sandbox has another home, and they would not be found.
fn docker_config() -> PathBuf {
    let of_home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".docker");
    std::env::var_os("DOCKER_CONFIG").map_or_else(of_home, PathBuf::from)
}

impl Ran {
    /// The event that says how a subproject ended.
    pub(crate) fn finish(&self, name: &str) -> serde_json::Value {
        let finish =
            self.events().into_iter().find(|event| event["event"] == "finish" && event["app"] == *name);
        finish.unwrap_or_else(|| panic!("{name} did not finish: {self:?}"))
    }
}

/// docker's answer; an error is only shown, since cleaning up has to go on.
pub(crate) fn docker(args: &[&str]) -> String {
    let output = Command::new("docker").args(args).stdin(Stdio::null()).output().unwrap();
    if !output.status.success() {
        eprintln!("docker {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The image that everything here runs: one static program, and no shell.
pub(crate) fn image() -> &'static str {
    static IMAGE: OnceLock<String> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine/app/app.c");
        let built = Command::new("cc")
            .args(["-static", "-O2", "-o"])
            .arg(folder.path().join("app"))
            .arg(source)
            .status();
        assert!(built.is_ok_and(|status| status.success()), "cc builds the program of the image");
        let dockerfile = "FROM scratch\nCOPY app /app\nCMD [\"/app\", \"serve\"]\n\
                          HEALTHCHECK --interval=2s --timeout=30s --retries=3 CMD [\"/app\", \"health\"]\n";
        fs::write(folder.path().join("Dockerfile"), dockerfile).unwrap();
        let name = "scalr-engine-test:4".to_owned();
        let built =
            Command::new("docker").args(["build", "--quiet", "--tag", &name]).arg(folder.path()).status();
        assert!(built.is_ok_and(|status| status.success()), "docker builds the image");
        name
    })
}

/// A port that is free now.
fn port() -> u16 {
    loop {
        let offset = u16::try_from(std::process::id() % 5000).unwrap();
        let port = 21000 + (offset + PORT.fetch_add(1, Ordering::Relaxed)) % 10000;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

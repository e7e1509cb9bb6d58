//! A Compose that writes down how it is called and does what it is told, and an engine that answers what a
//! test says.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::sandbox::{Ran, Sandbox};

/// A sandbox with both.
pub(super) struct Fake {
    pub(super) sandbox: Sandbox,
    engine: Arc<Mutex<Answers>>,
}

/// What the engine answers.
#[derive(Default)]
struct Answers {
    containers: Vec<Value>,
    /// By container; none can't be read.
    logs: BTreeMap<String, Vec<u8>>,
    networks: Vec<Value>,
    /// The requests, without the version in front.
    asked: Vec<String>,
}

/// The fake Compose: each call becomes a line of `calls`; what `up` of a project does is in a file of its name.
const COMPOSE: &str = r#"#!/bin/sh
here=$(dirname "$0")/..
case "$*" in *version*) cat "$here/version"; exit 0;; esac
printf '%s|COMPOSE_FILE=%s\n' "$*" "$COMPOSE_FILE" >>"$here/calls"
name= last=
for word in "$@"; do [ "$last" = -p ] && name=$word; last=$word; done
case " $* " in
*' config '*) [ -e "$here/hang" ] && { touch "$here/hangs"; exec sleep 60; }; cat "$here/config.json"; cat "$here/warnings" >&2 2>/dev/null; exit 0;;
*' up '*) [ -e "$here/$name" ] && . "$here/$name"; exit 0;;
*' exec '* | *' pull '* | *' build '*) [ -e "$here/$name" ] && . "$here/$name"; exit 0;;
esac
"#;

impl Fake {
    /// Two subprojects, `a` and `b`, that are down.
    pub(super) fn new() -> Self {
        let sandbox = Sandbox::empty();
        sandbox.app("apps/a", "a", "internal", 1).app("apps/b", "b", "internal", 2);
        sandbox.write(".env.shared", "DB_PASSWORD=hush-hush-hush\n");
        sandbox.write("docker/cli-plugins/docker-compose", COMPOSE);
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(sandbox.path("docker/cli-plugins/docker-compose"), mode).unwrap();
        sandbox.write("docker/version", "2.26.1\n");
        sandbox.write(
            "docker/config.json",
            r#"{"services": {"web": {"image": "x", "build": {"context": "/nowhere"}}}}"#,
        );
        let engine = Arc::new(Mutex::new(Answers::default()));
        let listener = UnixListener::bind(sandbox.path("engine.sock")).unwrap();
        let answers = Arc::clone(&engine);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answers = Arc::clone(&answers);
                std::thread::spawn(move || serve(&stream, &answers));
            }
        });
        Self { sandbox, engine }
    }

    /// What the engine says of the containers from now on.
    pub(super) fn has(&self, containers: Value) {
        let Value::Array(containers) = containers else { panic!("a list") };
        self.engine.lock().unwrap().containers = containers;
    }

    /// The log of a container, as the engine sends it.
    pub(super) fn log(&self, id: &str, body: impl Into<Vec<u8>>) {
        self.engine.lock().unwrap().logs.insert(id.to_owned(), body.into());
    }

    /// The networks that the engine has.
    pub(super) fn networks(&self, names: &[&str]) {
        let network =
            |(at, name): (usize, &&str)| json!({"Id": at.to_string(), "Name": name, "Driver": "bridge"});
        self.engine.lock().unwrap().networks = names.iter().enumerate().map(network).collect();
    }

    /// What the engine was asked for, of requests that hold this text.
    pub(super) fn asked(&self, part: &str) -> Vec<String> {
        self.engine.lock().unwrap().asked.iter().filter(|request| request.contains(part)).cloned().collect()
    }

    /// What `up`, `exec`, `pull` and `build` of a subproject do: a piece of shell.
    pub(super) fn up_does(&self, name: &str, script: &str) {
        self.sandbox.write(&format!("docker/{name}"), script);
    }

    pub(super) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.sandbox.command(args);
        command.env("DOCKER_CONFIG", self.sandbox.path("docker"));
        command.env("DOCKER_HOST", format!("unix://{}", self.sandbox.path("engine.sock").display()));
        command
    }

    pub(super) fn run(&self, args: &[&str]) -> Ran {
        Ran::from(self.command(args).output().unwrap())
    }

    /// How Compose was called, with the sandbox's path cut out.
    pub(super) fn calls(&self) -> Vec<String> {
        let root = self.sandbox.path("").canonicalize().unwrap();
        let text = std::fs::read_to_string(self.sandbox.path("docker/calls")).unwrap_or_default();
        text.lines().map(|line| line.replace(&format!("{}/", root.display()), "")).collect()
    }
}

/// A container as the engine lists it.
pub(super) fn container(project: &str, folder: &str, status: &str) -> Value {
    json!({
        "Id": format!("id-{project}"), "Names": [format!("/{project}-web-1")], "Image": "x", "ImageID": "sha256:1",
        "Created": 1, "State": status.split_whitespace().next().unwrap().replace("Up", "running").replace("Exited", "exited"),
        "Status": status,
        "Ports": [{"IP": "127.0.0.1", "PrivatePort": 80, "PublicPort": 31000, "Type": "tcp"}],
        "Labels": {"com.docker.compose.project": project, "com.docker.compose.service": "web",
                   "com.docker.compose.project.working_dir": folder},
        "NetworkSettings": {"Networks": {"n": {"NetworkID": "1"}}},
    })
}

/// A piece of a log, as the engine frames it: 1 is standard output, 2 standard error.
pub(super) fn frame(stream: u8, text: &str) -> Vec<u8> {
    let length = u32::try_from(text.len()).unwrap().to_be_bytes();
    [&[stream, 0, 0, 0], &length[..], text.as_bytes()].concat()
}

/// HTTP as far as bollard asks for it.
fn serve(stream: &UnixStream, engine: &Mutex<Answers>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request).unwrap_or(0) == 0 {
            return;
        }
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|length| length > 2) {
            line.clear();
        }
        let path = request.split_whitespace().nth(1).unwrap_or_default();
        engine.lock().unwrap().asked.push(path.to_owned());
        if let Some(id) = path.split_once("/containers/").and_then(|(_, rest)| rest.split_once("/logs?")) {
            let log = engine.lock().unwrap().logs.get(id.0).cloned();
            if answer_log(stream, log).is_err() {
                return;
            }
            continue;
        }
        if path.contains("/events") {
            // Nothing happens, for ever.
            let _ = (&mut &*stream).write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            loop {
                std::thread::park();
            }
        }
        let body = if path.contains("/version") {
            json!({"ApiVersion": "1.41", "Version": "20.10.24"})
        } else if path.contains("/containers/json") {
            let all = engine.lock().unwrap().containers.clone();
            let wanted = |one: &&Value| {
                let project = one["Labels"]["com.docker.compose.project"].as_str().unwrap();
                !path.contains("project%3D") || path.contains(&format!("project%3D{project}%22"))
            };
            Value::Array(all.iter().filter(wanted).cloned().collect())
        } else if path.contains("/info") {
            json!({"DefaultAddressPools": [{"Base": "10.0.0.0/16", "Size": 24}]})
        } else if path.contains("/containers/") {
            json!({"Id": "x", "RestartCount": 3, "State": {"StartedAt": "2026-11-22T00:00:00Z", "ExitCode": 0}})
        } else if path.ends_with("/networks") || path.contains("/networks?") {
            Value::Array(engine.lock().unwrap().networks.clone())
        } else if request.starts_with("POST") && path.contains("/networks/create") {
            // One that was made is there.
            engine
                .lock()
                .unwrap()
                .networks
                .push(json!({"Id": "new", "Name": "scalr-edge", "Driver": "bridge"}));
            json!({"Id": "new", "Warning": ""})
        } else if path.contains("/volumes") {
            json!({"Volumes": []})
        } else {
            json!([])
        };
        let body = body.to_string();
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        if (&mut &*stream).write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

fn answer_log(mut stream: &UnixStream, log: Option<Vec<u8>>) -> std::io::Result<()> {
    let (status, body) = match log {
        Some(body) => ("200 OK", body),
        None => (
            "501 Not Implemented",
            br#"{"message": "configured logging driver does not support reading"}"#.to_vec(),
        ),
    };
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", body.len())?;
    stream.write_all(&body)
}

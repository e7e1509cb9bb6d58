//! A Compose that writes down how it is called and does what it is told, and an engine that answers what a
//! test says.

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
    containers: Arc<Mutex<Value>>,
}

/// The fake Compose: each call becomes a line of `calls`; what `up` of a project does is in a file of its name.
const COMPOSE: &str = r#"#!/bin/sh
here=$(dirname "$0")/..
case "$*" in *version*) cat "$here/version"; exit 0;; esac
printf '%s|COMPOSE_FILE=%s\n' "$*" "$COMPOSE_FILE" >>"$here/calls"
name= last=
for word in "$@"; do [ "$last" = -p ] && name=$word; last=$word; done
case " $* " in
*' config '*) cat "$here/config.json"; cat "$here/warnings" >&2 2>/dev/null; exit 0;;
*' up '*) [ -e "$here/$name" ] && . "$here/$name"; exit 0;;
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
        let containers = Arc::new(Mutex::new(json!([])));
        let listener = UnixListener::bind(sandbox.path("engine.sock")).unwrap();
        let answers = Arc::clone(&containers);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answers = Arc::clone(&answers);
                std::thread::spawn(move || serve(&stream, &answers));
            }
        });
        Self { sandbox, containers }
    }

    /// What the engine says of the containers from now on.
    pub(super) fn has(&self, containers: Value) {
        *self.containers.lock().unwrap() = containers;
    }

    /// What `up` of a subproject does: a piece of shell.
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

/// HTTP as far as bollard asks for it.
fn serve(stream: &UnixStream, containers: &Mutex<Value>) {
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
            let all = containers.lock().unwrap().clone();
            let wanted = |one: &&Value| {
                let project = one["Labels"]["com.docker.compose.project"].as_str().unwrap();
                !path.contains("project%3D") || path.contains(&format!("project%3D{project}%22"))
            };
            Value::Array(all.as_array().unwrap().iter().filter(wanted).cloned().collect())
        } else if path.contains("/info") {
            json!({"DefaultAddressPools": [{"Base": "10.0.0.0/16", "Size": 24}]})
        } else if path.contains("/containers/") {
            json!({"Id": "x", "RestartCount": 3, "State": {"StartedAt": "2026-11-22T00:00:00Z", "ExitCode": 0}})
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

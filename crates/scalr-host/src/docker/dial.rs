//! Engines without a local socket: over ssh, TLS or other connections of docker's own client.
//!
//! `docker system dial-stdio` connects its standard streams with the engine of the context, so that keys,
//! certificates, agents and proxies are handled by docker. scalr reads none of them.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::process::Stdio;
use std::task::{Context, Poll};

use bollard::{BollardRequest, Docker};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::endpoint::Endpoint;

/// A client that starts one `docker system dial-stdio` for each connection.
pub(super) fn connect(endpoint: &Endpoint, timeout: u64) -> Result<Docker, bollard::errors::Error> {
    let client = Client::builder(TokioExecutor::new()).build::<_, _>(Dial { endpoint: endpoint.clone() });
    let transport = move |mut request: BollardRequest| {
        let client = client.clone();
        // The child knows the address; HTTP only requires one.
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let uri = format!("http://docker{path}").parse();
        Box::pin(async move {
            *request.uri_mut() = uri?;
            Ok(client.request(request).await?)
        }) as Pin<Box<dyn Future<Output = _> + Send>>
    };
    Docker::connect_with_custom_transport(
        transport,
        Some("http://docker"),
        timeout,
        bollard::API_DEFAULT_VERSION,
    )
}

#[derive(Clone)]
struct Dial {
    endpoint: Endpoint,
}

impl tower_service::Service<http::Uri> for Dial {
    type Response = TokioIo<Stream>;
    type Error = io::Error;
    type Future = std::future::Ready<Result<Self::Response, io::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Uri) -> Self::Future {
        std::future::ready(start(&self.endpoint).map(TokioIo::new))
    }
}

/// docker's own client, for the same engine.
pub(super) fn docker(endpoint: &Endpoint) -> Command {
    let mut command = Command::new("docker");
    command.kill_on_drop(true).process_group(0);
    for (name, value) in endpoint.environment() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

fn start(endpoint: &Endpoint) -> io::Result<Stream> {
    let mut command = docker(endpoint);
    command.args(["system", "dial-stdio"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::Error::other("docker gave no streams"));
    };
    Ok(Stream { stdin, stdout, _child: child })
}

/// Both directions of one connection, and the process that carries it.
struct Stream {
    stdin: ChildStdin,
    stdout: ChildStdout,
    _child: Child,
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stdout).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stdin).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stdin).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stdin).poll_shutdown(cx)
    }
}

"""An issuer that is ill costs 503 within seconds, and never the API."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from auth_client import IssuerUnavailableError, OidcSettings, TokenVerifier
from auth_client.fetch import Deadline, FetchError, fetch_json
from auth_client.testing import LocalIssuer, SigningKey

from .decisions import SICK
from .test_dependencies import bearer, make_app

Ill = Callable[[socket.socket], None]

OK = b"HTTP/1.1 200 OK\r\n"


def drip(connection: socket.socket, start: bytes, again: bytes) -> None:
    connection.sendall(start)
    while True:
        time.sleep(0.05)
        connection.sendall(again)


def slow(connection: socket.socket) -> None:
    time.sleep(60)
    connection.sendall(OK + b"Content-Length: 2\r\n\r\n{}")


ILL: dict[str, Ill] = {
    "hangs": lambda _: time.sleep(60),
    "closes": lambda _: None,
    "drips a header": lambda c: drip(c, OK + b"X: ", b"x"),
    "drips a body": lambda c: drip(c, OK + b"Content-Length: 1000000\r\n\r\n", b" "),
    "drips chunks": lambda c: drip(c, OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "drips headers": lambda c: drip(c, OK, b"X: x\r\n"),
    "goes on": lambda c: drip(c, b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "slow": slow,
}


@contextmanager
def front_of(issuer: LocalIssuer, ill: str, sick: threading.Event) -> Iterator[str]:
    """The origin of a server that passes on what the issuer says, until it falls ill."""
    if ill == "partitioned":
        with no_way_to(issuer, sick) as origin:
            yield origin
        return
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = connection.recv(65536)
            if sick.is_set():
                ILL[ill](connection)
            else:
                connection.sendall(ask(issuer, request))

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


@contextmanager
def no_way_to(issuer: LocalIssuer, sick: threading.Event) -> Iterator[str]:
    """A server that stops taking connections: the kernel drops what its queue doesn't hold."""
    server = socket.create_server(("127.0.0.1", 0), backlog=0)
    server.settimeout(0.05)
    done = threading.Event()

    def serve() -> None:
        while not done.is_set() and not sick.is_set():
            with suppress(TimeoutError):
                connection, _ = server.accept()
                with connection:
                    connection.sendall(ask(issuer, connection.recv(65536)))

    thread = threading.Thread(target=serve)
    thread.start()
    held: list[socket.socket] = []

    def fill() -> None:
        sick.wait()
        thread.join()
        for _ in range(4):
            connection = socket.socket()
            connection.setblocking(False)
            with suppress(BlockingIOError):
                connection.connect(server.getsockname())
            held.append(connection)

    filling = threading.Thread(target=fill)
    filling.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        done.set()
        sick.set()
        filling.join()
        for connection in held:
            connection.close()
        server.close()


def ask(issuer: LocalIssuer, request: bytes) -> bytes:
    host, port = issuer.origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(request)
        parts = iter(lambda: connection.recv(65536), b"")
        return b"".join(parts)


def settings_of(issuer: LocalIssuer, origin: str) -> OidcSettings:
    return OidcSettings(
        issuer=issuer.issuer,
        client_id="app",
        internal_origin=origin,
        timeout=1.5,
        max_wait=1,
        max_waiting=4,
        refetch_interval=0,
    )


@pytest.mark.parametrize("ill", SICK)
def test_known_keys_serve_on_and_the_rest_is_503_within_seconds(
    issuer: LocalIssuer, other_rsa_key: SigningKey, ill: str
) -> None:
    sick = threading.Event()
    with front_of(issuer, ill, sick) as origin:
        settings = settings_of(issuer, origin)
        app = make_app(settings)
        with TestClient(app) as client:
            known = bearer(issuer.token())
            assert client.get("/me", headers=known).status_code == 200
            sick.set()
            time.sleep(0.2)
            new = bearer(issuer.token(key=other_rsa_key))

            def get(headers: dict[str, str]) -> tuple[int, float]:
                began = time.monotonic()
                return client.get("/me", headers=headers).status_code, time.monotonic() - began

            with ThreadPoolExecutor(60) as pool:
                refused = [pool.submit(get, new) for _ in range(50)]
                time.sleep(0.3)
                served = [pool.submit(get, known) for _ in range(10)]
                assert [one.result()[0] for one in served] == [200] * 10
                assert [one.result()[0] for one in refused] == [503] * 50
                longest = max(one.result()[1] for one in refused)
        assert longest < 10, "seconds, while the machine does other things too"


@pytest.mark.parametrize("ill", SICK)
def test_a_fetch_ends_within_its_deadline(issuer: LocalIssuer, ill: str) -> None:
    sick = threading.Event()
    with front_of(issuer, ill, sick) as origin:
        settings = settings_of(issuer, origin)
        sick.set()
        time.sleep(0.2)
        began = time.monotonic()
        with pytest.raises(FetchError):
            fetch_json(settings.discovery_url, settings, Deadline(1))
        assert time.monotonic() - began < 5


def test_a_handshake_that_hangs_ends_too(issuer: LocalIssuer) -> None:
    sick = threading.Event()
    sick.set()
    with front_of(issuer, "hangs", sick) as origin:
        settings = replace(settings_of(issuer, origin), internal_origin=None)
        began = time.monotonic()
        with pytest.raises(FetchError):
            fetch_json(origin.replace("http:", "https:"), settings, Deadline(0.5))
        assert time.monotonic() - began < 5


def test_only_so_many_wait(issuer: LocalIssuer) -> None:
    """The others are told at once, so that the app's threads are free for other requests."""
    issuer.delay = 30
    verifier = TokenVerifier(
        OidcSettings(issuer=issuer.issuer, client_id="app", timeout=30, max_wait=20, max_waiting=2)
    )
    token = issuer.token()

    def wait() -> None:
        with pytest.raises(IssuerUnavailableError):
            verifier.verify(token)

    waiting = [threading.Thread(target=wait, daemon=True) for _ in range(2)]
    for thread in waiting:
        thread.start()
    while verifier._keys._waiting < 2:
        time.sleep(0.01)

    began = time.monotonic()
    with pytest.raises(IssuerUnavailableError):
        verifier.verify(token)

    assert time.monotonic() - began < 5
    assert all(thread.is_alive() for thread in waiting)

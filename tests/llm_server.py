"""A chat-completions endpoint on loopback; a test decides what it answers and sees what it got."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Asked = dict[str, Any]  # the question and the passages that a request brought
Behaviour = Callable[["Handler", Asked], None]


class Handler(BaseHTTPRequestHandler):
    """One request; a behaviour writes the response with `say`, `send` or on `wfile`."""

    server: LlmServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = {"question": "", "passages": []}
        if len(body["messages"]) > 1:
            asked = json.loads(body["messages"][-1]["content"])
        server = self.server
        with server.lock:
            server.requests.append({"path": self.path, "body": body, **asked})
            server.keys.append(self.headers.get("Authorization", ""))
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
        try:
            server.behaviour(self, asked)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client has given up, as it should
        finally:
            with server.lock:
                server.at_once -= 1

    def say(self, text: str) -> None:
        """A chat completion with this text."""
        message = {"role": "assistant", "content": text}
        self.send(json.dumps({"choices": [{"index": 0, "message": message}]}).encode())

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Any response."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""


class LlmServer(ThreadingHTTPServer):
    """The endpoint; `behaviour` may be changed between requests."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviour = behaviour
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.lock = threading.Lock()
        self.at_once = self.most_at_once = 0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves between requests is no error: on a busy machine it resets."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def __enter__(self) -> LlmServer:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


def saying(text: str) -> Behaviour:
    """Always this text."""
    return lambda handler, _: handler.say(text)


def sending(body: bytes, status: int = 200, **headers: str) -> Behaviour:
    """Always this response."""
    return lambda handler, _: handler.send(body, status, **headers)


def extractive(handler: Handler, asked: Asked) -> None:
    """As a good model does: the first sentence of the first passage, cited."""
    if not asked["passages"]:
        return handler.say("ready")
    first = asked["passages"][0]
    sentence = first["text"].split(". ")[0].rstrip(".")
    handler.say(f"{sentence} [{first['number']}].")


def slow(seconds: float) -> Behaviour:
    """Nothing for a while."""

    def wait(handler: Handler, asked: Asked) -> None:
        time.sleep(seconds)
        extractive(handler, asked)

    return wait


def dripping(handler: Handler, _: Asked) -> None:
    """A byte now and then, each well within any single read's patience."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(400):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def endless(handler: Handler, _: Asked) -> None:
    """A body that does not end."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for _ in range(10_000):
        handler.wfile.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def hanging_up(handler: Handler, _: Asked) -> None:
    """Breaks off without a word."""
    handler.close_connection = True
    handler.connection.close()

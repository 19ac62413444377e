"""A small HTTP server that answers like a Prometheus with one series, or misbehaves in a chosen way."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Answer = Callable[["Handler"], None]
LABELS = {"__name__": "up", "job": "app"}


class Handler(BaseHTTPRequestHandler):
    """GET and POST by path; `server.faults` replaces the answer to a path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        sent = parse_qs(url.query)
        if self.headers.get("Content-Type", "").startswith("application/x-www-form"):
            sent |= parse_qs(body.decode())
        self.server.seen.append((url.path, sent, dict(self.headers)))
        answer = self.server.faults.get(url.path) or self.server.normal[url.path]
        answer(self)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def reply(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def raw(body: bytes, status: int = 200, **headers: str) -> Answer:
    return lambda handler: handler.reply(body, status, **headers)


def data(content: object, **extra: object) -> Answer:
    return raw(json.dumps({"status": "success", "data": content, **extra}).encode())


def error(status: int, kind: str, text: str) -> Answer:
    return raw(json.dumps({"status": "error", "errorType": kind, "error": text}).encode(), status)


def matrix(values: list, **extra: object) -> Answer:
    return data({"resultType": "matrix", "result": [{"metric": LABELS, "values": values}]}, **extra)


def packed(size: int) -> Answer:
    """A body that grows to `size` bytes when unpacked."""
    return raw(gzip.compress(b"[" + b" " * size + b"]"), 200, Content_Encoding="gzip")


def cut(body: bytes) -> Answer:
    """Announces more than it sends, then hangs up."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body) + 1000))
        handler.end_headers()
        handler.wfile.write(body)
        handler.wfile.flush()
        handler.close_connection = True

    return answer


def drip(stop: threading.Event) -> Answer:
    """One byte now and then, for ever: no timeout per read ever trips."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not stop.wait(0.05):
            try:
                handler.wfile.write(b" ")
                handler.wfile.flush()
            except OSError:
                return

    return answer


def slow_header(stop: threading.Event) -> Answer:
    """Not even the status line is ever complete."""

    def answer(handler: Handler) -> None:
        while not stop.wait(0.05):
            try:
                handler.wfile.write(b"H")
                handler.wfile.flush()
            except OSError:
                return
        handler.close_connection = True

    return answer


@contextmanager
def serve(**faults: Answer) -> Iterator[ThreadingHTTPServer]:
    """Run the server; its `url`, `seen` (path, parameters, headers) and `faults` (path -> answer) are attributes."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.url = f"http://127.0.0.1:{server.server_port}"
    server.seen, server.faults = [], dict(faults)
    server.normal = {
        "/api/v1/metadata": data({"up": [{"type": "gauge", "help": "", "unit": ""}]}),
        "/api/v1/status/runtimeinfo": data({"storageRetention": "1y"}),
        "/api/v1/series": data([LABELS]),
        "/api/v1/query": matrix([[1772409600.5, "1"], [1772409615.5, "0"]]),
        "/api/v1/read": raw(b"no remote read here", 404),
    }
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()

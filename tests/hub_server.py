"""A model hub on loopback that speaks as much of its protocol as fetching a model takes."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"  # pragma: allowlist secret


class _Handler(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.server.asked.append(path)
        for name, folder in self.server.models.items():
            if path.startswith(f"/api/models/{name}/tree/"):
                return self._json(200, self._tree(folder))
            if path.startswith(f"/api/models/{name}"):
                return self._json(200, self._info(name, folder))
            for revision in (COMMIT, "main"):
                prefix = f"/{name}/resolve/{revision}/"
                if path.startswith(prefix) and (folder / path.removeprefix(prefix)).is_file():
                    return self._file(folder / path.removeprefix(prefix))
        if path.startswith("/api/models/gated/"):
            return self._json(403, {"error": "gated"}, {"X-Error-Code": "GatedRepo"})
        self._json(404, {"error": "not found"}, {"X-Error-Code": "RepoNotFound"})

    do_HEAD = do_GET

    def _info(self, name: str, folder: Path) -> dict[str, object]:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        siblings = [
            {"rfilename": path.relative_to(folder).as_posix(), "size": path.stat().st_size}
            for path in files
        ]
        return {"id": name, "sha": COMMIT, "siblings": siblings, "tags": [], "private": False}

    def _tree(self, folder: Path) -> list[dict[str, object]]:
        return [
            {
                "type": "file",
                "path": path.relative_to(folder).as_posix(),
                "size": path.stat().st_size,
                "oid": hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest(),
            }
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ]

    def _file(self, path: Path) -> None:
        body = path.read_bytes()
        tag = hashlib.sha256(body).hexdigest()
        self._send(200, body, {"ETag": f'"{tag}"', "X-Repo-Commit": COMMIT})

    def _json(self, status: int, value: object, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(value).encode(), headers or {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""


class Hub(ThreadingHTTPServer):
    """Serves the folders in `models` under their names."""

    daemon_threads = True

    def __init__(self, models: dict[str, Path]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.models = models
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Hub:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

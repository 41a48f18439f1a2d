"""A run folder in the browser: read only, on this machine alone unless told otherwise."""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import ipaddress
import mimetypes
from pathlib import Path
import shutil
from urllib.parse import unquote, urlsplit

from . import finished
from .files import Stopped

TYPES = {".html": "text/html; charset=utf-8", ".csv": "text/csv; charset=utf-8", ".json": "application/json", ".ipynb": "application/json",
         ".txt": "text/plain; charset=utf-8", ".log": "text/plain; charset=utf-8", ".svg": "image/svg+xml"}  # fmt: skip
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
           "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-cache"}  # fmt: skip


def server(folder: Path, host: str = "127.0.0.1", port: int = 8000) -> ThreadingHTTPServer:
    """A server for the files of a run folder; port 0 takes a free one. GET and HEAD only, no listings, no hidden files, no
    links that lead out of the folder.

    Raises Stopped where the folder holds no finished run, or the port is taken.
    """
    finished.described(folder)
    if not (folder / "index.html").is_file():
        raise Stopped(f"{folder}: index.html is missing; make the run again")
    root = folder.resolve()
    names = {"localhost", "127.0.0.1", "[::1]", host} if _loopback(host) else set()

    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "presslab", ""

        def do_GET(self) -> None:
            self._answer(body=True)

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def _answer(self, body: bool) -> None:
            name = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
            if names and name.strip().lower() not in names:
                self.send_error(HTTPStatus.FORBIDDEN, "This address is for this machine only")
                return
            path = found(root, self.path)
            if path is None:
                self.send_error(HTTPStatus.NOT_FOUND, "There is no such file in this run")
                return
            with path.open("rb") as stream:
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Type", TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream")
                self.send_header("Content-Length", str(path.stat().st_size))
                self.end_headers()
                if body:
                    shutil.copyfileobj(stream, self.wfile)

        def end_headers(self) -> None:
            for header, value in HEADERS.items():
                self.send_header(header, value)
            super().end_headers()

        def log_message(self, *arguments) -> None:
            """Nothing: who looks at what is nobody's business."""

    try:
        return ThreadingHTTPServer((host, port), Handler)
    except OSError as error:
        raise Stopped(f"port {port} of {host} can't be used ({error.strerror}); name another with --port, or 0 for any free one") from error


def found(root: Path, target: str) -> Path | None:
    """The file of a run that a request means, "/" being its index; None where it may not be given."""
    try:
        wanted = unquote(urlsplit(target).path, errors="strict")
    except (UnicodeDecodeError, ValueError):
        return None
    parts = wanted.removeprefix("/").split("/") if wanted != "/" else ["index.html"]
    if any(part in ("", ".", "..") or part.startswith(".") or "\\" in part or "\0" in part for part in parts):
        return None
    try:
        path = root.joinpath(*parts).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    return path if path.is_relative_to(root) and path.is_file() else None


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

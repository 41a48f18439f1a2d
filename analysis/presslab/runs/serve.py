"""A run folder in the browser: read only, on this machine alone unless told otherwise. The folder may come from
anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib import resources
import ipaddress
import logging
import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tornado.http1connection import HTTP1Connection
from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from presslab.reporting.html import script_digest
from presslab.system.files import Stopped, inside

from . import finished

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".ipynb": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".log": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
    "Server": "presslab",
}
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors"
    " 'none'"
)
PATIENCE = 10.0  # seconds that a request, its rest, or a reader of an answer may keep the server waiting
MOST_OPEN = 64  # connections at a time; a browser makes six
LARGEST_HEAD = 16_384  # bytes of a request's first line and headers
PIECE = 1 << 18  # bytes of a file that are sent at once


class Serving:
    """A server that listens already; `serve_forever` answers until `shutdown`, from whatever thread, or Ctrl-C."""

    def __init__(self, root: Path, host: str, port: int) -> None:
        self.sockets = bind_sockets(port, host)
        self.server_address: tuple[str, int] = self.sockets[0].getsockname()[:2]
        names = {"localhost", "127.0.0.1", "[::1]", host} if _loopback(host) else set()
        # who looks at what is nobody's business
        application = Application([(".*", _File, {"root": root, "names": names})], log_function=lambda handler: None)
        self.server = _Bounded(
            application, no_keep_alive=False, max_header_size=LARGEST_HEAD, max_body_size=1, max_buffer_size=4 * PIECE,
            idle_connection_timeout=PATIENCE, body_timeout=PATIENCE,
        )  # fmt: skip
        self.stop: Callable[[], object] = lambda: None

    def serve_forever(self, ready: Callable[[], object] = lambda: None) -> None:
        """Answer requests; `ready` is called once, when they are answered and Ctrl-C ends them cleanly."""
        asyncio.run(self._serve(ready))

    async def _serve(self, ready: Callable[[], object]) -> None:
        loop, end = asyncio.get_running_loop(), asyncio.Event()
        self.stop = lambda: loop.call_soon_threadsafe(end.set)
        self.server.add_sockets(self.sockets)
        ready()
        await end.wait()

    def shutdown(self) -> None:
        """End `serve_forever`, however many connections are open."""
        self.stop()

    def server_close(self) -> None:
        """Let go of the port."""
        for socket in self.sockets:
            socket.close()

    def __enter__(self) -> Serving:
        return self

    def __exit__(self, *_: object) -> None:
        self.server_close()


class _Bounded(HTTPServer):
    """A server that hangs up on whoever comes when MOST_OPEN connections are open."""

    open = 0

    def handle_stream(self, stream: Any, address: Any) -> None:
        if self.open >= MOST_OPEN:
            stream.close()
            return
        self.open += 1
        super().handle_stream(stream, address)

    def on_close(self, server_conn: object) -> None:
        self.open -= 1
        super().on_close(server_conn)


class _File(RequestHandler):
    """Answers GET and HEAD with a file of the run."""

    def initialize(self, root: Path, names: set[str]) -> None:
        self.root, self.names = root, names

    def set_default_headers(self) -> None:
        for header, value in (HEADERS | {"Content-Security-Policy": f"{POLICY}; sandbox"}).items():
            self.set_header(header, value)

    def compute_etag(self) -> None:
        """Do nothing: files are sent in pieces."""

    async def get(self) -> None:
        """Send a file."""
        host = self.request.headers.get("Host", "").strip().lower()
        if self.names and (host.rpartition(":")[0] or host) not in self.names:
            raise HTTPError(403)
        path = found(self.root, self.request.uri or "")
        if path is None:
            raise HTTPError(404)
        try:
            with path.open("rb") as stream:
                self.set_header(
                    "Content-Type",
                    TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream",
                )
                self.set_header("Content-Length", str(path.stat().st_size))
                if path.suffix == ".html":
                    self.set_header("Content-Security-Policy", f"{POLICY}; script-src {_scripts()}")
                while self.request.method == "GET" and (piece := stream.read(PIECE)):
                    self.write(piece)
                    await asyncio.wait_for(self.flush(), PATIENCE)
        except (
            StreamClosedError,
            TimeoutError,
            asyncio.TimeoutError,
        ):  # whoever asked has gone, or has stopped reading
            if isinstance(self.request.connection, HTTP1Connection):
                self.request.connection.stream.close()
        except OSError:
            raise HTTPError(404) from None  # gone, or not ours to read

    head = get

    def write_error(self, status_code: int, **_: object) -> None:
        """Log one line."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(
            {403: "This address is for this machine only", 404: "There is no such file in this run"}.get(
                status_code, self._reason
            )
            + "\n"
        )


def server(folder: Path, host: str = "127.0.0.1", port: int = 8000) -> Serving:
    """Return a server for the files of a run folder; port 0 takes a free one. GET and HEAD only, no listings, no
    hidden files, no links. Pages come with a policy that lets no script run but presslab's own, and fetches and
    sends nothing.

    Raises Stopped if the folder contains no finished run, or the port is taken.
    """
    finished.described(folder)
    if not inside(folder, "index.html").is_file():
        raise Stopped(f"{folder}: index.html is missing; make the run again")
    logging.getLogger("tornado.general").setLevel(logging.CRITICAL)  # it would print what a broken request holds
    try:
        return Serving(folder.resolve(), host, port)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Stopped(
            f"port {port} of {host} can't be used ({reason}); name another with --port, or 0 for any free one"
        ) from error


def found(root: Path, target: str) -> Path | None:
    """Return the file of a run that a request means, "/" being its index; None if it may not be given."""
    try:
        path_part = unquote(target.partition("?")[0].partition("#")[0], errors="strict")
    except UnicodeDecodeError:
        return None
    name = path_part.removeprefix("/") or "index.html"
    if any(part.startswith(".") for part in name.split("/")) or not path_part.startswith("/"):
        return None
    try:
        path = inside(root, name)
        return path if path.is_file() else None
    except (Stopped, OSError, ValueError):  # a link, a way out, a name that no file can have
        return None


def _scripts() -> str:
    """Return the hashes of presslab's own scripts: no other runs, whatever a page's own policy says."""
    files = (resources.files("presslab") / "data" / "report").iterdir()
    return " ".join(
        sorted(f"'sha256-{script_digest(file.read_text('utf-8'))}'" for file in files if file.name.endswith(".js"))
    )


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

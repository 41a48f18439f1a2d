"""`presslab serve`: a run folder in the browser, and nothing else of the machine."""

import http.client
import os
from pathlib import Path
import re
import signal
import socket
import struct
import subprocess
import sys
from threading import Thread
import time

from click.testing import CliRunner
import pytest

from presslab.cli import main
from presslab.reporting.html import script_digest
from presslab.runs import serve
from presslab.runs.articles import report_run
from presslab.system.parallel import here
from stories import stories


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A finished run, with a secret beside it and links that lead out of it."""
    place = tmp_path_factory.mktemp("serve")
    inputs = [stories(place / "in", 1)]
    report_run(inputs, place / "out", spread=here)
    (place / "secret.txt").write_text("secret")
    (place / "out" / "way-out.txt").symlink_to(place / "secret.txt")
    (place / "out" / "up").symlink_to(place)
    return place / "out"


@pytest.fixture(scope="module")
def address(run):
    server = serve.server(run, "127.0.0.1", 0)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address
    server.shutdown()
    server.server_close()


def ask(address, path, method="GET", host=None):
    connection = http.client.HTTPConnection(*address[:2], timeout=10)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or f"127.0.0.1:{address[1]}")
    connection.endheaders()
    answer = connection.getresponse()
    return answer.status, answer.read(), dict(answer.getheaders())


def test_the_index_and_what_it_links_are_there(address, run):
    status, body, headers = ask(address, "/")
    assert (
        status == 200
        and body == (run / "index.html").read_bytes()
        and headers["Content-Type"] == "text/html; charset=utf-8"
    )
    report = next((run / "articles").iterdir())
    assert ask(address, f"/articles/{report.name}")[1] == report.read_bytes()
    assert ask(address, "/tables/measures.csv")[2]["Content-Type"] == "text/csv; charset=utf-8"
    assert ask(address, "/index.html", "HEAD")[1] == b""


def test_every_answer_forbids_guessing_framing_and_leaking(address):
    for path in ("/", "/no-such-file"):
        headers = ask(address, path)[2]
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Frame-Options"] == "DENY" and headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Python" not in headers.get("Server", "")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/articles/../../secret.txt",
        "/articles/%2e%2e/%2e%2e/secret.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/..\\secret.txt",
        "/%5c..%5csecret.txt",
        "/way-out.txt",
        "/up/secret.txt",
        "/up/",
        "/.presslab/state.sqlite",
        "/.presslab/",
        "/%2epresslab/",
        "/articles/",
        "/tables",
        "/index.html/",
        "/index.html%00.txt",
        "/%e9",
        "/%C3%A9",
        "/" + "a/" * 4000,
        "/..%c0%af..%c0%afsecret.txt",
        "/CON",
        "/?/../secret.txt/../../secret.txt#",
        "/tables/measures.csv/../../../secret.txt",
    ],
)
def test_nothing_else_is_given(address, path):
    status, body, _ = ask(address, path)
    assert b"secret" not in body.replace(b"secret.txt", b"") and b"root:" not in body
    assert status in (400, 404, 414) or (status == 200 and path.startswith("/?"))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_nothing_can_be_written(address, run, method):
    before = sorted(p.name for p in run.rglob("*"))
    assert ask(address, "/index.html", method)[0] in (405, 501)
    assert sorted(p.name for p in run.rglob("*")) == before


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "", "127.0.0.1.evil.example"])
def test_another_name_for_this_machine_is_refused(address, host):
    """A page elsewhere could otherwise point its own name at 127.0.0.1 and read the run (DNS rebinding)."""
    assert ask(address, "/", host=host or " ")[0] in (400, 403)


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    (tmp_path / "diary.html").write_text("private")
    done = CliRunner().invoke(main, ["serve", str(tmp_path)])
    assert done.exit_code == 1 and "contains no finished run" in done.output


def served(run) -> subprocess.Popen:
    """The command on a run, which hears Ctrl-C even if the tests are started deaf to it."""
    return subprocess.Popen(
        [sys.executable, "-m", "presslab.cli", "serve", str(run), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=dict(os.environ),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def test_the_command_says_where_to_look_and_ends_with_ctrl_c(run):
    process = served(run)
    line = process.stdout.readline()
    assert "http://127.0.0.1:" in line, line
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0 and "Traceback" not in process.stdout.read()


def test_a_port_in_use_is_one_line(run, address):
    done = CliRunner().invoke(main, ["serve", str(run), "--port", str(address[1])])
    assert done.exit_code == 1 and "port" in done.output and "Traceback" not in done.output


def test_paths_are_not_followed_on_a_folder_given_by_a_link(run, tmp_path):
    link = Path(tmp_path / "latest")
    link.symlink_to(run)
    server = serve.server(link, "127.0.0.1", 0)
    Thread(target=server.serve_forever, daemon=True).start()
    assert ask(server.server_address, "/")[0] == 200 and ask(server.server_address, "/way-out.txt")[0] == 404
    server.shutdown()
    server.server_close()


def sent(address, content: bytes) -> socket.socket:
    """A connection over which something was sent."""
    connection = socket.create_connection(address[:2], timeout=20)
    connection.sendall(content)
    return connection


def answer(connection: socket.socket) -> bytes:
    """All that comes until the server hangs up."""
    pieces = []
    try:
        while piece := connection.recv(65536):
            pieces.append(piece)
    except ConnectionResetError:
        pass
    return b"".join(pieces)


def test_pages_run_presslabs_own_scripts_and_fetch_nothing(address, run):
    for path in ("/", f"/articles/{next((run / 'articles').iterdir()).name}"):
        _, body, headers = ask(address, path)
        policy = headers["Content-Security-Policy"]
        assert (
            "default-src 'none'" in policy
            and "frame-ancestors 'none'" in policy
            and "form-action 'none'" in policy
            and "base-uri 'none'" in policy
        )
        assert "'unsafe-inline'" not in policy.split("script-src")[1]
        scripts = re.findall(r"<script>(.*?)</script>", body.decode(), re.S)
        assert scripts and all(f"'sha256-{script_digest(script)}'" in policy for script in scripts)


def test_a_page_that_somebody_changed_runs_none_of_its_scripts(address, run):
    (run / "articles" / "evil.html").write_text(
        '<meta http-equiv=Content-Security-Policy content="script-src'
        " *\"><script>fetch('https://example.org')</script>"
    )
    policy = ask(address, "/articles/evil.html")[2]["Content-Security-Policy"]
    (run / "articles" / "evil.html").unlink()
    assert script_digest("fetch('https://example.org')") not in policy and "*" not in policy


@pytest.mark.parametrize("name", ["x.svg", "x.xml", "x.xhtml", "x.ipynb", "x.htm", "x.pdf", "x.HTML", "x"])
def test_whatever_is_no_page_is_shut_off(address, run, name):
    (run / "tables" / name).write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    status, _, headers = ask(address, f"/tables/{name}")
    (run / "tables" / name).unlink()
    assert (
        status == 200
        and "sandbox" in headers["Content-Security-Policy"]
        and "script-src" not in headers["Content-Security-Policy"]
    )


def test_errors_have_the_policy_too(address):
    assert "default-src 'none'" in ask(address, "/no-such-file")[2]["Content-Security-Policy"]


@pytest.fixture()
def impatient(run, monkeypatch):
    """A server with little patience and few connections."""
    monkeypatch.setattr(serve, "PATIENCE", 1.0)
    monkeypatch.setattr(serve, "MOST_OPEN", 3)
    server = serve.server(run, "127.0.0.1", 0)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        b"G",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\n",
    ],
)
def test_a_request_that_is_never_ended_is_hung_up_on(impatient, content):
    start = time.monotonic()
    answer(sent(impatient, content))
    assert time.monotonic() - start < 8


def test_connections_are_bounded_and_let_go(impatient):
    held = [sent(impatient, b"GET ") for _ in range(3)]
    assert answer(sent(impatient, b"")) == b""  # hung up on at once
    for connection in held:
        answer(connection)
    assert ask(impatient, "/")[0] == 200


@pytest.mark.parametrize(
    "content",
    [
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"\x1b]0;pwned\x07 / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
    ],
)
def test_requests_that_are_none_are_refused_without_a_word(impatient, content, capfd):
    try:
        connection = sent(impatient, content)
    except (BrokenPipeError, ConnectionResetError):  # it hung up before all was sent
        connection = None
    told = answer(connection) if connection else b""
    assert b" 200 " not in told.split(b"\r\n")[0] and ask(impatient, "/")[0] == 200
    assert capfd.readouterr() == ("", "")


def test_a_client_that_goes_away_leaves_no_traceback_and_a_slow_one_is_dropped(impatient, run, capfd):
    (run / "tables" / "large.csv").write_bytes(b"x" * 60_000_000)
    line = b"GET /tables/large.csv HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    for _ in range(5):
        connection = sent(impatient, line)
        connection.recv(1000)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # reset, not closed
        connection.close()
    slow = sent(impatient, line)
    time.sleep(3)
    assert len(answer(slow)) < 60_000_000
    assert ask(impatient, "/tables/large.csv")[1] == b"x" * 60_000_000
    (run / "tables" / "large.csv").unlink()
    assert capfd.readouterr() == ("", "")


def test_ctrl_c_ends_at_once_with_connections_open(run):
    process = served(run)
    address = ("127.0.0.1", int(re.search(r":(\d+) ", process.stdout.readline())[1]))
    held = [sent(address, content) for content in (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")]
    time.sleep(0.5)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0 and time.monotonic() - start < 5 and process.stdout.read().strip() == ""
    assert len(held) == 3

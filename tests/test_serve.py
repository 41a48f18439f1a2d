"""`presslab serve`: a run folder in the browser, and nothing else of the machine."""

import http.client
import os
from pathlib import Path
import signal
import subprocess
import sys
from threading import Thread

from click.testing import CliRunner
import pytest
from stories import stories

from analysis import batch, serve
from analysis.cli import main
from analysis.parallel import here


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A finished run, with a secret beside it and links that lead out of it."""
    place = tmp_path_factory.mktemp("serve")
    inputs = [stories(place / "in", 1)]
    batch.report_run(inputs, place / "out", spread=here)
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
    assert status == 200 and body == (run / "index.html").read_bytes() and headers["Content-Type"] == "text/html; charset=utf-8"
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
        "/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/articles/../../secret.txt", "/articles/%2e%2e/%2e%2e/secret.txt",
        "//etc/passwd", "/%2fetc/passwd", "/..\\secret.txt", "/%5c..%5csecret.txt", "/way-out.txt", "/up/secret.txt", "/up/",
        "/.presslab/state.sqlite", "/.presslab/", "/%2epresslab/", "/articles/", "/tables", "/index.html/", "/index.html%00.txt", "/%e9", "/%C3%A9",
        "/" + "a/" * 4000, "/..%c0%af..%c0%afsecret.txt", "/CON", "/?/../secret.txt/../../secret.txt#", "/tables/measures.csv/../../../secret.txt",
    ],
)  # fmt: skip
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
    assert done.exit_code == 1 and "holds no finished run" in done.output


def test_the_command_says_where_to_look_and_ends_with_ctrl_c(run):
    process = subprocess.Popen([sys.executable, "-m", "analysis.cli", "serve", str(run), "--port", "0"], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, env=dict(os.environ), preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))  # fmt: skip
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

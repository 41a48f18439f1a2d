"""The door of the command: Ctrl-C is one line while everything is still being loaded, too."""

from __future__ import annotations

import signal
import sys

from presslab.system.files import INTERRUPTED
from presslab.system.own import begin


def main() -> None:
    """Load and run the `presslab` command."""
    try:
        begin()
        from presslab.cli import main as presslab

        presslab(prog_name="presslab")
    except SystemExit:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it has ended and said so: a late Ctrl-C changes nothing
        _forget()
        raise
    except KeyboardInterrupt:
        print(INTERRUPTED, file=sys.stderr)
        _forget()
        sys.exit(130)


def _forget() -> None:
    """Make Python forget a Ctrl-C that came while a library ran a string: it would end as if nobody had caught it."""
    exec("")


if __name__ == "__main__":
    main()

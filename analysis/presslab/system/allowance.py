"""What the system allows this process (files, processes, memory), and what to say if that is too little."""

from __future__ import annotations

import errno
import os
import sys

from .files import CLOSED, FULL, full

FEWEST_FILES = 64  # open files that one kernel, its client and a run folder take
FEWEST_PROCESSES = 32  # processes and threads of the same: with fewer, a kernel starts by half and never answers
LEAST_MEMORY = 10**9  # bytes of address space; with less, libraries fail to load, or wait for memory without end
LOW_FILES, LOW_PROCESSES, LOW_MEMORY = 256, 256, 4 * 10**9  # limits below these may have ended a process
FILES, PROCESSES, MEMORY = "NOFILE", "NPROC", "AS"


def limit(name: str) -> int | None:
    """Return a limit of this process by the name that the system gives it ("NOFILE"); None if there is none."""
    if (
        sys.platform == "win32" or name == PROCESSES and os.geteuid() == 0
    ):  # root may start as many as there is room for
        return None
    import resource

    number = getattr(resource, f"RLIMIT_{name}", None)
    most = resource.RLIM_INFINITY if number is None else resource.getrlimit(number)[0]
    return None if most == resource.RLIM_INFINITY else most


def remedy(name: str) -> str:
    """Return which limit it is that is too low, and how it is raised."""
    most = limit(name)
    if name == FILES:
        return f"the system allows {most:,} open files for this process; raise it with ulimit -n 1024"
    if name == PROCESSES:
        allowance = (
            "no more processes and threads for this user"
            if most is None
            else f"{most:,} processes and threads for this user"
        )
        return f"the system allows {allowance}; raise it with ulimit -u 4096, or give a lower --jobs"
    return (
        f"the system allows {(most or 0) / 10**6:,.0f} MB of memory for this process; raise it with ulimit -v unlimited"
    )


def too_little() -> str:
    """Return why presslab can't work at all in what this process is allowed; "" if it can."""
    for name, least in ((FILES, FEWEST_FILES), (PROCESSES, FEWEST_PROCESSES), (MEMORY, LEAST_MEMORY)):
        if (limit(name) or least) < least:
            return remedy(name)
    return ""


def tight() -> str:
    """Return the limits that are low enough to have ended a process of ours, to be added to what is said of its end; ""
    if none is."""
    low = ((FILES, LOW_FILES), (PROCESSES, LOW_PROCESSES), (MEMORY, LOW_MEMORY))
    remedies = [remedy(name) for name, enough in low if (most := limit(name)) is not None and most < enough]
    return "".join(f"; {text}" for text in remedies)


def ending(error: BaseException) -> str:
    """Return why a run can't go on, in one line with the remedy: a full disk, a place where nothing can be written, a
    limit of the system; "" for any other exception, which is a defect."""
    if isinstance(error, OSError) and error.errno in FULL:
        return full(error.filename)
    if isinstance(error, OSError) and error.errno in CLOSED and error.filename:
        return f"{error.filename} can't be written ({error.strerror}); choose another place for the output"
    return lacking(error)


def lacking(error: BaseException) -> str:
    """Return which limit an exception comes from, a notebook's too, with the remedy; "" if it comes from none."""
    name, text = getattr(error, "ename", type(error).__name__), str(getattr(error, "evalue", error))
    number = getattr(error, "errno", None)
    if (
        number == errno.EMFILE
        or name in ("OSError", "ZMQError")
        and text.startswith(("[Errno 24]", "Too many open files"))
    ):
        return remedy(FILES)
    if number == errno.EAGAIN or name == "RuntimeError" and text == "can't start new thread":
        return remedy(PROCESSES)
    mapped = name == "ImportError" and "failed to map segment" in text
    if (number == errno.ENOMEM or name == "MemoryError" or mapped) and limit(MEMORY) is not None:
        return remedy(MEMORY)
    return ""

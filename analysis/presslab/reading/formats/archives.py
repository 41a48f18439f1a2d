"""ZIP, tar and gzip: their members one after another, in memory, never written anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
import gzip
import io
import tarfile
from typing import IO, TYPE_CHECKING
import zipfile
import zlib

from .record import LARGEST_WHOLE, ReaderError, Refused, Source

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

MOST_MEMBERS = 200_000
LARGEST_TOTAL = 20_000_000_000  # bytes, unpacked
LARGEST_RATIO = 250  # a text packs to a twentieth; a bomb to a thousandth
NOT_A_BOMB = 10_000_000  # bytes: below this size the ratio says nothing
BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def checked_zip(stream: IO[bytes], largest: int = LARGEST_WHOLE) -> zipfile.ZipFile:
    """Return a ZIP whose members may be read whole. Raises ReaderError for a bomb or a broken file.

    Sizes are those that the file states; Python never unpacks more of a member than that.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except BROKEN as error:
        raise ReaderError(f"broken ZIP ({error}); is the file complete?") from error
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise ReaderError(f"the ZIP has {len(members):,} members; at most {MOST_MEMBERS:,} are read")
    for member in members:
        if member.file_size > NOT_A_BOMB and member.file_size > LARGEST_RATIO * max(member.compress_size, 1):
            raise ReaderError(
                f"looks like a ZIP bomb: {member.filename[-60:]} would grow from {member.compress_size / 1e6:,.1f} MB "
                f"to {member.file_size / 1e6:,.0f} MB; it was not unpacked"
            )
    if sum(m.file_size for m in members) > LARGEST_TOTAL:
        raise ReaderError("too large: more than 20 GB when unpacked; it was not unpacked")
    if any(m.filename in ("word/document.xml", "xl/sharedStrings.xml") and m.file_size > largest for m in members):
        raise ReaderError(
            f"too large to be read in one piece (more than {largest / 1e6:,.0f} MB when unpacked); split the export"
        )
    return archive


def zip_members(source: Source) -> Iterator[Source | Refused]:
    """Yield the files in a ZIP, in its order."""
    with source.open() as stream, checked_zip(stream) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            if member.flag_bits & 1:
                yield Refused("is encrypted; unpack it with its password first", member.filename)
                continue
            yield Source(member.filename, member.file_size, partial(archive.open, member))


def tar_members(source: Source) -> Iterator[Source | Refused]:
    """Yield the files in a tar (plain, gzip, bzip2 or xz), in its order; links and devices are refused, not
    followed."""
    total = 0
    try:
        with source.open() as stream, tarfile.open(fileobj=stream, mode="r|*") as archive:
            for number, member in enumerate(archive):
                total += member.size
                if number > MOST_MEMBERS or total > LARGEST_TOTAL:
                    raise ReaderError(
                        "too large: more members or more bytes when unpacked than are read; reading stopped here"
                    )
                if member.isdir():
                    continue
                inner = archive.extractfile(member) if member.isfile() else None
                if inner is None:
                    yield Refused("is a link or a device, not a file", member.name)
                    continue
                if member.size > LARGEST_WHOLE:
                    yield Source(member.name, member.size, _once(inner))
                else:
                    yield Source.of_bytes(member.name, inner.read())
    except ReaderError:
        raise
    except BROKEN as error:
        raise ReaderError(f"broken tar ({error}); is the file complete?") from error


def gzip_member(source: Source) -> Source:
    """Return what is in a gzip file, as a source that is unpacked while it is read."""
    name = source.name.removesuffix(".gz")
    return Source(name, source.size, lambda: io.BufferedReader(gzip.GzipFile(fileobj=source.open())))


def _once(stream: IO[bytes]) -> Callable[[], IO[bytes]]:
    """Return an opener for a member of a stream that can't be read twice: its head is kept and put before the rest."""
    head = stream.read(65536)
    state = {"taken": False}
    return lambda: io.BytesIO(head) if state["taken"] else _Piecewise(_Replayed(head, stream, state))


class _Piecewise(io.BufferedReader):
    """A stream of which one read ends where the head does: whoever looks at a file's beginning doesn't take the
    rest."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read() if size is None or size < 0 else self.read1(size)


class _Replayed(io.RawIOBase):
    """The head that was kept, then the rest of the stream; reading beyond the head marks the stream as taken."""

    def __init__(self, head: bytes, rest: IO[bytes], state: dict[str, bool]) -> None:
        self.head, self.rest, self.state, self.place = head, rest, state, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        room = memoryview(buffer)
        if self.place < len(self.head):
            piece = self.head[self.place : self.place + len(room)]
            self.place += len(piece)
        else:
            self.state["taken"] = True
            piece = self.rest.read(len(room))
        room[: len(piece)] = piece
        return len(piece)

"""The same tasks on a Dask cluster: in order, bounded, results through the scheduler, no shared disk."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from .files import Stopped
from .parallel import Trouble, attempt

if TYPE_CHECKING:
    from distributed import Future

Result = TypeVar("Result")
PATIENCE = 20.0  # seconds until an address without a scheduler is given up


def on_cluster(
    address: str, task: Callable[..., Result], items: Iterable[tuple], window: int = 4
) -> Iterator[tuple[tuple, Result | Trouble]]:
    """Yield `task(*item)` for each item, in the items' order, by the workers of the Dask scheduler at an address.

    At most `window` items a worker's thread are under way. The item of a worker that is lost goes to another; one
    that was lost with several workers has failed. Raises Stopped if there is no such scheduler, or no worker.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise Stopped("--scheduler needs Dask; install it with: pip install 'presslab[cluster]'") from error
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise Stopped(f"there is no Dask scheduler at {address} ({type(error).__name__})") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=60)
        except TimeoutError as error:
            raise Stopped(
                f"the Dask scheduler at {address} has no workers; start some with: dask worker {address}"
            ) from error
        waiting: deque = deque()
        stream = iter(items)
        ended = False
        try:
            while True:
                most = window * max(sum(client.nthreads().values()), 1)
                while not ended and len(waiting) < most:
                    item = next(stream, None)
                    if item is None:
                        ended = True
                    else:
                        waiting.append((item, client.submit(attempt, task, item, pure=False)))
                if not waiting:
                    return
                item, future = waiting.popleft()
                yield item, _result(future)
                future.release()
        finally:
            client.cancel([future for _, future in waiting])


def _result(future: Future[Result]) -> Result | Trouble:
    """Return what the task gave; Trouble if its workers were lost."""
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker as error:
        return Trouble(f"the workers that had it were lost ({str(error).splitlines()[0][:200]})")

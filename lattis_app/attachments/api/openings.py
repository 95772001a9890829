"""Files of a request, opened before its transaction: neither a connection nor a thread of others waits meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from fastapi import UploadFile
from starlette.concurrency import run_in_threadpool

from lattis_app.core.files import DECODED_AT_ONCE, Upload
from lattis_app.core.opening import opened
from lattis_app.web.callers import Caller, admit

T = TypeVar("T")
_decoders: RunVar[CapacityLimiter] = RunVar("decoders of uploads")


async def open_each(
    caller: Caller,
    does: Callable[..., Any],
    receive: Callable[[], Sequence[UploadFile]],
    look: Callable[[Upload], T],
    most: int = 1,
) -> list[Upload]:
    """Look into the files of somebody who may do this, unless they are too many or were answered before.

    Whoever may not is told so before anything of the files; then `receive` raises what is wrong with all of them.
    """
    is_new = await run_in_threadpool(admit, caller, *getattr(does, "__requires__", ()))
    received = receive()
    if not is_new or len(received) > most:
        return await run_in_threadpool(read, received)
    try:
        decoders = _decoders.get()
    except LookupError:
        decoders = CapacityLimiter(DECODED_AT_ONCE)
        _decoders.set(decoders)
    return [await to_thread.run_sync(_opened, file, look, limiter=decoders) for file in received]


def read(received: Sequence[UploadFile]) -> list[Upload]:
    """The bytes of files."""
    return [Upload(file.filename or "", file.file.read()) for file in received]


def _opened(file: UploadFile, look: Callable[[Upload], T]) -> Upload:
    return opened(read([file])[0], look)

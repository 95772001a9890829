"""Child processes that never outlive this one."""

import ctypes
import signal
import sys
import threading
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def ending_with_this_process(with_signal: signal.Signals) -> Callable[[], None] | None:
    """What a child runs first, so that Linux signals it when this process dies, even when it is killed.

    Linux binds that to the thread which starts the child; only the main thread lives as long as the process.
    """
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, int(with_signal))

"""SIGTERM and SIGINT as a request to stop."""

from __future__ import annotations

import os
import signal
import threading

from jobs.control import Stop


def stop_on_signals(stop: Stop) -> None:
    """From now on the two signals ask ``stop``. Call it from the main thread.

    The handler itself does nothing: it may run while the main thread holds the very lock that asking needs. The
    interpreter writes the signal's number to a pipe, and a thread reads it there.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)

    def listen() -> None:
        os.read(reader, 1)
        stop.ask("stopped")

    threading.Thread(target=listen, name="signals", daemon=True).start()

"""Waiting for something that another thread, process or machine does."""

import time


def wait_until(holds, seconds=20, *, pause=0.02, why=lambda: "too long"):
    """Return what `holds()` gives, once that is true; fail with `why()` if seconds have gone."""
    end = time.monotonic() + seconds
    while not (value := holds()):
        assert time.monotonic() < end, why()
        time.sleep(pause)
    return value

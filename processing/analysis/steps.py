"""One progress made of several."""

from __future__ import annotations

from collections.abc import Callable


class Steps:
    """Makes one progress of several: called with the share of the step that was begun; a negative share only checks."""

    def __init__(self, progress: Callable[[float], None]):
        self._progress, self._start, self._part, self._now = progress, 0.0, 0.1, 0.0

    def begin(self, start: float, part: float) -> None:
        """Say that the next shares are shares of a part of the whole that starts there."""
        self._start, self._part = start, part
        self(0.0)

    def __call__(self, share: float) -> None:
        self._now = max(self._now, self._start + self._part * share)
        self._progress(self._now)

    def check(self) -> None:
        """Say that nothing has advanced: whoever listens may raise, to stop."""
        self._progress(self._now)

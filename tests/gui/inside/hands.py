"""What the scripts that run inside QGIS share: waiting, pressing, taking pictures, and leaving with what was seen."""

import json
import os
import sys
import time
import traceback
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication

OUT = Path(os.environ["TISSERAND_WINDOW_OUT"])


def wait(condition, seconds=60):
    """Let QGIS live until something is so."""
    end = time.monotonic() + seconds
    while not condition():
        QApplication.processEvents()
        if time.monotonic() > end:
            raise TimeoutError(condition.__code__.co_consts)
        time.sleep(0.01)
    QApplication.processEvents()


def picture(widget, name):
    """Save a picture of a window."""
    QApplication.processEvents()
    assert widget.grab().save(str(OUT / f"{name}.png"))


def press(button):
    """Press a button by the keyboard."""
    assert button.isEnabled(), button.text()
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


def when_ready(act, milliseconds=3000):
    """Let ``act(seen)`` fill what goes into seen.json, once QGIS stands; what goes wrong stands in its "error".

    So does what Qt called and what raised there. Leaves through os._exit: closing QGIS by its menu may ask questions.
    """

    def run():
        seen, raised = {"error": None}, []
        sys.excepthook = lambda *found: raised.append("".join(traceback.format_exception(*found)))
        try:
            act(seen)
        except BaseException:
            raised.append(traceback.format_exc())
        seen["error"] = "\n".join(raised) or None
        QgsProject.instance().clear()
        (OUT / "seen.json").write_text(json.dumps(seen), encoding="utf-8")
        sys.stdout.flush()
        os._exit(1 if seen["error"] else 0)

    QTimer.singleShot(milliseconds, run)

"""A real Chromium without a window, driven through the WebDriver protocol of Debian's chromium-driver."""

import base64
import json
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

SYSTEM = Path(__file__).resolve().parents[2] / "build" / "browser"
PATIENCE = 60


def missing():
    """Return why there is no browser to test with, "" when there is one."""
    for program in ("chromium", "chromedriver"):
        if not shutil.which(program):
            return f"{program} is not installed: make servers"
    return "" if axe_source() else "axe-core is not there: make servers"


def axe_source():
    """Return the file of axe-core, None when it was not set up."""
    return next(iter(sorted(SYSTEM.rglob("axe.min.js"))), None)


class Browser:
    """One window; sizes in pixels of a page."""

    def __init__(self, port, options):
        self._root = f"http://127.0.0.1:{port}"
        self._session = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": options}})["sessionId"]

    def _ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self._root}{path}", data, {"Content-Type": "application/json"}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error

    def _tell(self, method, path, body=None):
        return self._ask(method, f"/session/{self._session}{path}", body)

    def open(self, path, anchor=""):
        self._tell("POST", "/url", {"url": Path(path).resolve().as_uri() + (f"#{anchor}" if anchor else "")})

    def go(self, address):
        self._tell("POST", "/url", {"url": address})

    def emulate(self, width, height, *, dark=False, media=""):
        """Show pages as a screen of that size does, a telephone's when it is narrow; ``media`` may be print."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self._devtools("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._devtools("Emulation.setEmulatedMedia", {"media": media, "features": [scheme]})

    def _devtools(self, command, parameters):
        return self._tell("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def run(self, script, *arguments):
        """Return what a script returns; one that takes its time calls its last argument."""
        kind = "async" if "arguments[arguments.length - 1]" in script else "sync"
        return self._tell("POST", f"/execute/{kind}", {"script": script, "args": list(arguments)})

    def press(self, key):
        keys = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._tell("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": keys}]})

    def picture(self, path):
        """Keep what the window shows as PNG."""
        Path(path).write_bytes(base64.b64decode(self._tell("GET", "/screenshot")))

    def logs(self):
        return [entry["message"] for entry in self._tell("POST", "/se/log", {"type": "browser"})]

    def violations(self, tags):
        """Return what axe-core finds on the page: (rule, help, first place) of each."""
        self.run(axe_source().read_text(encoding="utf-8") + "; return 1;")
        return self.run(
            "const done = arguments[arguments.length - 1];"
            "const asked = {runOnly: {type: 'tag', values: arguments[0]}, preload: false, resultTypes: ['violations']};"
            "const places = rule => rule.nodes.map(node => node.html).slice(0, 3).join(' | ');"
            "axe.run(document, asked).then("
            "found => done(found.violations.map(rule => [rule.id, rule.help, places(rule)])));",
            tags,
        )

    def close(self):
        self._tell("DELETE", "")


@contextmanager
def chromium(folder):
    """Start the driver and a browser with a profile of its own, and stop both."""
    options = {
        "goog:chromeOptions": {
            "binary": shutil.which("chromium"),
            # As root, and in a container, Chromium has no sandbox.
            "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--user-data-dir={folder}"],
        },
        "goog:loggingPrefs": {"browser": "ALL"},
    }
    command = [shutil.which("chromedriver"), "--port=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as driver:
        try:
            browser = Browser(_port(driver), options)
            try:
                yield browser
            finally:
                browser.close()
        finally:
            driver.terminate()


def _port(driver):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        line = driver.stdout.readline()
        if "started successfully on port" in line:
            return int(line.rstrip(".\n ").split()[-1])
        if driver.poll() is not None:
            break
    raise AssertionError("chromedriver did not start")

"""A real BAN geocoder on this computer, and what may stand before it; read by the tests of geocoding with runpy."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from qgis import processing
from qgis.core import QgsProcessingFeedback

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("TISSERAND_GIRONDE", ROOT.parent / "shared/data/gironde"))
READY = ROOT / "build" / "addok" / "ready"
TABLE = (
    "None?field=nom:string&field=adresse:string&field=code_postal:string&field=commune:string&field=code_insee:string"
)
ABZAC = ("Mairie", "160 rue du Docteur-Texier", "33230", "Abzac", "33001")
ROWS = [
    (None, *ABZAC),
    (None, "Sans rue", "mairie", None, None, "33001"),
    (None, "Ailleurs", "8 rue d'Albret", "33124", "Abzac", "33001"),
    (None, "Nulle part", "rue de la Lune rousse", None, None, "33001"),
    (None, "Rien", None, None, None, None),
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(addresses):
    """Start a geocoder on real addresses and yield its address; skip where it cannot be had."""
    for needed, cure in (
        (addresses, "the addresses of the BAN are not on this computer"),
        (READY, "build/addok is missing: scripts/environment.sh build/addok scripts/requirements/addok.txt"),
        (Path(shutil.which("redis-server") or "redis-server"), "redis-server is not installed"),
    ):
        if not needed.is_file():
            pytest.skip(f"{cure} ({needed})")
    port = free_port()
    command = [str(ROOT / "scripts" / "addok.sh"), str(addresses), str(port), str(free_port())]
    with subprocess.Popen(command) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            for _ in range(600):
                try:
                    with urllib.request.urlopen(f"{url}/search/?q=mairie", timeout=5):
                        break
                except OSError:
                    assert process.poll() is None, "addok did not start"
                    time.sleep(0.1)
            yield url
        finally:
            process.send_signal(signal.SIGTERM)


def stand_before(geocoder):
    """Yield a proxy before the geocoder; ``first`` holds (status, headers) to answer with before it lets pass."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *words):
            pass

        def do_POST(self):
            self.take(self.rfile.read(int(self.headers["Content-Length"])))

        def do_GET(self):
            self.take(None)

        def take(self, body):
            server.asked.append((self.command, self.path, dict(self.headers), body or b""))
            if server.first:
                status, headers, answer = (*server.first.pop(0), b"")
            else:
                headers = {"Content-Type": self.headers["Content-Type"]} if body else {}
                request = urllib.request.Request(geocoder + self.path, body, headers)
                try:
                    with urllib.request.urlopen(request) as passed:
                        status, headers, answer = passed.status, {}, passed.read()
                except urllib.error.HTTPError as error:
                    with error:
                        status, headers, answer = error.code, {}, error.read()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.first = [], []
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def add_algorithm(provider):
    from tisserand.processing.algorithms.geocode import Geocode

    if provider.algorithm("geocode") is None:
        provider.addAlgorithm(Geocode())


def run(layer, service, feedback=None, **parameters):
    parameters = {"INPUT": layer, "SERVICE": service, "OUTPUT": "memory:", **parameters}
    return processing.run("tisserand:geocode", parameters, feedback=feedback or QgsProcessingFeedback(False))


def rows(layer):
    return {feature["nom"]: feature for feature in layer.getFeatures()}

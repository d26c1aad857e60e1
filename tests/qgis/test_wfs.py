"""Territories from a Web Feature Service: a real QGIS Server on loopback, one that pages, and what goes wrong."""

import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from osgeo import ogr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)

from tisserand.layers import geopackage
from tisserand.layers.territories.wfs import WfsError, read_wfs, service_name

LAMBERT_93, DEGREES = (QgsCoordinateReferenceSystem.fromEpsgId(code) for code in (2154, 4326))
# QGIS Server writes a hyphen for the colon of a short name: the relay gives it back, as the Géoplateforme has it.
TYPE, PREFIX, LOCAL = "ADMINEXPRESS-COG.LATEST:commune", "ADMINEXPRESS-COG.LATEST", "commune"
HYPHENED = f"{PREFIX}-{LOCAL}"


def wait_for(url, seconds=30):
    for _ in range(seconds * 5):
        try:
            return urllib.request.urlopen(url, timeout=5).read()
        except urllib.error.HTTPError:
            return b""
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"no server at {url}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def serve():
    """Return a starter of HTTP servers on loopback: ``answer(query)`` gives status, headers and body."""
    servers = []

    def start(answer):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                query = {name.upper(): value for name, value in parse_qsl(urlsplit(self.path).query)}
                status, headers, body = answer(query)
                self.send_response(status)
                for name, value in {"Content-Type": "text/xml", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/wfs"

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def store(make_store):
    return make_store()


@pytest.fixture
def service(store, tmp_path, serve, qgis_app):
    """Return the address of a QGIS Server with the communes of the store, under the name of the Géoplateforme."""
    if shutil.which("qgis_mapserver") is None:
        pytest.skip("QGIS Server is not installed (Debian: qgis-server-bin)")
    project = QgsProject()
    layer = QgsVectorLayer(f"{store}|layername=territoire|subset=\"niveau\" = 'commune'", "communes", "ogr")
    layer.setShortName(HYPHENED)
    project.addMapLayer(layer)
    project.setCrs(layer.crs())
    project.writeEntry("WFSLayers", "/", [layer.id()])
    project.writeEntryDouble("WFSLayersPrecision", layer.id(), 8)
    project_file = tmp_path / "service.qgs"
    assert project.write(str(project_file))
    project.clear()
    # The server has a file of its own: SQLite may find one busy that two processes open and close, and the server then
    # answers that there is nothing.
    shutil.copy(store, tmp_path / "servi.gpkg")
    project_file.write_text(
        project_file.read_text(encoding="utf-8").replace(store.name, "servi.gpkg"), encoding="utf-8"
    )
    port = free_port()
    command = ["qgis_mapserver", "-l", "2", "-p", str(project_file), f"127.0.0.1:{port}"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path)}
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    real = f"http://127.0.0.1:{port}/"
    try:
        wait_for(f"{real}?SERVICE=WFS&REQUEST=GetCapabilities")
        relay = []
        relay.append(serve(lambda query: relayed(real, relay[0], query)))
        yield relay[0]
    finally:
        process.terminate()
        process.wait(20)


def relayed(real, relay, query):
    asked = "&".join(f"{name}={quote(value.replace(TYPE, HYPHENED))}" for name, value in query.items())
    try:
        with urllib.request.urlopen(f"{real}?{asked}", timeout=30) as answer:
            body = answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, {}, error.read()
    body = body.replace(real, relay)
    declared = 'xmlns:qgs="http://www.qgis.org/gml"'
    body = body.replace(f"<Name>{HYPHENED}<", f"<Name>{TYPE}<")
    body = body.replace(f"qgs:{HYPHENED}>", f"{TYPE}>").replace(f"qgs:{HYPHENED} ", f"{TYPE} ")
    body = body.replace(declared, f'{declared} xmlns:{PREFIX}="http://www.qgis.org/gml"')
    body = body.replace(f'<element name="{HYPHENED}"', f'<element name="{LOCAL}"')
    return 200, {}, body.encode()


def whole(store):
    box = QgsRectangle()
    for row in geopackage.read_rows(store, "territoire"):
        west, east, south, north = ogr.CreateGeometryFromWkb(row["geom"]).GetEnvelope()
        box.combineExtentWith(QgsRectangle(west, south, east, north))
    return box


def test_a_real_server_gives_its_communes_under_the_name_of_the_geoplateforme(service, store):
    answer = read_wfs(f"{service}?request=old&VERSION=1.0.0", TYPE, whole(store), LAMBERT_93)
    assert (len(answer.features), answer.matched) == (6, 6)
    held = {row["code"]: row["geom"] for row in geopackage.read_rows(store, "territoire")}
    for feature in answer.features:
        ours = ogr.CreateGeometryFromWkb(held[feature["code"]])
        theirs = ogr.CreateGeometryFromWkb(feature.geometry().asWkb().data())
        assert ours.SymDifference(theirs).Area() < 1


def test_a_box_takes_what_touches_it_alone(service, store):
    west_side = whole(store)
    west_side.setXMaximum(west_side.xMinimum() + 1000)
    answer = read_wfs(service, TYPE, west_side, LAMBERT_93)
    assert sorted(feature["code"] for feature in answer.features) == ["92000", "92001"]


def test_the_import_takes_territories_from_a_real_server(service, store, provider, tmp_path):
    from qgis import processing

    call = {"FROM": 2, "URL": service, "TYPENAME": TYPE, "LEVEL": "autre", "STORE": str(store)}
    call |= {"CODE_FIELD": "code", "NAME_FIELD": "nom"}
    result = processing.run("tisserand:importterritories", call, feedback=QgsProcessingFeedback(False))
    assert (result["ACCEPTED"], result["CREATED"]) == (6, 6)
    page = tmp_path / "rapport.html"
    more = {"URL": f"{service}?apikey=clef-secrete", "REPORT": str(page), "REJECTS": str(tmp_path / "rejets.gpkg")}
    again = processing.run("tisserand:importterritories", call | more, feedback=QgsProcessingFeedback(False))
    assert again["UNCHANGED"] == 6
    left = page.read_bytes() + (tmp_path / "rejets.gpkg").read_bytes() + store.read_bytes()
    assert b"clef-secrete" not in left
    rows = [row for row in geopackage.read_rows(store, "territoire") if row["niveau"] == "autre"]
    assert {row["source"] for row in rows} == {f"{TYPE} (127.0.0.1)"}
    with pytest.raises(QgsProcessingException, match=r"no layer.*comune"):
        processing.run("tisserand:importterritories", call | {"TYPENAME": "comune"})


# A service of another make: WFS 2.0, degrees with the latitude first, five features a page.

CAPABILITIES = f"""<wfs:WFS_Capabilities version="2.0.0" xmlns:wfs="http://www.opengis.net/wfs/2.0"
 xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:x="http://x.example.org">
<ows:OperationsMetadata><ows:Operation name="GetFeature"><ows:DCP><ows:HTTP/></ows:DCP></ows:Operation>
<ows:Constraint name="ImplementsResultPaging"><ows:NoValues/><ows:DefaultValue>TRUE</ows:DefaultValue></ows:Constraint>
<ows:Constraint name="CountDefault"><ows:NoValues/><ows:DefaultValue>5</ows:DefaultValue></ows:Constraint>
</ows:OperationsMetadata>
<wfs:FeatureTypeList><wfs:FeatureType xmlns:{PREFIX}="http://x.example.org"><wfs:Name>{TYPE}</wfs:Name>
<wfs:DefaultCRS>urn:ogc:def:crs:EPSG::4326</wfs:DefaultCRS><ows:WGS84BoundingBox>
<ows:LowerCorner>-5 41</ows:LowerCorner><ows:UpperCorner>10 52</ows:UpperCorner></ows:WGS84BoundingBox>
</wfs:FeatureType></wfs:FeatureTypeList></wfs:WFS_Capabilities>"""
SCHEMA = f"""<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:gml="http://www.opengis.net/gml/3.2"
 xmlns:p="http://x.example.org" targetNamespace="http://x.example.org" elementFormDefault="qualified">
<xsd:import namespace="http://www.opengis.net/gml/3.2" schemaLocation="http://schemas.opengis.net/gml/3.2.1/gml.xsd"/>
<xsd:complexType name="communeType"><xsd:complexContent><xsd:extension base="gml:AbstractFeatureType"><xsd:sequence>
<xsd:element name="code_insee" minOccurs="0" type="xsd:string"/>
<xsd:element name="geometrie" minOccurs="0" type="gml:MultiSurfacePropertyType"/>
</xsd:sequence></xsd:extension></xsd:complexContent></xsd:complexType>
<xsd:element name="{LOCAL}" type="p:communeType" substitutionGroup="gml:AbstractFeature"/></xsd:schema>"""
# A row of squares of a tenth of a degree from 2° east on, at 48° north.
SQUARES = [(2 + order / 10, 48.0, f"{order:05}") for order in range(12)]


def member(west, south, code):
    east, north = west + 0.1, south + 0.1
    ring = f"{south} {west} {south} {east} {north} {east} {north} {west} {south} {west}"
    return (
        f'<wfs:member><p:{LOCAL} gml:id="{LOCAL}.{code}"><p:code_insee>{code}</p:code_insee><p:geometrie>'
        '<gml:MultiSurface srsName="urn:ogc:def:crs:EPSG::4326" srsDimension="2"><gml:surfaceMember><gml:Polygon>'
        f"<gml:exterior><gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing></gml:exterior>"
        f"</gml:Polygon></gml:surfaceMember></gml:MultiSurface></p:geometrie></p:{LOCAL}></wfs:member>"
    )


def paging(query, *, claimed=0):
    """Answer as a service of WFS 2.0 does; ``claimed`` more features are counted than are ever sent."""
    if query.get("REQUEST") == "GetCapabilities":
        return 200, {}, CAPABILITIES.encode()
    if query.get("REQUEST") == "DescribeFeatureType":
        return 200, {}, SCHEMA.encode()
    found = SQUARES
    if "BBOX" in query:
        south, west, north, east = map(float, query["BBOX"].split(",")[:4])
        found = [one for one in SQUARES if one[0] <= east and one[0] + 0.1 >= west]
        found = [one for one in found if one[1] <= north and one[1] + 0.1 >= south]
    start = int(query.get("STARTINDEX", 0))
    page = [] if query.get("RESULTTYPE") == "hits" else found[start : start + min(5, int(query.get("COUNT", 5)))]
    body = "".join(member(*one) for one in page)
    return (
        200,
        {},
        '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:p="http://x.example.org" '
        'xmlns:gml="http://www.opengis.net/gml/3.2" timeStamp="2026-11-01T00:00:00Z" '
        f'numberMatched="{len(found) + claimed}" numberReturned="{len(page)}">{body}</wfs:FeatureCollection>'.encode(),
    )


EVERYTHING = QgsRectangle(1.5, 47.5, 4, 49)


def test_pages_are_read_to_the_last_with_the_latitude_in_its_place(serve, qgis_app):
    answer = read_wfs(serve(paging), TYPE, EVERYTHING, DEGREES)
    assert sorted(feature["code_insee"] for feature in answer.features) == [code for _, _, code in SQUARES]
    assert answer.matched == 12
    centre = next(one for one in answer.features if one["code_insee"] == "00003").geometry().centroid().asPoint()
    assert (centre.x(), centre.y()) == pytest.approx((2.35, 48.05))


def test_a_box_in_metres_finds_what_lies_in_it_in_degrees(serve, qgis_app):
    from qgis.core import QgsCoordinateTransform

    box = QgsRectangle(2.22, 48.02, 2.28, 48.08)
    metres = QgsCoordinateTransform(DEGREES, LAMBERT_93, QgsProject.instance()).transformBoundingBox(box)
    answer = read_wfs(serve(paging), TYPE, metres, LAMBERT_93)
    assert [feature["code_insee"] for feature in answer.features] == ["00002"]


def test_an_answer_that_was_cut_short_is_refused_with_both_numbers(serve, qgis_app):
    url = serve(lambda query: paging(query, claimed=3))
    with pytest.raises(WfsError, match="sent 12 of the 15 features"):
        read_wfs(url, TYPE, EVERYTHING, DEGREES)


def test_a_name_that_does_not_exist_is_met_with_those_that_do(serve, qgis_app):
    with pytest.raises(WfsError, match=f"no layer “commune”.*{TYPE}"):
        read_wfs(serve(paging), "commune", EVERYTHING, DEGREES)


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (404, {}, "no service at http"),
        (429, {"Retry-After": "5"}, "too many requests .* 5 s"),
        (503, {}, r"refuses to answer \(503\)"),
        (401, {}, r"refuses to answer \(401\)"),
    ],
)
def test_a_service_that_refuses_says_why_in_a_sentence(serve, qgis_app, status, headers, words):
    with pytest.raises(WfsError, match=words):
        read_wfs(serve(lambda query: (status, headers, b"")), TYPE, EVERYTHING, DEGREES)


@pytest.mark.parametrize("body", [b"", b"<html><body>Bonjour</body></html>", b"not XML at all <"])
def test_a_page_that_is_no_service_is_told_from_one(serve, qgis_app, body):
    with pytest.raises(WfsError, match="is not a Web Feature Service"):
        read_wfs(serve(lambda query: (200, {}, body)), TYPE, EVERYTHING, DEGREES)


def test_an_address_that_nobody_answers_names_the_host(qgis_app):
    with pytest.raises(WfsError, match=r"127\.0\.0\.1 cannot be reached"):
        read_wfs(f"http://127.0.0.1:{free_port()}/wfs", TYPE, EVERYTHING, DEGREES)


@pytest.mark.parametrize("url", ["", "rien", "ftp://example.org/wfs", "https://"])
def test_what_is_no_address_is_met_with_an_example(qgis_app, url):
    with pytest.raises(WfsError, match="geopf"):
        read_wfs(url, TYPE, EVERYTHING, DEGREES)


def test_a_password_in_the_address_is_refused_and_not_repeated(qgis_app):
    with pytest.raises(WfsError, match="password") as caught:
        read_wfs("https://moi:secret@example.org/wfs", TYPE, EVERYTHING, DEGREES)
    assert "secret" not in str(caught.value)
    assert service_name("https://moi:secret@example.org/wfs?apikey=abc") == "example.org"

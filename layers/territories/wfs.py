"""A layer of a Web Feature Service, read whole by QGIS's own WFS provider or not at all.

The provider sees to paging, the order of axes and the CRS. What it would only write to a log (an address that does not
answer, a name that does not exist, an answer cut short) becomes a sentence here.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import NamedTuple

from qgis.core import (
    QgsBlockingNetworkRequest,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsDataSourceUri,
    QgsFeature,
    QgsFeatureRequest,
    QgsFields,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QUrl, QUrlQuery, QXmlStreamReader
from qgis.PyQt.QtNetwork import QNetworkRequest

from ..errors import QT_TRANSLATE_NOOP, TisserandError

# What the caller of a service may have left in its address, and what is asked anew each time.
ASKED_ANEW = {"service", "request", "version", "typename", "typenames", "outputformat", "resulttype", "bbox"}
TOO_MANY_REQUESTS, NOT_FOUND = 429, 404


class WfsError(TisserandError):
    """The service did not give what was asked; nothing was read."""


class Answer(NamedTuple):
    """All the features of a type that touch a box, in ``crs``; ``matched`` is None where the service does not count."""

    features: list[QgsFeature]
    fields: QgsFields
    crs: QgsCoordinateReferenceSystem
    matched: int | None


def read_wfs(
    url: str,
    typename: str,
    box: QgsRectangle,
    box_crs: QgsCoordinateReferenceSystem,
    *,
    authcfg: str = "",
    go_on: Callable[[], None] = lambda: None,
) -> Answer:
    """Return the features of ``typename`` that touch ``box``; ``go_on`` is called between them and may raise.

    ``authcfg`` is the id of an authentication kept by QGIS. Raises WfsError for a service that cannot be reached or
    refuses, a type it does not have, and an answer with fewer features than the service counts.
    """
    address = _address(url)
    version, names = _capabilities(address, authcfg)
    if typename not in names:
        raise WfsError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "The service {host} has no layer “{name}”. Among those it has: {names}. Name one of them."
            ),
            host=address.host(),
            name=typename,
            names=", ".join(_nearest(typename, names)) or "–",
        )
    layer = QgsVectorLayer(_uri(address, typename, authcfg), typename, "WFS")
    if not layer.isValid():
        raise WfsError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "QGIS cannot read the layer “{name}” of {host} (WFS {version}): try again later."
            ),
            name=typename,
            host=address.host(),
            version=version,
        )
    wanted = QgsCoordinateTransform(box_crs, layer.crs(), QgsProject.instance()).transformBoundingBox(box)
    matched = _matched(address, typename, version, wanted, layer.crs(), authcfg)
    features = []
    for feature in layer.getFeatures(QgsFeatureRequest(wanted)):
        go_on()
        features.append(QgsFeature(feature))
    if matched is not None and len(features) < matched:
        raise WfsError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{host} sent {read} of the {matched} features of “{name}”, so none was taken: try again later.",
            ),
            host=address.host(),
            name=typename,
            read=len(features),
            matched=matched,
        )
    return Answer(features, layer.fields(), layer.crs(), matched)


def service_name(url: str) -> str:
    """Return the host of an address, without anything that could be a key."""
    return QUrl.fromUserInput(url.strip()).host()


def _address(url: str) -> QUrl:
    """Return the address without what is asked anew; one that holds a password is refused."""
    address = QUrl(url.strip())
    if not address.host() or address.scheme() not in ("http", "https"):
        raise WfsError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "“{url}” is not the address of a service: write for example https://data.geopf.fr/wfs."
            ),
            url=url,
        )
    if address.userInfo():
        raise WfsError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The address of {host} holds a user name or a password: take it out, and choose an authentication of "
                "QGIS instead.",
            ),
            host=address.host(),
        )
    query = QUrlQuery()
    for name, value in QUrlQuery(address).queryItems():
        if name.lower() not in ASKED_ANEW:
            query.addQueryItem(name, value)
    address.setQuery(query)
    return address


def _uri(address: QUrl, typename: str, authcfg: str) -> str:
    uri = QgsDataSourceUri()
    uri.setParam("url", address.toString())
    uri.setParam("typename", typename)
    uri.setParam("version", "auto")
    uri.setParam("restrictToRequestBBOX", "1")
    if authcfg:
        uri.setAuthConfigId(authcfg)
    return uri.uri(False)


def _get(address: QUrl, asked: dict[str, str], authcfg: str) -> QXmlStreamReader:
    """Return a reader of the XML that the service answers; raise where it refuses or cannot be reached."""
    url = QUrl(address)
    query = QUrlQuery(address)
    for name, value in {"SERVICE": "WFS", **asked}.items():
        query.addQueryItem(name, value)
    url.setQuery(query)
    request = QgsBlockingNetworkRequest()
    if authcfg:
        request.setAuthCfg(authcfg)
    request.get(QNetworkRequest(url), True)
    reply = request.reply()
    # An empty answer is an error to QGIS, though the service was reached: what it lacks is seen by who reads it.
    status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
    if status is None or status >= 400:
        raise _refusal(address, status, bytes(reply.rawHeader(b"Retry-After")).decode(), request.errorMessage())
    return QXmlStreamReader(reply.content())


def _refusal(address: QUrl, status: int | None, wait: str, cause: str) -> WfsError:
    host = address.host()
    if status == TOO_MANY_REQUESTS:
        return WfsError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "{host} has had too many requests (429): wait {seconds} s at least, then try again."
            ),
            host=host,
            seconds=wait or "60",
        )
    if status == NOT_FOUND:
        return WfsError(
            QT_TRANSLATE_NOOP("Tisserand", "There is no service at {url} (404): check the address."),
            url=address.toString(QUrl.UrlFormattingOption.RemoveQuery),
        )
    if status is not None:
        return WfsError(
            QT_TRANSLATE_NOOP("Tisserand", "{host} refuses to answer ({status}): try again later, or ask its keeper."),
            host=host,
            status=status,
        )
    return WfsError(
        QT_TRANSLATE_NOOP(
            "Tisserand",
            "{host} cannot be reached ({cause}): check the network, and the proxy in the options of QGIS.",
        ),
        host=host,
        cause=cause,
    )


def _capabilities(address: QUrl, authcfg: str) -> tuple[str, list[str]]:
    """Return the version of WFS that the service speaks, and the names of its types."""
    reader = _get(address, {"REQUEST": "GetCapabilities"}, authcfg)
    version, names, in_type = "", [], False
    while not reader.atEnd():
        reader.readNext()
        if reader.isStartElement():
            tag = str(reader.name())
            if tag == "WFS_Capabilities":
                version = str(reader.attributes().value("version"))
            elif tag == "FeatureType":
                in_type = True
            elif tag == "Name" and in_type:
                names.append(reader.readElementText())
                in_type = False
    if not version:
        raise WfsError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "What {url} answers is not a Web Feature Service: check the address, up to the “?”."
            ),
            url=address.toString(QUrl.UrlFormattingOption.RemoveQuery),
        )
    return version, names


def _nearest(typename: str, names: list[str], most: int = 5) -> list[str]:
    close = difflib.get_close_matches(typename, names, most, 0.3)
    return close or sorted(names)[:most]


def _matched(
    address: QUrl, typename: str, version: str, box: QgsRectangle, crs: QgsCoordinateReferenceSystem, authcfg: str
) -> int | None:
    """Return how many features the service counts in the box, None where it does not say (WFS 1.0, “unknown”)."""
    if version.startswith("1.0"):
        return None
    corners = [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()]
    if crs.hasAxisInverted():
        corners = [corners[1], corners[0], corners[3], corners[2]]
    urn = f"urn:ogc:def:crs:EPSG::{crs.postgisSrid()}"
    asked = {
        "REQUEST": "GetFeature",
        "VERSION": version,
        "TYPENAMES" if version.startswith("2") else "TYPENAME": typename,
        "RESULTTYPE": "hits",
        "BBOX": ",".join([*(f"{corner:.9f}" for corner in corners), urn]),
    }
    reader = _get(address, asked, authcfg)
    while not reader.atEnd():
        reader.readNext()
        if reader.isStartElement():
            attributes = reader.attributes()
            for name in ("numberMatched", "numberOfFeatures"):
                counted = str(attributes.value(name))
                if counted.isdigit():
                    return int(counted)
            return None
    return None

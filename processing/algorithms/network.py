"""Requests through QGIS, so that the proxy, the certificates and the accounts of its user count."""

from __future__ import annotations

from qgis.core import QgsBlockingNetworkRequest, QgsFeedback
from qgis.PyQt.QtCore import QByteArray, QUrl
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from ...layers.geocoding.service import Reply, service_address
from .frames import stop_if_cancelled

_HEADERS = ("retry-after", "content-type")


class QgisLine:
    """Sends requests with an authentication configuration of QGIS (``""``: none), until the user cancels."""

    def __init__(self, account: str, feedback: QgsFeedback):
        self._account = account
        self._feedback = feedback

    def post(self, address: str, kind: str, body: bytes) -> Reply:
        """Send a body of that content type."""
        request = self._request(address)
        request.setHeader(QNetworkRequest.KnownHeaders.ContentTypeHeader, kind)
        return self._send(lambda sender: sender.post(request, QByteArray(body), True, self._feedback))

    def get(self, address: str) -> Reply:
        """Ask for an address, past the cache of QGIS."""
        request = self._request(address)
        return self._send(lambda sender: sender.get(request, True, self._feedback))

    def _request(self, address: str) -> QNetworkRequest:
        return QNetworkRequest(QUrl.fromEncoded(QByteArray(address.encode())))

    def _send(self, send) -> Reply:
        stop_if_cancelled(self._feedback)
        sender = QgsBlockingNetworkRequest()
        if self._account:
            sender.setAuthCfg(self._account)
        send(sender)
        stop_if_cancelled(self._feedback)
        reply = sender.reply()
        status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        if status is None:
            return Reply(0, {}, b"", sender.errorMessage())
        # A redirection that leads out of https is not taken for an answer.
        service_address(reply.request().url().adjusted(QUrl.UrlFormattingOption.RemoveQuery).toString())
        headers = {name: bytes(reply.rawHeader(name.encode())).decode("latin-1") for name in _HEADERS}
        # An answer that the network cut short keeps the status of its beginning.
        cut = status == 200 and reply.error() != QNetworkReply.NetworkError.NoError
        return Reply(0 if cut else status, headers, bytes(reply.content()), sender.errorMessage() if cut else "")

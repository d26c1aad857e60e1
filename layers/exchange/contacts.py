"""Telephone numbers, mail and web addresses as the standards want them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# First digits of a national number -> the country code of overseas Départements (ITU-T E.164, list of Arcep).
OVERSEAS = {
    "262": ("262", "263", "269", "639", "692", "693"),
    "508": ("508", "708"),
    "590": ("590", "690", "691"),
    "594": ("594", "694"),
    "596": ("596", "696", "697"),
}
# Kept for fiction in mainland France, among numbers of Mayotte (Arcep, decision 2018-0881).
FICTION = "63998"
_MAIL_NAME = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_HOST_PART = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"(?:{_HOST_PART}\.)+[A-Za-z]{{2,63}}")
_MAIL = re.compile(rf"(?P<name>{_MAIL_NAME}(?:\.{_MAIL_NAME})*)@(?P<host>{_HOST.pattern})")
# Names that lead nowhere (RFC 6761); ``example`` is for examples such as ours.
_NOWHERE = ("invalid", "local", "localhost", "onion", "test", "arpa")


def international(number: str) -> str:
    """Return a French telephone number in E.164 (``+33123456789``); any other number as it stands, without blanks."""
    digits = re.sub(r"\(0\)|[\s.()/-]", "", number)
    digits = re.sub(r"^00", "+", digits)
    if not re.fullmatch(r"0[1-9]\d{8}", digits, re.ASCII):
        return digits if re.fullmatch(r"\+?\d+", digits, re.ASCII) else number.strip()
    for country, starts in OVERSEAS.items():
        if digits[1:].startswith(starts) and not digits[1:].startswith(FICTION):
            return f"+{country}{digits[1:]}"
    return f"+33{digits[1:]}"


def is_mail(text: str) -> bool:
    """Say whether a text is one mail address of the usual form (RFC 5321, letters of ASCII)."""
    found = _MAIL.fullmatch(text)
    if found is None or len(found["name"]) > 64 or len(text) > 254:
        return False
    return "xn--" not in text.lower() and found["host"].lower().rsplit(".", 1)[-1] not in _NOWHERE


def web_address(text: str) -> str:
    """Return an address with its scheme: ``http://`` when none was written."""
    address = text.strip()
    return address if "://" in address or not address else f"http://{address}"


def is_web(text: str) -> bool:
    """Say whether a text is one http address of a named host (RFC 3986)."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    return (
        parts.scheme in ("http", "https")
        and not re.search(r"[\s<>\"\\]", text)
        and len(text) <= 2083
        and "xn--" not in host
        and parts.netloc.lower() == (host if port is None else f"{host}:{port}")
        and _HOST.fullmatch(host) is not None
    )

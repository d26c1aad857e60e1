"""Addresses that people wrote, as links where they are safe ones."""

from __future__ import annotations

import re

from .book import Link

LONGEST = 2000
_WEB = re.compile(r"https?://[^\s<>\"'\\{}|^`\x00-\x1f\x7f]+", re.IGNORECASE)
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&*+/=?_~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def web_link(address: str) -> Link | None:
    """Return a link to a page of the web; None for anything else, such as a script."""
    address = address.strip()
    return Link(uri=address) if len(address) <= LONGEST and _WEB.fullmatch(address) else None


def mail_link(address: str) -> Link | None:
    """Return a link that writes to a mail address; None for what is none."""
    address = address.strip()
    return Link(uri=f"mailto:{address}") if len(address) <= LONGEST and _MAIL.fullmatch(address) else None


def contact_link(address: str) -> Link | None:
    """Return a link to a page or to a mail address, with or without ``mailto:``."""
    bare = address.strip()
    return web_link(bare) or mail_link(bare[7:] if bare.lower().startswith("mailto:") else bare)


def shown(address: str) -> str:
    """Return an address as it is read: without ``https://`` and the last slash."""
    return re.sub(r"^(https?://|mailto:)", "", address.strip(), flags=re.IGNORECASE).rstrip("/")

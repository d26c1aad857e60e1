"""From the pages that Qt wrote to the PDF that readers get: small, tagged, linked, the same bytes each time."""

from .finishing import UntaggableError, finish, load_pypdf

__all__ = ["UntaggableError", "finish", "load_pypdf"]

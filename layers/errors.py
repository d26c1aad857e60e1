"""The errors a user can do something about."""

from __future__ import annotations

from collections.abc import Callable


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name pylupdate looks for
    """Mark ``text`` for translation where QGIS is not at hand; it is translated when it is shown."""
    return text


class TisserandError(Exception):
    """One sentence that names the thing and the cure.

    ``template`` is an English text marked with ``QT_TRANSLATE_NOOP("Tisserand", …)`` and ``values`` fill it
    after translation; ``str(error)`` is the English sentence.
    """

    def __init__(self, template: str, **values: object):
        super().__init__(template.format(**values) if values else template)
        self.template = template
        self.values = values

    def sentence(self, translate: Callable[[str, str], str]) -> str:
        """Return the sentence in the language of ``translate(context, text)``."""
        text = translate("Tisserand", self.template)
        return text.format(**self.values) if self.values else text


class Cancelled(TisserandError):
    """The user stopped the work; nothing was written."""

    def __init__(self):
        super().__init__(QT_TRANSLATE_NOOP("Tisserand", "Cancelled: nothing was written."))

"""What the plugin says in QGIS's message bar."""

from collections.abc import Callable

from ..i18n import translate
from ..layers.errors import TisserandError


def telling(iface, run: Callable[[], None], *_) -> None:
    """Run a command and say its error, if any; what Qt adds to a click is not passed on."""
    try:
        run()
    except TisserandError as error:
        tell(iface, error)


def tell(iface, error: TisserandError) -> None:
    """Show an error as one sentence in the user's language, until it is closed."""
    iface.messageBar().pushWarning("Tisserand", error.sentence(translate))

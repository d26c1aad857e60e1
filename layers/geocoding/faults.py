"""Why a geocoding stops; what was answered before is kept."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import QT_TRANSLATE_NOOP, TisserandError


class UnsafeServiceError(TisserandError):
    """Addresses would travel in clear, or to nowhere."""

    def __init__(self, address: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "“{address}” cannot be used as a geocoding service: write an address that begins with https:// "
                "(http:// is only taken for this very computer: 127.0.0.1, localhost).",
            ),
            address=address,
        )


class SecretInAddressError(TisserandError):
    """An account or a key is written in the address of the service; it is not repeated here."""

    def __init__(self, host: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The address of the service {host} holds an account, a key or other parameters: keep only what stands "
                "before them, and give the account as an authentication configuration.",
            ),
            host=host,
        )


class ServiceRefusesError(TisserandError):
    """The service wants an account, or another one."""

    def __init__(self, service: str, status: int):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{service} refuses the access (HTTP {status}): choose the authentication configuration of an account "
                "that may use it.",
            ),
            service=service,
            status=status,
        )


class ServiceFailsError(TisserandError):
    """The service fails again and again, or cannot be reached."""

    def __init__(self, service: str, cause: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{service} does not answer ({cause}). What it answered so far is kept: start again later with the "
                "same parameters, and only the rest is sent. If it lasts, check the address and the proxy of QGIS.",
            ),
            service=service,
            cause=cause,
        )


class ServiceBusyError(TisserandError):
    """The service asks to slow down for longer than anyone would wait."""

    def __init__(self, service: str, seconds: float):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{service} asks to wait {seconds} s. What it answered so far is kept: start again after that with the "
                "same parameters, and only the rest is sent.",
            ),
            service=service,
            seconds=round(seconds),
        )


class UnreadableAnswerError(TisserandError):
    """An answer is cut short, in another encoding, or not about what was asked; a few words that say which."""


class NoGeocoderError(TisserandError):
    """What answers is no geocoder of the BAN, or its answers arrive spoilt."""

    def __init__(self, service: str, cause: UnreadableAnswerError):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{service} does not answer as a BAN geocoder does ({cause}), so nothing of this answer was taken: "
                "check the address of the service, and whether a proxy answers in its place.",
            ),
            service=service,
            cause=cause,
        )
        self.cause = cause

    def sentence(self, translate: Callable[[str, str], str]) -> str:
        """Return the sentence with its cause, both in the language of ``translate``."""
        return translate("Tisserand", self.template).format(**{**self.values, "cause": self.cause.sentence(translate)})


class ForeignResumeError(TisserandError):
    """The file that was to keep the answers is another one, and was left as it is."""

    def __init__(self, path: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{path} is no file of kept answers and was left as it is: choose another name, or a file that an "
                "earlier geocoding wrote.",
            ),
            path=path,
        )

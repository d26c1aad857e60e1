"""A sentence for the editor that says which kind it is."""

from __future__ import annotations


class Remark(str):
    """A warning; ``kind`` is that under which the check before printing lists the same thing record by record.

    ``values`` fill the sentence that the check has for this kind, where it is one of its own.
    """

    kind: str
    values: dict[str, object]

    def __new__(cls, sentence: str, kind: str, **values: object) -> Remark:
        remark = super().__new__(cls, sentence)
        remark.kind, remark.values = kind, values
        return remark

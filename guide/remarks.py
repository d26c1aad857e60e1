"""A sentence for the editor that says which kind it is."""

from __future__ import annotations


class Remark(str):
    """A warning; ``kind`` is that under which the check before printing lists the same thing record by record."""

    kind: str

    def __new__(cls, sentence: str, kind: str) -> Remark:
        remark = super().__new__(cls, sentence)
        remark.kind = kind
        return remark

"""The report of an import: what became of the rows, and every cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...i18n import translate
from ...layers.importing.files import Reject
from ...layers.importing.plan import Plan
from .reports import Report, Table

# Rows of a list that the report tells; the tables have all of them.
TOLD = 500


def import_report(title: str, about: dict[str, tuple[str, str]], plan: Plan, warnings: list[str]) -> Report:
    """Return the report of a plan."""
    return Report(
        title=title,
        method=method(),
        formula="lues = créées + modifiées + inchangées + rejetées",
        source="",
        about=about,
        tables=[_fates(plan), _services(plan), _causes(plan), *_lists(plan)],
        warnings=warnings,
    )


def method() -> str:
    """Return how rows are matched, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "A row is one that is already here when it has the same uuid, the same identifier at the same source, or, "
            "without one, the same name at the same place from the same source. Only these are updated, and only in "
            "the fields that the file gives.",
        ),
        translate(
            "Tisserand",
            "The same SIRET, or the same name within 50 m, from another source is a question: the row is held back, or "
            "created if you say so. A row without identifier gets one that is the same at each import.",
        ),
        translate(
            "Tisserand",
            "All is written at once, or nothing. What was changed here by hand since the last import stays.",
        ),
    )
    return "\n".join(sentences)


def _fates(plan: Plan) -> Table:
    headings = (
        translate("Tisserand", "Rows read"),
        translate("Tisserand", "Created"),
        translate("Tisserand", "Updated"),
        translate("Tisserand", "Unchanged"),
        translate("Tisserand", "Rejected"),
        translate("Tisserand", "Local changes kept"),
    )
    row = (plan.read, len(plan.creates), len(plan.updates), plan.unchanged, plan.rejected_rows, len(plan.kept))
    return Table(translate("Tisserand", "Result"), headings, [row])


def _services(plan: Plan) -> Table:
    services = plan.services
    headings = (
        translate("Tisserand", "Created"),
        translate("Tisserand", "Updated"),
        translate("Tisserand", "Unchanged"),
        translate("Tisserand", "Said twice"),
        translate("Tisserand", "Withdrawn here, left so"),
        translate("Tisserand", "No longer in the file, kept"),
        translate("Tisserand", "Local changes kept"),
    )
    row = (
        len(services.creates),
        len(services.updates),
        services.unchanged,
        services.repeated,
        services.withdrawn,
        services.absent,
        services.kept,
    )
    return Table(translate("Tisserand", "Services"), headings, [row])


def _causes(plan: Plan) -> Table:
    """Return how often each cause came, so that the commonest is mended first."""
    counts = Counter((reject.field, translate("Tisserand", reject.template)) for reject in plan.rejected)
    headings = (
        translate("Tisserand", "Rows"),
        translate("Tisserand", "Field"),
        translate("Tisserand", "Cause"),
    )
    rows = [(count, field, cause) for (field, cause), count in counts.most_common()]
    return Table(translate("Tisserand", "Why rows were rejected"), headings, rows)


def _lists(plan: Plan) -> list[Table]:
    listed = (
        (translate("Tisserand", "Rejected rows"), plan.rejected),
        (translate("Tisserand", "Local changes kept"), plan.kept),
        (translate("Tisserand", "Remarks"), plan.remarks),
    )
    return [_list(title, rejects) for title, rejects in listed if rejects]


def _list(title: str, rejects: Sequence[Reject]) -> Table:
    headings = (
        translate("Tisserand", "Row"),
        translate("Tisserand", "Field"),
        translate("Tisserand", "Value"),
        translate("Tisserand", "Cause"),
    )
    ordered = sorted(rejects, key=lambda reject: reject.row)[:TOLD]
    rows = [(reject.row, reject.field, reject.value, reject.sentence(translate)) for reject in ordered]
    shown = "" if len(rejects) <= TOLD else f" ({TOLD} / {len(rejects)})"
    return Table(title + shown, headings, rows)

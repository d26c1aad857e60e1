"""From the schema of every released version to that of today: copied first, then in place and in one transaction."""

from .runner import Upgraded, upgrade

__all__ = ["Upgraded", "upgrade"]

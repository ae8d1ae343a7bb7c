"""How fast and how large Unkink is, beside its budgets."""

from __future__ import annotations

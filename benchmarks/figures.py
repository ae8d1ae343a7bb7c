"""What a benchmark says: a number with its unit, its budget and how it was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    """The limit; None where there is none."""
    is_lower_bound: bool = False
    """Whether the budget is the least that is wanted, not the most."""
    method: str = ""

    @property
    def is_within(self) -> bool:
        """Whether the budget is kept; true where there is none."""
        if self.budget is None:
            return True
        return self.value >= self.budget if self.is_lower_bound else self.value <= self.budget


def to_markdown(figures: Iterable[Figure]) -> str:
    """Write figures as a table."""
    rows = ["| figure | measured | budget | how |", "| --- | --- | --- | --- |"]
    for figure in figures:
        budget = ""
        if figure.budget is not None:
            sign = "at least" if figure.is_lower_bound else "at most"
            missed = "" if figure.is_within else " **missed**"
            budget = f"{sign} {figure.budget:g} {figure.unit}{missed}".rstrip()
        rows.append(f"| {figure.name} | {figure.value:.3g} {figure.unit} | {budget} | {figure.method} |")
    return "\n".join(rows) + "\n"

"""Pose model bundles."""

from __future__ import annotations


def describe_outputs() -> str:
    """What comes out."""
    return ""

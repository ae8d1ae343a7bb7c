"""Unkink coaches a person through relieving tension in the upper back by themselves, safely.

What comes in: landmarks of a body, a person's answers and taps. What goes out: one instruction at a time, a
measured change, a history on the person's own machine. Read ``pipeline`` first: the whole flow on one page.
"""

from __future__ import annotations

__version__ = "0.1.0"

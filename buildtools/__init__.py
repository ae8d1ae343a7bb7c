"""What the package build needs: the pose model bundles and the browser page."""

from __future__ import annotations

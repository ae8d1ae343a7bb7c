"""Rendered people who do the exercises, with exact angles beside every picture (extra ``avatar``)."""

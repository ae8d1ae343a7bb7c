"""Every quantity against truth: takes, measuring, agreement, checks, frozen tables, the document."""

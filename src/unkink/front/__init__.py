"""F: the doors: browser, command line, wire."""

"""How the learned correction's weights were made, and how to make them again; see the README beside this."""

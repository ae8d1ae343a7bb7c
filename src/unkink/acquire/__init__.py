"""A: frames in. The only folder that reads recordings, rule files and streams."""

"""Where kopf calls us: bodies of a few lines that turn events into queue keys."""

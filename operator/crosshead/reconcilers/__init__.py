"""One module per kind: a visible tuple of steps; ports only, never adapters."""

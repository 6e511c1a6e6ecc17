"""Pure: field paths, merging, conditions, errors, naming, quantities; knows nothing of Kubernetes' or AWS' clients."""

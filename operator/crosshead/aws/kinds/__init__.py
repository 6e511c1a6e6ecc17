"""The AWS kinds as data: one module per service, one descriptor per kind, a hook only where AWS is irregular."""

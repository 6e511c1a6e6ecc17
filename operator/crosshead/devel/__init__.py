"""A control plane and an AWS of one's own, for development and tests."""

"""Composition functions: the wire, the runner that finds each its runtime, and the built-ins that are not pure."""

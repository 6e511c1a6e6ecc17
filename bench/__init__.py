"""The bench: how fast the operator is, and what it costs. Figures compare only within one run on one machine."""

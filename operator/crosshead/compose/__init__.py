"""Pure: what should exist, given a composite, its composition and what is observed."""

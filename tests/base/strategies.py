"""Values for Hypothesis to try."""

from hypothesis import strategies as st

INT64 = st.integers(-(2**63), 2**63 - 1)
SCALARS = st.none() | st.booleans() | INT64 | st.floats() | st.text(max_size=8)
JSON = st.recursive(
    SCALARS, lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=4), each, max_size=4)
)
# What an object of the API server may hold: no infinities, and numbers with a fraction only where there is one.
SETTLED = st.recursive(
    st.none() | st.booleans() | INT64 | st.text(max_size=8),
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=4), each, max_size=4),
)
OBJECTS = st.dictionaries(st.text(max_size=4), SETTLED, max_size=5)

# Names that brackets and quotes can spell, and indexes that may be written to.
FIELDS = st.text(st.characters(exclude_characters="[]'\"", exclude_categories=["Cs"]), min_size=1, max_size=6)
INDEXES = st.integers(0, 5)
SEGMENTS = st.lists(FIELDS.filter(lambda name: not name.isdigit() or "." not in name) | INDEXES, min_size=1, max_size=5)

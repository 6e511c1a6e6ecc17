"""Requests and responses for Hypothesis to try."""

from hypothesis import strategies as st

from crosshead.compose.protocol import (
    Condition,
    Ready,
    Request,
    Requirements,
    Resource,
    Response,
    Result,
    SchemaSelector,
    Selector,
    Severity,
    State,
    Status,
    Target,
)
from crosshead.functions.codecs import CAPABILITIES

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
# Integers that a double holds, and numbers that are no integers: what comes back from the wire as it went in.
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9).filter(lambda number: not number.is_integer())
STRUCTS = st.recursive(
    st.dictionaries(TEXT, st.none() | st.booleans() | NUMBERS | TEXT, max_size=3),
    lambda each: st.dictionaries(TEXT, each | st.lists(each | NUMBERS, max_size=3), max_size=3),
    max_leaves=4,
)
DETAILS = st.dictionaries(TEXT, st.binary(max_size=6), max_size=2)


def maps(values):
    return st.dictionaries(TEXT, values, max_size=2)


RESOURCES = st.builds(Resource, STRUCTS, DETAILS, st.sampled_from(Ready))
STATES = st.builds(State, st.none() | RESOURCES, maps(RESOURCES))
FOUND = maps(st.lists(RESOURCES, max_size=2).map(tuple))
SELECTORS = st.builds(Selector, TEXT, TEXT, match_name=TEXT, namespace=st.none() | TEXT) | st.builds(
    Selector, TEXT, TEXT, match_labels=st.none() | maps(TEXT), namespace=st.none() | TEXT
)
REQUIREMENTS = st.builds(Requirements, maps(SELECTORS), maps(SELECTORS), maps(st.builds(SchemaSelector, TEXT, TEXT)))
TARGETS = st.none() | st.sampled_from(Target)
REQUESTS = st.builds(
    Request,
    observed=STATES,
    desired=STATES,
    input=st.none() | STRUCTS,
    context=st.none() | STRUCTS,
    extra_resources=FOUND,
    required_resources=FOUND,
    required_schemas=maps(st.none() | STRUCTS),
    credentials=maps(DETAILS),
    tag=TEXT,
    capabilities=st.lists(st.sampled_from(CAPABILITIES), max_size=2).map(tuple),
)
RESPONSES = st.builds(
    Response,
    desired=STATES,
    results=st.lists(st.builds(Result, st.sampled_from(Severity), TEXT, st.none() | TEXT, TARGETS), max_size=2).map(
        tuple
    ),
    context=st.none() | STRUCTS,
    requirements=st.none() | REQUIREMENTS,
    conditions=st.lists(
        st.builds(Condition, TEXT, st.sampled_from(Status), TEXT, st.none() | TEXT, TARGETS), max_size=2
    ).map(tuple),
    ttl=st.none() | st.integers(0, 10**6).map(lambda milliseconds: milliseconds / 1000),
    tag=TEXT,
    output=st.none() | STRUCTS,
)

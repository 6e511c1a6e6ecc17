"""
What a template may spend, and what things cost.

A turn of a loop and a call cost one, a text that is made costs one per 256 characters, and a list or object one per
value in it, each time a filter, a comparison or an operator looks at it. So the time that a template takes is bounded
by its budget, whatever it does.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from crosshead.compose.functions import documents

BUDGET: Final = 500_000
LARGEST_TEXT: Final = 4 * 2**20
_CHARACTERS: Final = 256
_MOST_BITS: Final = 4096


class BudgetError(ValueError):
    """A template that does too much."""


class Budget:
    """What is left to spend."""

    def __init__(self) -> None:
        self._left = BUDGET

    def spend(self, amount: int) -> None:
        """Take *amount* from the budget."""
        self._left -= amount
        if self._left < 0:
            raise BudgetError("the template does too much: it has a loop that turns too often")

    def afford(self, size: int) -> None:
        """Pay for a text of *size* characters, before it is made."""
        if size > LARGEST_TEXT:
            raise BudgetError(f"a text of more than {LARGEST_TEXT} characters")
        self.spend(1 + size // _CHARACTERS)

    def weighed(self, value: Any) -> Any:  # noqa: ANN401 (whatever a template handles)
        """Return *value*, which costs what it weighs."""
        if isinstance(value, str):
            self.afford(len(value))
        elif isinstance(value, list | tuple | dict):
            self.spend(documents.measure(value))
        elif isinstance(value, int) and value.bit_length() > _MOST_BITS:
            raise BudgetError("a number that is too large")
        return value

    def turns(self, values: Iterable[Any]) -> Iterator[Any]:
        """Yield *values*, each at a price."""
        for value in values:
            self.spend(1)
            yield value

    def foresee(self, operator: str, left: Any, right: Any) -> None:  # noqa: ANN401 (whatever a template handles)
        """Refuse an operation whose result would be too large even to look at."""
        sizes = [len(one) for one in (left, right) if isinstance(one, str | list | tuple)]
        numbers = [abs(one) for one in (left, right) if isinstance(one, int)]
        if operator == "+":
            self.afford(sum(sizes))
        if operator == "*" and sizes and numbers:
            self.afford(sizes[0] * numbers[0])
        if operator == "**" and len(numbers) == 2 and numbers[0].bit_length() * numbers[1] > _MOST_BITS:
            raise BudgetError("a number that is too large")


def largest_range(numbers: range) -> None:
    """Refuse a range that nobody could afford to walk."""
    if len(numbers) > BUDGET:
        raise BudgetError(f"a range of more than {BUDGET} numbers")


class Watched(NodeTransformer):
    """
    Leads what Jinja compiles to plain Python past the environment.

    A list of the same list twice, forty times over, is small and endless: so containers are weighed when they are made.
    """

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 (Jinja's way)
        """Count the turns."""
        self.generic_visit(node)
        node.iter = _call("turns", node.iter)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 (Jinja's way)
        """Weigh the text, and spell what is in it as YAML does."""
        self.generic_visit(node)
        return _call("joined_parts", *node.nodes)

    def visit_List(self, node: nodes.Expr) -> nodes.Node:  # noqa: N802 (Jinja's way)
        """Weigh what was made."""
        self.generic_visit(node)
        return _call("weighed", node)

    visit_Dict = visit_List  # noqa: N815 (Jinja's way)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802 (Jinja's way)
        """Weigh what was made, unless it is what a loop or an assignment puts values into."""
        self.generic_visit(node)
        return node if node.ctx == "store" else _call("weighed", node)

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:  # noqa: N802 (Jinja's way)
        """Weigh what the filter looks at."""
        self.generic_visit(node)
        # The filter of a block has nothing to look at here.
        node.node = node.node and _call("weighed", node.node)
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802 (Jinja's way)
        """Weigh what is compared."""
        self.generic_visit(node)
        node.expr = _call("weighed", node.expr)
        for operand in node.ops:
            operand.expr = _call("weighed", operand.expr)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802 (Jinja's way)
        """Weigh what a slice is cut from."""
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Slice):
            node.node = _call("weighed", node.node)
        return node


def _call(name: str, *arguments: Any) -> nodes.Call:  # noqa: ANN401 (Jinja's own types are not so exact)
    call = nodes.Call(nodes.EnvironmentAttribute(name), list(arguments), [], None, None)
    call.set_lineno(arguments[0].lineno)
    return call

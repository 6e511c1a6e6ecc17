"""A kind as those see it that write blocks of one as objects: the edge between their form and ours, which is lists."""

from dataclasses import dataclass, replace

from crosshead.aws import editions, forms
from crosshead.aws.external import AwsExternal
from crosshead.aws.forms import Form
from crosshead.base.values import Draft, Object
from crosshead.managed.external import Created, Declared, Left, Observation


@dataclass(frozen=True, slots=True)
class EmbeddingExternal:
    """Does what *inner* does, in the form of objects."""

    inner: AwsExternal

    def observe(self, declared: Declared) -> Observation:
        """Look at the external resource."""
        seen = self.inner.observe(self._listed(declared))
        at_provider, late = (self._turned(part, Form.OBJECTS) for part in (seen.at_provider, seen.late))
        return replace(seen, at_provider=at_provider, late=late)

    def left(self, declared: Declared) -> tuple[Left, ...]:
        """Return what was left behind by an object that *declared* replaces."""
        return self.inner.left(self._listed(declared))

    def create(self, declared: Declared) -> Created:
        """Create it."""
        return self.inner.create(self._listed(declared))

    def update(self, declared: Declared, seen: Observation) -> None:
        """Correct the drift that *seen* shows."""
        listed = self._turned(seen.at_provider, Form.LISTS)
        self.inner.update(self._listed(declared), replace(seen, at_provider=listed))

    def delete(self, declared: Declared) -> None:
        """Delete it, or begin to."""
        self.inner.delete(self._listed(declared))

    def _listed(self, declared: Declared) -> Declared:
        parameters, initial = (self._turned(part, Form.LISTS) for part in (declared.parameters, declared.initial))
        return replace(declared, parameters=parameters, initial=initial)

    def _turned(self, values: Object, form: Form) -> Draft:
        return forms.written(editions.shapes(self.inner.descriptor), values, form)

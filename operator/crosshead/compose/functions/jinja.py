"""
function-jinja, our own: a Jinja template makes YAML documents, and those the desired state.

Objects with the annotation `jinja.fn.crosshead.io/composition-resource-name` are composed resources, one of the
composite's own kind sets its status, and those of `meta.jinja.fn.crosshead.io/v1beta1` speak to Crossplane.
"""

from typing import Final

from crosshead.compose.functions import documents, inputs, jinja_helpers, jinja_objects, jinja_sandbox, replies
from crosshead.compose.functions.documents import DocumentError
from crosshead.compose.functions.inputs import InputError
from crosshead.compose.functions.jinja_objects import ObjectError, Told
from crosshead.compose.functions.jinja_sandbox import TemplateError
from crosshead.compose.protocol import Request, Response, respond

_INLINE: Final = inputs.struct("v1beta1.Inline", template=inputs.TEXT)
_INPUT: Final = inputs.document("v1beta1.Template", source=inputs.TEXT, inline=_INLINE)


def run(request: Request) -> Response:
    """Return the response of function-jinja."""
    try:
        source = _source(request)
        text = jinja_sandbox.render(source, jinja_helpers.variables(request), jinja_helpers.FILTERS)
        return _taken(request, text)
    except InputError as error:
        return replies.refuse(request, f"cannot get Function input: {error}")
    except TemplateError as error:
        return replies.refuse(request, f"cannot render {error}")
    except (DocumentError, ObjectError) as error:
        return replies.refuse(request, f"cannot use what the template made: {error}")


def _source(request: Request) -> str:
    told = inputs.read(request, _INPUT)
    if (told.get("source") or "Inline") != "Inline":
        raise InputError(f"source {told['source']!r} is not Inline, the only one there is")
    template = (told.get("inline") or {}).get("template")
    if not template:
        raise InputError("inline.template is empty")
    return str(template)


def _taken(request: Request, text: str) -> Response:
    told = Told(respond(request))
    for document in documents.read_all(text):
        try:
            told = jinja_objects.take(told, request, document)
        except ObjectError as error:
            raise ObjectError(f"the document at line {document.line} of the output: {error}") from error
    return told.response

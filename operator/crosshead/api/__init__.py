"""Pure: pydantic models of the objects we own the schema of; their CRDs are generated from them."""

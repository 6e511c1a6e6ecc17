"""Pure: from a CompositeResourceDefinition to the CRDs it makes."""

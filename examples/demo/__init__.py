"""A claim's whole life, shown and verified: `make demo`. Of the product's inside it imports nothing but `devel`."""

"""The well-known composition functions that are pure: a request goes in, a response comes out, nothing else happens."""

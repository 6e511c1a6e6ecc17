"""Where the API server calls us: bodies of a few lines that turn a request into an answer."""

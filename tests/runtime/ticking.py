"""A clock that goes only when it is told to."""


class Ticking:
    """Seconds since nothing in particular."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def go(self, seconds: float) -> None:
        self.seconds += seconds

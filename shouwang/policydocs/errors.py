"""拒收 (refusals): a file that cannot be read as a policy paper, and what to do about it."""


class PaperRejected(Exception):
    """The file is refused. `reason` is a key for programs, `message` a Chinese sentence."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message

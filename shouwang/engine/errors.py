"""引擎的错误 (engine errors): what can be wrong with a file or with the rulebook, in Chinese."""


class EngineError(Exception):
    """Anything the engine refuses; the message is a sentence for the person at the screen."""


class FileRejected(EngineError):
    """退回文件: the whole file cannot be used; `reason` is the key of the reject list."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class RulebookError(EngineError):
    """规则库有误: a file of the rulebook breaks its own form."""

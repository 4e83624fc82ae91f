"""拒绝: what a room raises when the data or the rules forbid a step.

Each error carries one Chinese sentence that says what to do next; it never holds personal data,
because it is shown on pages, written to logs and printed by commands.
"""


class DomainError(Exception):
    """A refusal that the person can act on."""

    status = 400
    title = "操作没有完成"
    default_code = "refused"

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code


class NotAllowed(DomainError):
    """无权: inside the person's scope, but his posts do not give the right."""

    status = 403
    title = "没有权限"
    default_code = "not_allowed"

    def __init__(
        self,
        message: str = "您的岗位没有这项权限，如工作需要请联系系统管理员。",
        code: str = "",
    ) -> None:
        super().__init__(message, code)


class NotFound(DomainError):
    """不存在或不在管辖范围: the two are never told apart."""

    status = 404
    title = "没有找到"
    default_code = "not_found"

    def __init__(
        self,
        message: str = "没有找到这条记录，它可能不存在，或不在您的管辖范围内。",
        code: str = "",
    ) -> None:
        super().__init__(message, code)


class Conflict(DomainError):
    """冲突: somebody else was faster."""

    status = 409
    title = "内容已被他人更新"
    default_code = "conflict"

    def __init__(
        self,
        message: str = "这条记录刚被他人修改，请刷新页面核对后再操作。",
        code: str = "",
    ) -> None:
        super().__init__(message, code)


class Busy(DomainError):
    """正在写入: SQLite has one writer, and a long import holds it longer than a page can wait."""

    status = 503
    title = "系统正在写入大批数据"
    default_code = "busy"

    def __init__(
        self,
        message: str = "另一项导入正在写入数据，这次操作没有保存。请过一两分钟再试。",
        code: str = "",
    ) -> None:
        super().__init__(message, code)

"""账号与岗位的权限."""

from shouwang.core.rights import Right

RIGHTS: tuple[Right, ...] = (
    Right(
        "accounts.manage",
        "管理账号与岗位",
        "建立和停用账号、任免岗位、重置密码、解除锁定；不含查看个人信息。",
        roles=frozenset({"system_administrator"}),
    ),
)
ACTIONS = {
    "accounts.login": "登录",
    "accounts.login_failed": "登录失败",
    "accounts.locked": "登录锁定",
    "accounts.logout": "退出登录",
    "accounts.created": "建立账号",
    "accounts.renamed": "修改账号",
    "accounts.deactivated": "停用账号",
    "accounts.reactivated": "恢复账号",
    "accounts.unlocked": "解除锁定",
    "accounts.password_reset": "重置密码",
    "accounts.password_changed": "修改密码",
    "accounts.post_given": "任命岗位",
    "accounts.post_ended": "免去岗位",
    "accounts.department_added": "添加部门",
}

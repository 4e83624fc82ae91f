"""分类 (fixed lists): channels, kinds and conclusions with the county's words.

States of clues and cases are not here: they stand in rulebook/lifecycles/*.yaml. Classes, limits
and forms differ by regime and stand in rulebook/regimes/*.yaml.
"""

from django.db import models


class Channel(models.TextChoices):
    """线索渠道: the six ways in."""

    DEPARTMENT = "department", "部门比对"
    SELF_REPORT = "self_report", "自主申报"
    CADRE_VISIT = "cadre_visit", "干部走访"
    SUPERVISION = "supervision", "监督与舆情"
    PLATFORM = "platform", "平台分析"
    RESCUE_PLATFORM = "rescue_platform", "省级救助平台"


class Emergency(models.TextChoices):
    """突发事件 that opens the green way."""

    NONE = "", "不是突发事件"
    NATURAL_DISASTER = "natural_disaster", "自然灾害"
    ACCIDENT = "accident", "事故灾难"
    PUBLIC_HEALTH = "public_health", "公共卫生事件"


class ClueConclusion(models.TextChoices):
    """线索办结结论 that goes back to whoever sent the clue."""

    ALREADY_MONITORED = "already_monitored", "已是监测对象"
    NO_RISK = "no_risk", "核实无风险"
    RESOLVED_BY_HELP = "resolved_by_help", "已有帮扶可化解"
    TO_INCLUDE = "to_include", "拟纳入"
    NOT_FOUND = "not_found", "查无此人、已死亡或已迁出"
    DATA_ERROR = "data_error", "数据错误"
    DUPLICATE = "duplicate", "重复线索"
    UNWILLING = "unwilling", "农户不愿申请"


REFUSALS = (
    ClueConclusion.NO_RISK,
    ClueConclusion.RESOLVED_BY_HELP,
    ClueConclusion.NOT_FOUND,
    ClueConclusion.DATA_ERROR,
)
"""不纳入原因: what a case may be refused for; it becomes the conclusion of its clues."""


class Stage(models.TextChoices):
    """环节: the chain of steps is gone through when entering and again when leaving."""

    IDENTIFICATION = "identification", "识别"
    EXIT = "exit", "风险消除"


class CheckKind(models.TextChoices):
    """入户核查的类型."""

    IDENTIFICATION = "identification", "识别核查"
    RECHECK = "recheck", "复核"
    EXIT = "exit", "消除核查"
    FOLLOW_UP = "follow_up", "跟踪核查"
    SWEEP = "sweep", "集中排查"


class Mark(models.TextChoices):
    """签署方式 of the consent."""

    SIGNED = "signed", "本人签字"
    FINGERPRINT = "fingerprint", "他人代书、本人捺印"


class RequestState(models.TextChoices):
    """比对要求的办理情况."""

    OPEN = "open", "待答复"
    ANSWERED = "answered", "已答复"
    WAIVED = "waived", "免于比对"


class SupporterRelation(models.TextChoices):
    """家庭外赡养抚养人与户主的关系."""

    CHILD = "child", "子女"
    CHILD_SPOUSE = "child_spouse", "子女的配偶"
    PARENT = "parent", "父母"
    SPOUSE = "spouse", "配偶"
    GRANDCHILD = "grandchild", "孙子女、外孙子女"
    SIBLING = "sibling", "兄弟姐妹"
    OTHER = "other", "其他赡养抚养扶养义务人"


class HitConclusion(models.TextChoices):
    """资产核定结论: a hit is explained and judged, it never excludes by itself."""

    NONE = "", "待核定"
    NO_EFFECT = "no_effect", "无影响"
    EXPLAINED = "explained", "说明后可纳入"
    EXCLUDES = "excludes", "不纳入"


class HitSource(models.TextChoices):
    """资产线索来自哪里."""

    DEPARTMENT = "department", "部门答复"
    FEED = "feed", "部门数据"
    CHECK = "check", "入户核查"


class Meeting(models.TextChoices):
    """评议形式."""

    REPRESENTATIVES = "representatives", "村民代表会议"
    COMMITTEES = "committees", "村“两委”扩大会议"


class NoticeKind(models.TextChoices):
    """公示 (asks for objections) and 公告 (tells the result)."""

    PUBLICITY = "publicity", "公示"
    ANNOUNCEMENT = "announcement", "公告"


class ObjectionState(models.TextChoices):
    """异议处理."""

    OPEN = "open", "待处理"
    UPHELD = "upheld", "异议成立"
    REJECTED = "rejected", "异议不成立"


class ResolutionWay(models.TextChoices):
    """风险消除方式."""

    NONE = "", "未消除"
    HELPED = "helped", "帮扶消除"
    NATURAL = "natural", "自然消除"


class Origin(models.TextChoices):
    """个案来源: worked here, or taken over from the national system as it stood."""

    WORKED = "worked", "本平台办理"
    ADOPTED = "adopted", "国家系统已有"


class FollowConclusion(models.TextChoices):
    """回访结论."""

    STABLE = "stable", "稳定"
    WATCH = "watch", "需继续关注"
    NEW_RISK = "new_risk", "出现新风险"


class JudgementConclusion(models.TextChoices):
    """逐户研判结论."""

    KEEP = "keep", "继续监测"
    ADJUST = "adjust", "调整帮扶措施"
    RESOLVE = "resolve", "转入风险消除"


class BulkKind(models.TextChoices):
    """成批办理的事项."""

    PULL = "pull", "提取筛查线索"
    RESCUE = "rescue", "导入救助平台名单"
    APPROVAL = "approval", "成批审定"


class Answer(models.TextChoices):
    """三值: what a check or a fact says; unknown is never no."""

    MET = "met", "符合"
    NOT_MET = "not_met", "不符合"
    UNKNOWN = "unknown", "无法判断"

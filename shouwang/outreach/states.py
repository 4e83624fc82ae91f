"""选项 (choices) of the outreach room."""

from django.db import models


class RequestKind(models.TextChoices):
    REPORT = "report", "申报"
    ASK = "ask", "查询"
    COMMENT = "comment", "提意见"


class LeafletKind(models.TextChoices):
    CARD = "card", "明白纸"
    LEAFLET = "leaflet", "宣传单（折页）"
    BOOKLET = "booklet", "手册"
    POSTER = "poster", "海报"
    LETTER = "letter", "一封信"
    OTHER = "other", "其他"


class HandoutWay(models.TextChoices):
    VISIT = "visit", "入户发放"
    MEETING = "meeting", "会上发放"
    LIST = "list", "签收表登记"


class EventKind(models.TextChoices):
    MEETING = "meeting", "村民会"
    BROADCAST = "broadcast", "广播"
    STALL = "stall", "赶集设点"
    VISIT = "visit", "入户宣讲"
    ONLINE = "online", "微信群等网上宣传"
    OTHER = "other", "其他"

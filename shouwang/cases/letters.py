"""个案的文书 (letters): which papers the steps of a case give, and what may stand in each.

The default templates lie in letters/*.docx and are drawn by letter_drafts.py. Papers that hang on
the wall name only what may be published; letter_contexts.py fills all of them.
"""

from typing import Any, Final

from shouwang.documents.letters import LetterKind

Rows = list[dict[str, str]]
_PLACE: Final = (
    ("county", "县", "示例县"),
    ("town", "乡镇", "青禾镇"),
    ("village", "村", "柳湾村"),
)
_HOUSEHOLD: Final = (
    ("case_number", "个案编号", "999901-2026-000123"),
    *_PLACE,
    ("group", "村民小组", "3组"),
    ("head_name", "户主姓名", "张三"),
    ("size", "共同生活人口", "4"),
    ("object_name", "对象名称", "防止返贫致贫对象"),
)
_MEMBERS: Rows = [
    {"name": "张三", "relation": "户主", "sex": "男", "born": "1975年6月", "health": "健康",
     "labour": "普通劳动力", "school": ""},
    {"name": "李四", "relation": "配偶", "sex": "女", "born": "1978年2月", "health": "长期慢性病",
     "labour": "弱劳动力或半劳动力", "school": ""},
]  # fmt: skip
_MEMBER_COLUMNS: Final = {
    "name": "姓名", "relation": "与户主关系", "sex": "性别", "born": "出生年月",
    "health": "健康状况", "labour": "劳动技能", "school": "在校生状况",
}  # fmt: skip
_INCOME: Rows = [
    {"group": "工资性收入", "label": "工资性收入", "amount": "24,000.00"},
    {"group": "转移性收入", "label": "养老保险金", "amount": "2,400.00"},
    {"group": "生产经营性支出", "label": "生产经营性支出", "amount": "3,000.00"},
]
_GUARANTEES: Rows = [
    {"label": "义务教育有保障", "answer": "是"},
    {"label": "住房安全有保障", "answer": "否"},
]
_LISTED: Rows = [
    {"order": "1", "head_name": "张三", "group": "3组", "size": "4", "class": "边缘易致贫户",
     "risks": "支出负担较重"},
    {"order": "2", "head_name": "王五", "group": "5组", "size": "2", "class": "脱贫不稳定户",
     "risks": "缺劳动力"},
]  # fmt: skip
_LISTED_COLUMNS: Final = {
    "order": "序号", "head_name": "户主姓名", "group": "村民小组", "size": "人口数",
    "class": "拟定类别", "risks": "主要风险",
}  # fmt: skip
_SENTENCES: Rows = [
    {"text": "经入户核查和民主评议，柳湾村拟将下列 2 户纳入防止返贫致贫对象，现予公示。"},
    {"text": "公示期：2026年6月10日至2026年6月14日。"},
]
_NOTICE: Final = (
    ("notice_number", "编号", "GS-2026-00005"),
    ("title", "标题", "拟纳入防止返贫致贫对象名单公示"),
    *_PLACE,
    ("object_name", "对象名称", "防止返贫致贫对象"),
    ("households", "户数", "2"),
    ("sentences", "正文", _SENTENCES, {"text": "一段文字"}),
    ("entries", "名单", _LISTED, _LISTED_COLUMNS),
    ("first_day", "起始日期", "2026年6月10日"),
    ("last_day", "截止日期", "2026年6月14日"),
    ("place", "张贴地点", "村务公开栏"),
    ("hotlines", "监督电话", "12317"),
    ("signature", "落款", "柳湾村村民委员会"),
)
_DECIDED: Final = (
    ("class_label", "认定类别", "边缘易致贫户"),
    ("risks", "返贫致贫风险", "因病、缺劳动力"),
)
_APPROVED: Rows = [
    {"order": "1", "case_number": "999901-2026-000123", "village": "柳湾村", "head_name": "张三",
     "size": "4", "class": "边缘易致贫户", "opinion": "同意"},
]  # fmt: skip


def _kind(key: str, title: str, fields: tuple[Any, ...], **more: Any) -> LetterKind:
    return LetterKind(key, title, "cases", fields, **more)


LETTERS: tuple[LetterKind, ...] = (
    _kind(
        "application", "申请及承诺授权书",
        (*_HOUSEHOLD,
         ("applicant", "申请人", "张三"),
         ("reasons", "申请理由", "家庭成员患病，医疗支出较大"),
         ("applied_on", "申请日期", "2026年6月1日"),
         ("mark", "签署方式", "本人签字"),
         ("writer_name", "代书人", ""), ("writer_relation", "代书人身份", ""),
         ("supporters", "授权是否包括法定赡养抚养人", "是"),
         ("members", "家庭成员", _MEMBERS, _MEMBER_COLUMNS)),
        note="农户签字或捺印，授权各部门比对；证件号码由本人填写。",
    ),
    _kind(
        "check", "信息采集表",
        (*_HOUSEHOLD,
         ("kind", "核查类型", "识别核查"),
         ("members", "家庭成员", _MEMBERS, _MEMBER_COLUMNS),
         ("period", "收入起止", "2025年6月至2026年5月"),
         ("income", "收入和支出", _INCOME,
          {"group": "大类", "label": "项目", "amount": "金额（元）"}),
         ("net_income", "家庭纯收入", "23,400.00"), ("per_person", "人均纯收入", "5,850.00"),
         ("claim_income", "理赔收入", "0.00"), ("self_paid", "合规自付支出", "18,600.00"),
         ("guarantees", "三保障和饮水", _GUARANTEES, {"label": "项目", "answer": "是否"}),
         ("risks", "返贫致贫风险", "1.因病　2.缺劳动力"),
         ("difficulties", "存在困难", "户主患病，医药费负担重"),
         ("wishes", "帮扶需求", "希望落实医疗救助"),
         ("checkers", "核查人", "赵六、钱七"), ("visited_on", "入户日期", "2026年6月3日")),
        note="入户核查的表格，先打印带走或核查后打印签字。",
    ),
    _kind(
        "minutes", "民主评议会议记录",
        (*_HOUSEHOLD, *_DECIDED,
         ("matter", "评议事项", "识别"),
         ("held_on", "评议日期", "2026年6月8日"), ("meeting", "评议形式", "村民代表会议"),
         ("place", "地点", "村委会会议室"), ("host", "主持人", "孙八"),
         ("recorder", "记录人", "周九"),
         ("entitled", "应到人数", "24"), ("present", "实到人数", "20"),
         ("participants", "参会人员", "孙八、周九、吴十"),
         ("votes_for", "同意", "19"), ("votes_against", "不同意", "0"), ("abstained", "弃权", "1"),
         ("result", "评议结果", "通过"), ("minutes", "评议记录", "与会代表逐项评议……")),
        note="村民代表会议或村“两委”扩大会议的评议记录。",
    ),
    _kind("publicity", "公示", _NOTICE, public=True, note="民主评议后在村内张贴的公示。"),
    _kind("announcement", "公告", _NOTICE, public=True, note="县级审定后以乡镇名义在村内张贴。"),
    _kind("exit_publicity", "风险消除公示", _NOTICE, public=True, note="拟消除风险的公示。"),
    _kind("exit_announcement", "风险消除公告", _NOTICE, public=True, note="消除风险的公告。"),
    _kind(
        "review", "乡镇审核表",
        (*_HOUSEHOLD, *_DECIDED,
         ("matter", "审核事项", "识别"),
         ("per_person", "人均纯收入", "5,850.00"), ("visited_on", "入户日期", "2026年6月3日"),
         ("checkers", "核查人", "赵六、钱七"),
         ("comparison", "数据比对情况", "4 个部门已答复，发现资产 1 项，核定无影响"),
         ("appraisal", "民主评议情况", "2026年6月8日评议，同意19票，通过"),
         ("publicity", "公示情况", "2026年6月10日至6月14日，无异议"),
         ("opinion", "审核意见", "同意上报"), ("result", "审核结果", "同意"),
         ("reviewed_on", "审核日期", "2026年6月16日"), ("reviewer", "审核人", "郑一")),
        note="乡镇对一户的核查、比对、评议、公示作出审核意见。",
    ),
    _kind(
        "approval", "县级审定批复",
        (*_PLACE[:2],
         ("town_office", "主送机关", "青禾镇人民政府"),
         ("object_name", "对象名称", "防止返贫致贫对象"),
         ("matter", "审定事项", "识别"),
         ("cases", "审定名单", _APPROVED,
          {"order": "序号", "case_number": "个案编号", "village": "村", "head_name": "户主姓名",
           "size": "人口数", "class": "认定类别", "opinion": "意见"}),
         ("households", "户数", "1"), ("people", "人数", "4"),
         ("approved_on", "审定日期", "2026年6月20日"), ("approver", "审定人", "冯二")),
        note="县级对一个乡镇同批上报名单的审定结果。",
    ),
    _kind(
        "cover", "一户一档封面",
        (*_HOUSEHOLD, *_DECIDED,
         ("round", "第几轮", "1"), ("state", "现在环节", "帮扶中"),
         ("identified_on", "识别日期", "2026年6月20日"), ("resolved_on", "消除日期", ""),
         ("materials", "材料目录",
          [{"order": "1", "title": "申请及承诺授权书", "date": "2026年6月1日", "count": "1"}],
          {"order": "序号", "title": "材料", "date": "日期", "count": "份数"}),
         ("made_on", "制作日期", "2026年6月30日")),
        note="户档案的封面和目录。",
    ),
)  # fmt: skip

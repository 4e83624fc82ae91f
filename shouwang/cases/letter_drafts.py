"""默认模板的底稿 (letter drafts): draws letters/*.docx in the form of official papers.

Run `python -m shouwang.cases.letter_drafts` after a change; a test holds the shipped files against
what this module draws.
"""

from pathlib import Path
from typing import Final

from shouwang.documents.papers import LEFT, Paper

FOLDER: Final = Path(__file__).resolve().parent / "letters"
_WHERE: Final = "{{ county }}{{ town }}{{ village }}{{ group }}"
_DAY: Final = "　　　　年　　月　　日"


def application() -> Paper:
    """申请及承诺授权书: what is asked, what is promised, what is allowed."""
    return (
        Paper("申请及承诺授权书")
        .title("{{ object_name }}申请及承诺授权书")
        .text("{{ village }}村民委员会：", indent=False)
        .text(
            f"本人{{{{ applicant }}}}，现住{_WHERE}，共同生活人口{{{{ size }}}}人。"
            "因{{ reasons or '＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿' }}，"
            "基本生活出现困难或存在返贫致贫风险，申请纳入{{ object_name }}。现承诺和授权如下："
        )
        .heading("一、承诺")
        .text("所提供的家庭人口、收入、支出、财产等情况真实、完整。情况有变化的，及时如实告知。"
              "如有隐瞒或虚报，愿意承担相应责任。")
        .heading("二、授权")
        .text(
            "同意有关部门依法查询、比对本人及共同生活的家庭成员"
            "{% if supporters == '是' %}，以及法定赡养、抚养、扶养义务人{% endif %}"
            "的户籍、不动产、车辆、市场主体登记、社会保险、财政供养、金融资产等信息，"
            "仅用于本次识别和今后的动态管理。"
        )
        .heading("三、家庭成员签字")
        .table(
            [["姓名", "与户主关系", "证件号码（本人填写）", "签字或捺印"],
             ["{{ row.name }}", "{{ row.relation }}", "", ""]],
            [30, 30, 56, 40], head=1, loop="row in members", height=11,
        )
        .gap()
        .text("以上内容已向申请人宣读，申请人清楚并同意。")
        .mark("{%p if writer_name %}")
        .text("代书人：{{ writer_name }}（{{ writer_relation }}）　　申请人捺印：")
        .mark("{%p endif %}")
        .signature("申请人（签字或捺印）：　　　　　　　", f"{{{{ applied_on or '{_DAY}' }}}}")
    )  # fmt: skip


def check() -> Paper:
    """信息采集表: household, people, income of twelve months, guarantees, risks, signatures."""
    return (
        Paper("信息采集表")
        .title("防止返贫监测对象信息采集表")
        .text(f"{_WHERE}　　　{{{{ kind }}}}　　　编号：{{{{ case_number }}}}", indent=False)
        .form(
            [[("户主姓名", 1), ("{{ head_name }}", 2), ("共同生活人口", 1), ("{{ size }}", 2)],
             [("入户日期", 1), ("{{ visited_on }}", 2), ("核查人", 1), ("{{ checkers }}", 2)]],
            6,
        )
        .heading("一、家庭成员")
        .table(
            [["姓名", "关系", "性别", "出生年月", "健康状况", "劳动技能", "在校生状况"],
             ["{{ row.name }}", "{{ row.relation }}", "{{ row.sex }}", "{{ row.born }}",
              "{{ row.health }}", "{{ row.labour }}", "{{ row.school }}"]],
            [22, 20, 12, 24, 28, 28, 22], head=1, loop="row in members",
        )
        .heading("二、收入和支出（元）")
        .text("起止：{{ period or '入户前 12 个整月' }}")
        .table(
            [["大类", "项目", "金额"], ["{{ row.group }}", "{{ row.label }}", "{{ row.amount }}"]],
            [46, 64, 46], head=1, loop="row in income", height=8,
        )
        .form(
            [[("家庭纯收入", 1), ("{{ net_income }}", 2),
              ("人均纯收入", 1), ("{{ per_person }}", 2)],
             [("理赔收入", 1), ("{{ claim_income }}", 2),
              ("合规自付支出", 1), ("{{ self_paid }}", 2)]],
            6,
        )
        .heading("三、“三保障”和饮水安全")
        .table(
            [["项目", "是否"], ["{{ row.label }}", "{{ row.answer }}"]],
            [106, 50], head=1, loop="row in guarantees", height=8,
        )
        .heading("四、风险、困难和需求")
        .form(
            [[("返贫致贫风险", 1), ("{{ risks }}", 5)],
             [("存在困难", 1), ("{{ difficulties }}", 5)],
             [("帮扶需求", 1), ("{{ wishes }}", 5)]],
            6, height=16,
        )
        .signature("核查人（签字）：　　　　　　　", "农户（签字或捺印）：　　　　　　　", _DAY)
    )  # fmt: skip


def minutes() -> Paper:
    """民主评议会议记录."""
    return (
        Paper("民主评议会议记录")
        .title("{{ village }}民主评议会议记录")
        .form(
            [[("评议日期", 1), ("{{ held_on }}", 2), ("地点", 1), ("{{ place }}", 2)],
             [("评议形式", 1), ("{{ meeting }}", 2), ("应到/实到", 1),
              ("{{ entitled }}人／{{ present }}人", 2)],
             [("主持人", 1), ("{{ host }}", 2), ("记录人", 1), ("{{ recorder }}", 2)],
             [("参会人员", 1), ("{{ participants }}", 5)],
             [("评议对象", 1), ("{{ group }}　{{ head_name }}户，{{ size }}人", 5)],
             [("评议事项", 1), ("{{ object_name }}{{ matter }}　拟定：{{ class_label }}", 5)]],
            6,
        )
        .heading("一、评议记录")
        .text("{{ minutes }}")
        .heading("二、表决结果")
        .text("同意{{ votes_for }}票，不同意{{ votes_against }}票，弃权{{ abstained }}票。"
              "评议结果：{{ result }}。")
        .heading("三、参会人员签字")
        .gap(60)
        .signature("主持人（签字）：　　　　　　　", "{{ held_on }}")
    )  # fmt: skip


def _notice(title: str, class_head: str, *, tells_days: bool) -> Paper:
    """A list for the wall, in the words that were fixed when it was published."""
    paper = Paper(title).title("{{ title }}")
    paper.mark("{%p for each in sentences %}").text("{{ each.text }}").mark("{%p endfor %}")
    paper.table(
        [["序号", "户主姓名", "村民小组", "人口数", class_head, "主要困难"],
         ["{{ row.order }}", "{{ row.head_name }}", "{{ row.group }}", "{{ row.size }}",
          "{{ row.class }}", "{{ row.risks }}"]],
        [14, 28, 26, 18, 38, 32], head=1, loop="row in entries",
    ).gap()  # fmt: skip
    if tells_days:
        paper.text("反映情况的人受到保护。监督电话：{{ hotlines }}。")
    else:
        paper.text("监督电话：{{ hotlines }}。")
    return paper.signature("{{ signature }}", "{{ first_day }}")


def publicity() -> Paper:
    """公示: asks for objections within the days."""
    return _notice("公示", "拟定类别", tells_days=True)


def announcement() -> Paper:
    """公告: tells the result in the name of the town."""
    return _notice("公告", "认定类别", tells_days=False)


def exit_publicity() -> Paper:
    """风险消除公示."""
    return _notice("风险消除公示", "监测类别", tells_days=True)


def exit_announcement() -> Paper:
    """风险消除公告."""
    return _notice("风险消除公告", "监测类别", tells_days=False)


def review() -> Paper:
    """乡镇审核表: what was found on one page, and the opinion below."""
    return (
        Paper("乡镇审核表")
        .title("{{ town }}{{ object_name }}{{ matter }}审核表")
        .form(
            [[("个案编号", 1), ("{{ case_number }}", 2), ("户主姓名", 1), ("{{ head_name }}", 2)],
             [("所在村组", 1), ("{{ village }}{{ group }}", 2), ("人口", 1), ("{{ size }}人", 2)],
             [("拟定类别", 1), ("{{ class_label }}", 2),
              ("人均纯收入", 1), ("{{ per_person }}元", 2)],
             [("返贫致贫风险", 1), ("{{ risks }}", 5)],
             [("入户核查", 1), ("{{ visited_on }}　核查人：{{ checkers }}", 5)],
             [("数据比对", 1), ("{{ comparison }}", 5)],
             [("民主评议", 1), ("{{ appraisal }}", 5)],
             [("村内公示", 1), ("{{ publicity }}", 5)]],
            6, height=13,
        )
        .form(
            [[("审核意见", 1),
              ("{{ result }}　{{ opinion }}\n\n\n审核人（签字）：{{ reviewer }}　　　　　　"
               "（公章）\n{{ reviewed_on }}", 5)]],
            6, height=60,
        )
    )  # fmt: skip


def approval() -> Paper:
    """县级审定批复: the list of one town, and what was decided."""
    return (
        Paper("县级审定批复")
        .title("关于{{ town }}{{ object_name }}{{ matter }}的审定批复")
        .text("{{ town_office }}：", indent=False)
        .text("你们上报的{{ object_name }}{{ matter }}名单收悉。经审定，"
              "{{ households }}户{{ people }}人的结果如下：")
        .table(
            [["序号", "个案编号", "村", "户主姓名", "人口数", "认定类别", "意见"],
             ["{{ row.order }}", "{{ row.case_number }}", "{{ row.village }}",
              "{{ row.head_name }}", "{{ row.size }}", "{{ row.class }}", "{{ row.opinion }}"]],
            [12, 44, 22, 22, 14, 26, 16], head=1, loop="row in cases",
        )
        .gap()
        .text("请以乡镇名义在村内公告，及时录入建档，落实帮扶措施。此件不公开张贴。")
        .signature("{{ county }}农业农村局", "{{ approved_on }}")
    )  # fmt: skip


def cover() -> Paper:
    """一户一档封面: whose file it is, and what lies in it."""
    return (
        Paper("一户一档", numbers=False)
        .gap(60)
        .title("{{ object_name }}户档案")
        .gap(30)
        .form(
            [[("户主姓名", 1), ("{{ head_name }}", 2)],
             [("住址", 1), (_WHERE, 2)],
             [("个案编号", 1), ("{{ case_number }}（第{{ round }}轮）", 2)],
             [("认定类别", 1), ("{{ class_label }}", 2)],
             [("返贫致贫风险", 1), ("{{ risks }}", 2)],
             [("识别日期", 1), ("{{ identified_on }}", 2)],
             [("消除日期", 1), ("{{ resolved_on }}", 2)],
             [("现在环节", 1), ("{{ state }}", 2)]],
            3, height=14,
        )
        .new_page()
        .text("材料目录", align=LEFT)
        .table(
            [["序号", "材料", "日期", "份数"],
             ["{{ row.order }}", "{{ row.title }}", "{{ row.date }}", "{{ row.count }}"]],
            [16, 76, 44, 20], head=1, loop="row in materials",
        )
        .signature("{{ made_on }}")
    )  # fmt: skip


DRAFTS: Final = {
    draft.__name__: draft
    for draft in (
        application, check, minutes, publicity, announcement, exit_publicity, exit_announcement,
        review, approval, cover,
    )
}  # fmt: skip


def draw(folder: Path = FOLDER) -> None:
    """Write every template into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for key, draft in DRAFTS.items():
        draft().save(folder / f"{key}.docx")


if __name__ == "__main__":
    draw()

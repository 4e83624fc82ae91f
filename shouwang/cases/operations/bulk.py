"""成批办理: begin what concerns many as a job, run it inside the job, keep what came of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

from shouwang.core import clock, crypto
from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError

from ..models import BulkWork
from ..states import BulkKind
from .pulling import Pulled, pull_screening_clues
from .rescuing import import_rescue_file
from .steps import approve_many
from .writing import Step, quiet

AT_ONCE = 50
"""Up to so many are done while the person waits."""


def order_pull(actor: Actor, as_of: date, priorities: Sequence[int]) -> BulkWork:
    require(actor, "cases.register")
    return _order(actor, BulkKind.PULL, as_of=as_of.isoformat(), priorities=list(priorities))


def order_approval(actor: Actor, chosen: Mapping[int, int], *, note: str) -> BulkWork:
    require(actor, "cases.approve")
    pairs = [[pk, version] for pk, version in chosen.items()]
    return _order(actor, BulkKind.APPROVAL, chosen=pairs, note=note)


def order_rescue(actor: Actor, path: Path, *, name: str) -> BulkWork:
    """Keep the list sealed until its job has read it: it names people."""
    require(actor, "cases.register")
    made = _order(actor, BulkKind.RESCUE, name=name[:300])
    crypto.encrypt_file(path, kept(made), _context(made))
    return made


def _order(actor: Actor, kind: str, **asked: Any) -> BulkWork:
    if actor.account_id is None:
        raise DomainError("成批办理要以本人账号发起。", code="account")
    return BulkWork.objects.create(
        kind=kind, account_id=actor.account_id, asked=asked, started_at=clock.now()
    )


def kept(work: BulkWork) -> Path:
    """Where the sealed list of a work lies."""
    return Path(settings.SHOUWANG_DATA_DIR) / "tmp" / f"cases-{work.uuid}.enc"


def _context(work: BulkWork) -> str:
    return f"cases.bulk:{work.uuid}"


def run_bulk(actor: Actor, work: BulkWork, step: Step = quiet) -> BulkWork:
    """Do what was asked and write down what came of it; either all of it counts or nothing."""
    told = RUNS[BulkKind(work.kind)](actor, work, step)
    work.told, work.finished_at = told, clock.now()
    work.save(update_fields=["told", "finished_at"])
    return work


def pulled_facts(done: Pulled) -> list[list[Any]]:
    """What a pull came to, each number with its list."""
    clues = reverse("cases:clues")
    new = f"{clues}?channel=platform"
    found = [
        ["新登记", f"{done.new} 条", new],
        ["并入在办个案", f"{done.attached} 条", f"{new}&state=attached"],
        ["再次出现", f"{done.again} 条", ""],
        ["重新核实", f"{done.reopened} 条", f"{new}&state=received"],
    ]
    return [row for row in found if not row[1].startswith("0 ")] or [["新登记", "0 条", ""]]


def _pull(actor: Actor, work: BulkWork, step: Step) -> dict[str, Any]:
    done = pull_screening_clues(
        actor, date.fromisoformat(work.asked["as_of"]), priorities=work.asked["priorities"],
        step=step,
    )  # fmt: skip
    return {"facts": [["筛查日期", work.asked["as_of"], ""], *pulled_facts(done)]}


def _approve(actor: Actor, work: BulkWork, step: Step) -> dict[str, Any]:
    chosen = dict(work.asked["chosen"])
    done = approve_many(actor, chosen, note=work.asked["note"], step=step)
    return {
        "facts": [["已审定", f"{len(done.done)} 户", ""],
                  ["没有审定", f"{len(done.refused)} 户", ""]],
        "refused": [[number, reason, reverse("cases:case", args=[number])]
                    for number, reason in sorted(done.refused.items())],
    }  # fmt: skip


def _rescue(actor: Actor, work: BulkWork, step: Step) -> dict[str, Any]:
    sealed = kept(work)
    if not sealed.exists():
        raise DomainError("上传的名单已经清理，请重新上传。", code="file")
    clear = sealed.with_suffix(".xlsx")
    try:
        crypto.decrypt_file(sealed, clear, _context(work))
        file = import_rescue_file(actor, clear, name=work.asked["name"], step=step)
    except DomainError:
        sealed.unlink(missing_ok=True)  # another try would be refused for the same reason
        raise
    finally:
        clear.unlink(missing_ok=True)
    sealed.unlink(missing_ok=True)
    url = f"{reverse('cases:clues')}?channel=rescue_platform"
    return {
        "facts": [["文件", work.asked["name"], ""],
                  ["登记线索", f"{file.accepted} 条", url],
                  ["以前登记过", f"{file.known} 条", ""],
                  ["没有收下", f"{len(file.rejects)} 行", ""]],
        "refused": [[f"第 {each['row']} 行 {each['column']}", each["reason"], ""]
                    for each in file.rejects],
    }  # fmt: skip


RUNS: dict[BulkKind, Callable[[Actor, BulkWork, Step], dict[str, Any]]] = {
    BulkKind.PULL: _pull,
    BulkKind.APPROVAL: _approve,
    BulkKind.RESCUE: _rescue,
}

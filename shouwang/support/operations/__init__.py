"""Writes of support. Every one: actor first, then the record, the rest by keyword; returns the
record; atomic and audited; raises DomainError with what to do next.

    plan_measure(actor, household, *, item, risk="", member=None, industry=None, note="", …)
    name_industry(actor, measure, *, industry, version)    which industry of the household it helps
    plan_proposals(actor, household, keys) -> list[Measure]        change_measure(actor, measure, …)
    adopt_measures(actor, cases) -> int        measures that the national register notes already
    take_measure_step(actor, measure, action, *, version, **given) -> Measure
    assign_many(actor, measures) -> Assigned
    record_payment(actor, measure, *, amount, paid_on, channel, note)  cancel_payment(…, reason)
    refresh_receipts(actor) -> ReceiptRefresh
    adopt_contacts(actor, cases) -> int        contacts that the national register names
    pair(actor, household, *, name, unit, post, phone, valid_from, reason)  end_pairing  set_duty
    record_visit(actor, household, *, …) -> Visit    record_review(actor, household, *, …)
    card_for(actor, household) -> PolicyCard         hand_over(actor, card, *, …)
    apply_relief(actor, household, *, …)             take_relief_step(actor, application, action, …)
    record_loan, update_loan, record_student_aid, record_renovation, import_sheet(actor, kind, …)
    record_policy, record_claim, record_subsidy, record_care
    record_need  record_offer  end_offer  take_need_step(actor, need, action, *, version, **given)
    take_burdens(actor)    handle_burden(actor, burden, *, outcome, note, version, on)
    record_collective  correct_collective  add_insured  record_collective_claim  settle_claim
    divide_claim  divide_by  take_back_division  import_payouts
    record_entry(actor, kind, household | member, **given)    correct_entry(…, row, reason, version)
        kind: exits, resettlement, pensions
    record_industry    correct_industry(…, reason, version)    end_industry(…, reason, version)
"""

from .burdens import handle_burden, take_burdens
from .cards import card_for, hand_over, note_print
from .collective import (
    add_insured,
    correct_collective,
    divide_by,
    divide_claim,
    import_payouts,
    record_collective,
    record_collective_claim,
    settle_claim,
    take_back_division,
)
from .industries import correct_industry, end_industry, record_industry
from .ledgers import record_care, record_claim, record_policy, record_subsidy
from .matching import (
    end_offer,
    need_steps,
    record_need,
    record_offer,
    take_need_step,
)
from .pairing import adopt_contacts, end_duty, end_pairing, pair, set_duty
from .paying import cancel_payment, record_payment
from .planning import (
    adopt_measures,
    change_measure,
    name_industry,
    plan_measure,
    plan_proposals,
)
from .receipts import receipts_are_behind, refresh_receipts
from .registers import record_loan, record_renovation, record_student_aid, update_loan
from .relief import apply_relief, take_relief_step
from .reviewing import record_review
from .sheets import import_sheet
from .standing import correct_entry, record_entry
from .visiting import record_visit
from .working import Assigned, assign_many, take_measure_step

__all__ = [
    "Assigned",
    "add_insured",
    "adopt_contacts",
    "adopt_measures",
    "apply_relief",
    "assign_many",
    "cancel_payment",
    "card_for",
    "change_measure",
    "correct_collective",
    "correct_entry",
    "correct_industry",
    "divide_by",
    "divide_claim",
    "end_duty",
    "end_industry",
    "end_offer",
    "end_pairing",
    "hand_over",
    "handle_burden",
    "import_payouts",
    "import_sheet",
    "name_industry",
    "need_steps",
    "note_print",
    "pair",
    "plan_measure",
    "plan_proposals",
    "receipts_are_behind",
    "record_care",
    "record_claim",
    "record_collective",
    "record_collective_claim",
    "record_entry",
    "record_industry",
    "record_loan",
    "record_need",
    "record_offer",
    "record_payment",
    "record_policy",
    "record_renovation",
    "record_review",
    "record_student_aid",
    "record_subsidy",
    "record_visit",
    "refresh_receipts",
    "set_duty",
    "settle_claim",
    "take_back_division",
    "take_burdens",
    "take_measure_step",
    "take_need_step",
    "take_relief_step",
    "update_loan",
]

"""Writes of casework. Every one: actor first, then the record, the rest by keyword; returns the
record; atomic and audited; raises DomainError with what to do next.

    register_clue(actor, *, channel, village, household=None, subject_name="", contact="", risks=(),
        text="", department="", outside_no="", reporter=None, on_behalf=False, relation="",
        received_on, emergency="", screening_clue=None) -> RegisteredClue
    find_household(actor, clue, *, household, version)      give an unknown clue its household
    attach_clue(actor, clue, *, case, version)
    close_clue(actor, clue, *, conclusion, note, version)
    reopen_clue(actor, clue, *, reason, version)
    pull_screening_clues(actor, as_of) -> Pulled
    import_rescue_file(actor, path, *, name) -> RescueFile
    open_case(actor, *, clues=(), household=None, emergency="", on=None) -> Case
    mark_green(actor, case, *, emergency, reason, version)
    record_application(actor, case, *, applied_on, applicant_name, signed_on, mark, writer_name="",
        writer_relation="", read_aloud=False, covers_supporters=False, note="", version=None)
    start_check(actor, *, case=None, household=None, kind) -> HouseholdCheck   pre-filled draft
    save_check(actor, check, *, version, income=None, answers=None, **fields) -> HouseholdCheck
    submit_check(actor, check, *, version) -> HouseholdCheck
    add_asset(actor, case, *, member, person_label, item, detail, explanation) -> AssetHit
    add_supporter(actor, case, *, name, relation, id_no, place="") -> Supporter
    remove_supporter(actor, case, supporter, *, reason)
    request_comparison(actor, case, *, departments=None) -> list[ComparisonRequest]
    answer_comparison(actor, request, *, findings, note="", version)
        findings: Finding(member_id, item, detail)
    answer_from_feeds(actor, request, *, version)    where every item has a feed
    waive_comparison(actor, request, *, reason, version)
    import_answers(actor, path, *, department, name) -> AnswersImported
    judge_hit(actor, hit, *, conclusion, explanation, reason, version)
    propose_class(actor, case) -> Case
    decide(actor, case, *, decided, reason, version) -> Case
    record_appraisal(actor, case, *, held_on, meeting, entitled, present, votes_for, votes_against,
        abstained, host, recorder, place, participants, minutes) -> Appraisal
    publish_notice(actor, cases, *, kind, published_on, place) -> Notice
    withdraw_notice(actor, entry, *, reason)
    file_objection(actor, case, *, filed_on, way, text, objector, is_anonymous) -> Objection
    handle_objection(actor, objection, *, upheld, answer, version)
    take_step(actor, case, action, *, version, **given) -> Case    the one way a state changes;
        given: note, reason, result, date, evidence (what the row `asks`)
    approve_many(actor, chosen, *, note) -> Approved          chosen: {case pk: version shown}
    start_resolution(actor, case, *, way, reason, version)
    take_back(actor, case, *, reason, version)
    record_follow_up(actor, case, *, visited_on, visitors, conclusion, ...) -> FollowUp
    record_judgement(actor, case, *, judged_on, conclusion, reason, participants) -> Judgement
    reveal_clue(actor, clue, *, what, reason) -> str
    reveal_objector(actor, objection, *, reason) -> str
    save_checklist(actor, *, key, title, purpose, items, is_active=True) -> ChecklistTemplate
    refer_to_civil(actor, case, *, reason) -> Referral
    adopt_from_registry(actor) -> int    cases of what the registry marks already
    adopt_again(actor, case, *, reason, version) -> Case    the round that the national mark begins
"""

from .adopting import adopt_from_registry
from .appraising import record_appraisal
from .checking import add_asset, save_check, start_check, submit_check
from .clues import attach_clue, close_clue, find_household, register_clue, reopen_clue
from .comparing import (
    AnswersImported,
    Finding,
    answer_comparison,
    import_answers,
    judge_hit,
    request_comparison,
    waive_comparison,
)
from .deciding import decide, propose_class
from .feeding import answer_from_feeds, can_answer_from_feeds
from .following import record_follow_up, record_judgement
from .listing import save_checklist
from .marking_again import adopt_again, source_of, why_not_again
from .noticing import file_objection, handle_objection, publish_notice, withdraw_notice
from .opening import mark_green, open_case, record_application
from .pulling import Pulled, pull_screening_clues
from .referrals import refer_to_civil
from .rescuing import import_rescue_file
from .revealing import reveal_clue, reveal_objector, reveal_supporter
from .steps import Approved, approve_many, start_resolution, take_back, take_step
from .supporting import add_supporter, remove_supporter

__all__ = [
    "AnswersImported",
    "Approved",
    "Finding",
    "Pulled",
    "add_asset",
    "add_supporter",
    "adopt_again",
    "adopt_from_registry",
    "answer_comparison",
    "answer_from_feeds",
    "approve_many",
    "attach_clue",
    "can_answer_from_feeds",
    "close_clue",
    "decide",
    "file_objection",
    "find_household",
    "handle_objection",
    "import_answers",
    "import_rescue_file",
    "judge_hit",
    "mark_green",
    "open_case",
    "propose_class",
    "publish_notice",
    "pull_screening_clues",
    "record_application",
    "record_appraisal",
    "record_follow_up",
    "record_judgement",
    "refer_to_civil",
    "register_clue",
    "remove_supporter",
    "reopen_clue",
    "request_comparison",
    "reveal_clue",
    "reveal_objector",
    "reveal_supporter",
    "save_check",
    "save_checklist",
    "source_of",
    "start_check",
    "start_resolution",
    "submit_check",
    "take_back",
    "take_step",
    "waive_comparison",
    "why_not_again",
    "withdraw_notice",
]

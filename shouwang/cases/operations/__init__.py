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
    request_comparison(actor, case, *, departments=None) -> list[ComparisonRequest]
    answer_comparison(actor, request, *, findings, note="", version)
        findings: Finding(member_id, item, detail)
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
    save_checklist(actor, *, key, title, purpose, items, is_active=True) -> ChecklistTemplate
    adopt_from_registry(actor) -> int    cases of what the registry marks already
"""

"""监测帮扶个案 (cases): clues of six channels, the nine steps, resolution, and what follows.

Not here: measures, pairing and visits (support), sweeps and bulletins (campaigns), letters'
machinery (documents). What other rooms and the pages use:

    lifecycles   clue_table(), table_of(regime): states and steps; offers via queries.offers
    regimes      regime(key), regime_on(date): classes, limits, notice fields, forms, mapping
    income       items(regime), per_person(items, size): the one place that computes income
    operations   register_clue, attach_clue, close_clue, reopen_clue, find_household,
                 pull_screening_clues, import_rescue_file, open_case, mark_green,
                 record_application, start_check, save_check, submit_check, add_asset,
                 request_comparison, answer_comparison, import_answers, waive_comparison,
                 judge_hit, propose_class, decide, record_appraisal, publish_notice,
                 withdraw_notice, file_objection, handle_objection, approve_many,
                 take_step (the one way a state changes), start_resolution, take_back,
                 record_follow_up, record_judgement, save_checklist, adopt_from_registry
    queries      cases_visible_to, clues_visible_to, requests_visible_to, notices_visible_to,
                 inbox, board, funnel, load_per_worker, offers, progress, dossier, conditions,
                 differences, history, similar_clues, long_monitored, unasked follow-ups

Each write takes the actor first and returns the object; `version` is what the page showed.
"""

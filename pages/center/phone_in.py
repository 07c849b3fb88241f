"""A referral that an agency phones in: who called and when, then the same form that agencies fill in."""

import streamlit as st

from actions.center import queue, referrals
from domain import fields
from domain.fields import Weight
from domain.referrals import OwnDraft
from widgets.at_work import at_work, reading
from widgets.language import help_for_forms
from widgets.phoned_draft import begun, call_taken, child_in, form_of, open_phoned, problems_of
from widgets.record_form import form_section, problem_summary, problems_elsewhere, record_form
from widgets.record_view import record_view
from widgets.urgent_calls import is_urgent, whom_reached
from widgets.ways import PHONE_IN, id_in_address, to_phoned_draft, to_referral
from widgets.words import Clock, clock, safe


def take_call(now: Clock) -> None:
    """Start a referral, or go on with one that was begun."""
    st.title("Phoned-in referral", anchor=False)
    with reading() as work:
        offered, drafts = queue.choices(work), referrals.phoned_drafts(work)
    with st.container(width=720):
        st.caption("For an agency that calls: you write down what the caller knows. Every answer is kept as you go.")
        started = call_taken(offered.agencies, now)
        chosen = begun(drafts, now)
    if started:
        with at_work() as work:
            draft = referrals.phone_in(work, *started)
        to_phoned_draft(draft.id)
    if chosen:
        to_phoned_draft(chosen)


def write(draft: OwnDraft, now: Clock, section: str) -> None:
    """The form; each answer is saved when it is left."""
    center = help_for_forms()
    looked_through = st.query_params.get("checked") == "yes"
    form = form_of(draft, center, now, problems_of(draft, now) if looked_through else ())
    st.title("Phoned-in referral", anchor=False)
    st.caption(f"Saved {center.clock(draft.saved_at)}")
    with st.container(width=820):
        problem_summary(form)
        if section:
            form_section(form, section)
        else:
            record_form(form, fields.short_path(fields.ReferralType(draft.type)))
        with st.container(horizontal=True):
            check = st.button("Check the answers", type="primary", key="phone-check")
            later = st.button("Finish later", key="phone-later")
            discard = st.button("Discard the draft", key="phone-discard")
    if check:
        st.switch_page(PHONE_IN, query_params={"r": str(draft.id), "step": "check"})
    if discard:
        with at_work("The draft is gone.") as work:
            referrals.discard_phoned(work, draft.id)
    if later or discard:
        st.switch_page(PHONE_IN)


def check(draft: OwnDraft, now: Clock) -> None:
    """All answers once more, and sending."""
    center, problems = help_for_forms(), problems_of(draft, now)
    form = form_of(draft, center, now, problems)
    kind = fields.ReferralType(draft.type)
    st.title("Check the answers", anchor=False)
    st.header(safe(child_in(draft)), anchor=False)
    with st.container(width=820):
        problems_elsewhere(form, PHONE_IN, str(draft.id))
        record_view(kind, fields.to_send(kind, draft.answers), now.today)
        reached = whom_reached("phone-reached") if is_urgent(draft.answers) else ""
        with st.container(horizontal=True):
            send = st.button("Send to the queue", type="primary", key="phone-send")
            back = st.button("Back to the form", key="phone-back")
        stopped = any(problem.weight is Weight.REFUSE for problem in problems)
        if send and stopped:
            st.error("Nothing was sent. Answer what stands at the top of this page first.", icon=":material/error:")
    if back:
        st.switch_page(PHONE_IN, query_params={"r": str(draft.id), "checked": "yes"})
    if send and not stopped:
        with at_work("The referral is in the queue.") as work:
            referrals.submit_phoned(work, draft.id, draft.version, reached)
        to_referral(draft.id)


at, moment = id_in_address(), clock()
if at is None:
    take_call(moment)
elif st.query_params.get("step") == "check":
    check(open_phoned(at), moment)
else:
    write(open_phoned(at), moment, st.query_params.get("section", ""))

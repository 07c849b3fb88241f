"""Retention: what is due to be purged, who agrees, legal holds, and the certificates of what was purged."""

import streamlit as st

from actions import expiry
from actions.center import agencies, holds, retention
from actions.desk import desk
from domain.permissions import Permission, may
from domain.refusals import Refused
from widgets.at_work import at_work, reading, refused_here
from widgets.prove_again import proved
from widgets.retention_certificate import certificates_list, printable_certificate
from widgets.retention_due import due_part, periods_form, request_form, unanswered_part, waiting_part
from widgets.retention_holds import holds_list, place_form
from widgets.ways import RETENTION, id_in_address
from widgets.words import clock

now, opened = clock(), id_in_address("p")
st.title("Retention", anchor=False)
with reading() as work:
    me, rules = work.actor, retention.periods(work)
    lines, request = retention.preview(work), retention.waiting(work)
    standing, done, aside = holds.standing(work), retention.certificates(work), expiry.kept_aside(work)
    paper = retention.certificate(work, opened) if opened else None
    late = retention.unanswered(work) if may(me, Permission.REVIEW_REFERRALS) else ()
    senders = agencies.agencies(work)
asks, agrees = may(me, Permission.MANAGE_RETENTION), may(me, Permission.APPROVE_PURGES)
reason, decision, comment, decided = None, "", None, None

if paper:
    printable_certificate(paper, desk().center, now)
    if st.button("Back to retention", icon=":material/arrow_back:", key="to-retention"):
        st.switch_page(RETENTION)
    st.stop()

st.header("Due to be purged", anchor=False)
due_part(lines, now)
if (asks or (agrees and request)) and proved(
    "To ask for a purge, agree to one or change the periods, type your password first."
):
    if request:
        decision = waiting_part(request, now, may_agree=agrees)
    elif asks:
        reason = request_form(lines)
elif request:
    waiting_part(request, now, may_agree=False)
if may(me, Permission.REVIEW_REFERRALS):
    st.header("Returned and never answered", anchor=False)
    comment = unanswered_part(late, now)
st.header("Legal holds", anchor=False)
lifted = holds_list(standing, now, may_lift=may(me, Permission.PLACE_HOLDS))
placed = None
if may(me, Permission.PLACE_HOLDS):
    with st.expander("Place a legal hold"):
        placed = place_form(senders)
st.header("Certificates", anchor=False)
chosen = certificates_list(done, now)
if aside and done:
    st.warning("A restore kept what it replaced. It may still hold what was purged; remove it once you are sure:")
    st.text("\n".join(aside))
if asks:
    st.header("Periods", anchor=False)
    decided = periods_form(rules)

if chosen:
    st.switch_page(RETENTION, query_params={"p": str(chosen)})
if reason is not None:
    with at_work("The purge is asked for. Somebody else has to agree.") as work:
        retention.request(work, {line.kind: line.due for line in lines}, reason)
    st.rerun()
if decision == "withdraw" and request:
    with at_work("The request is withdrawn. Nothing was purged.") as work:
        retention.withdraw_request(work, request.id)
    st.rerun()
if decision == "agree" and request:
    with at_work("Purged. The certificate is below.") as work:
        retention.approve(work, request.id)
    try:
        expiry.finish_now()
    except Refused as refusal:
        refused_here(refusal)
    st.rerun()
if comment is not None:
    with at_work("The returns are closed.") as work:
        retention.close_unanswered(work, {one.id: one.version for one in late if not one.kept_back}, comment)
    st.rerun()
if lifted:
    with at_work() as work:
        holds.lift(work, *lifted)
    st.rerun()
if placed:
    with at_work("The hold stands from now on.") as work:
        holds.place(
            work,
            placed.scope,
            placed.reason,
            number=placed.number,
            agency_id=placed.agency_id,
            since=placed.since,
            until=placed.until,
        )
    st.rerun()
if decided:
    with at_work("These periods hold from now on.") as work:
        retention.set_periods(work, decided)
    st.rerun()

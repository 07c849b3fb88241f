"""One referral: everything that was said, what happened, and what can be decided."""

import streamlit as st

from actions.center import holds, late_words, referrals
from domain.referrals import ReferralView
from widgets.at_work import at_work, opening
from widgets.correction_dialog import correction_dialog
from widgets.decision_bar import after_decision
from widgets.decision_dialogs import open_dialog, settle_dialog
from widgets.dialog import open_about
from widgets.late_word_list import late_word_list
from widgets.memory import memory
from widgets.paper import not_for_paper
from widgets.referral_head import children_to_link, deeds, head, hotline_task, links, look_alikes
from widgets.referral_parts import answers, history, rounds, talk
from widgets.referral_standing import standing
from widgets.restricted_part import restricted_part
from widgets.retention_holds import hold_notice
from widgets.return_dialog import return_dialog
from widgets.stale import moved_on, unsent_words
from widgets.ways import (
    id_in_address,
    to_client,
    to_import,
    to_merge,
    to_merged,
    to_phoned_draft,
    to_print,
    to_queue,
    to_referral,
)
from widgets.words import clock

referral_id, now = id_in_address(), clock()
if referral_id is None:
    to_queue()
with opening() as work:
    view = referrals.read(work, referral_id)
    me = work.actor
    proposed = referrals.same_incident(work, referral_id)
    kept = holds.on_record(work, "referral", referral_id)


def draw_dialog(view: ReferralView) -> None:
    """The one dialog that is open, if any."""
    settle_dialog(view)
    tab = memory().queue
    if tab.about == view.id and tab.dialog == "return":
        return_dialog(view)
    elif tab.about == view.id and tab.dialog == "correct":
        correction_dialog(view)
    else:
        open_dialog([view])


not_for_paper()
back = st.button("Back to the queue", icon=":material/arrow_back:", type="tertiary", key="to-queue")
after_decision()
moved_on(view, now)
head(view, now)
hold_notice(kept, now)
standing(view, now)
deed = deeds(view, me.name)
unsent_words(view, now)
settle = hotline_task(view, now)
late = late_word_list(view, now)
alike = look_alikes(view)
linked = links(view, proposed)
child = children_to_link(view)
to_file = view.client_id and st.button(f"Open the client's file {view.client_number}", key="to-client")
said, happened, written, talked = st.tabs(["Answers", "Timeline", "Rounds and changes", "Questions and notes"])
with said:
    answers(view, now)
with happened:
    history(view, now)
with written:
    rounds(view, now)
with talked:
    talk(view, now)
    restricted_part("referral", view.id)

if back:
    to_queue()
if to_file and view.client_id:
    to_client(view.client_id)
if alike:
    to_merge([view.id, alike.id]) if alike.kind == "referral" else to_import(view.id)
if linked and linked[0] == "open":
    to_referral(linked[1].id)
if linked and linked[0] == "merge":
    to_merged(linked[1].id)
if linked and linked[0] == "link":
    with at_work("The referrals are linked.") as work:
        referrals.link_incident(work, view.id, linked[1].id)
    memory().queue.seen.pop(view.id, None)
    st.rerun()
if child:
    with at_work() as work:
        draft = referrals.child_of_household(work, view.id, child)
    to_phoned_draft(draft.id)
if late and late.take_over:
    with at_work("Taken over, in the agency's own words.") as work:
        late_words.take_over(work, view.id, view.version, late.word_id)
    memory().queue.seen.pop(view.id, None)
    st.rerun()
if late:
    with at_work("Kept: it was seen and changes nothing.") as work:
        late_words.leave_as_it_is(work, view.id, late.word_id)
    st.rerun()
if deed == "print":
    to_print(view.id)
if deed == "import":
    to_import(view.id)
if deed in ("take", "give_back"):
    with at_work("You have taken it." if deed == "take" else "It was given back.") as work:
        referrals.assign(work, view.id, view.version, me.user_id if deed == "take" else None)
    memory().queue.seen.pop(view.id, None)
    st.rerun()
if deed or settle:
    open_about(deed or "hotline", view)
draw_dialog(view)

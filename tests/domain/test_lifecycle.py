"""The table of steps, read row by row against the plain model."""

import pytest

from domain.lifecycle import STEP_PERMISSIONS, STEPS, UNDOES, Status, Step, target
from domain.permissions import GRANTS
from domain.refusals import Refused
from tests.domain.lifecycle_model import TAKEN_BACK_BY, is_the_plain_table


def test_the_table_says_what_the_plain_model_says_and_nothing_more():
    assert is_the_plain_table()
    assert {back.value: {step.value for step in steps} for back, steps in UNDOES.items()} == {
        back: {step for step, undoing in TAKEN_BACK_BY.items() if undoing == back}
        for back in set(TAKEN_BACK_BY.values())
    }


@pytest.mark.parametrize("step", list(Step))
def test_every_step_belongs_to_somebody(step):
    assert GRANTS[STEP_PERMISSIONS[step]]
    assert step.done


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("step", list(Step))
def test_a_step_that_the_table_does_not_have_is_refused_in_a_sentence(status, step):
    if (status, step) in STEPS:
        return

    with pytest.raises(Refused) as refused:
        target(status, step, undone=(Step.CLOSE, Status.SUBMITTED))

    assert refused.value.message.endswith(".") and status.label.lower() in refused.value.message


@pytest.mark.parametrize("step", list(UNDOES))
@pytest.mark.parametrize("newest", [None, *Step])
def test_going_back_needs_the_very_step_that_is_undone(step, newest):
    status = next(status for status, each in STEPS if each is step)
    undone = None if newest is None else (newest, Status.REJECTED)

    if newest in UNDOES[step]:
        assert target(status, step, undone=undone) is Status.REJECTED
        return

    with pytest.raises(Refused, match="nothing to take back"):
        target(status, step, undone=undone)


def test_no_status_is_a_dead_end_but_an_import_that_nobody_undoes():
    for status in Status:
        assert any(start is status for start, _step in STEPS)

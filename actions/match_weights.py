"""Learning the weights of the match from the center's own records, for whoever sits at the site's computer."""

from actions.console import CONSOLE
from actions.work import system_work
from db import learning, store
from domain.matching.explaining import named
from domain.matching.learning import Learnt
from domain.refusals import Refused

SHOWN = 12
"""Changes told, the largest first."""


def learnt() -> Learnt:
    """What the clients and decisions on file teach. Nothing is changed; refused where there is too little."""
    with store.present().reading() as session:
        return learning.learnt_from(session)


def told(found: Learnt) -> list[str]:
    """What would change, in lines of plain words."""
    lines = [
        f"Learnt from {found.clients:,} clients and {found.decisions:,} decisions: {found.pairs:,} pairs of records "
        f"were compared, about {found.of_one_child:,.0f} of them are of one child.",
        "Of 100 pairs of records of one child:",
        f"{'field':16}{'agreement':44}{'now':>8}{'learnt':>8}",
    ]
    lines += [
        f"{named(each.field):16}{each.level.value:44}{100 * each.before:8.1f}{100 * each.after:8.1f}"
        for each in found.changes[:SHOWN]
    ]
    return lines


def use(found: Learnt) -> None:
    """Use learnt weights in every search from now on."""
    with system_work(CONSOLE) as work:
        learning.keep(work.session, found, by_name=CONSOLE, at=work.now)
        work.record("match.weights_learned", "site", count=found.pairs)


def take_back() -> str:
    """Return to the weights that were in use before the last learnt ones, and say which those were."""
    with system_work(CONSOLE) as work:
        taken = learning.take_back(work.session, by_name=CONSOLE, at=work.now)
        if taken is None:
            raise Refused("No learnt weights are in use: the match uses the weights that ship.")
        work.record("match.weights_taken_back", "site")
        return f"The weights learnt on {taken.learned_at:%d %b %Y} from {taken.clients:,} clients are no longer used."

"""Writes today's populated database down: see the package."""

from db import migrations
from db import store as stores
from db.store import Store
from tests import populated
from tests.cast import bring_in, send
from tests.conftest import SECRET, make_tables
from tests.faults import desk_work


def main() -> None:
    with populated.scratch() as folder:
        url = f"sqlite:///{folder}/desk.db"
        make_tables(url)
        store = stores.use(Store(url, SECRET))
        _live(bring_in(store))
        with store.reading() as session:
            populated.keep(populated.written_down(session.connection()), migrations.head())
        store.close()


def _live(cast) -> None:
    """One referral of every fate."""
    first, second, third, fourth, fifth, sixth = (
        send(cast.olga, child_first_name=name, child_last_name="Ñúñez-O'Brien")
        for name in ("Ana", "Béla", "Cy", "Dorothea", "Елена", "فاطمة")
    )
    desk_work.bring_in_client(cast.irene, first)
    desk_work.merge_two(cast.irene, second, third)
    desk_work.reject(cast.irene, fourth, desk_work.version(cast.irene, fourth))
    desk_work.close(cast.irene, fifth, desk_work.version(cast.irene, fifth))
    desk_work.delete(cast.irene, sixth, desk_work.version(cast.irene, sixth))
    send(cast.peter)


if __name__ == "__main__":
    main()

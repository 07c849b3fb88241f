from sqlalchemy import text


def test_both_databases_answer(store):
    with store.reading() as session:
        assert session.execute(text("SELECT 1")).scalar() == 1

"""A center learns how its own records differ: only with enough of them, everywhere at once, and back again."""

import argparse
from contextlib import nullcontext
from dataclasses import replace
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import select

import manage
from actions import match_weights
from benchmarks import match, people
from db import search_keys
from db import store as stores
from db.search_words import remembered
from db.store import Store
from db.tables.audit import AuditEntry
from domain.matching import SHIPPED, RecordKind
from domain.matching.learning import Change, Learnt
from domain.matching.levels import Compared, Level
from domain.refusals import Refused


def careless(labelled: people.Labelled, seed: int) -> tuple[people.Labelled, people.Labelled]:
    """Everybody's birth date is often wrong, and phones change always; a third of the clients are twice on file."""
    chance = Random(seed)

    def written(child: people.Child) -> people.Child:
        day = (
            f"{child.dob[:8]}{chance.randint(1, 28):02d}"
            if len(child.dob) == 10 and chance.random() < 0.5
            else child.dob
        )
        return replace(child, dob=day, phone=f"(217) 555-{chance.randint(0, 9999):04d}")

    doubles = [replace(written(child), id=f"{child.id}d", truth=child.id) for child in labelled.store[::3]]
    learnt_on = people.Labelled([written(child) for child in labelled.store] + doubles, [])
    return learnt_on, people.Labelled(learnt_on.store, [written(query) for query in labelled.queries])


def figures(store: Store, labelled: people.Labelled) -> match.Figures:
    rows = [vars(query) for query in labelled.queries]
    twice = {child.truth: child.id for child in labelled.store if child.truth}
    for row in rows:
        truths = [part for part in row["truth"].split("|") if part]
        row["truth"] = "|".join([*truths, *(twice[truth] for truth in truths if truth in twice)])
    with store.reading() as session:
        names = dict(session.execute(select(match.Client.id, match.Client.number)).all())
    ids = {id_: labelled.store[int(number[2:])].id for id_, number in names.items()}
    return match.figures(match.ask(match.Loaded(store, ids, 1.0, 1.0), rows))


def test_a_careless_center_finds_better_with_what_it_learns(tmp_path):
    drawn = people.names(7, 900, 260)
    learnt_on, asked = careless(drawn, 8)
    path, _ = people.save(learnt_on, tmp_path)
    loaded = match.load(path, None)
    before = figures(loaded.store, asked)

    found = match_weights.learnt()
    match_weights.use(found)
    after = figures(loaded.store, asked)
    scale = remembered_scale(loaded.store)
    loaded.close()

    dates = scale.weights[Compared.DOB]
    assert dates[Level.SAME].same < SHIPPED.weights[Compared.DOB][Level.SAME].same
    assert after.recall_1 >= before.recall_1 and after.recall_5 >= before.recall_5
    assert after.best_f1 > before.best_f1


def remembered_scale(store: Store):
    with store.reading() as session:
        return remembered(session).scale


def test_too_little_is_refused_in_words(store):
    with pytest.raises(Refused, match="too little to learn from"):
        match_weights.learnt()


def test_learnt_weights_hold_in_every_process_at_once_and_can_be_taken_back(store, monkeypatch):
    other_process = Store(store.url, store.secret, store.key)
    keep_some(store)
    assert remembered_scale(other_process) is SHIPPED
    learnt = invented()

    match_weights.use(learnt)
    there = remembered_scale(other_process).weights[Compared.SEX][Level.SAME].same
    said = match_weights.take_back()
    after = remembered_scale(other_process)
    other_process.close()

    assert there == 0.9 and after is SHIPPED
    assert "no longer used" in said
    with pytest.raises(Refused, match="No learnt weights"):
        match_weights.take_back()
    with store.reading() as session:
        told = session.scalars(select(AuditEntry.event).order_by(AuditEntry.seq)).all()
    assert list(told)[-2:] == ["match.weights_learned", "match.weights_taken_back"]


def test_what_would_change_is_told_in_plain_words(store):
    lines = match_weights.told(invented())

    assert "12 clients and 3 decisions" in lines[0]
    assert lines[3].split() == ["sex", "same", "98.0", "90.0"]


def test_the_console_asks_before_it_uses_what_it_learnt(store, monkeypatch, capsys):
    monkeypatch.setattr(manage.site, "opened", lambda _settings: stores_open(store))
    monkeypatch.setattr(match_weights, "learnt", invented)
    monkeypatch.setattr("builtins.input", lambda _prompt: "no")

    with pytest.raises(Refused, match="Nothing was changed"):
        manage.learn_weights(argparse.Namespace(back=False, yes=False))
    manage.learn_weights(argparse.Namespace(back=False, yes=True))
    manage.learn_weights(argparse.Namespace(back=True, yes=False))

    said = capsys.readouterr().out
    assert "Of 100 pairs of records of one child" in said and "no longer used" in said


def stores_open(store):
    return nullcontext(stores.use(store))


def keep_some(store: Store) -> None:
    with store.writing() as session:
        search_keys.write_keys(session, RecordKind.CLIENT, uuid4(), match.person_of({"first_name": "Ana"}))


def invented() -> Learnt:
    same = {Compared.SEX: {Level.SAME: 0.9, Level.DIFFERENT: 0.1}}
    changes = (Change(Compared.SEX, Level.SAME, 0.98, 0.9),)
    return Learnt(same, changes, clients=12, pairs=40, decisions=3, of_one_child=9.0)

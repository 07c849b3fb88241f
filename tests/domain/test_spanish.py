"""Whatever an agency may be told, it is told in Spanish too."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

from actions.accounts.visitors import NOT_RIGHT
from db import store
from domain.spanish import SENTENCES, in_spanish

ROOT = Path(__file__).parents[2]
TOLD_TO_AGENCIES = (
    "actions/agency/referrals.py",
    "actions/drafting.py",
    "actions/texts.py",
    "actions/form_help.py",
    "actions/accounts/passwords.py",
    "actions/accounts/second_factor.py",
    "actions/accounts/sessions.py",
    "actions/accounts/sign_in.py",
    "actions/accounts/throttling.py",
    "domain/passwords.py",
    "domain/outside.py",
    "widgets/sign_in_steps.py",
    "widgets/sign_in_form.py",
)
REFUSING = {"Refused", "TooLate", "NotFound", "NotPermitted", "written"}


def sentences():
    """Every sentence that these files refuse with; what stands in braces is replaced by a word."""
    for name in TOLD_TO_AGENCIES:
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSING:
                for argument in node.args:
                    if (sentence := spoken(argument)) is not None:
                        yield sentence
                    if isinstance(argument, ast.Name) and argument.id.isupper():
                        yield named(name, argument.id)


def named(file, constant):
    """A sentence that a file of the house keeps under a name."""
    return getattr(import_module(file.removesuffix(".py").replace("/", ".")), constant)


def spoken(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(piece.value if isinstance(piece, ast.Constant) else "R-26-0041" for piece in node.values)
    return None


def test_there_are_sentences_to_translate():
    assert len(set(sentences())) > 12


@pytest.mark.parametrize("sentence", sorted(set(sentences())))
def test_every_refusal_of_the_agencys_side_has_spanish(sentence):
    assert in_spanish(sentence) != sentence


@pytest.mark.parametrize("name", ["AWAY", "UNSURE", "BUSY", "FULL", "FAULT", "DAMAGED", "CHANGED"])
def test_what_the_store_refuses_has_spanish(name):
    assert in_spanish(getattr(store, name)) != getattr(store, name)


def test_a_wrong_password_is_refused_in_spanish():
    assert in_spanish(NOT_RIGHT).startswith("El nombre de usuario o la contraseña no es correcto.")


def test_names_and_numbers_stand_in_the_spanish_sentence():
    refused = in_spanish("R-26-0041 was changed in another window. Reload it and withdraw it again.")

    assert refused == "R-26-0041 se cambió en otra ventana. Vuelva a cargarla y retírela de nuevo."


def test_a_sentence_that_nobody_translated_is_not_lost():
    assert in_spanish("Something new.") == "Something new."


def test_spanish_names_no_more_than_the_english_knows():
    for english, spanish in SENTENCES.items():
        assert spanish.count("{}") <= english.count("{}")

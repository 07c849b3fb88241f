"""The match: who on file may be the child that is asked for, how surely, and why, in words.

Pure: it is given people in search spelling and counts of words, and knows nothing of databases. `db.search_keys` keeps
the keys and brings people to light. The method is explained in docs/matching.md; every number is in weights.py.
"""

from domain.matching.candidates import Candidate, Grade, Reason, RecordKind
from domain.matching.comparing import SHIPPED, Question, Scale, Weighed
from domain.matching.explaining import explain, grade, said_date
from domain.matching.homes import home_mates
from domain.matching.keys import KEY_RULES, Asking, Lookup, keys_and_words, keys_of, words_of
from domain.matching.learning import Seen, scale_of
from domain.matching.levels import Compared, Level
from domain.matching.person import Packed, Person, from_written, pack, person_from
from domain.matching.ranking import Answer, Standing, Store, answers, rank, stand
from domain.matching.settling import Settling
from domain.matching.vocabulary import Part, Vocabulary

__all__ = [
    "KEY_RULES",
    "SHIPPED", "Answer", "Asking", "Candidate", "Compared", "Grade", "Level", "Lookup", "Packed", "Part", "Person",
    "Question", "Reason", "RecordKind", "Scale", "Seen", "Settling", "Standing", "Store", "Vocabulary", "Weighed",
    "answers", "explain", "from_written", "grade", "home_mates", "keys_and_words", "keys_of", "pack", "person_from",
    "rank", "said_date", "scale_of", "stand", "words_of",
]  # fmt: skip

"""Who on file is of one home with whom: what the share of homes is measured by."""

from domain.matching.likeness import likeness
from domain.matching.person import Packed


def home_mates(one: Packed, other: Packed) -> bool:
    """Whether these are two children of one home, by address or phone, and not one child who is twice on file.

    Two records of one child may have two spellings of the first name, or the first name in the place of the last; both
    the first name and the year of birth are hardly ever beyond recognition. So twins are not counted: 1 pair in 40.
    """
    if not (one.first and other.first and one.dob and other.dob):
        return False
    return _of_one_home(one, other) and _other_first_name(one, other) and _born_in_another_year(one.dob, other.dob)


def _of_one_home(one: Packed, other: Packed) -> bool:
    # Main Street is everywhere: the same house in another zip is another home.
    elsewhere = one.zip and other.zip and one.zip != other.zip
    if one.address and one.address == other.address and not elsewhere:
        return True
    return bool(set(one.phone.split("|")) & set(other.phone.split("|")) - {""})


def _other_first_name(one: Packed, other: Packed) -> bool:
    ours, theirs = one.first.split()[0], other.first.split()[0]
    exchanged = ours in _surnames(other) or theirs in _surnames(one)
    return not exchanged and likeness(ours, theirs) is None


def _born_in_another_year(ours: str, theirs: str) -> bool:
    return ours[:4] != theirs[:4] and sum(our != their for our, their in zip(ours, theirs, strict=True)) > 1


def _surnames(packed: Packed) -> list[str]:
    return packed.last.replace("|", " ").split()

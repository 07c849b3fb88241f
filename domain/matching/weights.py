"""The one table of weights, levels, caps, thresholds and word lists of the match, with the source of each.

Each row of WEIGHTS says how often two records of one field agree at that level
  same      when both are the same child,
  home      when they are two people of one home (brother, sister, twin, parent),
  stranger  when they have nothing to do with one another: the constant part. Where `by_value` is set, the share of
            people on file with that value is added, so that Smith weighs less than Xochitl.
The weight in bits is log2(same / stranger). Where same and home are equal the field speaks of the home, not the child.

Sources: [gen] set by hand and adjusted on the families of benchmarks/people, seed 1 to 3, never on published sets;
[FS] usual sizes of errors in Fellegi-Sunter linkage of names and dates (Winkler 2006; Herzog, Scheuren, Winkler 2007);
[hosp] differences in 398,939 pairs of double hospital records (Just et al. 2016): middle name 58 %, misspelt first
names 53 % and last names 34 % of the differing ones, exchanged names frequent; [vital] US birth statistics: twins are 3
of 100 births, so about 1 brother or sister in 40 is a twin; [count] counted on file, blended with the US Census 1990.
"""

from typing import NamedTuple

from domain.matching.levels import Basis, Compared, Level


class Weight(NamedTuple):
    """How often a level is reached under each of the three hypotheses."""

    same: float
    home: float
    stranger: float
    by_value: bool
    source: str


WEIGHTS: dict[Compared, dict[Level, Weight]] = {
    Compared.GIVEN: {
        Level.SAME: Weight(0.86, 0.006, 0.0, True, "gen; a parent's first name is handed down in 1 of 50 homes"),
        Level.SHORT_FORM: Weight(0.030, 0.001, 0.0004, True, "gen; nicknames.txt"),
        Level.PART: Weight(0.030, 0.012, 0.0004, True, "gen; Maria and Maria Elena; sisters may share Maria"),
        Level.SLIP: Weight(0.050, 0.004, 0.0006, True, "FS, hosp"),
        Level.BEGINNING: Weight(0.008, 0.002, 0.0010, True, "gen"),
        Level.SOUND: Weight(0.012, 0.003, 0.0020, True, "gen"),
        Level.INITIAL: Weight(0.010, 0.060, 0.0600, False, "about 1 name in 16 begins with a given letter"),
        Level.ELSEWHERE: Weight(0.020, 0.004, 0.0004, True, "hosp; goes by the middle name or an alias"),
        Level.FAR: Weight(0.010, 0.010, 0.0060, True, "gen"),
        Level.SWAPPED: Weight(0.110, 0.012, 0.0, True, "hosp; 0.012 for both names together"),
        Level.DIFFERENT: Weight(0.002, 0.960, 0.9500, False, "gen; hosp"),
    },
    Compared.SURNAME: {
        Level.SAME: Weight(0.84, 0.70, 0.0, True, "gen; half-brothers, step-families"),
        Level.PART: Weight(0.050, 0.050, 0.0002, True, "gen; one of two family names"),
        Level.PART_DIFFERS: Weight(0.012, 0.030, 0.0004, True, "gen; half-brothers share one of two names"),
        Level.SLIP: Weight(0.045, 0.030, 0.0005, True, "FS, hosp"),
        Level.BEGINNING: Weight(0.008, 0.006, 0.0010, True, "gen"),
        Level.SOUND: Weight(0.008, 0.006, 0.0010, True, "gen"),
        Level.INITIAL: Weight(0.010, 0.070, 0.0800, False, "about 1 surname in 12 begins with a given letter"),
        Level.ELSEWHERE: Weight(0.020, 0.020, 0.0004, True, "gen; former name as alias, family name in the middle"),
        Level.FAR: Weight(0.008, 0.008, 0.0060, True, "gen"),
        Level.SWAPPED: Weight(0.110, 0.012, 0.0, True, "hosp; 0.012 for both names together"),
        Level.DIFFERENT: Weight(0.030, 0.180, 0.9700, False, "gen; adoption, marriage, step-father's name"),
    },
    Compared.MIDDLE: {
        Level.SAME: Weight(0.60, 0.020, 0.0, True, "hosp: the field that differs most"),
        Level.SHORT_FORM: Weight(0.010, 0.003, 0.0010, True, "gen"),
        Level.PART: Weight(0.030, 0.010, 0.0010, True, "gen"),
        Level.SLIP: Weight(0.040, 0.004, 0.0010, True, "hosp"),
        Level.INITIAL: Weight(0.220, 0.075, 0.0750, False, "about 1 middle name in 13 begins with a given letter"),
        Level.DIFFERENT: Weight(0.090, 0.900, 0.9000, False, "hosp; gen"),
    },
    Compared.SUFFIX: {
        Level.SAME: Weight(0.95, 0.10, 0.35, False, "both are written, so both are of a family that hands names down"),
        Level.DIFFERENT: Weight(0.05, 0.90, 0.65, False, "gen"),
    },
    Compared.DOB: {
        Level.SAME: Weight(0.900, 0.0230, 0.0, True, "vital: twins; count: the share of the year, by 365"),
        Level.DAY_AND_MONTH: Weight(0.012, 0.0004, 0.0, True, "FS; gen"),
        Level.DIGITS: Weight(0.010, 0.0006, 0.0, True, "FS; gen"),
        Level.ONE_DIGIT: Weight(0.032, 0.0020, 0.0, True, "FS; gen"),
        Level.NEXT_YEAR: Weight(0.008, 0.0006, 0.0, True, "gen"),
        Level.OTHER_YEAR: Weight(0.006, 0.0030, 0.0, True, "gen"),
        Level.SAME_YEAR_MONTH: Weight(0.006, 0.0050, 0.0, True, "gen"),
        Level.SAME_YEAR_DAY: Weight(0.004, 0.0030, 0.0, True, "gen"),
        Level.MONTH_KNOWN: Weight(0.930, 0.0300, 0.0, True, "gen; only year and month are known"),
        Level.YEAR: Weight(0.930, 0.0900, 0.0, True, "gen; only the year is known, or 1 January on both sides"),
        Level.FIRST_OF_JANUARY: Weight(0.016, 0.0030, 0.0, True, "gen; an unknown day is often written as 1 January"),
        Level.NEAR: Weight(0.0006, 0.0800, 0.0, True, "gen; same year, other day and month; or years side by side"),
        Level.DIFFERENT: Weight(0.0009, 0.7000, 0.9000, False, "gen: two whole dates seldom differ altogether"),
        Level.GENERATION: Weight(0.0004, 0.2000, 0.4000, False, "gen; parent and child of one name"),
    },
    Compared.SEX: {
        Level.SAME: Weight(0.98, 0.50, 0.50, False, "FS"),
        Level.DIFFERENT: Weight(0.02, 0.50, 0.50, False, "FS"),
    },
    Compared.ADDRESS: {
        Level.SAME: Weight(0.620, 0.620, 0.0, True, "count: people at this address; gen: families move"),
        Level.NEAR: Weight(
            0.080, 0.080, 0.00005, False, "gen; slip in street or house number; streets and houses counted"
        ),
        Level.HOUSE_DIFFERS: Weight(0.040, 0.040, 0.0015, False, "gen"),
        Level.DIFFERENT: Weight(0.260, 0.260, 0.9900, False, "gen: families move"),
    },
    Compared.ZIP: {
        Level.SAME: Weight(0.70, 0.70, 0.0, True, "count"),
        Level.NEAR: Weight(0.06, 0.06, 0.02, True, "gen"),
        Level.DIFFERENT: Weight(0.40, 0.40, 0.90, False, "gen; kept small, because an address that differs says it"),
    },
    Compared.CITY: {
        Level.SAME: Weight(0.70, 0.70, 0.0, True, "count"),
        Level.NEAR: Weight(0.05, 0.05, 0.01, True, "gen"),
        Level.DIFFERENT: Weight(0.45, 0.45, 0.90, False, "gen"),
    },
    Compared.PHONE: {
        Level.SAME: Weight(0.580, 0.580, 0.0, True, "count: people with this phone"),
        Level.NEAR: Weight(0.030, 0.030, 0.0003, False, "gen"),
        Level.DIFFERENT: Weight(0.390, 0.390, 0.9990, False, "gen: phones change"),
    },
    Compared.CAREGIVER: {
        Level.SAME: Weight(0.540, 0.540, 0.0, True, "count: people with this caregiver"),
        Level.NEAR: Weight(0.100, 0.100, 0.0010, False, "gen"),
        Level.FIRST_ONLY: Weight(0.060, 0.060, 0.0040, False, "gen; a changed surname"),
        Level.DIFFERENT: Weight(0.300, 0.300, 0.9900, False, "gen; father on one side, grandmother on the other"),
    },
    Compared.NUMBER: {
        Level.SAME: Weight(0.900, 0.0005, 0.0, True, "an agency gives a child one number"),
        Level.DIFFERENT: Weight(0.300, 0.900, 0.9990, False, "several agencies, several numbers"),
    },
    Compared.EMAIL: {
        Level.SAME: Weight(0.600, 0.600, 0.0, True, "as phone"),
        Level.DIFFERENT: Weight(0.500, 0.500, 0.9990, False, "several addresses are common"),
    },
    Compared.SCHOOL: {
        Level.SAME: Weight(0.500, 0.300, 0.02, False, "gen"),
        Level.DIFFERENT: Weight(0.500, 0.700, 0.97, False, "gen"),
    },
    Compared.INCIDENT: {
        Level.SAME: Weight(0.300, 0.300, 0.0, True, "an incident, not a child: brothers and sisters share it"),
    },
    Compared.HOUSEHOLD: {
        Level.NAMED: Weight(0.010, 0.400, 0.02, False, "a child is not listed as living with themself"),
    },
}

CARELESSLY = 0.10
"""Share of pairs of records of which one was written down carelessly (gen: none of the families, all of the rough)."""


class Careless(NamedTuple):
    """How often a level is reached by two records of one child of which one was written down carelessly."""

    same: float
    source: str


CARELESS: dict[Compared, dict[Level, Careless]] = {
    Compared.GIVEN: {
        Level.SAME: Careless(0.50, "rough .42, registers .62"),
        Level.SLIP: Careless(0.33, "rough .42, registers .24"),
        Level.SOUND: Careless(0.018, "rough .019, registers .014"),
        Level.FAR: Careless(0.045, "rough .064, registers .025"),
        Level.DIFFERENT: Careless(0.025, "rough .038, registers .011"),
    },
    Compared.SURNAME: {
        Level.SAME: Careless(0.53, "rough .42, registers .66"),
        Level.SLIP: Careless(0.33, "rough .43, registers .25"),
        Level.SOUND: Careless(0.015, "rough .016, registers .009"),
        Level.FAR: Careless(0.035, "rough .047, registers .018"),
        Level.DIFFERENT: Careless(0.035, "rough .041, registers .007"),
    },
    Compared.DOB: {
        Level.SAME: Careless(0.70, "rough .66, registers .75"),
        Level.DIGITS: Careless(
            0.018, "rough .026, registers .024; not more, or a twin's would be better than the same"
        ),
        Level.ONE_DIGIT: Careless(0.060, "rough .053, registers .131; not more, as above"),
        Level.NEXT_YEAR: Careless(0.016, "rough .014, registers .020"),
        Level.OTHER_YEAR: Careless(0.016, "rough .020, registers .010"),
        Level.SAME_YEAR_MONTH: Careless(0.012, "rough .008, registers .015"),
        Level.SAME_YEAR_DAY: Careless(0.005, "rough .002, registers .003"),
        Level.NEAR: Careless(0.006, "rough .004, registers .009"),
        Level.DIFFERENT: Careless(0.008, "rough .011, registers .003"),
        Level.GENERATION: Careless(0.002, "rough .007, registers .008; less, for fathers and juniors of one home"),
    },
}
"""Slips come together: a second table for `same`, counted on the two badly kept kinds of generated people (seeds
1 to 4, 6,000 and 7,300 pairs). What is not in it is as in WEIGHTS. The weight of a pair is the mixture of both."""

MOST_BITS = {
    Compared.ADDRESS: 16.0,
    Compared.PHONE: 16.0,
    Compared.CAREGIVER: 12.0,
    Compared.NUMBER: 15.0,
    Compared.EMAIL: 12.0,
    Compared.INCIDENT: 9.0,
}
"""No such field says more than this, whatever the size of the store (gen; shared and mistyped contacts)."""

BOTH_ON_FILE = 0.35
"""Two different names that are both common on file (Jaden, Jayden) are that much less likely one mistyped (gen)."""
COMMON_NAME = 0.0005
"""A share on file from which a name counts as common for that."""
NEVER_SEEN = 6.0
"""A word that nobody else on file bears and the census does not know (Miichael) is that much likelier a slip (gen)."""
NAMES_IN_FULL = 18.0
"""Bits of first and last name together that count in full; what is beyond counts half: namesakes are more frequent
than chance, because names run in families and places (gen)."""

SECOND_NAME = 0.15
"""How far each further equal word of a name multiplies the rarity of the whole: García López against García (gen)."""

MOVED_NEAR, MOVED_AWAY = 0.5, 2.0
"""Where the street or house differs, the zip and city of the same child agree that much more seldom, and differ that
much more often: what the street has said already is not said twice (gen: rough and families, seeds 1 to 6)."""

# How many people the store must hold until its own counts weigh as much as what is known without it.
CENSUS_PEOPLE = 400
YEAR_PEOPLE = 60
PLACE_PEOPLE = 30
CONTACT_PEOPLE = 1500
UNSEEN = 0.5
"""Strangers expected to share a contact beside those who are counted on file."""
NEXT_TENANTS = 0.1
"""The same for an address or phone: the next family there. Names are shared by chance, homes are not (gen)."""
YEARS_OF_CHILDHOOD = 1 / 30
"""Share of any one year of birth before the store can tell."""
RAREST_NAME = 1 / 60_000
"""No name counts as rarer than this: behind every rare name stands a family (gen)."""
RAREST_PLACE = 1 / 30_000

PRIOR_ON_FILE = 0.5
"""Chance that the child asked for is on file at all, before looking. A center measures its own (docs/matching.md)."""
HOME_SAMPLE = 600
"""Clients looked at for the share of homes on file."""
HOME_UNSEEN = 0.5
"""People of one home expected beside those who were seen in that sample (Jeffreys), so that it is never none."""
A_SHELTER = 6
"""So many others with one address or phone are no home."""
HOMES_ARE_COMMON = 0.1
"""Others of the home to a child from which on somebody else at the same address is rather a brother or sister."""
HOME_KNOWN_FROM = 50
"""Clients with address or phone to look at before the store's own share of homes is believed; until then:"""
HOME_BEFORE = 0.7

VERY_LIKELY = 0.95
LIKELY = 0.80
POSSIBLE = 0.0005
"""Grades by calibrated probability; below the last, nobody is shown. Thresholds: gen, on parts not kept aside."""
TWIN_CAP = 0.945
"""Probability never stated above this where somebody of the same home explains the evidence nearly as well."""
NAMES_ALONE_CAP = 0.945
"""The same where nothing but names, sex, zip code and city speak for the child, however rare the name and however few
the people on file: namesakes are often of one family (gen: of those above .95, 1 in 10 was a namesake)."""


class Curve(NamedTuple):
    """How the log odds that are worked out become those that came true: `shift + slope * log odds`."""

    shift: float
    slope: float
    source: str


CALIBRATION = {
    Basis.WHOLE: Curve(1.69, 1.18, "40,800 pairs, 98 of them worked out between .05 and .95"),
    Basis.MOVED: Curve(0.68, 0.93, "8,100, 344"),
    Basis.NAMED: Curve(0.04, 1.01, "11,700, 306"),
    Basis.NAMESAKE: Curve(-2.03, 0.91, "840, 298: namesakes are more frequent than chance"),
    Basis.GAPS: Curve(2.96, 0.72, "8,400, 190: with a gap, what agrees at home tells the child from a namesake"),
    Basis.SPARSE: Curve(0.51, 0.85, "9,300, 1,208: such records have other errors too"),
    Basis.LITTLE: Curve(0.00, 0.74, "1,200, 194: above .95, 1 in 10 is a namesake: NAMES_ALONE_CAP"),
    Basis.HOME: Curve(-1.32, 0.95, "360, 88: twins, and juniors and their fathers"),
    Basis.LONE: Curve(3.18, 0.70, "460, 223: where people live alone it is the same one, badly written"),
}
"""Logistic curves fitted to six kinds of generated people (families, names, alone, rough, registers, voters), seeds 1
to 8, 2,000 questions each, by what the comparison rests on. Shift is mostly above zero because of these questions two
thirds to four fifths are on file, more than PRIOR_ON_FILE says."""

CONVINCING = 0.99
"""Where somebody under the keys of exactly what was asked is as sure as this, no name is widened."""
ROWS_READ = 350
FAR_ROWS_READ = 200
"""Rows of keys read for one question at each look, rarest keys first (gen)."""
COMPARED_IN_FULL = 20
COMPARED_AT_LEAST = 12
WORTH_COMPARING = 0.33
"""People compared in full at each look: those with most shared key bits first, at most and at least so many; and
beyond the least only those with this share of the bits of the first (gen: 15, 30, 60 and 150 find the same)."""
ENOUGH_BITS = 30.0
FEW_COMPARED = 5
WORTH_COMPARING_STRONG = 0.5
"""The same where the first shares as many bits as this (gen: 5 and 12 find the same)."""
TELLING_KEYS = 2.0
"""Where nobody shares keys of so many times the bits of one person among all on file, nobody is compared before the
last look: such a one could not convince (gen: 0 finds the same, and takes a third longer for a new child)."""
WORDS_EACH = 14
"""Similar words followed for each name of the question."""

PARTICLES = frozenset(
    "de da do dos das del della di la las los le les van von der den ter ten zu zur al el bin ibn bint abu st saint "
    "san santa mac mc o y e af av".split()
)

PLACEHOLDERS = frozenset(
    """unknown,unk,unkn,not known,notknown,none,no name,noname,nmn,nfn,nln,na,n a,nil,null,nan,missing,anonymous,
    confidential,withheld,refused,declined,tbd,to be determined,x,xx,xxx,xxxx,zz,zzz,doe,jane doe,john doe,desconocido,
    desconocida,no sabe,se desconoce,sin nombre,homeless,no address,general delivery,no fixed address,address unknown,
    sin domicilio""".replace("\n    ", "").split(",")
)
"""Written where nothing is known: evidence of nothing (RecordLinker calls them skip values)."""

PLACEHOLDER_GIVEN = PLACEHOLDERS | frozenset(
    """baby,baby boy,baby girl,babyboy,babygirl,bb,bg,infant,infant boy,infant girl,newborn,new born,boy,girl,male,
    female,child,juvenile,minor,twin,twin a,twin b,baby a,baby b,bebe,recien nacido,recien nacida,unnamed,test,
    blank""".replace("\n    ", "").split(",")
)
"""The same for given names: a newborn who has none yet."""

DIRECTIONS = frozenset("n s e w ne nw se sw north south east west northeast northwest southeast southwest".split())

ADDRESS_SUFFIXES = frozenset(
    "st str street ave av aven avenue rd road dr drive ln lane ct court cir circle crct circuit blvd boulevard way pl "
    "place ter terr terrace pkwy parkway hwy highway trl trail sq square cres crescent crs close cl grove gr gve rue "
    "calle avenida camino via strasse parade pde loop run path row the".split()
)

UNITS = frozenset("apt apartment unit flat suite ste room rm lot trlr trailer bldg building floor depto".split())

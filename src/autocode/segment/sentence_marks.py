"""Words and marks that decide whether a full stop, a dash or a bracket ends a sentence of English.

Lists are of the language, lower-cased and without their final stop; they come from no corpus.
"""

from __future__ import annotations

OPENING = "\"'“‘«([{¿¡„‚「『（《【〈〔｢"
CLOSING = "\"'”’»)]}」』）》】〉〕｣"
ENDING = ".!?…。！？｡؟۔।॥።။។"
"""Also of Arabic, Urdu, Hindi, Amharic, Burmese and Khmer."""
WIDE = "。！？｡"
DASHES = "-–—―"


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


NEVER_LAST = _listed(
    """adm al assoc approx ca capt cf cmdr col dept div dr ed eds e.g est ext fig figs fr gen gov
    hon i.e lt maj messrs mlle mme mr mrs ms mx nos p pp pres prof rep rev sen sgt st supt tel univ
    v viz vol vs"""
)
"""Abbreviations that want a word after them: the sentence goes on."""

MAYBE_LAST = _listed(
    """apr aug ave a.m b.a b.sc blvd bros co comp corp dec dist d.c etc feb fri hr hrs inc jan jr
    jul jun ltd m.a m.d m.sc mar min mins mon nov oct p.m ph.d rd sat sec sep sept sr sun thu thur
    thurs tue tues u.k u.s u.s.a wed yr yrs"""
)
"""Abbreviations that may close a sentence: the next word decides."""

STARTERS = _listed(
    """a after also although an and are as at because before but can could did didn't do don't
    first for from had has have he he's her his how however i i'd i'll i'm i've if in is it it's
    just let let's like maybe my no not now of oh ok okay on one or our she she's should so some
    that that's the their then there there's these they they're this those though to two uh um
    was we we're we've well were what when where which while who why with would yeah yes you
    you're you've your actually all"""
)
"""Words that open sentences; written with a capital they are no names."""

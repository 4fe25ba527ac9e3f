"""Every kind of act that a page can ask for, by the word that it sends."""

from __future__ import annotations

from .act_requests import Kinds
from .code_requests import CODE_KINDS
from .coding_requests import CODING_KINDS
from .deciding_requests import DECIDING_KINDS
from .draft_requests import DRAFT_KINDS
from .history_requests import HISTORY_KINDS
from .pass_requests import PASS_KINDS
from .resolving_requests import RESOLVING_KINDS
from .search_requests import SEARCH_KINDS
from .theme_requests import THEME_KINDS

KINDS: Kinds = {
    **CODING_KINDS,
    **CODE_KINDS,
    **DECIDING_KINDS,
    **PASS_KINDS,
    **RESOLVING_KINDS,
    **THEME_KINDS,
    **DRAFT_KINDS,
    **SEARCH_KINDS,
    **HISTORY_KINDS,
}
"""A screen with acts of its own adds its kinds here."""

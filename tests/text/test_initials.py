import pytest

from autocode.text.initials import find_initials


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        (["Hana Lowe", "HL", "Petr Dvorak", "PD"], [("HL", "Hana Lowe"), ("PD", "Petr Dvorak")]),
        (["Åsa Öberg-Lind", "Å.Ö.L."], [("Å.Ö.L.", "Åsa Öberg-Lind")]),
        (["Hana Lowe", "Henry Lamb", "HL"], []),
        (["Interviewer", "IN", "Ines"], []),
        (["Hana Lowe", "hl", "H"], []),
        (["P 1", "P1", "I", "INT"], []),
        (["Ann Tully", "AT"], [("AT", "Ann Tully")]),
    ],
)
def test_initials_of_one_named_speaker_are_found(names, pairs):
    assert find_initials(names) == pairs

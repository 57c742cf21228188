from alertd.printable import printable


def test_what_steers_a_terminal_becomes_blanks():
    assert printable("a\x1b[2Jb\nc\u202ed\udcff") == "a [2Jb c d "


def test_other_scripts_stay_as_they_are():
    assert printable("币安人生USDT é") == "币安人生USDT é"

"""What a password must be: long enough, and none that everybody tries first."""

import unicodedata

import pytest

from scheduler.rules.passwords import password_fault

ABOUT = ("hoan kiem", "lan", "an", "example")


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("ngắn thôi", "accounts.password-too-short"),
        ("ế" * 11, "accounts.password-too-short"),
        ("x" * 129, "accounts.password-too-long"),
        ("aaaaaaaaaaaa", "accounts.password-too-simple"),
        ("abababababab", "accounts.password-too-simple"),
        ("a1b2ca1b2ca1b2c", "accounts.password-too-simple"),
        ("123456789012", "accounts.password-too-simple"),
        ("098765432109", "accounts.password-too-simple"),
        ("qwertyuiop12", "accounts.password-too-simple"),
        ("abcdef654321", "accounts.password-too-simple"),
        ("Password2026!", "accounts.password-common"),
        ("P@ssw0rd2026", "accounts.password-common"),
        ("Mật khẩu 2026!", "accounts.password-common"),
        ("UBND Hoàn Kiếm 2026", "accounts.password-common"),
        ("Hà Nội Việt Nam", "accounts.password-common"),
        ("lanlanlanexample1", "accounts.password-common"),
        ("ngựa xanh ăn lúa chín", None),
        ("correct horse battery", None),
        ("x7#Kp2!mQ9$z", None),
        ("847261950317", None),
        ("Công dân số 1 của Hà Nội", None),
        ("y" + "x7k" * 42 + "z", None),
    ],
)
def test_passwords(password: str, fault: str | None) -> None:
    assert password_fault(password, ABOUT) == fault


def test_length_is_counted_in_letters_as_people_see_them() -> None:
    eleven = "ế" * 5 + "ạbcdợg"
    assert len(unicodedata.normalize("NFD", eleven)) > 12
    assert password_fault(unicodedata.normalize("NFD", eleven)) == "accounts.password-too-short"

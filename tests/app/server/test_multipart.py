"""A form is taken apart the same however it arrives in pieces."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app.server.sending import BOUNDARY, form

from marketbook.app.server.data.multipart import LONGEST_FIELD, Form, FormError

TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def taken_apart(body: bytes, size: int) -> tuple[dict[str, str], str, bytes, bool]:
    file, names = io.BytesIO(), []

    def opened(name: str) -> io.BytesIO:
        names.append(name)
        return file

    made = Form(TYPE, opened=opened)
    for at in range(0, len(body), size):
        made.feed(body[at : at + size])
    return made.fields, "".join(names), file.getvalue(), made.whole


@given(
    content=st.binary(max_size=300) | st.sampled_from([f"\r\n--{BOUNDARY[:-1]}".encode(), b"\r\n\r\n--", b"\r\n" * 9]),
    size=st.integers(1, 400),
    value=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
)
def test_every_byte_of_the_file_arrives(content: bytes, size: int, value: str) -> None:
    body, _headers = form({"source": value}, content, "订单.csv")
    assert taken_apart(body, size) == ({"source": value}, "订单.csv", content, True)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('name="file"; filename="a%22b.csv"', 'a"b.csv'),
        ('name="file"; filename="x"; filename*=UTF-8\'\'%E8%AE%A2%E5%8D%95.csv', "订单.csv"),
        ('name="file"; filename="C:\\dir\\x.csv"', "C:\\dir\\x.csv"),
        ('name="file"; filename=""', ""),
    ],
)
def test_the_files_name_is_read_as_browsers_write_it(head: str, name: str) -> None:
    body = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\nx\r\n--{BOUNDARY}--\r\n".encode()
    assert taken_apart(body, 7)[1] == name


def test_a_form_that_breaks_off_is_not_whole() -> None:
    body, _headers = form({}, b"content", "a.csv")
    assert not taken_apart(body[:-6], 5)[3]


@pytest.mark.parametrize(
    "body",
    [
        f"--{BOUNDARY}x\r\n",
        f"--{BOUNDARY}\r\n" + "x" * 9000,
        f"--{BOUNDARY}\r\nContent-Disposition: form-data\r\n\r\n",
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + "x" * (LONGEST_FIELD + 400),
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 30,
    ],
)
def test_what_is_no_form_is_refused(body: str) -> None:
    with pytest.raises(FormError):
        taken_apart(body.encode(), 100)


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded"])
def test_only_multipart_forms_hold_files(kind: str) -> None:
    with pytest.raises(FormError, match="not multipart"):
        Form(kind, opened=lambda _name: io.BytesIO())

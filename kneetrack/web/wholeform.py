"""A form with one clip in it, read as it comes: the clip goes to the disk, never into memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from kneetrack.records import SettingsError

MOST_FIELD_BYTES: Final = 10_000
Sink = Callable[[bytes], None]


class WholeForm:
    """Feed it the body. ``on_clip`` is asked, once the fields before the clip are known, for what
    takes the clip's bytes; it may raise to refuse."""

    def __init__(
        self, content_type: str, on_clip: Callable[[dict[str, list[str]], str], Sink]
    ) -> None:
        """Raises SettingsError when that is no form with files."""
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise SettingsError("this is no form with a clip in it")
        self.fields: dict[str, list[str]] = {}
        self._on_clip = on_clip
        self._sink: Sink | None = None
        self._had_clip = False
        self._header = [bytearray(), bytearray()]
        self._name, self._value, self._length = "", bytearray(), 0
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._begin,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
            },
        )

    def feed(self, data: bytes) -> None:
        """The next bytes of the body. Raises SettingsError when they make no sense."""
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise SettingsError("the form did not arrive in one piece: send it again") from error

    def _begin(self) -> None:
        self._name, self._value, self._sink, self._length = "", bytearray(), None, 0

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0] += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1] += data[start:end]

    def _header_end(self) -> None:
        name, value = (bytes(part) for part in self._header)
        self._header = [bytearray(), bytearray()]
        if name.lower() != b"content-disposition":
            return
        _, options = parse_options_header(value)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options:
            if self._had_clip:
                raise SettingsError("one clip at a time")
            self._had_clip = True
            file_name = options[b"filename"].decode("utf-8", "replace")
            self._sink = self._on_clip(self.fields, file_name)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._sink is not None:
            self._sink(data[start:end])
            return
        self._length += end - start
        if self._length > MOST_FIELD_BYTES or len(self.fields) > 20:
            raise SettingsError("a field of the form is too long")
        self._value += data[start:end]

    def _end(self) -> None:
        if self._sink is None and self._name:
            text = self._value.decode("utf-8", "replace")
            self.fields.setdefault(self._name, []).append(text)

"""Files that come with a form."""

from wtforms import FileField


class PdfField(FileField):
    """One PDF; its content is judged by the action that keeps it."""

    def given(self) -> tuple[str, bytes]:
        """The file's name and bytes, both empty where none was chosen."""
        storage = self.data
        if not storage or not getattr(storage, "filename", ""):
            return "", b""
        return str(storage.filename), bytes(storage.read())

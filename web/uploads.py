"""Files that come with a form."""

from wtforms import FileField


class UploadField(FileField):
    """One file; its content is judged by whoever reads or keeps it."""

    def given(self) -> tuple[str, bytes]:
        """The file's name and bytes, both empty where none was chosen."""
        storage = self.data
        if not storage or not getattr(storage, "filename", ""):
            return "", b""
        return str(storage.filename), bytes(storage.read())


class PdfField(UploadField):
    """One PDF."""

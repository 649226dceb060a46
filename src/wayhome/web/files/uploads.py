"""Files as they come in: held in memory up to the limit and nowhere else, counted beyond it.

Django's own way writes large files unsealed into the system's temporary folder. Here what is more
than the limit is read to its end, so that a sentence can be answered, and thrown away as it comes.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

# Whoever sends this much is not a person with a document: the line is cut.
CUT_AT = 1_000_000_000


class IncomingFile(UploadedFile):
    """A file of a form. `is_cut` says that it was more than is taken, and that nothing is held."""

    def __init__(self, *args: Any, is_cut: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_cut = is_cut


class LimitedUpload(FileUploadHandler):
    """Holds all files of one form together up to LARGEST_UPLOAD."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.of_form, self.seen = 0, 0
        self.held: BytesIO | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.held = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.seen += len(raw_data)
        if self.seen > CUT_AT:
            raise StopUpload(connection_reset=True)
        if self.held is None:
            return
        if self.of_form + len(raw_data) > settings.LARGEST_UPLOAD:
            self.of_form -= self.held.tell()
            self.held = None
            return
        self.of_form += len(raw_data)
        self.held.write(raw_data)

    def file_complete(self, file_size: int) -> IncomingFile:
        held = self.held or BytesIO()
        held.seek(0)
        return IncomingFile(
            file=held,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
            is_cut=self.held is None,
        )

"""Every failure that a user can cause, as one small tree.

Each class is a `DigitrecError` and also the built-in error that fits, so that both
`except DigitrecError` and `except ValueError` work. Each message says what was
expected, what was received and how to mend it.
"""


class DigitrecError(Exception):
    """Root of every error that digitrec raises on purpose."""


class PictureError(DigitrecError, ValueError):
    """A picture cannot be read: empty, damaged, too large, of a wrong shape or type."""


class PictureNotFoundError(DigitrecError, FileNotFoundError):
    """The file that should hold a picture is not there."""


class StrokesError(DigitrecError, ValueError):
    """A drawing is not a list of strokes with finite canvas coordinates."""


class DigitsError(DigitrecError, ValueError):
    """An array is not a batch of digits in MNIST's form."""


class ArtifactError(DigitrecError, ValueError):
    """A model folder is incomplete, damaged or of another format."""


class ArtifactNotFoundError(DigitrecError, FileNotFoundError):
    """The model folder is not there."""


class DatasetError(DigitrecError, ValueError):
    """A data set is damaged or is not the one that was asked for."""


class DatasetNotFoundError(DigitrecError, FileNotFoundError):
    """A data set is not where it was looked for."""


class RecipeError(DigitrecError, ValueError):
    """A training recipe has a field outside its range."""


class CheckpointError(DigitrecError, ValueError):
    """A training cannot go on from where it is asked to."""


class RetrainingError(DigitrecError, RuntimeError):
    """A retraining cannot begin, or cannot come to its verdict."""


class CorrectionsError(DigitrecError, OSError):
    """Corrections cannot be reached or written now: locked, read-only, full, away, too new."""


class CorrectionFormatError(DigitrecError, ValueError):
    """What was given is no correction: a wrong label, a damaged file to import."""


class SettingError(DigitrecError, ValueError):
    """The program was started with a setting that cannot work."""


class HandwritingError(DigitrecError, ValueError):
    """A file or array holds no handwriting: damaged, of another form, or too many samples."""


class HandwritingNotFoundError(DigitrecError, FileNotFoundError):
    """The file that should hold a handwriting is not there."""


class OutputError(DigitrecError, OSError):
    """Results cannot be written where they should: no room, no permission, no such folder."""


class ExportError(DigitrecError, RuntimeError):
    """A network cannot be exported: a library is missing, or what came out answers otherwise."""


class ClusterError(DigitrecError, RuntimeError):
    """Many machines cannot work together: no Ray, no cluster, a worker that cannot begin."""

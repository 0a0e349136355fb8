"""digitrec reads handwritten digits.

from digitrec import Recognizer

Recognizer().read("photo.png").text
"""

from digitrec.errors import DigitrecError
from digitrec.handwriting import Handwriting
from digitrec.reading import Box, Digit, Reading
from digitrec.recognizer import Recognizer

__version__ = "0.1.0"

__all__ = ["Box", "Digit", "DigitrecError", "Handwriting", "Reading", "Recognizer", "__version__"]

"""The digits of any picture in MNIST's form, 28×28 pixels each, as the network needs them.

pip install digitrec
python to_mnist_form.py photo.jpg FOLDER
"""

import sys
from pathlib import Path

from PIL import Image

from digitrec import DigitrecError, Recognizer

if len(sys.argv) != 3:
    sys.exit(__doc__)
folder = Path(sys.argv[2])
try:
    reading = Recognizer().read(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number, digit in enumerate(reading.digits):
        Image.fromarray(digit.image).save(folder / f"{number}.png")  # reads as digit.label
except (DigitrecError, OSError) as error:
    sys.exit(f"to_mnist_form.py: {error}")

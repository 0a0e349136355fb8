"""Ten probabilities for a digit of 28×28 pixels, by Keras.

pip install keras tensorflow numpy pillow
python with_keras.py EXPORT/model.keras seven.png
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np
from PIL import Image

if len(sys.argv) != 3:
    sys.exit(__doc__)
path = Path(sys.argv[1])
try:
    temperature = json.loads((path.parent / "export.json").read_text("utf-8"))["temperature"]
    digits = np.asarray(Image.open(sys.argv[2]).convert("L"), np.uint8)[None]  # (N, 28, 28)
    network = keras.models.load_model(path, compile=False)
except Exception as error:  # every runtime has errors of its own
    sys.exit(f"Expected an exported network and a picture. Received: {error}")
if digits.shape != (1, 28, 28):
    sys.exit(f"Expected 28×28 pixels in MNIST's form. Received: {digits.shape[1:]}.")
logits = network.predict(digits, verbose=0)[0]
powers = np.exp((logits[:10] - logits[:10].max()) / temperature)
for digit, share in enumerate(powers / powers.sum()):
    print(f"{digit}  {share:.4f}")

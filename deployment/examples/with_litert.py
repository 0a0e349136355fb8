"""Ten probabilities for a digit of 28×28 pixels, by LiteRT.

pip install ai-edge-litert numpy pillow
python with_litert.py EXPORT/model.int8.tflite seven.png
"""

import json
import sys
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

if len(sys.argv) != 3:
    sys.exit(__doc__)
path = Path(sys.argv[1])
try:
    temperature = json.loads((path.parent / "export.json").read_text("utf-8"))["temperature"]
    digits = np.asarray(Image.open(sys.argv[2]).convert("L"), np.uint8)[None]  # (N, 28, 28)
    network = Interpreter(model_path=str(path)).get_signature_runner()
except Exception as error:  # every runtime has errors of its own
    sys.exit(f"Expected an exported network and a picture. Received: {error}")
if digits.shape != (1, 28, 28):
    sys.exit(f"Expected 28×28 pixels in MNIST's form. Received: {digits.shape[1:]}.")
logits = network(digits=digits)["logits"][0]
powers = np.exp((logits[:10] - logits[:10].max()) / temperature)
for digit, share in enumerate(powers / powers.sum()):
    print(f"{digit}  {share:.4f}")

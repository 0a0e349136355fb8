"""Ten probabilities for a digit of 28×28 pixels, by ONNX Runtime.

pip install onnxruntime numpy pillow
python with_onnxruntime.py EXPORT/model.onnx seven.png
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

if len(sys.argv) != 3:
    sys.exit(__doc__)
path = Path(sys.argv[1])
try:
    temperature = json.loads((path.parent / "export.json").read_text("utf-8"))["temperature"]
    digits = np.asarray(Image.open(sys.argv[2]).convert("L"), np.uint8)[None]  # (N, 28, 28)
    network = onnxruntime.InferenceSession(path.read_bytes())
except Exception as error:  # every runtime has errors of its own
    sys.exit(f"Expected an exported network and a picture. Received: {error}")
if digits.shape != (1, 28, 28):
    sys.exit(f"Expected 28×28 pixels in MNIST's form. Received: {digits.shape[1:]}.")
logits = network.run(["logits"], {"digits": digits})[0][0]
powers = np.exp((logits[:10] - logits[:10].max()) / temperature)
for digit, share in enumerate(powers / powers.sum()):
    print(f"{digit}  {share:.4f}")

"""The house: heavy libraries have one home each, and arrows run down."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "digitrec"
HOMES = {
    "keras": {"learning"},
    "tensorflow": {"learning"},
    "matplotlib": {"learning"},
    "sklearn": {"learning"},
    "scipy": {"learning"},
    "threadpoolctl": {"learning"},
    "tqdm": {"learning"},
    "unlzw3": {"datasets"},
    "sqlalchemy": {"corrections"},
    "alembic": {"corrections"},
    "psycopg": {"corrections"},
    "platformdirs": {"home"},
    "pypdfium2": {"imaging"},
    "pillow_heif": {"imaging"},
    "streamlit": {"web"},
    "streamlit_drawable_canvas": {"web"},
    "altair": {"web"},
    "click": {"cli"},
    "pyarrow": {"cli", "bulk"},
    "fastapi": {"api"},
    "fastapi_offline": {"api"},
    "limits": {"api"},
    "prometheus_client": {"api"},
    "pydantic": {"api"},
    "ray": {"bulk"},
    "onnx": {"learning"},
    "onnxruntime": {"learning"},
    "tf2onnx": {"learning"},
}
FLOORS = {
    "errors": 0,
    "programs": 1,
    "imaging": 1,
    "classifier": 2,
    "interpreters": 1,
    "logits": 0,
    "models": 1,
    "shapes": 1,
}
FLOORS |= {"logits": 0, "reading": 1, "corrections": 1, "versions": 2, "retraining_state": 2}
FLOORS |= {
    "handwriting": 2,
    "timing": 0,
    "seen": 2,
    "rows": 0,
    "matrix_units": 0,
    "packed": 0,
    "network_files": 0,
    "home": 0,
    "annotating": 2,
    "records": 2,
    "datasets": 2,
    "drawing": 3,
    "prototypes": 3,
    "recognizer": 4,
    "explaining": 5,
    "engine": 5,
    "__init__": 5,
    "learning": 6,
    "api": 6,
    "bulk": 6,
    "web": 7,
    "cli": 8,
    "__main__": 9,
}


def imports():
    for file in PACKAGE.rglob("*.py"):
        room = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield room, alias.name
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{file}: imports are absolute"
                yield room, str(node.module)


def test_heavy_libraries_have_one_home():
    strays = {(r, n) for r, n in imports() if r not in HOMES.get(n.split(".")[0], {r})}
    assert strays == set()


def test_arrows_run_down():
    inside = [(r, n.split(".")) for r, n in imports() if n.split(".")[0] == "digitrec"]
    arrows = {(r, n[1] if len(n) > 1 else "__init__") for r, n in inside}
    assert len(arrows) > 10
    upward = {(a, b) for a, b in arrows if a != b and FLOORS[a] <= FLOORS[b]}
    assert upward == set()

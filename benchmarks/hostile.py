"""Reviews every upload made to hurt in a process of its own: time, memory, the line that is said.

    python benchmarks/hostile.py

Time is that of the whole review without starting Python; memory is the highest resident size of the
process and, added to it, of the process that parses. Fails when a case takes over 10 s or 1 GB.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from hostile_files import cases  # noqa: E402

SECONDS = 10.0
MEGABYTES = 1_000.0


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(reviewed(sys.argv[1])))
        return
    print("| case | seconds | MB | said |\n| --- | ---: | ---: | --- |")
    over = False
    for case in cases():
        command = [sys.executable, __file__, case.name]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
        row = json.loads(done.stdout)
        over |= row["seconds"] > SECONDS or row["megabytes"] > MEGABYTES
        print(f"| {case.name} | {row['seconds']:.2f} | {row['megabytes']:.0f} | {row['said']} |")
    sys.exit(over)


def reviewed(name: str) -> dict[str, object]:
    from app.settings import Settings
    from app.wiring import ReviewOptions, Upload, load_knowledge, review_files

    case = next(one for one in cases() if one.name == name)
    files = case.build()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        load_knowledge(settings)
        uploads = [Upload(file, data) for file, data in files.items()]
        start = time.perf_counter()
        review = review_files(settings, uploads, ReviewOptions(keep=False))
        seconds = time.perf_counter() - start
    kilobytes = sum(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    lines = [one.reason.en for one in review.refused] or [w.en for w in review.warnings]
    said = lines[0] if review.refused else f"reviewed; {lines[0]}" if lines else "reviewed"
    return {"seconds": seconds, "megabytes": kilobytes / 1024, "said": said[:110]}


if __name__ == "__main__":
    main()

"""Prints quotes to be judged blindly: does each speak of its criterion in this document?

    python benchmarks/quote_sheet.py FOLDER [--seed 1] [--count 100]

Draws (criterion, verdict, quote) at random from the reviews of all documents in FOLDER/docs, and
prints them without the judge's confidence. A reader writes yes or no beside each: yes when the
quote, read with the heading over it, is about the criterion and bears the verdict out (partial:
names it or shows a part of it). The share of yes is the figure.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from labelled import read_labelled, rubric

from app.review.assess import assess
from app.review.finding import Finding, Quote
from ingest.parse import Upload, parse_uploads


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=100)
    given = options.parse_args()
    pairs = every_quote(given.folder)
    chosen = random.Random(given.seed).sample(pairs, min(given.count, len(pairs)))
    print(f"{len(chosen)} of {len(pairs)} quotes, seed {given.seed}")
    for number, (doc, finding, quote) in enumerate(chosen, start=1):
        criterion = finding.criterion
        print(f"\n{number}. {criterion.title.en}: {criterion.states.en}")
        print(f"   verdict {finding.verdict} · {doc} · under “{quote.locator.heading or '–'}”")
        print("   > " + quote.text.replace("\n", "\n   > "))
        print("   supports (yes/no): ")


def every_quote(folder: Path) -> list[tuple[str, Finding, Quote]]:
    criteria = [one.criterion for one in rubric()]
    found: list[tuple[str, Finding, Quote]] = []
    for document in read_labelled(folder):
        uploads = [Upload(name, text.encode()) for name, text in document.texts.items()]
        parsed = parse_uploads(uploads).documents
        review = assess(parsed, criteria, language="en", secrets=lambda _: ())
        found += [(document.doc, one, quote) for one in review.findings for quote in one.evidence]
    return found


if __name__ == "__main__":
    main()

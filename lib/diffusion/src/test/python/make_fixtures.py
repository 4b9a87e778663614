"""Makes every reference fixture of the diffusion library.

    python make_fixtures.py                 # all groups
    python make_fixtures.py --only unet     # the cases whose name contains "unet"
    python make_fixtures.py --list

The fixtures land in ../resources/fixtures, one folder per case. They are deterministic: the seed of
a case is written in its metadata.
"""

import argparse
import importlib
import os
import pathlib

# Nothing here may reach a hub: the references are random tiny models.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

import torch

from selfcheck import require_correct_convolutions

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "resources" / "fixtures"
GROUPS = ("models", "schedulers", "tokenizer", "pipelines")


def all_cases():
    """Case name -> function(folder), in the order in which later cases may need earlier ones."""
    cases = {}
    for group in GROUPS:
        if importlib.util.find_spec(group) is not None:
            cases.update(importlib.import_module(group).CASES)
    return cases


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="make only cases whose name contains this")
    parser.add_argument("--list", action="store_true", help="print the case names and stop")
    arguments = parser.parse_args()
    chosen = {name: make for name, make in all_cases().items() if arguments.only in name}
    if arguments.list:
        print("\n".join(chosen))
        return
    torch.set_num_threads(1)  # one thread: sums are always made in the same order
    torch.use_deterministic_algorithms(True)
    require_correct_convolutions()
    for name, make in chosen.items():
        make(FIXTURES / name)
        print("made", name)


if __name__ == "__main__":
    main()

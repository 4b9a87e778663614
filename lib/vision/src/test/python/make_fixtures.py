"""Makes the reference fixtures of the vision library.

    python make_fixtures.py                 # all
    python make_fixtures.py --only clip     # the cases whose name contains "clip"
    python make_fixtures.py --list

They land in ../resources/fixtures, one folder per case, and are deterministic.
"""

import argparse
import importlib
import os
import pathlib

# Nothing here may reach a hub: the references have random weights.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"

import torch

from selfcheck import require_correct_convolutions

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "resources" / "fixtures"
GROUPS = ("networks", "identity", "scores")


def all_cases():
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
    torch.set_num_threads(1)
    require_correct_convolutions()
    for name, make in chosen.items():
        make(FIXTURES / name)
        print("made", name)


if __name__ == "__main__":
    main()

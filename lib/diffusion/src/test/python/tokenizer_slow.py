"""Asks the slow CLIPTokenizer of transformers 4 for the ids of every prompt.

Needs an environment of its own (requirements-slow.txt), without ftfy, because transformers 5 has no slow
tokenizers. Reads and writes ../resources/fixtures/tokenizer*; run it after make_fixtures.py.
"""

import gzip
import json
import logging
import os
import pathlib
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"

import transformers
from transformers import CLIPTokenizer

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "resources" / "fixtures"
EOS = "<|endoftext|>"
PADS = {"sd1": EOS, "sd2": "!"}


def slow_tokenizer(folder, pad):
    tokenizer = CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), pad_token=pad, model_max_length=77)
    assert not tokenizer.is_fast and tokenizer.nlp is not None, "ftfy must not be installed"
    return tokenizer


def ids(tokenizer, prompt):
    return tokenizer(prompt, padding="max_length", max_length=77, truncation=True)["input_ids"]


def write_cases(path, rows):
    path.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n", encoding="utf-8")


def answer_full(folder):
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("vocab.json", "merges.txt"):
            (pathlib.Path(scratch) / name).write_bytes(gzip.decompress((folder / f"{name}.gz").read_bytes()))
        tokenizers = {style: slow_tokenizer(pathlib.Path(scratch), pad) for style, pad in PADS.items()}
    prompts = [row["prompt"] for row in json.loads((folder / "cases.json").read_text())]
    rows = [{"prompt": prompt, **{s: ids(t, prompt) for s, t in tokenizers.items()}} for prompt in prompts]
    write_cases(folder / "cases-slow.json", rows)


def answer_tiny(folder, style):
    tokenizer = slow_tokenizer(folder, PADS[style])
    prompts = [row["prompt"] for row in json.loads((folder / "cases.json").read_text())]
    write_cases(folder / "cases-slow.json", [{"prompt": p, "ids": ids(tokenizer, p)} for p in prompts])


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    assert transformers.__version__.startswith("4.")
    answer_full(FIXTURES / "tokenizer")
    for style in PADS:
        answer_tiny(FIXTURES / f"tokenizer-tiny-{style}", style)

"""The CLIP vocabulary, prompts with their ids, and a cut-down vocabulary for tiny checkpoints.

The ids come from transformers' CLIPTokenizer, which since version 5 exists only in its fast form. The
slow form of transformers 4, which the papers' code loads, is asked by tokenizer_slow.py.
"""

import gzip
import importlib.util
import json
import pathlib
import tempfile

from transformers import CLIPTokenizer

from prompts import PROMPTS
from store import fresh

BOS, EOS = "<|startoftext|>", "<|endoftext|>"
FULL_MERGES = 49152 - 256 - 2
TINY_MERGES = 300
PADS = {"sd1": EOS, "sd2": "!"}

README = """# CLIP vocabulary

`vocab.json.gz` and `merges.txt.gz` are built from `bpe_simple_vocab_16e6.txt.gz` of openai/CLIP (MIT,
Copyright (c) 2021 OpenAI), as shipped in the PyPI package open_clip_torch (MIT). Unpacked they are what
Hugging Face checkpoints of Stable Diffusion carry as tokenizer/vocab.json and merges.txt.

`cases.json`: prompts and their 77 ids, padded with `<|endoftext|>` ("sd1") and with "!", id 0 ("sd2"), from
the fast CLIPTokenizer of transformers 5. `cases-slow.json`: the same prompts, in the same order, by the slow
CLIPTokenizer of transformers 4 without ftfy, which the published training code loads.
"""


def byte_symbols():
    """The 256 printable stand-ins for bytes, in vocabulary order: printable Latin-1 first, then the rest."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + place) for place in range(len(others))]


def merges(count):
    """The first `count` merges of CLIP, as "left right"."""
    package = pathlib.Path(importlib.util.find_spec("open_clip").origin).parent
    text = gzip.decompress((package / "bpe_simple_vocab_16e6.txt.gz").read_bytes()).decode("utf-8")
    return text.split("\n")[1 : 1 + count]


def vocabulary(merge_lines):
    """Token -> id: bytes, bytes that end a word, merges in order, begin and end of text."""
    symbols = byte_symbols()
    tokens = symbols + [symbol + "</w>" for symbol in symbols]
    tokens += [line.replace(" ", "") for line in merge_lines] + [BOS, EOS]
    assert len(set(tokens)) == len(tokens)
    return {token: place for place, token in enumerate(tokens)}


def write_tokenizer(folder, merge_lines, pad):
    """A tokenizer folder in the form of published checkpoints."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(vocabulary(merge_lines), ensure_ascii=False, separators=(",", ":"))
    (folder / "vocab.json").write_text(text, encoding="utf-8")
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *merge_lines]) + "\n", encoding="utf-8")
    written_out = {"lstrip": False, "normalized": True, "rstrip": False, "single_word": False}
    special = {
        "bos_token": {"content": BOS, **written_out},
        "eos_token": {"content": EOS, **written_out},
        "pad_token": pad,
        "unk_token": {"content": EOS, **written_out},
    }
    config = {key: value if key == "pad_token" else {"__type": "AddedToken", **value} for key, value in special.items()}
    config.update(
        add_prefix_space=False,
        do_lower_case=True,
        errors="replace",
        model_max_length=77,
        tokenizer_class="CLIPTokenizer",
    )
    for name, value in (("special_tokens_map.json", special), ("tokenizer_config.json", config)):
        (folder / name).write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def ids(tokenizer, prompt):
    """The 77 ids that a pipeline gives to the text encoder."""
    return tokenizer(prompt, padding="max_length", max_length=77, truncation=True)["input_ids"]


def write_cases(path, rows):
    """One case a line; everything outside ASCII is escaped, so that no editor can change a prompt."""
    path.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n", encoding="utf-8")


def write_packed(path, content):
    path.write_bytes(gzip.compress(content, compresslevel=9, mtime=0))


def make_full(folder):
    fresh(folder)
    tokenizers = {}
    with tempfile.TemporaryDirectory() as scratch:
        for style, pad in PADS.items():
            place = pathlib.Path(scratch) / style
            write_tokenizer(place, merges(FULL_MERGES), pad)
            tokenizers[style] = CLIPTokenizer.from_pretrained(place)
            assert tokenizers[style].pad_token == pad
        for name in ("vocab.json", "merges.txt"):
            write_packed(folder / f"{name}.gz", (place / name).read_bytes())
    rows = [{"prompt": prompt, **{s: ids(t, prompt) for s, t in tokenizers.items()}} for prompt in PROMPTS]
    assert rows[3]["sd1"][:7] == [49406, 320, 1125, 539, 320, 2368, 49407]  # the well-known ids of this prompt
    write_cases(folder / "cases.json", rows)
    (folder / "README.md").write_text(README, encoding="utf-8")


def make_tiny(folder, style):
    fresh(folder)
    write_tokenizer(folder, merges(TINY_MERGES), PADS[style])
    tokenizer = CLIPTokenizer.from_pretrained(folder)
    write_cases(folder / "cases.json", [{"prompt": prompt, "ids": ids(tokenizer, prompt)} for prompt in PROMPTS[:24]])


CASES = {
    "tokenizer": make_full,
    "tokenizer-tiny-sd1": lambda folder: make_tiny(folder, "sd1"),
    "tokenizer-tiny-sd2": lambda folder: make_tiny(folder, "sd2"),
}

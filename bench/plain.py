"""The peer: what one writes in an afternoon with sentence-transformers and FAISS.

    python -m bench.plain prepare FOLDER SEEDS     exports the weights, embeds the paragraphs
    python -m bench.plain ask FOLDER QUESTION      answers one question from a cold start

Same weights (in full precision) and the same texts as Danış; a flat index; nothing else.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def export_model(folder: Path) -> None:
    """Writes the bundled weights as a folder that sentence-transformers opens."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    from index.bundled import model_file, unpack

    source = model_file()
    words = source.vocabulary
    raw = words.text.tobytes()
    pieces = [
        (raw[a:b].decode("utf-8"), float(score))
        for a, b, score in zip(words.starts[:-1], words.starts[1:], words.scores, strict=True)
    ]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=words.unknown))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    begin, end = pieces[words.begin][0], pieces[words.end][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        special_tokens=[(begin, words.begin), (end, words.end)],
    )
    table = unpack(source.blocks("emb.word"))
    model = BertModel(
        BertConfig(
            vocab_size=len(table),
            hidden_size=source.width,
            num_hidden_layers=source.layers,
            num_attention_heads=source.heads,
            intermediate_size=source.inner,
            max_position_embeddings=source.positions,
            type_vocab_size=2,
            layer_norm_eps=source.epsilon,
        ),
        add_pooling_layer=False,
    )
    state = {
        "embeddings.word_embeddings.weight": table,
        "embeddings.position_embeddings.weight": source.floats("emb.pos").reshape(-1, source.width),
        "embeddings.token_type_embeddings.weight": source.floats("emb.type").reshape(2, -1),
        "embeddings.LayerNorm.weight": source.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": source.floats("emb.ln.b"),
    }
    parts = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "fi": "intermediate.dense",
        "fo": "output.dense",
    }
    for layer in range(source.layers):
        at = f"encoder.layer.{layer}"
        for short, long in parts.items():
            state[f"{at}.{long}.weight"] = unpack(source.blocks(f"l{layer}.{short}.w"))
            state[f"{at}.{long}.bias"] = source.floats(f"l{layer}.{short}.b")
        for short, long in (("aln", "attention.output"), ("oln", "output")):
            state[f"{at}.{long}.LayerNorm.weight"] = source.floats(f"l{layer}.{short}.w")
            state[f"{at}.{long}.LayerNorm.bias"] = source.floats(f"l{layer}.{short}.b")
    tensors = {name: torch.from_numpy(value.copy()) for name, value in state.items()}
    missing = model.load_state_dict(tensors, strict=False)
    assert not missing.unexpected_keys, missing
    base = folder / "base"
    model.save_pretrained(base)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=begin, eos_token=end, pad_token=begin
    ).save_pretrained(base)
    transformer = Transformer(str(base), max_seq_length=source.positions)
    SentenceTransformer(
        modules=[transformer, Pooling(source.width), Normalize()], device="cpu"
    ).save(str(folder / "model"))


def prepare(folder: Path, seeds: Path) -> None:
    """Exports the model and writes a flat FAISS index over every paragraph."""
    import faiss
    import numpy as np

    from index.engines import open_embedder

    export_model(folder)
    paragraphs = [
        part.strip()
        for path in sorted(seeds.rglob("*.txt"))
        for part in path.read_text(encoding="utf-8").split("\n\n")
        if part.strip()
    ]
    # The vectors come from the fast engine, or this would take an hour; they are the same ones.
    vectors = open_embedder().passages(paragraphs)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors))
    faiss.write_index(index, str(folder / "flat.faiss"))
    (folder / "paragraphs.json").write_text(json.dumps(paragraphs), encoding="utf-8")


def ask(folder: Path, question: str) -> None:
    """Prints the nearest paragraph."""
    import faiss
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder / "model"), device="cpu", local_files_only=True)
    index = faiss.read_index(str(folder / "flat.faiss"))
    paragraphs = json.loads((folder / "paragraphs.json").read_text(encoding="utf-8"))
    _, rows = index.search(model.encode([f"query: {question}"]), 1)
    print(paragraphs[rows[0][0]])


def main(arguments: list[str]) -> None:
    """`prepare FOLDER SEEDS` or `ask FOLDER QUESTION`."""
    command, folder, rest = arguments
    Path(folder).mkdir(parents=True, exist_ok=True)
    if command == "prepare":
        prepare(Path(folder), Path(rest))
    else:
        ask(Path(folder), rest)


if __name__ == "__main__":
    main(sys.argv[1:])

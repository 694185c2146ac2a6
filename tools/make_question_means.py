"""Writes index/question_means.npz: the means of the general questions for the bundled model.

    python tools/make_question_means.py

To be run when the model or index/general_questions.json has changed; a test compares.
"""

from __future__ import annotations

import numpy as np

from index.centring import BUNDLED_MEANS, computed_means
from index.general_questions import general_questions
from index.onnx_e5 import OnnxE5

if __name__ == "__main__":
    embedder = OnnxE5()
    means = computed_means(embedder, general_questions())
    np.savez(BUNDLED_MEANS, revision=embedder.revision, **means)

"""Writes index/question_means.npz: the means of the general questions for the bundled model.

    python tools/make_question_means.py

To be run when the model or index/general_questions.py has changed; a test compares.
"""

from __future__ import annotations

import numpy as np

from index.centring import BUNDLED_MEANS, computed_means
from index.onnx_e5 import OnnxE5

if __name__ == "__main__":
    embedder = OnnxE5()
    np.savez(BUNDLED_MEANS, revision=embedder.revision, **computed_means(embedder))

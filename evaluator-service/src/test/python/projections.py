"""What umap-learn and scikit-learn make of some points, for ProjectionParityTest.

    python projections.py > ../resources/projections.json        (umap-learn 0.5, scikit-learn, numpy)

What does not depend on chance is written down: UMAP's graph and the curve of its forces, t-SNE's probabilities. Of the
planes only how well they keep neighbourhoods (trustworthiness): they start elsewhere.
"""

import json

import numpy as np
import sklearn
import umap
import umap.umap_
from sklearn.manifold import TSNE, trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities
from scipy.spatial.distance import squareform
from sklearn.metrics import pairwise_distances
from umap.umap_ import find_ab_params, fuzzy_simplicial_set

# Compiled with fastmath, the search for a width takes infinity for no number: where a width is above 1, every neighbour
# gets weight 1 (seen with numba 0.68 and umap-learn 0.5.9). Interpreted, the same code is right.
umap.umap_.smooth_knn_dist = umap.umap_.smooth_knn_dist.py_func

NEIGHBOURS = 10
PERPLEXITY = 12

generator = np.random.default_rng(7)
# Two rings and a cloud, in eight dimensions, so that neighbourhoods are not told by clusters alone.
angles = generator.uniform(0, 2 * np.pi, 50)
points = generator.normal(0, 0.15, (75, 8))
points[:25, :2] += np.stack([np.cos(angles[:25]), np.sin(angles[:25])], 1) * 3
points[25:50, 2:4] += np.stack([np.cos(angles[25:]), np.sin(angles[25:])], 1) * 2
points[50:] += generator.normal(0, 1, (25, 8))
points = np.round(points, 4)

graph, _, _ = fuzzy_simplicial_set(points, NEIGHBOURS, np.random.RandomState(0), "euclidean")
a, b = find_ab_params(1.0, 0.1)
squared = pairwise_distances(points, squared=True)
near = squareform(_joint_probabilities(squared, PERPLEXITY, 0))
planes = {
    "umap": umap.UMAP(n_neighbors=NEIGHBOURS, random_state=0, n_jobs=1).fit_transform(points),
    "tsne": TSNE(perplexity=PERPLEXITY, random_state=0, method="exact", init="pca").fit_transform(points),
}


def rounded(matrix):
    return [[float(f"{value:.7g}") for value in row] for row in matrix]


print(
    json.dumps(
        {
            "umap": umap.__version__,
            "scikit_learn": sklearn.__version__,
            "neighbours": NEIGHBOURS,
            "perplexity": PERPLEXITY,
            "points": points.tolist(),
            "graph": rounded(graph.toarray()),
            "a": float(a),
            "b": float(b),
            "near": rounded(near),
            "trustworthiness": {
                name: round(float(trustworthiness(points, plane, n_neighbors=NEIGHBOURS)), 4)
                for name, plane in planes.items()
            },
        },
        indent=None,
        separators=(",", ":"),
    )
)

"""The optimum of total variation minimisation on a small picture, by a general convex solver.

    pip install cvxpy==1.9.3 clarabel==0.11.1 numpy==2.4.6
    python tvm.py > ../resources/tvm.tsv

Both problems are written as the paper and as the released code state them; here with Z held to [0, 1].
"""

import cvxpy as cp
import numpy as np

ROWS, COLUMNS, LAMBDA = 10, 8, 0.05


def variation(z, rows, columns):
    steps = [cp.norm(z[i + 1, :] - z[i, :], 2) for i in range(rows - 1)]
    return sum(steps + [cp.norm(z[:, j + 1] - z[:, j], 2) for j in range(columns - 1)])


def main():
    generator = np.random.default_rng(3)
    x = np.clip(np.linspace(0, 1, COLUMNS)[None, :, None] * [1, 0.5, 0.2] + generator.normal(0, 0.2, (ROWS, COLUMNS, 3)), 0, 1)
    counted = generator.random((ROWS, COLUMNS, 3)) >= 0.1
    channels = [cp.Variable((ROWS, COLUMNS)) for _ in range(3)]
    misfit = cp.hstack([cp.vec(cp.multiply(counted[:, :, k], channels[k] - x[:, :, k]), order="C") for k in range(3)])
    total = sum(variation(z, ROWS, COLUMNS) for z in channels)
    paper = cp.Problem(cp.Minimize(cp.norm(misfit, 2) + LAMBDA * total), [c for z in channels for c in (z >= 0, z <= 1)])
    flat, mask = x.reshape(ROWS, -1), counted.reshape(ROWS, -1)
    z = cp.Variable(flat.shape)
    official = cp.Problem(
        cp.Minimize(cp.norm(cp.multiply(mask, z - flat), 2) + LAMBDA * variation(z, *flat.shape)), [z >= 0, z <= 1]
    )
    print("# rows, columns, lambda, the optimum of the paper's problem and of the code's; samples; which count")
    numbers = [paper.solve(solver=cp.CLARABEL), official.solve(solver=cp.CLARABEL)]
    print("\t".join(repr(float(n)) for n in [ROWS, COLUMNS, LAMBDA, *numbers]))
    print("\t".join(repr(float(v)) for v in x.ravel()))
    print("\t".join(str(int(v)) for v in counted.ravel()))


if __name__ == "__main__":
    main()

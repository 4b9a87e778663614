"""Signed-rank tests by SciPy, for StatisticsTest.

    python signed_ranks.py > ../resources/signed-ranks.tsv        (scipy 1.x, numpy)
"""

import numpy as np
from scipy import stats

print("# statistic, two-sided probability, then the differences: exact for up to 50 without ties, else normal")
generator = np.random.default_rng(11)
cases = [generator.normal(0.4, 1, n) for n in (5, 12, 30, 50, 64, 200)]
cases.append(np.round(generator.normal(0.2, 1, 40), 1))  # ties and zeros
cases.append(np.array([1.0, -1.0, 2.0, -3.0, 3.0, 0.0]))
for differences in cases:
    plain = len(differences) <= 50 and len(set(abs(differences))) == len(differences) and 0 not in differences
    test = stats.wilcoxon(differences, zero_method="wilcox", correction=False, method="exact" if plain else "asymptotic")
    print("\t".join(repr(float(v)) for v in [test.statistic, test.pvalue, *differences]))

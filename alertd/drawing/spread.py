"""Labels that want to stand at one height each, moved apart as little as can be."""

from collections.abc import Sequence

import attrs


@attrs.define
class _Cluster:
    """Labels that touch: how many, and the sum of where the first would have to begin."""

    count: int
    starts: float

    def start(self, size: float, low: float, high: float) -> float:
        """Return where its first label begins."""
        return max(low, min(self.starts / self.count, high - self.count * size))


def spread(centers: Sequence[float], size: float, low: float, high: float) -> list[float]:
    """Return where labels `size` wide are centered so that they lie apart, between `low` and `high`.

    `centers` rise, and so does what is returned, with the least sum of squared moves. All have to
    fit: at most `(high - low) / size` labels.
    """
    clusters: list[_Cluster] = []
    for center in centers:
        clusters.append(_Cluster(1, center - size / 2))
        while len(clusters) > 1 and _overlap(clusters[-2], clusters[-1], size, low, high):
            last = clusters.pop()
            before = clusters[-1]
            before.starts += last.starts - last.count * before.count * size
            before.count += last.count
    return [
        cluster.start(size, low, high) + (number + 0.5) * size
        for cluster in clusters
        for number in range(cluster.count)
    ]


def _overlap(one: _Cluster, other: _Cluster, size: float, low: float, high: float) -> bool:
    return one.start(size, low, high) + one.count * size > other.start(size, low, high)

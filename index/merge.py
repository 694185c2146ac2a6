"""Which segments a build rewrites, so that their number stays small at a small average cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from index.segment import Segment

# A segment in which a larger share of the passages is dead is rewritten.
MOST_DEAD = 0.25
# A segment this large is only rewritten for its dead passages: bounds the longest build.
LARGE = 60_000


def segments_to_merge(
    segments: Sequence[Segment], gone: Mapping[str, Set[int]], new_passages: int
) -> list[Segment]:
    """The segments whose live passages move into the segment that is being written.

    As in a log-structured merge tree: a new part takes along the old parts that are not larger
    than itself, so each passage is moved O(log n) times, and about log2(n) parts are left.
    """
    live = {
        segment.name: segment.live_without(gone.get(segment.name, set())) for segment in segments
    }
    chosen = []
    size = new_passages
    for segment in sorted(segments, key=lambda segment: live[segment.name]):
        mostly_dead = live[segment.name] < (1 - MOST_DEAD) * len(segment)
        if mostly_dead or live[segment.name] <= min(size, LARGE):
            chosen.append(segment)
            size += live[segment.name]
    return chosen

"""What Prometheus scrapes: the service's measures, worked out at the scrape, and the time that requests took."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from dabiao import __version__
from dabiao.errors import DabiaoError
from dabiao.services.app import App
from dabiao.services.operate.measures import Measure, measures
from dashboard.request_times import BOUNDS, RequestTimes


class Scrape(Collector):
    """Everything at one moment.

    Args:
        opens: opens the app; where that fails, ``dabiao_store_up`` is 0 and what hangs on the store is absent.
        times: of the requests to all workers.
    """

    def __init__(self, opens: Callable[[], App], times: RequestTimes, now: datetime) -> None:
        self._opens = opens
        self._times = times
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """The metrics, as the registry asks for them."""
        yield _labelled("dabiao_build_info", "The program that runs.", "version", {__version__: 1})
        found: list[Measure] = []
        try:
            app = self._opens()
            try:
                with app.store.snapshot():
                    found = list(measures(app, self._now))
            finally:
                app.store.close()
        except DabiaoError:
            up = 0
        else:
            up = 1
        yield GaugeMetricFamily("dabiao_store_up", "Whether the store opens and answers.", value=up)
        for measure in found:
            yield _family(measure)
        yield from _requests(self._times)


def answer(opens: Callable[[], App], times: RequestTimes, now: datetime, accept: str) -> tuple[bytes, str]:
    """The body of a scrape and its content type, in the form that the scraper prefers."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Scrape(opens, times, now))
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


def _labelled(name: str, about: str, label: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, about, labels=[label])
    for word, value in values.items():
        family.add_metric([word], value)
    return family


def _family(measure: Measure) -> Metric:
    names = list(measure.values[0][0]) if measure.values else []
    kind = CounterMetricFamily if measure.kind == "counter" else GaugeMetricFamily
    family = kind(measure.name, measure.help, labels=names)
    for labels, value in measure.values:
        family.add_metric([labels[n] for n in names], value)
    return family


def _requests(times: RequestTimes) -> Iterator[Metric]:
    seconds = HistogramMetricFamily(
        "dabiao_request_seconds", "Time that requests took, by what was asked for.", labels=["kind"]
    )
    answers = CounterMetricFamily(
        "dabiao_requests", "Requests by what was asked for and how it ended.", labels=["kind", "status"]
    )
    bounds = [*(str(b) for b in BOUNDS), "+Inf"]
    for taken in times.taken():
        buckets = list(zip(bounds, accumulate(taken.buckets), strict=True))
        seconds.add_metric([taken.kind], buckets, sum_value=taken.seconds)
        for family, count in taken.answers.items():
            answers.add_metric([taken.kind, family], count)
    yield seconds
    yield answers

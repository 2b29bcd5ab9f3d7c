import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { within } from './deadline.ts';

/** The metrics matter most when the database is slow: a gauge that needs it must not hold up the others. */
const GAUGE_MS = 300;

type Labels = Readonly<Record<string, string | number>>;

/**
 * The service's metrics. Labels never hold anything personal, only names of routes, checks or workers.
 * One registry per application, so that two instances in one process (in tests) are kept apart.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Adds `by` (1) to the counter `name`; `help` and the label names are those of its first use. */
  count(name: string, help: string, labels: Labels = {}, by = 1): void {
    const options = { name, help, labelNames: Object.keys(labels), registers: [this.registry] };
    const counter = made(this.#counters, name, () => new Counter(options));
    counter.inc(labels, by);
  }

  setGauge(name: string, help: string, value: number, labels: Labels = {}): void {
    const options = { name, help, labelNames: Object.keys(labels), registers: [this.registry] };
    const gauge = made(this.#gauges, name, () => new Gauge(options));
    gauge.set(labels, value);
  }

  /** A gauge whose value is read on each scrape; NaN if `read` fails or is late. */
  addGauge(name: string, help: string, read: () => Promise<number>): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.registry],
      collect: async () => {
        const outcome = await within(GAUGE_MS, read);
        gauge.set(typeof outcome === 'string' ? NaN : outcome.answer);
      },
    });
  }

  /** Records a duration in seconds. */
  observeSeconds(name: string, help: string, seconds: number, labels: Labels = {}): void {
    const options = { name, help, labelNames: Object.keys(labels), registers: [this.registry] };
    const histogram = made(this.#histograms, name, () => new Histogram(options));
    histogram.observe(labels, seconds);
  }

  /** The current value of a counter with exactly these labels; 0 if it was never counted. */
  async readCounter(name: string, labels: Labels = {}): Promise<number> {
    const values = (await this.#counters.get(name)?.get())?.values ?? [];
    const wanted = Object.entries(labels);
    return values
      .filter((value) => wanted.every(([label, text]) => value.labels[label] === text))
      .reduce((sum, value) => sum + value.value, 0);
  }

  /** The exposition text of Prometheus. */
  exposition(): Promise<string> {
    return this.registry.metrics();
  }
}

function made<T>(known: Map<string, T>, name: string, make: () => T): T {
  const found = known.get(name) ?? make();
  known.set(name, found);
  return found;
}

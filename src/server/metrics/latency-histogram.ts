/** Upper bounds in seconds: from a small read out of memory to a large upload. */
const BOUNDS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60]

interface LatencyHistogramOptions {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
}

/** The durations that were seen with the same labels. */
interface Series {
  readonly labels: Readonly<Record<string, string>>
  /** For each bound, how many were not above it but above the one before; behind them, how many were above all. */
  readonly counts: number[]
  sumSeconds: number
}

/**
 * A histogram of durations for what happens several times in each request: prom-client's own composes, checks and hashes its labels for each
 * observation, which cost as much as reading the object. This one finds its row by one text.
 */
export class LatencyHistogram {
  readonly #options: LatencyHistogramOptions
  readonly #series = new Map<string, Series>()

  constructor(options: LatencyHistogramOptions) {
    this.#options = options
  }

  /** `labels`: values in the order of the names. There must not be more combinations of them than operations that exist. */
  observe(durationMs: number, ...labels: readonly string[]): void {
    const key = labels.join('\n')
    let series = this.#series.get(key)
    if (!series) this.#series.set(key, (series = this.#newSeries(labels)))
    const seconds = durationMs / 1_000
    let bucket = 0
    while (seconds > (BOUNDS_SECONDS[bucket] ?? Infinity)) bucket++
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
    series.sumSeconds += seconds
  }

  /** As prom-client's `getMetricsAsJSON` gives a histogram: each bucket counts those below it too. */
  toJSON(): object {
    const { name, help } = this.#options
    const values: object[] = []
    for (const { labels, counts, sumSeconds } of this.#series.values()) {
      let count = 0
      for (const [bucket, inBucket] of counts.entries()) {
        count += inBucket
        const le = BOUNDS_SECONDS[bucket] ?? '+Inf'
        values.push({ labels: { le, ...labels }, value: count, metricName: `${name}_bucket` })
      }
      values.push({ labels, value: sumSeconds, metricName: `${name}_sum` })
      values.push({ labels, value: count, metricName: `${name}_count` })
    }
    return { name, help, type: 'histogram', values, aggregator: 'sum' }
  }

  #newSeries(labels: readonly string[]): Series {
    const named = this.#options.labelNames.map((name, at) => [name, labels[at] ?? ''] as const)
    return {
      labels: Object.fromEntries(named),
      counts: new Array<number>(BOUNDS_SECONDS.length + 1).fill(0),
      sumSeconds: 0,
    }
  }
}

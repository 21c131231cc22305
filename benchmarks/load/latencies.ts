/** Latencies of one run, kept as they were measured: the runs are short enough. */
export class Latencies {
  readonly #micros: number[] = []

  add(micros: number): void {
    this.#micros.push(micros)
  }

  get count(): number {
    return this.#micros.length
  }

  /** Milliseconds below which the given share (0–1) of the requests stayed; 0 when there were none. */
  percentileMs(share: number): number {
    const sorted = this.#micros.toSorted((a, b) => a - b)
    return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) / 1000
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

import { median } from '../load/latencies.ts'
import type { Measurement } from '../load/measure.ts'

/** All runs of one server under one workload at one number of connections. */
export interface Cell {
  readonly workload: string
  readonly connections: number
  readonly server: string
  readonly runs: readonly Measurement[]
  /** Why there is no number, when there is none. */
  readonly failure?: string
}

export interface CellSummary {
  readonly requestsPerSecond: number
  /** (largest − smallest) ÷ median of the requests per second. */
  readonly spread: number
  readonly megabytesPerSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly cpuSecondsPerGib: number
  readonly cpuSecondsPer10000Requests: number
  readonly memoryMegabytes: number
  /** Share of the time for which the generator had the CPU; near 1, the number is a lower bound. */
  readonly generatorCpuShare: number
}

export function summarize(cell: Cell): CellSummary | null {
  if (cell.runs.length === 0) return null
  const of = (pick: (run: Measurement) => number) => median(cell.runs.map(pick))
  const rates = cell.runs.map((run) => run.requests / run.seconds)
  const requestsPerSecond = median(rates)
  return {
    requestsPerSecond,
    spread: requestsPerSecond === 0 ? 0 : (Math.max(...rates) - Math.min(...rates)) / requestsPerSecond,
    megabytesPerSecond: of((run) => run.megabytesPerSecond),
    p50Ms: of((run) => run.p50Ms),
    p95Ms: of((run) => run.p95Ms),
    p99Ms: of((run) => run.p99Ms),
    cpuSecondsPerGib: of(
      (run) => (run.serverCpuSeconds / (run.megabytesPerSecond * run.seconds)) * 1073.741824,
    ),
    cpuSecondsPer10000Requests: of((run) => (run.serverCpuSeconds / run.requests) * 10_000),
    memoryMegabytes: Math.max(...cell.runs.map((run) => run.serverMemoryBytesMax)) / 1e6,
    generatorCpuShare: of((run) => run.ownCpuSeconds / run.seconds),
  }
}

const number = (value: number) =>
  !Number.isFinite(value) || value === 0
    ? '–'
    : value >= 100
      ? value.toFixed(0)
      : value >= 1
        ? value.toFixed(1)
        : value.toFixed(3)

/** A Markdown table of one workload: a row per server and number of connections. */
export function workloadTable(cells: readonly Cell[]): string {
  const header =
    '| connections | server | requests/s | ± | MB/s | p50 ms | p95 ms | p99 ms | CPU s / GiB | CPU s / 10,000 | memory MB |\n' +
    '| --: | :-- | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n'
  const rows = cells.map((cell) => {
    const summary = summarize(cell)
    if (!summary)
      return `| ${cell.connections} | ${cell.server} | ${cell.failure ?? 'no run'} | | | | | | | | |`
    const limitedByGenerator = summary.generatorCpuShare > 0.9 ? ' ≥' : ''
    return `| ${[
      cell.connections,
      cell.server,
      number(summary.requestsPerSecond) + limitedByGenerator,
      `${(summary.spread * 100).toFixed(0)} %`,
      number(summary.megabytesPerSecond),
      number(summary.p50Ms),
      number(summary.p95Ms),
      number(summary.p99Ms),
      number(summary.cpuSecondsPerGib),
      number(summary.cpuSecondsPer10000Requests),
      number(summary.memoryMegabytes),
    ].join(' | ')} |`
  })
  return header + rows.join('\n') + '\n'
}

import { setImmediate } from 'node:timers/promises'

/** One of several ways to do the same, of which the differences to the first are wanted. */
export interface Variant {
  readonly title: string
  readonly sendAll: (requests: readonly Buffer[]) => Promise<void>
  readonly requests: readonly Buffer[]
}

interface PairedRounds {
  readonly rounds: number
  /** Requests that a variant sends in a round; its own as often as it takes. */
  readonly requests: number
  /** What is done behind each variant's turn, and counted to it. */
  readonly after?: (round: number) => Promise<void>
}

/** The median. */
export const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[values.length >> 1] ?? 0

/**
 * Measures the CPU time of this process for all variants in turn, in an order that changes, and prints the median of each in µs a request, with the
 * median of the differences to the first, taken round by round: what the machine does besides is in both. The least of all rounds stands beside it, which other
 * processes add least to.
 */
export async function measurePaired(
  title: string,
  variants: readonly Variant[],
  { rounds, requests, after }: PairedRounds,
): Promise<void> {
  const micros = variants.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < variants.length; turn++) {
      const at = (turn + round) % variants.length
      const variant = variants[at]
      if (!variant) continue
      const before = process.cpuUsage()
      for (let sent = 0; sent < requests; sent += variant.requests.length) {
        await variant.sendAll(variant.requests)
        // Nothing here waits for a network: what the store's threads have done is heard of in between.
        await setImmediate()
      }
      await after?.(round)
      const { user, system } = process.cpuUsage(before)
      micros[at]?.push((user + system) / requests)
    }
  process.stdout.write(`\n${title}, ${rounds} rounds\n${COLUMNS}`)
  const first = micros[0] ?? []
  for (const [at, { title: name }] of variants.entries()) {
    const own = micros[at] ?? []
    const difference = median(own.map((value, round) => value / (first[round] ?? value)))
    const cells = [
      median(own).toFixed(1),
      percentOver(difference),
      Math.min(...own).toFixed(1),
      percentOver(Math.min(...own) / Math.min(...first)),
    ]
    process.stdout.write(`${name.padEnd(30)}${cells.map((cell) => cell.padStart(14)).join('')}\n`)
  }
}

/** `least`: of the round in which the machine did least besides. */
const COLUMNS = `${''.padEnd(30)}${['median', 'paired', 'least', 'of the least'].map((cell) => cell.padStart(14)).join('')}\n`

const percentOver = (ratio: number): string => {
  const percent = ((ratio - 1) * 100).toFixed(1)
  return `${percent.startsWith('-') ? '' : '+'}${percent} %`
}

/** The number behind an option of the command line. */
export function numberOption(name: string, otherwise: number): number {
  const at = process.argv.indexOf(name)
  return at < 0 ? otherwise : Number(process.argv[at + 1])
}

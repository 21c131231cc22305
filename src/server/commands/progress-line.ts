const BAR_WIDTH = 30
const INTERVAL_MS = 100

/** One line on standard error that shows how far something got; says nothing when that is no terminal. */
export class ProgressLine {
  #shownAt = 0
  #label = ''

  /** `total` 0: not known. */
  show(label: string, done: number, total: number, detail = ''): void {
    if (!process.stderr.isTTY) return
    const now = performance.now()
    const isLast = total > 0 && done >= total
    if (label === this.#label && now - this.#shownAt < INTERVAL_MS && !isLast) return
    if (label !== this.#label && this.#label !== '') process.stderr.write('\n')
    this.#shownAt = now
    this.#label = label
    process.stderr.write(`\r\x1b[K${label.padEnd(8)} ${barOf(done, total)} ${detail}`)
  }

  /** Ends the line. */
  finish(): void {
    if (this.#label !== '') process.stderr.write('\n')
    this.#label = ''
  }
}

function barOf(done: number, total: number): string {
  if (total === 0) return String(done)
  const filled = Math.min(BAR_WIDTH, Math.floor((done / total) * BAR_WIDTH))
  const percent = Math.floor((done / total) * 100)
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${percent}% ${done}/${total}`
}

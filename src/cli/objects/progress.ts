import { sizeText } from './sizes.ts'

const BAR_WIDTH = 24
const INTERVAL_MS = 100

/** One line on standard error about how far transfers are; says nothing where that is no terminal. */
export class Progress {
  readonly #isOn: boolean
  readonly #isSingle: boolean
  readonly #startedAt = performance.now()
  #shownAt = 0
  #isShown = false
  #bytes = 0
  #bytesTotal = 0
  #items = 0
  #describe: (() => string) | undefined

  /** `isSingle`: one thing is transferred, so that its length is all there is. */
  constructor({ isOn, isSingle }: { readonly isOn: boolean; readonly isSingle: boolean }) {
    this.#isOn = isOn && process.stderr.isTTY
    this.#isSingle = isSingle
  }

  /** Has the line made by the command, which knows more of how far it is. */
  describeBy(describe: () => string): void {
    this.#describe = describe
  }

  /** One more thing is to be transferred; `bytes` is undefined where nobody knows how long it is. */
  expect(bytes: number | undefined): void {
    this.#bytesTotal += bytes ?? 0
  }

  /** Bytes have arrived; a negative number takes back those of a try that failed. */
  advance(bytes: number): void {
    this.#bytes += bytes
    this.#show()
  }

  /** One of the things is there. */
  done(): void {
    this.#items += 1
    this.#show()
  }

  /** Takes the line away, for another one to be written. */
  clear(): void {
    if (!this.#isShown) return
    process.stderr.write('\r\x1b[K')
    this.#isShown = false
    this.#shownAt = 0
  }

  /** Takes the line away for good. */
  finish(): void {
    this.clear()
  }

  #show(): void {
    const now = performance.now()
    if (!this.#isOn || now - this.#shownAt < INTERVAL_MS) return
    this.#shownAt = now
    this.#isShown = true
    process.stderr.write(`\r\x1b[K${this.#describe?.() ?? this.#line((now - this.#startedAt) / 1000)}`)
  }

  #line(seconds: number): string {
    const rate = `${sizeText(this.#bytes / Math.max(seconds, 0.001))}/s`
    if (!this.#isSingle) return `${sizeText(this.#bytes)} (${rate}), ${this.#items} done`
    if (this.#bytesTotal === 0) return `${sizeText(this.#bytes)} (${rate})`
    const part = Math.min(1, this.#bytes / this.#bytesTotal)
    const filled = Math.floor(part * BAR_WIDTH)
    const bar = `${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}`
    return `[${bar}] ${Math.floor(part * 100)}% of ${sizeText(this.#bytesTotal)} (${rate})`
  }
}

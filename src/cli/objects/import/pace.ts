import { DAY_SECONDS } from '../../../base/milliseconds.ts'
import { sizeText } from '../sizes.ts'

/** How far back the rate is looked at. */
const WINDOW_MS = 30_000
const SAMPLE_MS = 1_000

interface Sample {
  readonly atMs: number
  readonly objects: number
  readonly bytes: number
}

/** How far an import is, how fast it goes, and how long it will take. */
export class Pace {
  readonly #now: () => number
  #samples: Sample[] = []
  #objects = 0
  #bytes = 0
  #total: { readonly objects: number; readonly bytes: number } | undefined
  #label = ''

  /** `now`: milliseconds of a clock that nobody sets. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** A bucket begins. */
  begin(label: string): void {
    this.#label = label
    this.#samples = []
    this.#objects = 0
    this.#bytes = 0
    this.#total = undefined
  }

  /** How much there is, once somebody has counted. */
  expect(total: { readonly objects: number; readonly bytes: number }): void {
    this.#total = total
  }

  /** Objects are done, and bytes have arrived or need not. */
  advance({ objects = 0, bytes = 0 }: { readonly objects?: number; readonly bytes?: number }): void {
    this.#objects += objects
    this.#bytes += bytes
    const atMs = this.#now()
    if (atMs - (this.#samples.at(-1)?.atMs ?? -Infinity) < SAMPLE_MS) return
    this.#samples.push({ atMs, objects: this.#objects, bytes: this.#bytes })
    while ((this.#samples[1]?.atMs ?? Infinity) <= atMs - WINDOW_MS) this.#samples.shift()
  }

  /** One line. */
  describe(): string {
    const { objects, bytes } = this.#rates()
    const total = this.#total
    const counted = (done: string, all: string | undefined): string =>
      all === undefined ? done : `${done} of ${all}`
    const left = this.#secondsLeft({ objects, bytes })
    return [
      `${this.#label}: ${counted(grouped(this.#objects), total && grouped(total.objects))} objects`,
      `${counted(sizeText(this.#bytes), total && sizeText(total.bytes))} (${sizeText(Math.round(bytes))}/s)`,
      ...(left === undefined ? [] : [`${timeText(left)} left`]),
    ].join(', ')
  }

  /** In a second, lately. */
  #rates(): { readonly objects: number; readonly bytes: number } {
    const first = this.#samples[0]
    const seconds = (this.#now() - (first?.atMs ?? 0)) / 1_000
    if (first === undefined || seconds <= 0) return { objects: 0, bytes: 0 }
    return {
      objects: (this.#objects - first.objects) / seconds,
      bytes: (this.#bytes - first.bytes) / seconds,
    }
  }

  /** Small objects take their time by their number, large ones by their bytes: the longer of both. */
  #secondsLeft(rates: { readonly objects: number; readonly bytes: number }): number | undefined {
    const total = this.#total
    if (total === undefined) return undefined
    const secondsFor = (left: number, rate: number): number => (left <= 0 ? 0 : left / rate)
    const seconds = Math.max(
      secondsFor(total.objects - this.#objects, rates.objects),
      secondsFor(total.bytes - this.#bytes, rates.bytes),
    )
    return Number.isFinite(seconds) ? seconds : undefined
  }
}

/** `1,234,567`. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')

/** `5s`, `2m10s`, `3h05m`, `4d02h`. */
export function timeText(seconds: number): string {
  const whole = Math.ceil(seconds)
  const two = (value: number): string => String(value).padStart(2, '0')
  if (whole < 60) return `${whole}s`
  if (whole < 3_600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`
  if (whole < DAY_SECONDS) return `${Math.floor(whole / 3_600)}h${two(Math.floor((whole % 3_600) / 60))}m`
  return `${Math.floor(whole / DAY_SECONDS)}d${two(Math.floor((whole % DAY_SECONDS) / 3_600))}h`
}

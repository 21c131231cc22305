import { shareOf } from './client-address.ts'

const WINDOW_MS = 60_000
/** Addresses remembered; the one that failed first is forgotten for another. */
const ADDRESSES_MAX = 10_000
/** Access keys remembered with the addresses that they were used from; the one that was not used for longest is forgotten for another. */
const GOOD_KEYS_MAX = 10_000

interface Failures {
  startedAtMs: number
  count: number
}

interface FailedSignaturesOptions {
  /** Of one address within a minute; 0: any number. */
  readonly perMinuteMax: number
  readonly nowMs: () => number
  /** Told once a minute of each address that is over the limit. */
  readonly onHeldOff: (address: string) => void
}

/** Counts the wrong signatures of each address, so that nobody tries without end; see {@link isHeldOff}. */
export class FailedSignatures {
  readonly #options: FailedSignaturesOptions
  readonly #byAddress = new Map<string, Failures>()
  /** Who used a key rightly from where, also while nothing was wrong there: somebody else behind the same address may begin at any moment. */
  readonly #goodKeys = new Set<string>()

  constructor(options: FailedSignaturesOptions) {
    this.#options = options
  }

  /**
   * Whether requests from the address are refused without a look at their signature, for the rest of a minute in which too many were wrong.
   * A key that was used rightly from there before is not among them: many machines may share an address.
   */
  isHeldOff(address: string, accessKeyId: string): boolean {
    const failures = this.#current(address)
    return (
      failures !== undefined &&
      failures.count >= this.#options.perMinuteMax &&
      !this.#goodKeys.has(useOf(address, accessKeyId))
    )
  }

  /** A signature was right. */
  noteVerified(address: string, accessKeyId: string): void {
    if (this.#options.perMinuteMax === 0) return
    const use = useOf(address, accessKeyId)
    this.#goodKeys.delete(use)
    this.#goodKeys.add(use)
    if (this.#goodKeys.size <= GOOD_KEYS_MAX) return
    for (const oldest of this.#goodKeys) {
      this.#goodKeys.delete(oldest)
      break
    }
  }

  /** A signature was wrong, or of a key that does not exist. */
  noteRefused(address: string): void {
    const { perMinuteMax, nowMs, onHeldOff } = this.#options
    if (perMinuteMax === 0) return
    const failures = this.#current(address) ?? this.#begin(shareOf(address), nowMs())
    if (++failures.count === perMinuteMax) onHeldOff(address)
  }

  #current(address: string): Failures | undefined {
    // Of most servers nobody's signature is ever wrong: nothing is looked up then.
    if (this.#byAddress.size === 0) return undefined
    const key = shareOf(address)
    const failures = this.#byAddress.get(key)
    if (!failures || this.#options.nowMs() - failures.startedAtMs < WINDOW_MS) return failures
    this.#byAddress.delete(key)
    return undefined
  }

  #begin(key: string, startedAtMs: number): Failures {
    for (const oldest of this.#byAddress.keys()) {
      if (this.#byAddress.size < ADDRESSES_MAX) break
      this.#byAddress.delete(oldest)
    }
    const failures: Failures = { startedAtMs, count: 0 }
    this.#byAddress.set(key, failures)
    return failures
  }
}

const useOf = (address: string, accessKeyId: string): string => `${shareOf(address)} ${accessKeyId}`

import { randomInt } from 'node:crypto'

/** What a run takes that names no seed: a change is judged by the same steps each time. Nights and long runs say `random`. */
const SEED_OF_EVERY_RUN = 20_261_129

function chosenSeed(): number {
  const chosen = process.env.LUGSAIL_TEST_SEED
  if (chosen === undefined) return SEED_OF_EVERY_RUN
  return chosen === 'random' ? randomInt(2 ** 31) : Number(chosen)
}

/** A sequence of numbers that its seed decides: a failing property test prints the seed, and fails again with it. */
export class SeededRandom {
  readonly seed: number
  #state: number

  /** Without a seed: what `LUGSAIL_TEST_SEED` says, a number or `random`; else the same in every run. */
  constructor(seed = chosenSeed()) {
    this.seed = seed
    this.#state = seed
  }

  /** A whole number from 0 up to and without `end`. */
  below(end: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((this.#state / 2 ** 32) * end)
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)))
  }

  oneOf<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)]
    if (choice === undefined) throw new RangeError('nothing to choose from')
    return choice
  }

  /** The bytes in pieces of random lengths, many of them short. */
  pieces(bytes: Buffer, lengthMax = 100): Buffer[] {
    const parts: Buffer[] = []
    for (let at = 0; at < bytes.length;) {
      const end = at + 1 + this.below(this.below(2) === 0 ? 4 : lengthMax)
      parts.push(bytes.subarray(at, end))
      at = end
    }
    return parts
  }
}

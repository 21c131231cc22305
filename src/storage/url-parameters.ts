/** The part of an engine's URL behind the question mark. */
export class UrlParameters {
  readonly #values: URLSearchParams

  /** Throws RangeError when a name is not among the known ones. */
  constructor(query: string, known: readonly string[]) {
    this.#values = new URLSearchParams(query)
    for (const name of this.#values.keys()) {
      if (!known.includes(name))
        throw new RangeError(`parameter ${name} is not known; known are ${known.join(', ')}`)
    }
  }

  /** The value as it stands there; null when there is none. */
  get(name: string): string | null {
    return this.#values.get(name)
  }

  /** A whole number within bounds. Throws RangeError for anything else. */
  wholeNumber(
    name: string,
    bounds: { readonly default: number; readonly min: number; readonly max: number },
  ): number {
    const text = this.get(name)
    if (text === null) return bounds.default
    const value = /^\d+$/.test(text) ? Number(text) : NaN
    if (!(value >= bounds.min && value <= bounds.max))
      throw new RangeError(
        `parameter ${name} must be a whole number from ${bounds.min} to ${bounds.max}, got ${JSON.stringify(text)}`,
      )
    return value
  }
}

/** The part of an engine's URL behind the question mark. */
export class UrlParameters {
  readonly #values: URLSearchParams

  /** Throws RangeError when a name is not among the known ones, or stands there twice. */
  constructor(query: string, known: readonly string[]) {
    this.#values = new URLSearchParams(query)
    for (const name of this.#values.keys()) {
      if (!known.includes(name))
        throw new RangeError(`parameter ${name} is not known; known are ${known.join(', ')}`)
      if (this.#values.getAll(name).length > 1) throw new RangeError(`parameter ${name} is given twice`)
    }
  }

  /** The value as it stands there; null when there is none. */
  get(name: string): string | null {
    return this.#values.get(name)
  }

  /** `true` or `false`. Throws RangeError for anything else. */
  flag(name: string, otherwise: boolean): boolean {
    const text = this.get(name) ?? String(otherwise)
    if (text !== 'true' && text !== 'false')
      throw new RangeError(`parameter ${name} must be true or false, got ${JSON.stringify(text)}`)
    return text === 'true'
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

/** What a part of an engine's URL stands for. Throws RangeError that names the part, and never shows it, when its percent-encoding is malformed. */
export function decodePart(part: string, name: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new RangeError(
      `the ${name} in the URL is not percent-encoded UTF-8; a percent sign is written as %25`,
    )
  }
}

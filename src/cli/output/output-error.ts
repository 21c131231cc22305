/** An output that a format cannot show. */
export class OutputError extends Error {
  /** What the format shows of it before it gets stuck. */
  readonly before: string

  constructor(message: string, before = '') {
    super(message)
    this.before = before
  }
}

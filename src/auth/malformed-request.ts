/**
 * A request that does not say one thing: a part of it is malformed, empty, cut, or there more than once where one counts. What was signed and
 * what is done could then differ, so it is refused before anything is decided.
 */
export class MalformedRequest extends Error {
  override readonly name = 'MalformedRequest'
  readonly part: 'target' | 'argument' | 'header'
  /** Of the argument or header; null for the target. */
  readonly partName: string | null

  constructor(part: 'target' | 'argument' | 'header', partName: string | null, message: string) {
    super(message)
    this.part = part
    this.partName = partName?.slice(0, 256) ?? null
  }
}

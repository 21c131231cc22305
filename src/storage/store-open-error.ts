/** A store that cannot be opened: the message names where it lies and why. The start of the server stops with it. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError'
  /** The path or URL, without secrets. */
  readonly place: string

  constructor(place: string, reason: string, options?: ErrorOptions) {
    super(`cannot open the store at ${place}: ${reason}`, options)
    this.place = place
  }
}

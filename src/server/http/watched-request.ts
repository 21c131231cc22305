import { IncomingMessage } from 'node:http'

/** Hears of each time that somebody asks for a piece of a request's body. */
export interface ReadWatcher {
  /** Before what is there already is given. */
  readonly beforeRead?: () => void
  /** When the connection may be read for more. */
  readonly afterRead?: () => void
}

const NONE: readonly ReadWatcher[] = []

/** A request that tells when its body is read: what the HTTP server makes of each. */
export class WatchedRequest extends IncomingMessage {
  #watchers = NONE

  /** Tells the watcher until {@link unwatch}. */
  watch(watcher: ReadWatcher): void {
    this.#watchers = [...this.#watchers, watcher]
  }

  /** Tells the watcher no more. */
  unwatch(watcher: ReadWatcher): void {
    this.#watchers = this.#watchers.filter((other) => other !== watcher)
  }

  override _read(sizeBytes: number): void {
    const watchers = this.#watchers
    for (const { beforeRead } of watchers) beforeRead?.()
    super._read(sizeBytes)
    for (const { afterRead } of watchers) afterRead?.()
  }
}

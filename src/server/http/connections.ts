import { shareOf } from './client-address.ts'

interface ConnectionLimits {
  /** Open at once. */
  readonly connectionsMax: number
  /** Open at once from one address. */
  readonly connectionsPerAddressMax: number
}

/** What decides whether a connection may be given up for another. */
interface Place {
  /** No request is under way. */
  readonly isIdle: boolean
  /** Its client showed that it has a key. */
  readonly isProven: boolean
}

/** Connections whose client has one address (of IPv6: one network of 64 bits). */
interface Share<C> {
  readonly open: Set<C>
}

/**
 * All connections that are open, by the address of their client. When all that may be open are, a newcomer gets the place of another: of the
 * address that has most, the one that has waited longest without a request, and one whose client never proved who it is before others. So
 * one address that takes all it can get shuts nobody out, and while there is room every address may have as much as it likes.
 */
export class Connections<C extends Place> {
  readonly #limits: ConnectionLimits
  readonly #shares = new Map<string, Share<C>>()
  readonly #keyOf = new Map<C, string>()

  constructor(limits: ConnectionLimits) {
    this.#limits = limits
  }

  /** How many are open. */
  get size(): number {
    return this.#keyOf.size
  }

  [Symbol.iterator](): IterableIterator<C> {
    return this.#keyOf.keys()
  }

  /** How many are open from the address. */
  countOf(address: string): number {
    return this.#shares.get(shareOf(address))?.open.size ?? 0
  }

  /**
   * Takes a new connection in. False: there is no room for it. When another must go for it, `cut` is called with that one, which is not counted
   * any more. `isOfMany`: it comes from a proxy, which brings clients of many addresses, and may have any number.
   */
  admit(connection: C, address: string, cut: (crowded: C) => void, isOfMany = false): boolean {
    const key = shareOf(address)
    const ownCount = this.#shares.get(key)?.open.size ?? 0
    if (!isOfMany && ownCount >= this.#limits.connectionsPerAddressMax) {
      if (!this.#makeRoomOfOwn(key, cut)) return false
    } else if (this.size >= this.#limits.connectionsMax) {
      const crowded = this.#mostDispensable(key, ownCount)
      if (!crowded) return false
      this.#leave(crowded)
      cut(crowded)
    }
    this.#join(connection, key)
    return true
  }

  /**
   * A request told that the connection's client is another: a proxy brings clients of many addresses over one connection. False: that client has
   * as many as it may, none of which can be given up by `cut`, and the connection stays where it is.
   */
  move(connection: C, address: string, cut: (crowded: C) => void): boolean {
    const key = shareOf(address)
    const before = this.#keyOf.get(connection)
    if (before === undefined || before === key) return true
    const count = this.#shares.get(key)?.open.size ?? 0
    if (count >= this.#limits.connectionsPerAddressMax && !this.#makeRoomOfOwn(key, cut)) return false
    this.#leave(connection)
    this.#join(connection, key)
    return true
  }

  /** Counts a connection for the proxy again that it comes from, since no client's request is under way on it. */
  moveBack(connection: C, proxy: string): void {
    if (!this.#keyOf.has(connection)) return
    this.#leave(connection)
    this.#join(connection, shareOf(proxy))
  }

  /** The connection is closed. */
  remove(connection: C): void {
    this.#leave(connection)
  }

  /** Gives up the oldest connection of an address on which nothing is asked and no key was shown. False: there is none. */
  #makeRoomOfOwn(key: string, cut: (crowded: C) => void): boolean {
    const own = this.#shares.get(key)
    const idle = own && oldest(own.open, ({ isIdle, isProven }) => isIdle && !isProven)
    if (!idle) return false
    this.#leave(idle)
    cut(idle)
    return true
  }

  #join(connection: C, key: string): void {
    const share = this.#shares.get(key)
    if (share) share.open.add(connection)
    else this.#shares.set(key, { open: new Set([connection]) })
    this.#keyOf.set(connection, key)
  }

  #leave(connection: C): void {
    const key = this.#keyOf.get(connection)
    if (key === undefined) return
    this.#keyOf.delete(connection)
    const share = this.#shares.get(key)
    share?.open.delete(connection)
    if (share?.open.size === 0) this.#shares.delete(key)
  }

  /** Which one goes for a newcomer whose address has `ownCount` already; null: all others have a better right to be there. */
  #mostDispensable(newKey: string, ownCount: number): C | null {
    let largest: { readonly key: string; readonly share: Share<C> } | null = null
    for (const [key, share] of this.#shares)
      if (largest === null || share.open.size > largest.share.open.size) largest = { key, share }
    if (!largest) return null
    const { key, share } = largest
    const isOthers = key !== newKey && share.open.size > ownCount + 1
    return (
      oldest(share.open, ({ isIdle, isProven }) => isIdle && !isProven) ??
      (isOthers ? oldest(share.open, ({ isProven }) => !isProven) : null) ??
      oldest(share.open, ({ isIdle }) => isIdle)
    )
  }
}

function oldest<C>(open: ReadonlySet<C>, isMeant: (connection: C) => boolean): C | null {
  for (const connection of open) if (isMeant(connection)) return connection
  return null
}

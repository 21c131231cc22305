import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import type { MonotonicClock } from '../../../base/clock.ts'
import { isLoopbackHost } from '../../../base/loopback.ts'
import { HOUR_MS } from '../../../base/milliseconds.ts'
import type { FetchedJson, FetchJson } from './fetch-json.ts'

/** Keys of an issuer are good for so long. */
const FRESH_MS = HOUR_MS
/** A token with a key that is not known asks for them anew, at most so often. */
const RENEWED_MS = 30_000
/** After a failure the issuer is left alone for so long: tokens come from anybody. */
const FAILED_MS = 5_000
/** Large issuers whose keys are known to be on a host of another name, beside those that the server is told of. */
const KEY_ORIGINS: Readonly<Record<string, string>> = {
  'https://accounts.google.com': 'https://www.googleapis.com',
}
/** Issuers whose keys are kept; the one that was asked first goes first. */
const ISSUERS_MAX = 100

interface KnownKeys {
  readonly keys: JWTVerifyGetKey
  readonly fetchedAt: number
}

/** The issuer did not tell its keys, at this moment. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable'
}

/** What the issuer told of itself cannot be used. */
export class IssuerUnusable extends Error {
  override readonly name = 'IssuerUnusable'
}

/** The public keys of issuers, found by their discovery documents and kept for an hour. */
export class IssuerKeys {
  readonly #fetchJson: FetchJson
  readonly #monotonicMs: MonotonicClock
  readonly #keyOrigins: ReadonlySet<string>
  readonly #known = new Map<string, KnownKeys>()
  readonly #failedAt = new Map<string, number>()
  readonly #pending = new Map<string, Promise<KnownKeys>>()

  /** `keyOrigins`: where keys may be besides their issuer's own origin, `https://host:port`. */
  constructor(options: {
    readonly monotonicMs: MonotonicClock
    readonly fetchJson: FetchJson
    readonly keyOrigins: readonly string[]
  }) {
    this.#monotonicMs = options.monotonicMs
    this.#keyOrigins = new Set(options.keyOrigins)
    this.#fetchJson = options.fetchJson
  }

  /** The keys of an issuer that some role trusts. Rejects with IssuerUnreachable and IssuerUnusable. */
  async read(issuer: string): Promise<JWTVerifyGetKey> {
    const known = this.#known.get(issuer)
    if (known && this.#monotonicMs() - known.fetchedAt < FRESH_MS) return known.keys
    return (await this.#fetchOnce(issuer)).keys
  }

  /** The keys anew, for a token whose key is not among them; null: they were fetched just now. Rejects as {@link read}. */
  async renew(issuer: string): Promise<JWTVerifyGetKey | null> {
    const known = this.#known.get(issuer)
    if (known && this.#monotonicMs() - known.fetchedAt < RENEWED_MS) return null
    return (await this.#fetchOnce(issuer)).keys
  }

  #fetchOnce(issuer: string): Promise<KnownKeys> {
    const failedAt = this.#failedAt.get(issuer) ?? -Infinity
    if (this.#monotonicMs() - failedAt < FAILED_MS)
      return Promise.reject(new IssuerUnreachable(`${issuer} could not be asked just now`))
    const pending = this.#pending.get(issuer)
    if (pending) return pending
    const fetching = this.#fetch(issuer).finally(() => this.#pending.delete(issuer))
    this.#pending.set(issuer, fetching)
    return fetching
  }

  async #fetch(issuer: string): Promise<KnownKeys> {
    try {
      const { url, isPrivate } = await this.#discover(issuer)
      // What the issuer names is asked with this server's hands: where itself is on the Internet, it leads nowhere else.
      const { json } = await this.#ask(url, !isPrivate)
      const known = { keys: keySet(issuer, json), fetchedAt: this.#monotonicMs() }
      remember(this.#known, issuer, known)
      this.#failedAt.delete(issuer)
      return known
    } catch (error) {
      remember(this.#failedAt, issuer, this.#monotonicMs())
      throw error
    }
  }

  /** Where the issuer's keys are, as its discovery document says. */
  async #discover(issuer: string): Promise<{ readonly url: URL; readonly isPrivate: boolean }> {
    const place = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
    const { json: document, isPrivate } = await this.#ask(place, false)
    const { issuer: named, jwks_uri: address } = isObject(document) ? document : {}
    if (named !== issuer) throw new IssuerUnusable(`${place.href} is about another issuer`)
    const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : null
    const isPlain = url?.protocol === 'http:' && place.protocol === 'http:' && isLoopbackHost(url.hostname)
    if (!url || (url.protocol !== 'https:' && !isPlain))
      throw new IssuerUnusable(`${place.href} names no https address of keys`)
    const { origin } = url
    if (origin !== place.origin && origin !== KEY_ORIGINS[issuer] && !this.#keyOrigins.has(origin))
      throw new IssuerUnusable(
        `the keys of ${issuer} are on another host, ${origin}, which the setting webIdentityKeyOrigins does not name`,
      )
    return { url, isPrivate }
  }

  async #ask(url: URL, isPublic: boolean): Promise<FetchedJson> {
    try {
      return await this.#fetchJson(url, { isPublic })
    } catch (cause) {
      throw new IssuerUnreachable(`${url.href} did not answer as it should`, { cause })
    }
  }
}

function keySet(issuer: string, jwks: unknown): JWTVerifyGetKey {
  try {
    return createLocalJWKSet(jwks as JSONWebKeySet)
  } catch (cause) {
    throw new IssuerUnusable(`the keys of ${issuer} are no JSON Web Key Set`, { cause })
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

function remember<T>(map: Map<string, T>, issuer: string, value: T): void {
  map.delete(issuer)
  for (const oldest of map.keys()) {
    if (map.size < ISSUERS_MAX) break
    map.delete(oldest)
  }
  map.set(issuer, value)
}

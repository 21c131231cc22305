import { callOperation, type Output } from '../api/json-api.ts'
import type { Sender } from '../api/send.ts'
import { ApiError } from '../api/api-error.ts'
import { serverNow } from '../api/send.ts'
import { getSessionToken, signerOf, type SessionCredentials } from '../api/sts.ts'
import { hasWebCrypto } from '../signing/hashing.ts'
import { SigningSecret } from '../signing/signing-secret.ts'
import type { Signer } from '../signing/sign-request.ts'
import { forgetKept, keep, readKept } from './kept-session.ts'

/** Who is signed in, and what the key may do. */
export type Caller = Output<'GetCallerRights'>

/** What somebody types to sign in. */
export interface SignInForm {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Whether temporary credentials outlive a reload of this tab. */
  readonly keepsForTab: boolean
}

/** Temporary credentials are renewed when they have less time left. */
const RENEWAL_MS = 10 * 60_000
/** Any region does. */
const REGION = 'us-east-1'

/**
 * Who is signed in. Requests are signed by temporary credentials (STS GetSessionToken) alone; what was typed is forgotten, but for a key that signs and cannot be
 * read back, where the browser has such keys: it asks for the next temporary credentials.
 */
export class Session implements Sender {
  readonly accessKeyId: string
  readonly caller: Caller
  #lasting: Signer | null
  readonly #keepsForTab: boolean
  #credentials: { readonly signer: Signer; readonly expiresAt: number }
  #renewal: Promise<void> | null = null

  private constructor(
    accessKeyId: string,
    caller: Caller,
    lasting: Signer | null,
    keepsForTab: boolean,
    credentials: SessionCredentials,
  ) {
    this.accessKeyId = accessKeyId
    this.caller = caller
    this.#lasting = lasting
    this.#keepsForTab = keepsForTab
    this.#credentials = { signer: signerOf(credentials), expiresAt: credentials.expiresAt }
  }

  /** Signs in. Throws ApiError: `InvalidClientTokenId` for an unknown key, `SignatureDoesNotMatch` for a wrong secret or clock. */
  static async signIn({ accessKeyId, secretAccessKey, keepsForTab }: SignInForm): Promise<Session> {
    const lasting: Signer = { accessKeyId, secret: new SigningSecret(secretAccessKey) }
    const credentials = await getSessionToken(lasting)
    const caller = await askCaller(credentials)
    if (keepsForTab) keep({ accessKeyId, session: credentials })
    return new Session(accessKeyId, caller, hasWebCrypto() ? lasting : null, keepsForTab, credentials)
  }

  /** The session that this tab keeps; null when there is none, or none that still counts. Throws ApiError when the server does not answer. */
  static async restore(): Promise<Session | null> {
    const kept = readKept()
    if (!kept) return null
    const { accessKeyId, session } = kept
    try {
      if (session.expiresAt <= serverNow()) throw new ApiError('ExpiredToken', 'The session is over.')
      return new Session(accessKeyId, await askCaller(session), null, true, session)
    } catch (error) {
      if (error instanceof ApiError && error.status === 0 && error.code === 'Unreachable') throw error
      forgetKept()
      return null
    }
  }

  /** Who signs the next request. Throws `SessionOver` when the time is over and nothing is at hand to ask for more. */
  async signer(): Promise<Signer> {
    if (this.#credentials.expiresAt - serverNow() < RENEWAL_MS && this.#lasting) {
      this.#renewal ??= this.#renew(this.#lasting).finally(() => (this.#renewal = null))
      await this.#renewal
    }
    if (this.#credentials.expiresAt <= serverNow())
      throw new ApiError('SessionOver', 'The session is over: sign in again.')
    return this.#credentials.signer
  }

  /**
   * Who signs links, and until when these count at the latest, epoch milliseconds; null: until somebody ends the key. The key that was typed, as long as it is at hand:
   * links end with what signed them. Throws `SessionOver`.
   */
  async linkSigner(): Promise<{ readonly signer: Signer; readonly until: number | null }> {
    if (this.#lasting) return { signer: this.#lasting, until: this.caller.expiresAt ?? null }
    return { signer: await this.signer(), until: this.#credentials.expiresAt }
  }

  /** Goes on after it was over, by the secret of its key. Throws ApiError as `signIn` does. */
  async goOn(secretAccessKey: string): Promise<void> {
    const lasting: Signer = { accessKeyId: this.accessKeyId, secret: new SigningSecret(secretAccessKey) }
    await this.#renew(lasting)
    this.#lasting = hasWebCrypto() ? lasting : null
  }

  /** Forgets all. */
  end(): void {
    forgetKept()
  }

  async #renew(lasting: Signer): Promise<void> {
    const credentials = await getSessionToken(lasting)
    this.#credentials = { signer: signerOf(credentials), expiresAt: credentials.expiresAt }
    if (this.#keepsForTab) keep({ accessKeyId: this.accessKeyId, session: credentials })
  }
}

function askCaller(credentials: SessionCredentials): Promise<Caller> {
  const signer = signerOf(credentials)
  return callOperation({ signer: () => Promise.resolve(signer) }, 'GetCallerRights', {}, { region: REGION })
}

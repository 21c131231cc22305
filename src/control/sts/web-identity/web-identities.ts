import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose'
import { monotonicMs, type Clock, type MonotonicClock } from '../../../base/clock.ts'
import { compileWildcard } from '../../../service/authorization/policy/wildcard.ts'
import type { RoleTrust } from '../../../service/records/role.ts'
import { StsFailure } from '../sts-failure.ts'
import { fetchJson, type FetchJson } from './fetch-json.ts'
import { IssuerKeys, IssuerUnreachable, IssuerUnusable } from './issuer-keys.ts'

/** Signatures that only the issuer can make: no secret is shared, and `none` is none. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

/** How far the issuer's clock may be from this one, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 60
/** Longest subject, as Amazon has it, and id of a token. */
const SUBJECT_LENGTH_MAX = 255

/** Who a token says that somebody is. */
interface WebIdentity {
  readonly issuer: string
  readonly subject: string
  /** The one that the role trusts. */
  readonly audience: string
  /** For the audit log; null: the token has none. */
  readonly tokenId: string | null
}

interface WebIdentitiesOptions {
  readonly clock: Clock
  /** How long keys of issuers are kept goes by this one. Default: the process's own. */
  readonly monotonicMs?: MonotonicClock
  /** Where issuers may have their keys besides their own origins; nowhere when absent. */
  readonly keyOrigins?: readonly string[] | undefined
  /** How documents of issuers are fetched; over the network when absent. */
  readonly fetchJson?: FetchJson
}

/** Looks at tokens of OpenID Connect issuers that roles trust. */
export class WebIdentities {
  readonly #clock: Clock
  readonly #keys: IssuerKeys

  constructor(options: WebIdentitiesOptions) {
    this.#clock = options.clock
    const { keyOrigins = [] } = options
    this.#keys = new IssuerKeys({ monotonicMs, fetchJson, ...options, keyOrigins })
  }

  /**
   * Who shows the token, which one of these trusts. The issuer is asked for its keys, and nobody else: one that no trust names is not, and the refusal is
   * the same where there is no trust at all. A token may be shown again until it expires, as SDKs do. Throws StsFailure `InvalidIdentityToken`, `ExpiredTokenException`, `IDPRejectedClaim`,
   * `IDPCommunicationError` and `AccessDenied`.
   */
  async verify(token: string, trusts: readonly RoleTrust[]): Promise<WebIdentity> {
    const issuer = issuerOf(token)
    const ofIssuer = trusts.filter((trust) => trust.issuer === issuer)
    if (ofIssuer.length === 0) throw notAuthorized()
    const payload = await this.#verifySignature(token, issuer)
    return identityOf(payload, issuer, ofIssuer)
  }

  async #verifySignature(token: string, issuer: string): Promise<JWTPayload> {
    const options = {
      issuer,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(this.#clock.now()),
      requiredClaims: ['sub', 'aud', 'exp', 'iat'],
    }
    const verifyWith = (keys: JWTVerifyGetKey) =>
      jwtVerify(token, keys, options).catch((error: unknown) => {
        if (error instanceof errors.JOSEError) throw error
        throw new IssuerUnusable(`a key of ${issuer} is malformed, or too short`, { cause: error })
      })
    try {
      const keys = await this.#keys.read(issuer)
      const { payload } = await verifyWith(keys).catch(async (error: unknown) => {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
        const renewed = await this.#keys.renew(issuer)
        if (!renewed) throw error
        return await verifyWith(renewed)
      })
      this.#refuseFromFuture(payload)
      return payload
    } catch (error) {
      throw this.#failureOf(error)
    }
  }

  #refuseFromFuture({ iat = 0 }: JWTPayload): void {
    if (iat > this.#nowSeconds() + CLOCK_TOLERANCE_SECONDS)
      throw new StsFailure('IDPRejectedClaim', 'The token was issued in the future')
  }

  #nowSeconds(): number {
    return Math.floor(this.#clock.now() / 1_000)
  }

  #failureOf(error: unknown): unknown {
    if (error instanceof IssuerUnreachable)
      return new StsFailure(
        'IDPCommunicationError',
        'The request could not be fulfilled because the identity provider could not be reached to verify the token. Try again.',
      )
    if (error instanceof IssuerUnusable || error instanceof errors.JWKSNoMatchingKey)
      return invalid(
        "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
        error instanceof IssuerUnusable ? error : undefined,
      )
    if (error instanceof errors.JWTExpired)
      return new StsFailure(
        'ExpiredTokenException',
        `Token expired: current date/time ${this.#nowSeconds()} must be before the expiration date/time${String(error.payload.exp)}`,
      )
    if (error instanceof errors.JWTClaimValidationFailed) {
      if (error.reason === 'missing') return invalid(`Missing a required claim: ${error.claim}`)
      return new StsFailure('IDPRejectedClaim', `The claim ${error.claim} of the token does not hold`)
    }
    if (error instanceof errors.JOSEError) return invalid('The ID Token provided could not be verified')
    return error
  }
}

/** What a token says of its issuer before it is proven. Throws `InvalidIdentityToken` for what is no token of a kind that is taken. */
function issuerOf(token: string): string {
  try {
    const { alg } = decodeProtectedHeader(token)
    const { iss } = decodeJwt(token)
    if (typeof iss === 'string' && alg !== undefined && ALGORITHMS.includes(alg)) return iss
  } catch {
    // Malformed in whichever way: the answer is the same.
  }
  throw invalid(
    'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
  )
}

function identityOf(payload: JWTPayload, issuer: string, trusts: readonly RoleTrust[]): WebIdentity {
  const { sub: subject, jti } = payload
  const isText = typeof subject === 'string' && /^\P{Cc}+$/u.test(subject)
  if (!isText || subject.length > SUBJECT_LENGTH_MAX)
    throw new StsFailure('IDPRejectedClaim', 'The claim sub of the token does not hold')
  const audiences = [payload.aud ?? []].flat()
  const ofAudience = trusts.filter((trust) => isFor(trust, audiences, payload['azp']))
  if (ofAudience.length === 0) throw invalid('Incorrect token audience')
  const trust = ofAudience.find(
    ({ subjects, claims = [] }) =>
      matchesOne(subjects, [subject]) &&
      claims.every(({ name, values }) => matchesOne(values, claimValues(payload, name))),
  )
  if (!trust) throw notAuthorized()
  return {
    issuer,
    subject,
    audience: audiences.find((one) => trust.audiences.includes(one)) ?? '',
    tokenId: typeof jti === 'string' ? jti.slice(0, SUBJECT_LENGTH_MAX) : null,
  }
}

/**
 * Whether a token is for who trusts it (OpenID Connect Core 1.0, 3.1.3.7): it has one of the audiences. One that has others besides could be shown by any
 * of them, so these must be trusted as well, or the party that it was issued to: by `azp`, which is one of the audiences, or one that the trust names. Where it
 * names some, a token must have one of them, whatever else it has.
 */
function isFor(trust: RoleTrust, audiences: readonly string[], party: unknown): boolean {
  const isTrusted = (one: string): boolean => trust.audiences.includes(one)
  if (!audiences.some(isTrusted)) return false
  if (trust.authorizedParties) return typeof party === 'string' && trust.authorizedParties.includes(party)
  return audiences.every(isTrusted) || (typeof party === 'string' && isTrusted(party))
}

const matchesOne = (patterns: readonly string[], texts: readonly string[]): boolean =>
  patterns.some((pattern) => {
    const matches = compileWildcard(pattern)
    return texts.some((text) => matches(text, null))
  })

/** Of a claim that is a list, each of its texts. */
function claimValues(payload: JWTPayload, name: string): readonly string[] {
  const value = Object.hasOwn(payload, name) ? payload[name] : undefined
  return [value].flat().flatMap((one) => {
    if (typeof one === 'string') return [one]
    return typeof one === 'boolean' || typeof one === 'number' ? [String(one)] : []
  })
}

const notAuthorized = (): StsFailure =>
  new StsFailure('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity')

/** `cause`: for the server's log. */
const invalid = (message: string, cause?: Error): StsFailure =>
  new StsFailure('InvalidIdentityToken', message, cause && { cause })

import assert from 'node:assert/strict'
import type { Exchange } from '../base/exchange.ts'
import type { Admission } from '../service/admission.ts'
import { authorize } from '../service/authorization/authorize.ts'
import type { S3Action } from '../service/authorization/action.ts'
import type { ObjectFacts, RequestFacts } from '../service/authorization/question.ts'
import type { ServiceContext } from '../service/context.ts'
import { toAdmission } from '../service/credentials/look-up-access.ts'
import type { FoundCredential } from '../service/credentials/look-up-access.ts'
import { ServiceError } from '../service/errors.ts'
import { ANONYMOUS, type Principal } from '../service/principal.ts'
import type { StoredBucket } from '../service/admission.ts'
import type { BucketRecord } from '../service/records/bucket.ts'
import type { Address } from './request/address.ts'
import type { RequestBody } from './body/request-body.ts'

interface S3CallOptions {
  readonly context: ServiceContext
  readonly exchange: Exchange
  readonly address: Address
  /** Null: anonymous. */
  readonly credential: FoundCredential | null
  readonly bucket: StoredBucket | null
  readonly facts: RequestFacts
  /** Null: the handler reads the request itself. */
  readonly body: RequestBody | null
  /** The region that the request was signed for; null: anonymous. */
  readonly signedRegion: string | null
  /** Headers for the answer, also of a refusal, that belong to no operation (CORS): name, value, name, value, … */
  readonly extraHeaders: string[]
}

/** One authenticated request on its way through the stages: who asks, what for, and by what it was let in. */
export class S3Call {
  readonly context: ServiceContext
  readonly exchange: Exchange
  readonly address: Address
  readonly principal: Principal
  readonly #body: RequestBody | null
  readonly facts: RequestFacts
  readonly signedRegion: string | null
  readonly extraHeaders: string[]
  readonly #bucket: StoredBucket | null
  readonly #credential: FoundCredential | null
  #admission: Admission | null = null
  #action: S3Action | null = null
  /** The action whose decision waits for the object; null once it is made. */
  #undecided: S3Action | null = null

  constructor(options: S3CallOptions) {
    this.context = options.context
    this.exchange = options.exchange
    this.address = options.address
    this.principal = options.credential?.principal ?? ANONYMOUS
    this.#body = options.body
    this.facts = options.facts
    this.signedRegion = options.signedRegion
    this.extraHeaders = options.extraHeaders
    this.#bucket = options.bucket
    this.#credential = options.credential
  }

  /** The bucket and credential as they were read; for operations on a bucket or object. */
  get admission(): Admission {
    if (this.#admission) return this.#admission
    assert(this.#bucket, 'an operation on the service as a whole has no bucket')
    return (this.#admission = toAdmission(this.#credential, this.#bucket))
  }

  get body(): RequestBody {
    assert(this.#body, 'the request was read already')
    return this.#body
  }

  get bucket(): BucketRecord {
    return this.admission.bucket.record
  }

  get objectKey(): string {
    assert(this.address.objectKey !== null, 'an operation on a bucket has no object key')
    return this.address.objectKey
  }

  /** The headers of the request, by lower-case name. */
  get headers(): Exchange['request']['headers'] {
    return this.exchange.request.headers
  }

  /** Whether nobody in particular asks. */
  get isAnonymous(): boolean {
    return this.principal.type === 'anonymous'
  }

  /** Authorizes an action on the addressed bucket or object. False: the decision needs the object; see {@link permit}. */
  authorize(action: S3Action): boolean {
    this.#action = action
    const decision = this.#ask(action, undefined)
    if (decision === 'deny') throw new ServiceError('AccessDenied')
    this.#undecided = decision === 'needs-object' ? action : null
    return decision === 'allow'
  }

  /**
   * Makes the decision that waited for the object: `object` is the state that the answer is about, null when there is none. Throws
   * `AccessDenied`. Does nothing where the decision was made already.
   */
  permit(object: ObjectFacts | null): void {
    if (this.#undecided === null) return
    if (this.#ask(this.#undecided, object) !== 'allow') throw new ServiceError('AccessDenied')
    this.#undecided = null
  }

  /**
   * Decides, also where the action itself was allowed, whether one who asks for what does not exist may learn so: everyone may read the objects
   * of a public bucket and still not find out which keys there are. Throws `AccessDenied`.
   */
  permitMissing(): void {
    this.#undecided ??= this.#action
    this.permit(null)
  }

  /** Whether a further action (bypassing governance, reading a copy's source) is allowed; never throws. */
  isAllowed(
    action: S3Action,
    at: { bucket?: BucketRecord; objectKey?: string; object?: ObjectFacts | null } = {},
  ) {
    return this.#ask(action, at.object, at.bucket, at.objectKey) === 'allow'
  }

  /** Whether the decision on an action needs the object. */
  needsObject(action: S3Action, bucket: BucketRecord, objectKey: string): boolean {
    return this.#ask(action, undefined, bucket, objectKey) === 'needs-object'
  }

  #ask(
    action: S3Action,
    object: ObjectFacts | null | undefined,
    bucket: BucketRecord | null = this.#bucket?.record ?? null,
    objectKey: string | null = this.address.objectKey,
  ) {
    return authorize({
      principal: this.principal,
      action,
      bucket: action === 's3:ListAllMyBuckets' || action === 's3:CreateBucket' ? null : bucket,
      request: this.facts,
      ...(objectKey !== null && { objectKey }),
      ...(object !== undefined && { object }),
    }).outcome
  }
}

import { isUploadAction, type S3Action } from '../model/s3/action.ts'
import type { Admission, StoredBucket } from '../service/admission.ts'
import { authorize, isUnderPolicy } from '../service/authorization/authorize.ts'
import type { DecisionMemory } from '../service/authorization/policy/decision-memory.ts'
import { newObjectFacts } from '../service/authorization/object-owner.ts'
import type { AccessQuestion, Decision, ObjectFacts } from '../service/authorization/question.ts'
import type { RequestFacts } from '../service/authorization/request-facts.ts'
import type { ServiceContext } from '../service/context.ts'
import { DomainError } from '../service/errors/domain-error.ts'
import type { Principal } from '../service/principal.ts'
import type { BucketRecord } from '../service/records/bucket.ts'
import { findUploadFacts } from '../service/uploads/upload-facts.ts'
import { findObject } from './find-object.ts'

interface AccessOptions {
  readonly context: ServiceContext
  readonly principal: Principal
  readonly credential: Admission['credential']
  readonly request: RequestFacts
  readonly memory: DecisionMemory
  /** Null: the service as a whole, or a bucket that is to be made. */
  readonly bucket: StoredBucket | null
  readonly objectKey: string | null
  /** The upload that the request goes on with; null: none. */
  readonly uploadId: string | null
}

/** Another place than the one that the request addresses: a copy's source, an entry of a batch. */
interface Place {
  readonly bucket: StoredBucket
  readonly objectKey: string
  readonly versionId: string | undefined
  /** What it says in the place of If-Match, where it is an entry of a batch. */
  readonly ifMatch?: string | null
}

/** What of a request's facts is learnt after it was asked about first: from its document, or from the upload that it goes on with. */
export type FurtherFacts = Partial<Pick<RequestFacts, 'given' | 'lock' | 'requestTags'>>

/** One right that the request asked for. */
interface Demand {
  readonly action: S3Action
  /** Where the object's state matters: that of the version named, or of the object that is to be made. */
  readonly subject: 'version' | 'new-object'
  readonly request: RequestFacts
  /** The decision was made with the object's state. */
  readonly needsObject: boolean
}

/**
 * The rights that one request asks for at one place, and what was decided. All that was granted is asked again when a write finds its bucket changed
 * at its commit, so that nothing is written by a right that is gone.
 */
export class Access {
  readonly #options: AccessOptions
  #request: RequestFacts
  /** Who asks; another than at first once the key was changed while the request was under way. */
  #principal: Principal
  #granted: Demand[] = []
  #waiting: Demand[] = []
  #source: Access | null = null
  #admission: Admission | null = null

  constructor(options: AccessOptions) {
    this.#options = options
    this.#principal = options.principal
    this.#request = options.request
  }

  /** The bucket that is addressed. */
  get bucket(): StoredBucket {
    const { bucket } = this.#options
    if (bucket === null) throw new TypeError('an operation on the service as a whole has no bucket')
    return bucket
  }

  /** The key that signed the request, as it was read; null: anonymous. */
  get credential(): Admission['credential'] {
    return this.#options.credential
  }

  /** What a decision about buckets is made from that the request does not address. */
  get question(): Pick<AccessQuestion, 'principal' | 'request' | 'memory'> {
    return { principal: this.#principal, request: this.#request, memory: this.#options.memory }
  }

  /** What the decisions look at. */
  get request(): RequestFacts {
    return this.#request
  }

  /**
   * Asks for actions on the addressed bucket or object; `new-object`: on the one that is to be made there. What depends on the object's state waits
   * for {@link decide} or {@link permit}. Throws `AccessDenied`.
   */
  require(
    actions: readonly S3Action[],
    subject: Demand['subject'] = 'version',
    request = this.#request,
  ): void {
    for (const action of actions) {
      const demand: Demand = { action, subject, request, needsObject: false }
      const decision = this.#ask(demand, undefined)
      if (decision.outcome === 'deny') throw refusal(decision)
      if (decision.outcome === 'allow') this.#granted.push(demand)
      else this.#waiting.push({ ...demand, needsObject: true })
    }
  }

  /** As {@link require}, and reads the state that the decision depends on. */
  async requireNow(
    actions: readonly S3Action[],
    subject?: Demand['subject'],
    request?: RequestFacts,
  ): Promise<void> {
    this.require(actions, subject, request)
    await this.decide()
  }

  /** Whether no decision waits for the object's state. */
  get isDecided(): boolean {
    return this.#waiting.length === 0
  }

  /** Makes the decisions that wait, with the state that is stored now. Throws `AccessDenied`. */
  async decide(): Promise<void> {
    if (this.#waiting.length === 0) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const demand of waiting) this.#settle(demand, await this.#readState(demand, this.bucket.record))
  }

  /** Makes the decisions that wait, with the version that the response is about; null: there is none. Throws `AccessDenied`. */
  permit(object: ObjectFacts | null): void {
    if (object === null) return this.#permitMissing()
    const waiting = this.#waiting
    this.#waiting = []
    for (const demand of waiting) this.#settle(demand, object)
  }

  /**
   * Decides, also where the action itself was granted, whether one who asks for what does not exist may learn so: everyone may read the
   * objects of a public bucket and still not find out which keys there are.
   */
  #permitMissing(): void {
    const [demand] = [...this.#waiting, ...this.#granted]
    this.#waiting = []
    if (demand) this.#settle(demand, null)
  }

  /** Whether an action is granted on a version that is known; asks for nothing. */
  isGranted(action: S3Action, object: ObjectFacts): boolean {
    const demand: Demand = { action, subject: 'version', request: this.#request, needsObject: false }
    return this.#ask(demand, object).outcome === 'allow'
  }

  /** Asks again for all that was asked for, with what the request's document says. Throws `AccessDenied`. */
  completeRequest(facts: FurtherFacts): void {
    const asked = [...this.#granted, ...this.#waiting]
    this.#granted = []
    this.#waiting = []
    const known = withoutWaiting(this.#request)
    this.#request = { ...known, ...facts, lock: { ...known.lock, ...facts.lock } }
    for (const { action, subject } of asked) this.require([action], subject)
  }

  /** The same request at another place, with rights of its own. */
  at({ bucket, objectKey, versionId, ifMatch }: Place): Access {
    const { request } = this.#options
    return new Access({
      ...this.#options,
      bucket,
      objectKey,
      request: {
        ...request,
        versionId: versionId ?? null,
        ...(ifMatch !== undefined && { ifMatch }),
      },
    })
  }

  /** What the request reads elsewhere counts for its write, too. */
  addSource(source: Access): void {
    this.#source = source
    this.#admission = null
  }

  /** By what the request was let in, for the commit of a write. */
  get admission(): Admission {
    return (this.#admission ??= {
      principal: this.#principal,
      credential: this.#options.credential,
      bucket: this.bucket,
      ...(this.#source && { source: this.#source.bucket }),
      reauthorize: (bucket, principal) => this.#renew(bucket, principal),
      permit: (object, bucket) => this.#confirm(object, bucket),
    })
  }

  /** `principal`: who the key speaks for now, where the key was changed. */
  async #renew(stored: StoredBucket, principal?: Principal): Promise<void> {
    if (this.#source) await this.#source.#renew(stored, principal)
    if (principal) this.#principal = principal
    const bucket = stored.record
    if (bucket.bucketId !== this.bucket.record.bucketId) return
    for (const demand of this.#granted) {
      let decision = this.#ask(demand, undefined, bucket)
      if (decision.outcome === 'needs-object')
        decision = this.#ask(demand, await this.#readState(demand, bucket), bucket)
      requireAllowed(decision)
    }
  }

  /**
   * What depends on a version's state, again with the state that the commit is about: what did from the beginning, and with a bucket or a key that was
   * changed meanwhile, where more may, all.
   */
  #confirm(object: ObjectFacts | null, bucket: BucketRecord): void {
    const isChanged = bucket !== this.bucket.record || this.#principal !== this.#options.principal
    for (const demand of this.#granted) {
      if (isUploadAction(demand.action)) continue
      const depends =
        demand.needsObject || (isChanged && this.#ask(demand, undefined, bucket).outcome === 'needs-object')
      if (!depends) continue
      const isVersion = demand.subject === 'version'
      const facts = isVersion ? object : newObjectFacts(this.#principal, bucket, object)
      requireAllowed(this.#ask(demand, facts, bucket))
    }
  }

  #settle(demand: Demand, object: ObjectFacts | null): void {
    requireAllowed(this.#ask(demand, object))
    this.#granted.push(demand)
  }

  async #readState({ action, subject }: Demand, bucket: BucketRecord): Promise<ObjectFacts | null> {
    const { context, objectKey, uploadId } = this.#options
    const principal = this.#principal
    if (objectKey === null) return null
    if (isUploadAction(action))
      return await findUploadFacts(context, bucket, {
        objectKey,
        uploadId: uploadId ?? '',
      })
    const versionId = subject === 'version' ? this.#request.versionId : null
    const version =
      subject === 'new-object' && !isUnderPolicy(principal, bucket)
        ? null
        : await findObject(context, bucket, {
            objectKey,
            ...(versionId !== null && { versionId }),
          })
    return subject === 'version' ? version : newObjectFacts(principal, bucket, version)
  }

  /**
   * Whether no caller without a key may do this with any object of the bucket: where there is no policy, no decision depends on the key. Asks
   * for no right.
   */
  isClosedToStrangers(action: S3Action): boolean {
    const { principal, memory } = this.#options
    const { record } = this.bucket
    if (principal.type !== 'anonymous' || record.policy !== undefined) return false
    const question = { principal, action, bucket: record, request: this.#request, memory, objectKey: '' }
    return authorize(question).outcome === 'deny'
  }

  #ask(
    { action, request }: Demand,
    object: ObjectFacts | null | undefined,
    bucket: BucketRecord | null = this.#options.bucket?.record ?? null,
  ): Decision {
    const { objectKey, memory } = this.#options
    return authorize({
      principal: this.#principal,
      action,
      bucket,
      request,
      memory,
      ...(objectKey !== null && { objectKey }),
      ...(object !== undefined && { object }),
    })
  }
}

const withoutWaiting = ({ awaitsDocument: _awaits, ...facts }: RequestFacts): RequestFacts => facts

function requireAllowed(decision: Decision): void {
  if (decision.outcome !== 'allow') throw refusal(decision)
}

function refusal(decision: Decision): DomainError {
  const isCostly = decision.outcome === 'deny' && decision.reason === 'too-much-matching'
  return new DomainError(isCostly ? 'PolicyTooCostly' : 'AccessDenied')
}

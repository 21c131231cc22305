import assert from 'node:assert/strict'
import type { RequestHead } from '../auth/request-head.ts'
import type { RequestHeaders } from '../auth/request-headers.ts'
import type { Exchange } from '../api/exchange.ts'
import type { Admission } from '../service/admission.ts'
import type { RequestFacts } from '../service/authorization/request-facts.ts'
import { DecisionMemory } from '../service/authorization/policy/decision-memory.ts'
import type { ServiceContext } from '../service/context.ts'
import type { FoundCredential } from '../service/credentials/access-cache.ts'
import { ANONYMOUS, type Principal } from '../service/principal.ts'
import type { StoredBucket } from '../service/admission.ts'
import type { BucketRecord } from '../service/records/bucket.ts'
import { Access } from './access.ts'
import type { Address } from './request/address.ts'
import type { RequestBody } from './body/request-body.ts'

interface S3CallOptions {
  readonly context: ServiceContext
  readonly exchange: Exchange
  readonly head: RequestHead
  readonly address: Address
  /** Null: anonymous. */
  readonly credential: FoundCredential | null
  readonly bucket: StoredBucket | null
  readonly facts: RequestFacts
  /** Null: the handler reads the request itself. */
  readonly body: RequestBody | null
  /** The region that the request was signed for; null: anonymous. */
  readonly signedRegion: string | null
  /** Headers for the response, also of a refusal, that belong to no operation (CORS): name, value, name, value, … */
  readonly extraHeaders: string[]
}

/** One authenticated request on its way through the stages: who asks, what for, and by what it was let in. */
export class S3Call {
  readonly context: ServiceContext
  readonly exchange: Exchange
  readonly #head: RequestHead
  readonly address: Address
  readonly principal: Principal
  /** The rights that the request asks for. */
  readonly access: Access
  readonly #body: RequestBody | null
  readonly signedRegion: string | null
  readonly extraHeaders: string[]

  constructor(options: S3CallOptions) {
    const { context, address, credential, bucket } = options
    this.context = context
    this.exchange = options.exchange
    this.#head = options.head
    this.address = address
    this.principal = credential?.principal ?? ANONYMOUS
    this.access = new Access({
      context,
      principal: this.principal,
      credential: credential && credential.state,
      request: options.facts,
      memory: new DecisionMemory(),
      bucket,
      objectKey: address.objectKey,
      uploadId: address.query.get('uploadId') ?? null,
    })
    this.#body = options.body
    this.signedRegion = options.signedRegion
    this.extraHeaders = options.extraHeaders
  }

  /** The bucket and credential as they were read; for operations on a bucket or object. */
  get admission(): Admission {
    return this.access.admission
  }

  get body(): RequestBody {
    assert(this.#body, 'the request was read already')
    return this.#body
  }

  get bucket(): BucketRecord {
    return this.access.bucket.record
  }

  get objectKey(): string {
    assert(this.address.objectKey !== null, 'an operation on a bucket has no object key')
    return this.address.objectKey
  }

  /** The headers of the request that count, by lower-case name. */
  get headers(): RequestHeaders {
    return this.#head.headers
  }

  /** Whether nobody in particular asks. */
  get isAnonymous(): boolean {
    return this.principal.type === 'anonymous'
  }
}

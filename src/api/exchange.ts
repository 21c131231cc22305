import type { HttpClient, HttpExchange, HttpFacts } from '../base/exchange.ts'
import type { FoundCredential } from '../service/credentials/access-cache.ts'
import type { AccessLogTarget } from '../service/access-logs/access-log-target.ts'

/** One request to an API on its way through the server, and what is learnt about it for logs and metrics. */
export interface Exchange extends HttpExchange {
  readonly client: ExchangeClient
  readonly facts: ExchangeFacts
}

/** Who is at the other end, and what is remembered of the signatures that came from there. */
export interface ExchangeClient extends HttpClient {
  /** Whether so many signatures from the address were wrong of late that one with this access key is refused without a look at it. */
  isHeldOff(accessKeyId: string): boolean
  /** A signature with the key was right. */
  noteVerified(accessKeyId: string): void
  /** A signature was wrong, or its key unknown. */
  noteRefused(): void
}

/** What the stages of an exchange find out, for log, metrics and access logs; absent: it did not get so far. Never a secret. */
export interface ExchangeFacts extends HttpFacts {
  /** Which API answered. */
  service?: 'lightsail' | 'lugsail' | 's3' | 'sts'
  /** The API operation's name. */
  operation?: string
  bucketName?: string
  /** Set when the bucket exists, whether or not the request may use it. */
  bucketId?: string
  objectKey?: string
  versionId?: string
  accountId?: string
  accessKeyId?: string
  /** Whose key made the signature, which was right; also when that key does not count any more. */
  signer?: {
    readonly accountId: string
    /** Of the stored key; null: there is none, a role was taken without. */
    readonly accessKeyId: string | null
    readonly principal: FoundCredential['principal']
    readonly isStopped: boolean
  }
  /** The access key that temporary credentials were taken with. */
  parentAccessKeyId?: string
  /** The role that was taken, and what its taker calls the session: `ROLE/SESSION`. */
  session?: string
  /** Set together with `bucketId`. */
  bucketRegion?: string
  /** Of a change through the control plane: names of what it is about, by the API's words. */
  change?: Record<string, string>
  /** Account that owns the bucket. */
  bucketOwnerAccountId?: string
  /** Versions that GOVERNANCE keeps were to be deleted all the same. */
  bypassesGovernance?: boolean
  errorCode?: string
  /** It was put off since there is too much at once, while nothing is broken: no error of the server's, whatever its status. */
  isPutOff?: boolean
  objectSizeBytes?: number
  signatureVersion?: 'SigV4' | 'SigV2'
  authenticationType?: 'AuthHeader' | 'QueryString'
  /** Set when the bucket's access log is on. */
  accessLog?: AccessLogTarget
  /** Objects that the request touched besides the addressed one, of buckets whose access log is on; each gets a line of its own. */
  furtherAccesses?: FurtherAccess[]
  /** S3's second request id. */
  hostId?: string
}

/** A part of a request that S3 logs apart: an object of a batch, the source of a copy. */
export interface FurtherAccess {
  readonly target: AccessLogTarget
  readonly operation: 'BATCH.DELETE.OBJECT' | 'REST.COPY.OBJECT_GET' | 'REST.COPY.PART_GET'
  readonly objectKey: string
  readonly versionId?: string
  /** HTTP status; absent: that of the request. */
  readonly status?: number
  readonly errorCode?: string
}

/**
 * Hears which operation of an API an exchange asks for ({@link ExchangeFacts.operation}), before it is done. The exchange waits for what is given back, and what
 * it rejects with, an error of that API, is the response.
 */
export type OperationWatch = (exchange: Exchange) => Promise<void>

/** Answers the exchange; resolves when the response is handed over whole. A rejection is a fault and becomes a 500. */
export type ExchangeHandler = (exchange: Exchange) => Promise<void>

import type { IncomingMessage, ServerResponse } from 'node:http'

/** One HTTP request on its way through the server, and what is learnt about it for logs and metrics. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** 16 upper-case hexadecimal digits; also in every answer. */
  readonly requestId: string
  /** Epoch milliseconds. */
  readonly receivedAt: number
  readonly log: ExchangeLog
  readonly client: ExchangeClient
  /** Filled in along the way; read when the response is finished. */
  readonly facts: ExchangeFacts
}

/** Who is at the other end, and what is remembered of the signatures that came from there. */
export interface ExchangeClient {
  /** IP address: of the connection's other end or, behind a proxy that is trusted, the one that the proxy names. */
  readonly address: string
  /** Whether the client speaks TLS, to this server or to a proxy that is trusted. */
  readonly isSecure: boolean
  /** Whether so many signatures from the address were wrong of late that one with this access key is refused without a look at it. */
  isHeldOff(accessKeyId: string): boolean
  /** A signature with the key was right. */
  noteVerified(accessKeyId: string): void
  /** A signature was wrong, or its key unknown. */
  noteRefused(): void
  /**
   * What its connection showed so far, by which it is decided how much may wait for it in memory: `caller`, that it has a key; `taker`, that it
   * takes what it is sent; `stranger`, nothing.
   */
  readonly standing: 'caller' | 'taker' | 'stranger'
  /** It took bytes that the system had not taken at once. */
  noteTaken(): void
}

/** What the stages of an exchange find out, for log, metrics and access logs; absent: it did not get so far. Never a secret. */
export interface ExchangeFacts {
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
  /** Set together with `bucketId`. */
  bucketRegion?: string
  /** Of a change through the control plane: names of what it is about, by the API's words. */
  change?: Record<string, string>
  /** Account that owns the bucket. */
  bucketOwnerAccountId?: string
  errorCode?: string
  /** It was put off since there is too much at once, while nothing is broken: no error of the server's, whatever its status. */
  isPutOff?: boolean
  requestBodyBytes?: number
  responseBodyBytes?: number
  objectSizeBytes?: number
  signatureVersion?: 'SigV4' | 'SigV2'
  authenticationType?: 'AuthHeader' | 'QueryString'
  /** Set when the bucket's access log is on. */
  accessLog?: AccessLogTarget
  /** Objects that the request touched besides the addressed one, of buckets whose access log is on; each gets a line of its own. */
  furtherAccesses?: FurtherAccess[]
  /** `performance.now()` when the answer's first byte was handed over; set when the bucket's access log is on. */
  answerBegunAt?: number
  /** What the answer tells a page of another origin, also one that nobody foresaw: name, value, name, value, … */
  crossOriginHeaders?: readonly string[]
  /** S3's second request id. */
  hostId?: string
}

/** Whose requests are logged, and where the log goes. */
export interface AccessLogTarget {
  readonly bucketName: string
  readonly ownerAccountId: string
  readonly region: string
  /** Name of the bucket that takes the log objects. */
  readonly destination: string
  /** What their keys begin with; may be empty. */
  readonly prefix: string
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

/** What a handler may say; never a secret. */
export interface ExchangeLog {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Answers the exchange; resolves when the response is handed over whole. A rejection is a bug and becomes a 500. */
export type ExchangeHandler = (exchange: Exchange) => Promise<void>

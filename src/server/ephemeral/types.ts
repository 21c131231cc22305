// Declarations alone and without imports, since the package ships this file's text as part of the types of `lugsail/testing`.

/** A length of time: milliseconds, a number with its unit (`30d`, `12h`, `15m`, `10s`, `500ms`), or its parts, which are added up. */
export type Duration =
  | number
  | string
  | {
      readonly days?: number
      readonly hours?: number
      readonly minutes?: number
      readonly seconds?: number
      readonly milliseconds?: number
    }

/** An object that is to be there. */
export interface SeedObject {
  /** Text is stored as UTF-8; nothing when absent. */
  readonly body?: string | Uint8Array
  /** The same in base64, where it comes as JSON. */
  readonly bodyBase64?: string
  readonly contentType?: string
  readonly cacheControl?: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, string>>
}

/** A bucket that is to be there, as Lightsail makes it. */
export interface SeedBucket {
  /** `small_1_0` when absent. */
  readonly bundleId?: string
  readonly versioning?: boolean
  /** `public`: everybody may read its objects. */
  readonly access?: 'private' | 'public'
  /** By their keys. */
  readonly objects?: Readonly<Record<string, string | Uint8Array | SeedObject>>
}

/** What is to be there, by the buckets' names. */
export interface Seed {
  readonly buckets: Readonly<Record<string, SeedBucket>>
}

/** What is to go wrong, and with which requests. */
export interface FaultInput {
  /** The API that is asked; every one that has the operation when absent. */
  readonly service?: 's3' | 'lightsail' | 'lugsail' | 'sts'
  /** The operation's name (`PutObject`, `CreateBucket`, …); every operation when absent. */
  readonly operation?: string
  /** Requests about this bucket alone, where S3 is asked. */
  readonly bucketName?: string
  /** Requests about this object alone. */
  readonly objectKey?: string
  /**
   * An error of the API (`SlowDown`, `InternalError`, `ServiceException`, …): nothing is done. `CutConnection`: nothing is done, and nothing answered. `CutBody`: all
   * is done, and the connection ends within the response. `WrongChecksum`, of GetObject: the bytes are not those of the checksum. Absent: nothing but the delay.
   */
  readonly code?: string
  /** How many requests it hits; 1 when absent. */
  readonly times?: number
  /** How long a request waits first, by the machine's clock. */
  readonly delay?: Duration
}

/** A request that an API was sent, as far as it got; nothing of its query, headers and body, which may be secret. */
export interface RequestRecord {
  readonly requestId: string
  /** When it came, by the server's clock. */
  readonly receivedAt: Date
  readonly service: 's3' | 'lightsail' | 'lugsail' | 'sts'
  /** The operation's name; null: none was found. */
  readonly operation: string | null
  readonly method: string
  /** Without its query. */
  readonly path: string
  readonly bucketName: string | null
  readonly objectKey: string | null
  readonly versionId: string | null
  readonly accessKeyId: string | null
  readonly userAgent: string | null
  /** Of the response; null: there is none yet. */
  readonly status: number | null
  /** The error's code; null: there is none. */
  readonly errorCode: string | null
}

/** What a bucket policy's conditions may look at. Texts are as the request has them; absent or null: it says nothing of the kind. */
export interface RequestFacts {
  /** The same object in all questions about one request: what was decided of it is remembered by that. */
  readonly sender: SenderFacts
  /** As `sender`. */
  readonly given: GivenFacts
  readonly listing: ListingFacts
  readonly versionId: string | null
  /** The ETags, or `*`, that what is there must have; of an entry of a batch: what the entry says. */
  readonly ifMatch: string | null
  /** The ETags, or `*`, that what is there must not have. */
  readonly ifNoneMatch: string | null
  /** What the request says of its body's SHA-256: the hash, or a word in its place. */
  readonly payloadHash: string | null
  readonly lock: LockFacts
  /** Tags that the request gives to the object. */
  readonly requestTags?: readonly { readonly key: string; readonly value: string }[]
  /** The object that the request copies, as policies write it: `bucket/key`, decoded. Null: the request names none that could be one. */
  readonly copySource?: () => string | null
  /** Whether the request makes an object, once it is allowed: a part, or the beginning of an upload, makes none. Absent: it is no upload. */
  readonly createsObject?: boolean
  /** It asks whether a bucket is there, and lists none of its objects: HeadBucket, which needs the right to list as S3 has it. */
  readonly listsNothing?: true
  /** Tags and locks come with the document, which was not read yet: what depends on them is decided after that. */
  readonly awaitsDocument?: true
  /** The ACL that the request would give to the bucket or object makes it public; `BlockPublicAcls` then refuses. */
  readonly givesPublicAcl?: boolean
  /** Of a question that no request is behind. */
  readonly open?: OpenFacts
}

/** What a question leaves open, and how that is taken. */
interface OpenFacts {
  /** Lower-case names of condition keys. */
  readonly keys: ReadonlySet<string>
  /** Whether conditions about them hold, in statements of each effect. */
  readonly holds: Readonly<Record<'Allow' | 'Deny', boolean>>
}

/** Who sent the request from where, and how it is signed. */
export interface SenderFacts {
  /** The client's IP address. */
  readonly sourceIp: string
  /** Whether the request came over TLS. */
  readonly isSecure: boolean
  /** The version of TLS, `1.2` or `1.3`; null where this server does not know it: without TLS, and where a proxy speaks it. */
  readonly tlsVersion?: () => string | null
  /** Epoch milliseconds at which the request came. */
  readonly now: number
  readonly userAgent?: string | undefined
  readonly referer?: string | undefined
  /** By S3's names, in the way that policies write them. */
  readonly authenticationType?: 'REST-HEADER' | 'REST-QUERY-STRING' | 'POST'
  /** Version 2, in a presigned URL or a browser form; absent: version 4, where the request is signed. */
  readonly signatureVersion?: 'AWS'
  /** Age of the signature in milliseconds, where there is one that tells its time. */
  readonly signatureAgeMs?: number
}

/** What the request gives to the bucket or object that it makes or changes, tags and locks apart. */
export interface GivenFacts {
  readonly cannedAcl?: string | undefined
  readonly grantFullControl?: string | undefined
  readonly grantRead?: string | undefined
  readonly grantReadAcp?: string | undefined
  readonly grantWrite?: string | undefined
  readonly grantWriteAcp?: string | undefined
  readonly metadataDirective?: string | undefined
  /** The algorithm of encryption by keys that the server has. */
  readonly encryption?: string | undefined
  readonly encryptionKeyId?: string | undefined
  /** The algorithm of encryption by the customer's key. */
  readonly customerAlgorithm?: string | undefined
  readonly storageClass?: string | undefined
  readonly websiteRedirectLocation?: string | undefined
}

/** What a listing asks for. */
export interface ListingFacts {
  readonly prefix: string | null
  readonly delimiter: string | null
  readonly maxKeys: string | null
}

/** The lock that the request gives to the object. */
export interface LockFacts {
  readonly mode?: string | undefined
  /** In ISO 8601, where it is a date. */
  readonly retainUntil?: string | undefined
  readonly legalHold?: string | undefined
}

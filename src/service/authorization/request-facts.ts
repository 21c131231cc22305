/** What a bucket policy's conditions may look at. Read only when the bucket has a policy. */
export interface RequestFacts {
  /** The client's address. */
  readonly sourceIp: string
  /** Whether the request came over TLS. */
  readonly isSecure: boolean
  /** Epoch milliseconds. */
  readonly now: number
  /** Lower-case names, as node:http gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The value of a query argument (`prefix`, `delimiter`, `max-keys`, `versionId`), or null. */
  readonly query: (name: string) => string | null
  readonly authenticationType?: 'REST-HEADER' | 'REST-QUERY-STRING' | 'POST'
  /** Version 2, in a presigned URL or a browser form; absent: version 4, where the request is signed. */
  readonly signatureVersion?: 'AWS'
  /** Age of the signature in milliseconds, where there is one that tells its time. */
  readonly signatureAgeMs?: number
  /** Tags that the request gives to the object. */
  readonly requestTags?: readonly { readonly key: string; readonly value: string }[]
  /** The object that the request copies, as policies write it: `bucket/key`, decoded. Null: the request names none that could be one. */
  readonly copySource?: () => string | null
  /** What the entry of a batch says in the place of If-Match; null: nothing. Absent: the header counts. */
  readonly ifMatch?: string | null
  /** Whether the request makes an object, once it is allowed: a part, or the beginning of an upload, makes none. Absent: it is no upload. */
  readonly createsObject?: boolean
  /** Tags and locks come with the document, which was not read yet: what depends on them is decided after that. */
  readonly awaitsDocument?: true
  /** The ACL that the request would give to the bucket or object makes it public; `BlockPublicAcls` then refuses. */
  readonly givesPublicAcl?: boolean
}

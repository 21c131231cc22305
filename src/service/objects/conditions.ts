/** What must hold of the current object for a write (PutObject, CopyObject's target, CompleteMultipartUpload) to go on. */
export interface WriteConditions {
  /** Unquoted ETags, or `*` for any object that exists. */
  readonly ifMatch?: readonly string[]
  /** Unquoted ETags, or `*` for no object at all. */
  readonly ifNoneMatch?: readonly string[]
}

/** What must hold of the version that a delete is about; a missing one satisfies them. */
export interface DeleteConditions {
  /** Unquoted ETag or `*`. */
  readonly ifMatch?: string
  /** Epoch milliseconds; whole seconds are compared. */
  readonly ifMatchLastModified?: number
  readonly ifMatchSizeBytes?: number
}

/** What must hold of the object read (GetObject, HeadObject, the source of a copy). */
export interface ReadConditions {
  readonly ifMatch?: readonly string[]
  readonly ifNoneMatch?: readonly string[]
  /** Epoch milliseconds; whole seconds are compared. */
  readonly ifModifiedSince?: number
  readonly ifUnmodifiedSince?: number
}

import type { ApiError } from '../api/api-error.ts'
import type { StoredPart } from '../api/s3/uploads.ts'

/** What becomes of a file: `asking` waits for the answer whether it takes the place of what is there, `kept` was left out for it. */
export type UploadState = 'waiting' | 'running' | 'asking' | 'done' | 'kept' | 'failed' | 'cancelled'

/** What a person says about an object that is there already. */
export type ConflictChoice = 'replace' | 'keep' | 'both'

/** Files that were given together: what is said "for all" counts for these. */
export interface UploadBatch {
  choice: ConflictChoice | null
}

/** A file on its way into a bucket. */
export interface UploadItem {
  readonly id: number
  readonly bucket: string
  readonly region: string
  readonly file: File
  readonly batch: UploadBatch
  key: string
  state: UploadState
  /** Bytes that the server has confirmed. */
  acknowledged: number
  error: ApiError | null
  /** Whether what is there already may be overwritten. */
  mayReplace: boolean
  /** Of a file that goes in parts. */
  parts: PartsOfUpload | null
  controller: AbortController | null
}

/** What is known of an upload in parts, so that it can be gone on with. */
export interface PartsOfUpload {
  readonly uploadId: string
  readonly partSize: number
  readonly stored: Map<number, StoredPart>
}

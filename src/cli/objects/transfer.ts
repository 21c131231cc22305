import { PART_NUMBER_MAX } from '../../model/s3/shapes/upload.ts'
import type { S3Client } from '@aws-sdk/client-s3'
import type { Progress } from './progress.ts'

/** What every transfer works with. */
export interface TransferContext {
  readonly client: S3Client
  readonly signal: AbortSignal
  readonly progress: Progress
}

/** Parts that travel at once, of one body. */
export const PARTS_AT_ONCE = 3
/** Transfers at once. */
export const TRANSFERS_AT_ONCE = 4
/** A body of more than so many bytes travels in parts; of the parts all but the last have at least so many. */
const PART_SIZE_BYTES_MIN = 8 * 1024 * 1024

/** The size of the parts of a body, so that 10,000 of them suffice. */
export const partSizeOf = (sizeBytes: number): number =>
  Math.max(PART_SIZE_BYTES_MIN, Math.ceil(sizeBytes / PART_NUMBER_MAX))

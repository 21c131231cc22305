import type { BlobId } from '../../storage/blob-store.ts'
import { recordCodec } from './codec.ts'

/** A process asks all others whether they still read any of these blobs, to which nothing refers any more. */
interface RemovalQuestionRecord {
  /** Names this question, among all that the process ever asks. */
  readonly questionId: string
  readonly blobIds: readonly BlobId[]
}

/** What one process says to the question of another. */
interface RemovalResponseRecord {
  readonly questionId: string
  /** Those of the blobs that it still reads. */
  readonly heldBlobIds: readonly BlobId[]
}

/** The stored form of a question. */
export const removalQuestionCodec = recordCodec<RemovalQuestionRecord>('removal question', 1)
/** The stored form of a response. */
export const removalResponseCodec = recordCodec<RemovalResponseRecord>('removal response', 1)

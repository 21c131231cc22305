/** Checks the signatures of an aws-chunked body in the order of its chunks; throws when one is not right. */
export interface ChunkVerifier {
  /** `sha256`: of the chunk's bytes, in hexadecimal. The last chunk has no bytes. */
  verifyChunk(sha256: string, signature: string): void
  /** `lines`: `name:value` each ended by a line feed, in the order received. */
  verifyTrailer(lines: string, signature: string): void
}

/** The field of a trailer that signs the others. */
export const TRAILER_SIGNATURE = 'x-amz-trailer-signature'

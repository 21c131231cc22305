import type { ObjectChecksum } from '../records/object.ts'

/** What is known about a body once its last byte was read. */
export interface BodyDigests {
  /** MD5 of the bytes, 32 lower-case hexadecimal digits: the ETag of an object put at once. */
  readonly md5Hex: string
  /** The checksum that the request gave, or else the one that was wanted; always of type `FULL_OBJECT`. */
  readonly checksum?: ObjectChecksum
  /** Base64; where it was wanted beside a checksum that the request gave. */
  readonly crc64Nvme?: string
}

interface BodyCommon {
  /**
   * Called once, after the last byte was taken and before anything is committed. Throws an error of the API that
   * the body came by when the bytes are not those that the request promised: nothing is stored then.
   */
  finish(): BodyDigests | Promise<BodyDigests>
}

/** A body that is whole in memory: the cheap way for small ones. The buffer is not changed afterwards. */
interface WholeBody extends BodyCommon {
  readonly bytes: Uint8Array
  readonly stream?: never
}

/** A body that is still arriving. */
export interface StreamedBody extends BodyCommon {
  readonly bytes?: never
  /**
   * The object's bytes (unframed, decoded), pulled once and only as fast as they can be stored. Its failure (client gone, bad chunk
   * signature) is thrown on to the caller as it is, and nothing is stored. Chunks are not changed after they were given.
   */
  readonly stream: AsyncIterable<Uint8Array>
  /** How many bytes it will give, when that is known before; `finish` answers for a body that turns out otherwise. */
  readonly sizeBytes?: number
}

/** The bytes of an object or a part on their way in. */
export type ObjectBody = WholeBody | StreamedBody

import { malformed } from './malformed-xml.ts'

/**
 * Elements, attributes, references, comments and the like of one document. The largest that a client has reason to send, the list of 10,000 parts with
 * quoted ETags and two checksums, has 70,000; each costs as much time as dozens of characters of text.
 */
const MARKUP_MAX = 96 * 1024

/** Bounds what a document costs to read besides its length. */
export class MarkupCount {
  #left = MARKUP_MAX

  /** Counts one more. Throws ProtocolFailure `malformed-document` for one too many. */
  add(): void {
    if (this.#left-- === 0)
      throw malformed(
        `a document may hold ${MARKUP_MAX} elements, attributes, references and comments in all, got more`,
      )
  }
}

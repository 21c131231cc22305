/** What is wrong with bytes or headers that came. */
export type ProtocolProblem =
  /** Checksum headers that contradict each other, name what is not known, or hold what is no checksum. */
  | 'checksum-headers'
  /** The bytes have another checksum than was said. */
  | 'checksum-mismatch'
  /** A field of a form that is not text, comes twice, or is missing. */
  | 'form-field'
  /** A body that ends early, goes on behind its end, or is not framed as was said. */
  | 'incomplete-body'
  /** A form with more bytes before its file than may be held. */
  | 'long-form'
  /** A digest header that holds none. */
  | 'malformed-digest'
  /** XML that is none, or not of the shape. */
  | 'malformed-document'
  /** A form that is none. */
  | 'malformed-form'
  /** Lines behind the last chunk that were not announced, are missing, or are no fields. */
  | 'malformed-trailer'
  /** A signed chunk below the smallest size. */
  | 'small-chunk'

/** Bytes or headers of a request that are not what their protocol allows. Callers branch on `problem`; what a client is told of it is an API's matter. */
export class ProtocolFailure extends Error {
  override readonly name = 'ProtocolFailure'
  readonly problem: ProtocolProblem
  /** More of the problem: what came, and numbers. */
  readonly details: Readonly<Record<string, number | string>>

  /** `message`: what was expected, what came, and where; an API has a text of its own when it is absent. */
  constructor(
    problem: ProtocolProblem,
    message = '',
    details: Readonly<Record<string, number | string>> = {},
  ) {
    super(message)
    this.problem = problem
    this.details = details
  }
}

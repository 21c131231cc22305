import { ProtocolFailure } from '../protocol-failure.ts'

/** The document is not what the shape says; the message tells where. */
export const malformed = (message: string): ProtocolFailure =>
  new ProtocolFailure('malformed-document', message.slice(0, 500))

/** The document is no XML. */
export const notWellFormed = (problem: string): ProtocolFailure =>
  malformed(`the document is not well formed: ${problem}`)

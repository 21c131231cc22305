import { DOCUMENT_BYTES_MAX, type Operation } from '../model/operation.ts'
import type { S3ErrorCode } from '../model/s3/errors.ts'
import type { Shape } from '../model/shape.ts'
import { ProtocolFailure } from '../protocol/protocol-failure.ts'
import { readXmlDocument } from '../protocol/xml/reader.ts'
import { S3Error } from './s3-error.ts'
import { ResponseWriter } from './response/response-writer.ts'
import type { DocumentOptions, RequestBody } from './body/request-body.ts'
import { InputReader } from './request/read-input.ts'

/** What is composed once for each operation. */
export interface PreparedOperation {
  readonly reader: InputReader
  readonly writer: ResponseWriter
  /** Null: the operation takes no document. */
  readonly document: DocumentMember | null
  /** Whether the operation takes an object's bytes, and so reads the body itself. */
  readonly isUpload: boolean
}

/** The member of an operation's input that is a document, with what reading it takes. */
interface DocumentMember {
  readonly memberName: string
  readonly shape: Shape
  /** Name of the root element; null: the document is a text of its own. */
  readonly rootName: string | null
  /** The error when there is none; null: it may be left out. */
  readonly missingCode: 'MalformedXML' | 'MissingRequestBodyError' | null
  /** The error when there is one that is not as the model says. */
  readonly malformedCode: S3ErrorCode
  readonly options: DocumentOptions
}

/** Composes what reads an operation's requests and writes its responses. */
export const prepareOperation = (operation: Operation): PreparedOperation => ({
  reader: new InputReader(operation),
  writer: new ResponseWriter(operation),
  document: documentOf(operation),
  isUpload: takesBytes(operation),
})

function takesBytes({ input }: Operation): boolean {
  return Object.values(input.members).some(
    ({ location, shape }) => location?.in === 'payload' && shape.type === 'stream',
  )
}

function documentOf({ input, http }: Operation): DocumentMember | null {
  for (const [memberName, { location, shape, xmlName, isRequired }] of Object.entries(input.members)) {
    if (location?.in !== 'payload' || shape.type === 'stream') continue
    return {
      memberName,
      shape,
      rootName: xmlName ?? null,
      missingCode: isRequired ? missingCodeOf(http) : null,
      malformedCode: http?.malformedCode ?? 'MalformedXML',
      options: {
        bytesMax: http?.documentBytesMax ?? DOCUMENT_BYTES_MAX,
        // CompleteMultipartUpload's checksum is that of the object, not of the document that asks for it.
        hasChecksum: 'ContentMD5' in input.members,
        needsDigest: http?.needsDigest === true,
      },
    }
  }
  return null
}

const missingCodeOf = (http: Operation['http']): 'MalformedXML' | 'MissingRequestBodyError' =>
  http?.missingCode ?? (http?.method === 'POST' ? 'MalformedXML' : 'MissingRequestBodyError')

/** Reads the document of an operation that takes one into its payload member. Throws `MalformedXML`, `MissingRequestBodyError`, and what reading a body throws. */
export async function readDocument(
  { memberName, shape, rootName, missingCode, malformedCode, options }: DocumentMember,
  body: RequestBody,
  input: Record<string, unknown>,
): Promise<void> {
  const document = await body.readDocument(options)
  try {
    if (rootName === null) {
      // None is a text that is empty, which its own rules refuse.
      input[memberName] = document?.bytes.toString('utf8') ?? ''
    } else if (document === null || document.bytes.length === 0) {
      if (missingCode !== null) throw new S3Error(missingCode)
    } else {
      input[memberName] = readXmlDocument(shape, rootName, document.bytes)
    }
  } catch (error) {
    if (!(error instanceof ProtocolFailure) || error.problem !== 'malformed-document') throw error
    throw new S3Error(malformedCode, error.message, { cause: error })
  } finally {
    document?.release()
  }
}

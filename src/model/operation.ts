import type { Right } from './s3/right.ts'
import type { StructureShape, ValueOf } from './shape.ts'

/** How a REST operation is addressed. */
export interface HttpBinding {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD' | 'OPTIONS'
  readonly target: 'service' | 'bucket' | 'object'
  /** The argument that marks the operation: by its name alone (`uploads`), or with its value (`list-type=2`). */
  readonly query?: string
  /** The header, in lower case, that tells the operation from another one with the same method, target and query. */
  readonly header?: string
  /**
   * What a request makes or removes, which decides about headers that the operation does not use (s3/refused-headers.ts); absent: a
   * setting, or nothing where the method only reads.
   */
  readonly changes?: 'object' | 'part' | 'completion' | 'deletion'
  /** Longest body of a request that is a document; {@link DOCUMENT_BYTES_MAX} when absent. */
  readonly documentBytesMax?: number
  /** The error when the document is not as the model says; `MalformedXML` when absent. */
  readonly malformedCode?: 'MalformedACLError'
  /** The error when a PUT has no document; `MissingRequestBodyError` when absent. */
  readonly missingCode?: 'MalformedXML'
  /** Whether the document must come with Content-MD5 or a checksum. */
  readonly needsDigest?: boolean
  /** Status of a success; 200 when absent. */
  readonly status?: number
}

/** Longest document that a REST request may carry where its operation names no other bound: 256 KiB. */
export const DOCUMENT_BYTES_MAX = 256 * 1024

/** How a client walks the pages of an operation's output. */
export interface Pagination {
  readonly inputToken: string
  readonly outputToken: string
  /** The output member that the pages add up to. */
  readonly result: string
}

/** One action of an API: what goes in, what comes out, and which errors it may have. */
export interface Operation<
  I extends StructureShape = StructureShape,
  O extends StructureShape = StructureShape,
> {
  /** The API's name: `CreateBucketAccessKey`. */
  readonly name: string
  /** Whose API it is, where that is called as Lightsail's is: Lightsail's when absent. */
  readonly api?: 'lugsail'
  /** Of Lugsail's own API: every account may call it, about what is its own; absent: the first account alone, which looks after the others. */
  readonly isOpenToAccounts?: true
  /** Of Lugsail's own API: every access key may call it, also one that opens buckets through S3 only. */
  readonly isOpenToKeys?: true
  /** A member that its input does not have is refused, and null, which JSON passes over elsewhere: a bound that is misspelt must not be none. */
  readonly refusesUnknownMembers?: true
  readonly input: I
  readonly output: O
  /** Codes of the errors that the API declares for it. */
  readonly errors: readonly string[]
  readonly doc?: string
  readonly http?: HttpBinding
  /** What its caller must be allowed to do, in S3's API; Lightsail's is for accounts alone. */
  readonly rights?: readonly Right[]
  readonly pagination?: Pagination
  /** Where a secret is shown this once, or is given and to be written: what takes the call back when nobody got to see it, or it could not be written. */
  readonly takenBackBy?: TakingBack
}

/** The call that undoes another one. */
export interface TakingBack {
  readonly operation: Operation
  /** Its input, each member by where it stands in the input or output of the first call: `['output', 'accessKey', 'accessKeyId']`. */
  readonly input: Readonly<Record<string, readonly ['input' | 'output', ...string[]]>>
}

/** The type of an operation's parameters. */
export type InputOf<P extends Operation> = ValueOf<P['input']>

/** The type of an operation's result. */
export type OutputOf<P extends Operation> = ValueOf<P['output']>

/** Describes an operation under its name in the API. */
export const operation = <I extends StructureShape, O extends StructureShape>(
  name: string,
  description: Omit<Operation<I, O>, 'name'>,
): Operation<I, O> => ({ name, ...description })

/** `CreateBucketAccessKey` → `create-bucket-access-key`; `accessKeyId` → `access-key-id`. */
export function toKebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
}

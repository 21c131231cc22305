import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Exchange } from '../../api/exchange.ts'
import type { RequestHeaders } from '../../auth/request-headers.ts'
import type { Operation } from '../../model/operation.ts'
import { parseHttpDate } from '../../base/http-date.ts'
import { parseIso8601 } from '../../base/iso-8601.ts'
import { isPublicCannedAcl } from '../../service/authorization/access-control-list.ts'
import type { GivenFacts, LockFacts, RequestFacts } from '../../service/authorization/request-facts.ts'
import type { ObjectTag } from '../../service/records/object.ts'
import type { UploadRecord } from '../../service/records/upload.ts'
import type { SignatureFacts } from '../authenticate.ts'
import type { Address } from './address.ts'
import { isDomainError } from '../../service/errors/domain-error.ts'
import { S3Error } from '../s3-error.ts'
import { parseCopySource } from './copy-source.ts'
import { withoutGiven } from './given-headers.ts'
import { grantsToPublic } from './grant-headers.ts'
import { parseTaggingHeader } from './tagging-header.ts'

const GRANT_HEADERS = [
  'x-amz-grant-full-control',
  'x-amz-grant-read',
  'x-amz-grant-read-acp',
  'x-amz-grant-write',
  'x-amz-grant-write-acp',
]

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** What facts are made from. */
interface FactsOf {
  readonly exchange: Exchange
  readonly address: Address
  /** The headers that came with the request. */
  readonly sent: RequestHeaders
  /** Those that say what is asked for: the same or, of a form, its fields. */
  readonly headers: RequestHeaders
  readonly signature: SignatureFacts
}

/** What the rules of access may look at in a request. Its headers and arguments are read here, and nowhere behind it. */
export function requestFacts({ exchange, address, sent, headers, signature }: FactsOf): RequestFacts {
  const { query } = address
  const copySource = headers['x-amz-copy-source']
  // A copy has its source's tags, whatever this header says, unless it is told to replace them.
  const takesTags = copySource === undefined || headers['x-amz-tagging-directive'] === 'REPLACE'
  const tagging = takesTags ? headers['x-amz-tagging'] : undefined
  return {
    sender: {
      sourceIp: exchange.client.address,
      isSecure: exchange.client.isSecure,
      tlsVersion: () => tlsVersionOf(exchange.request.socket),
      now: exchange.receivedAt,
      userAgent: sent['user-agent'],
      referer: sent.referer,
      ...signature,
    },
    given: new GivenByHeaders(headers),
    listing: {
      prefix: query.get('prefix') ?? null,
      delimiter: query.get('delimiter') ?? null,
      maxKeys: query.get('max-keys') ?? null,
    },
    versionId: query.get('versionId') ?? null,
    ifMatch: textOf(headers, 'if-match') ?? null,
    ifNoneMatch: textOf(headers, 'if-none-match') ?? null,
    payloadHash: payloadHash(headers, signature),
    lock: lockOf(headers),
    givesPublicAcl: givesPublicAcl(headers),
    ...(typeof copySource === 'string' && { copySource: once(() => namedSource(copySource)) }),
    ...(typeof tagging === 'string' && { requestTags: namedTags(tagging) }),
  }
}

/** What a request that goes on with an upload changes of its facts: what the upload was begun with stands in the place of its own headers. */
export function factsOfContinuation(
  headers: RequestHeaders,
  upload: UploadRecord,
): Required<Pick<RequestFacts, 'given' | 'lock' | 'requestTags'>> {
  const given = { ...withoutGiven(headers), ...upload.givenHeaders }
  return { given: new GivenByHeaders(given), lock: lockOf(given), requestTags: upload.tags ?? [] }
}

/** The facts of a request that completes an upload, as if it gave the object all that the upload was begun with. */
export function factsOfCompletion(
  facts: RequestFacts,
  headers: RequestHeaders,
  upload: UploadRecord,
): RequestFacts {
  return {
    ...facts,
    ...factsOfContinuation(headers, upload),
    givesPublicAcl: givesPublicAcl(upload.givenHeaders ?? {}),
  }
}

/** Looked up when a policy asks. */
class GivenByHeaders implements GivenFacts {
  readonly #headers: Headers

  constructor(headers: Headers) {
    this.#headers = headers
  }

  get cannedAcl(): string | undefined {
    return textOf(this.#headers, 'x-amz-acl')
  }

  get grantFullControl(): string | undefined {
    return textOf(this.#headers, 'x-amz-grant-full-control')
  }

  get grantRead(): string | undefined {
    return textOf(this.#headers, 'x-amz-grant-read')
  }

  get grantReadAcp(): string | undefined {
    return textOf(this.#headers, 'x-amz-grant-read-acp')
  }

  get grantWrite(): string | undefined {
    return textOf(this.#headers, 'x-amz-grant-write')
  }

  get grantWriteAcp(): string | undefined {
    return textOf(this.#headers, 'x-amz-grant-write-acp')
  }

  get metadataDirective(): string | undefined {
    return textOf(this.#headers, 'x-amz-metadata-directive')
  }

  get encryption(): string | undefined {
    return textOf(this.#headers, 'x-amz-server-side-encryption')
  }

  get encryptionKeyId(): string | undefined {
    return textOf(this.#headers, 'x-amz-server-side-encryption-aws-kms-key-id')
  }

  get customerAlgorithm(): string | undefined {
    return textOf(this.#headers, 'x-amz-server-side-encryption-customer-algorithm')
  }

  get storageClass(): string | undefined {
    return textOf(this.#headers, 'x-amz-storage-class')
  }

  get websiteRedirectLocation(): string | undefined {
    return textOf(this.#headers, 'x-amz-website-redirect-location')
  }
}

const lockOf = (headers: Headers): LockFacts => ({
  mode: textOf(headers, 'x-amz-object-lock-mode'),
  retainUntil: retainUntil(textOf(headers, 'x-amz-object-lock-retain-until-date')),
  legalHold: textOf(headers, 'x-amz-object-lock-legal-hold'),
})

/** A date in HTTP's form is taken as the header is, and so must not slip past a comparison of dates. */
function retainUntil(text: string | undefined): string | undefined {
  if (text === undefined || parseIso8601(text) !== null) return text
  const instant = parseHttpDate(text)
  return instant === null ? text : new Date(instant).toISOString()
}

/** A presigned URL that says nothing of the body signs that it does not cover it. */
function payloadHash(headers: Headers, { authenticationType }: SignatureFacts): string | null {
  const text = textOf(headers, 'x-amz-content-sha256')
  const isUnsigned = authenticationType === 'REST-QUERY-STRING' && (text === undefined || text === '')
  return isUnsigned ? 'UNSIGNED-PAYLOAD' : (text ?? null)
}

function textOf(headers: Headers, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' || value === undefined ? value : value.join(',')
}

/** Whether an operation makes an object at once: a part, or the beginning of an upload, makes none, and other operations are not asked. */
export function createsObject({ http }: Operation): Pick<RequestFacts, 'createsObject'> {
  switch (http?.changes) {
    case 'object':
      return { createsObject: http.query !== 'uploads' }
    case 'completion':
      return { createsObject: true }
    case 'part':
      return { createsObject: false }
    default:
      return {}
  }
}

/** Whether an operation asks for a bucket without anything of it. */
export function listsNothing({ http }: Operation): Pick<RequestFacts, 'listsNothing'> {
  return http?.method === 'HEAD' && http.target === 'bucket' ? { listsNothing: true } : {}
}

/** Makes a value when it is first asked for: conditions ask for each object of a batch. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** As policies write it, `bucket/key`; null for what names no object, which a copying operation refuses. */
function namedSource(text: string): string | null {
  try {
    const { bucketName, objectKey } = parseCopySource(text)
    return `${bucketName}/${objectKey}`
  } catch (error) {
    if (error instanceof S3Error) return null
    throw error
  }
}

/** None for what is no list of tags: an operation that takes tags refuses it, and others pass the header over. */
function namedTags(text: string): readonly ObjectTag[] {
  try {
    return parseTaggingHeader(text) ?? []
  } catch (error) {
    if (error instanceof S3Error || isDomainError(error)) return []
    throw error
  }
}

/** Whether headers would make a bucket or object public. */
function givesPublicAcl(headers: Headers): boolean {
  const canned = headers['x-amz-acl']
  if (typeof canned === 'string' && isPublicCannedAcl(canned)) return true
  for (const name of GRANT_HEADERS) {
    const grants = headers[name]
    if (typeof grants === 'string' && grantsToPublic(grants)) return true
  }
  return false
}

/** The version of TLS that a connection speaks with this server, as policies write it. */
function tlsVersionOf(socket: Socket): string | null {
  return socket instanceof TLSSocket ? (socket.getProtocol()?.replace('TLSv', '') ?? null) : null
}

import type { Exchange } from '../../base/exchange.ts'
import type { RequestHeaders } from '../../auth/request-headers.ts'
import type { Operation } from '../../model/operation.ts'
import type { RequestFacts } from '../../service/authorization/request-facts.ts'
import type { Address } from './address.ts'
import { ServiceError } from '../../service/errors.ts'
import { parseCopySource } from './copy-source.ts'
import { parseTaggingHeader } from './tagging-header.ts'

const PUBLIC_CANNED_ACLS: ReadonlySet<string> = new Set([
  'public-read',
  'public-read-write',
  'authenticated-read',
])

/** Groups that a grant in a header may name and that stand for everyone, or everyone with an account. */
const PUBLIC_GROUPS = [
  'acs.amazonaws.com/groups/global/AllUsers',
  'acs.amazonaws.com/groups/global/AuthenticatedUsers',
]

const GRANT_HEADERS = [
  'x-amz-grant-full-control',
  'x-amz-grant-read',
  'x-amz-grant-read-acp',
  'x-amz-grant-write',
  'x-amz-grant-write-acp',
]

/** What the rules of access may look at in a request, its signature apart; `headers`: those that count, which for a form are its fields. */
export function requestFacts(exchange: Exchange, address: Address, headers: RequestHeaders): RequestFacts {
  const { receivedAt } = exchange
  const copySource = headers['x-amz-copy-source']
  // A copy has its source's tags, whatever this header says, unless it is told to replace them.
  const takesTags = copySource === undefined || headers['x-amz-tagging-directive'] === 'REPLACE'
  const tagging = takesTags ? headers['x-amz-tagging'] : undefined
  return {
    sourceIp: exchange.client.address,
    isSecure: exchange.client.isSecure,
    now: receivedAt,
    headers,
    query: (name) => address.query.get(name) ?? null,
    givesPublicAcl: givesPublicAcl(headers),
    ...(typeof copySource === 'string' && { copySource: once(() => namedSource(copySource)) }),
    ...(typeof tagging === 'string' && { requestTags: parseTaggingHeader(tagging) ?? [] }),
  }
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

/** Makes a value when it is first asked for: conditions ask for each object of a batch. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** As policies write it, `bucket/key`; null for what names no object, which a copying operation refuses. */
function namedSource(text: string): string | null {
  try {
    const { bucketName, key } = parseCopySource(text)
    return `${bucketName}/${key}`
  } catch (error) {
    if (error instanceof ServiceError) return null
    throw error
  }
}

/** Whether headers would make a bucket or object public. */
export function givesPublicAcl(headers: RequestFacts['headers']): boolean {
  const canned = headers['x-amz-acl']
  if (typeof canned === 'string' && PUBLIC_CANNED_ACLS.has(canned)) return true
  for (const name of GRANT_HEADERS) {
    const grants = headers[name]
    if (typeof grants === 'string' && PUBLIC_GROUPS.some((group) => grants.includes(group))) return true
  }
  return false
}

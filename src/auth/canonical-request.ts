import { sha256 } from '../base/sha-256.ts'
import type { PathRule } from './canonical-path.ts'
import { canonicalPath } from './canonical-path.ts'
import type { RequestHead } from './request-head.ts'

/** The name of the only signing algorithm, which starts every string to sign. */
export const ALGORITHM = 'AWS4-HMAC-SHA256'

interface CanonicalRequestInput {
  readonly head: Pick<RequestHead, 'method' | 'path' | 'query' | 'headers'> &
    Partial<Pick<RequestHead, 'carried'>>
  readonly pathRule: PathRule
  /** Lower-case names in the order of the signature, `host;x-amz-date`. */
  readonly signedHeaders: string
  /** The last line: a hexadecimal digest, or one of the markers. */
  readonly payloadHash: string
  /** The signature travels in the query and is not part of what it signs. */
  readonly omitsSignature: boolean
}

/** The text, one character per byte, whose digest a signature covers. Both the signing and the verifying side build it here. */
export function canonicalRequest(input: CanonicalRequestInput): string {
  const { head, signedHeaders } = input
  const query = head.query.canonical(input.omitsSignature ? 'X-Amz-Signature' : null)
  let text = `${head.method}\n${canonicalPath(head.path, input.pathRule)}\n${query}\n`
  for (let from = 0; from <= signedHeaders.length;) {
    let end = signedHeaders.indexOf(';', from)
    if (end < 0) end = signedHeaders.length
    const name = signedHeaders.slice(from, end)
    text += `${name}:${foldSpaces(signedValue(head, name))}\n`
    from = end + 1
  }
  return `${text}\n${signedHeaders}\n${input.payloadHash}`
}

/** A header that is not sent may stand in the query of a presigned URL, checksums included; what is nowhere is signed as empty. */
function signedValue({ headers, carried }: CanonicalRequestInput['head'], name: string): string {
  const value = headers[name] ?? carried?.[name] ?? ''
  return typeof value === 'string' ? value : value.join(',')
}

/** What is signed in the end: algorithm, time, scope and the digest of the canonical request. */
export function stringToSign(canonical: string, timestamp: string, scope: string): string {
  return `${ALGORITHM}\n${timestamp}\n${scope}\n${sha256(Buffer.from(canonical, 'latin1'), 'hex')}`
}

/**
 * Leading and trailing blanks removed, runs of blanks made one space. The same string when there is nothing to do, which is found out by searches: a
 * session token has hundreds of characters, and to look at each of them costs what the digest of all does.
 */
function foldSpaces(value: string): string {
  if (value.includes('\t')) return foldAll(value)
  const first = value.indexOf(' ')
  const isFolded = first < 0 || (first > 0 && !value.endsWith(' ') && !value.includes('  ', first))
  return isFolded ? value : foldAll(value)
}

function foldAll(value: string): string {
  return value.replaceAll('\t', ' ').split(' ').filter(Boolean).join(' ')
}

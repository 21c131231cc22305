import { comesTwice, isCarried } from './carried-headers.ts'
import { MalformedRequest } from './malformed-request.ts'
import type { RequestHeaders } from './request-headers.ts'
import type { RequestQuery } from './request-query.ts'

/** What the query of a URL presigned by version 2 says, apart from the headers that it carries. */
export interface Version2Arguments {
  /** As they came; empty where missing. */
  readonly accessKeyId: string
  readonly signature: string
  readonly expires: string
  /** The arguments that are signed. No other can select or change what is done. */
  readonly signed: RequestQuery
  /** Names of arguments that are not signed and belong to nothing above. */
  readonly unsigned: readonly string[]
  /** `name:value\n` for each x-amz-* header, wherever it stands, in the order in which they are signed; one character per byte. */
  readonly headerLines: string
}

const ACCESS_KEY_ID = 'AWSAccessKeyId'
const SIGNATURE = 'Signature'
const EXPIRES = 'Expires'
const OF_SIGNATURE: ReadonlySet<string> = new Set([ACCESS_KEY_ID, SIGNATURE, EXPIRES])

/** The arguments that version 2 signs: S3's sub-resources as SDKs list them, and those that change headers of the response. */
const SIGNED: ReadonlySet<string> = new Set([
  'accelerate',
  'acl',
  'analytics',
  'cors',
  'defaultObjectAcl',
  'delete',
  'inventory',
  'lifecycle',
  'location',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'partNumber',
  'policy',
  'replication',
  'requestPayment',
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
  'restore',
  'select',
  'select-type',
  'storageClass',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
])

/** Whether a query is signed by version 2. As in S3, an access key id alone signs nothing. */
export function isPresignedByVersion2({ values, repeated }: RequestQuery): boolean {
  return values.has(SIGNATURE) || repeated.has(SIGNATURE)
}

/** Reads the query of a URL presigned by version 2. Throws {@link MalformedRequest} where its signature could stand for another one. */
export function readVersion2Arguments(
  query: RequestQuery,
  sent: RequestHeaders,
  carried: RequestHeaders | null,
): Version2Arguments {
  for (const name of query.repeated) if (OF_SIGNATURE.has(name) || SIGNED.has(name)) throw comesTwice(name)
  const unsigned: string[] = []
  for (const name of [...query.values.keys(), ...query.repeated])
    if (!SIGNED.has(name) && !OF_SIGNATURE.has(name) && !isCarried(name.toLowerCase(), 'version-2'))
      unsigned.push(name)
  const signed = query.only((name) => SIGNED.has(name))
  for (const [name, value] of signed.values) if (readsAsMore(value)) throw readsTwoWays(name)
  const value = (name: string): string => query.values.get(name) ?? ''
  return {
    accessKeyId: value(ACCESS_KEY_ID),
    signature: value(SIGNATURE),
    expires: value(EXPIRES),
    signed,
    unsigned,
    headerLines: headerLines(sent, carried),
  }
}

/** Whether a value, which is signed decoded, reads as if another argument began in it. */
function readsAsMore(value: string): boolean {
  return value
    .split('&')
    .slice(1)
    .some((piece) => SIGNED.has(piece.split('=', 1)[0] ?? ''))
}

function readsTwoWays(name: string): MalformedRequest {
  return new MalformedRequest(
    'argument',
    name,
    `The value of ${name} can be read as another argument in what signature version 2 signs; sign with AWS4-HMAC-SHA256.`,
  )
}

function headerLines(sent: RequestHeaders, carried: RequestHeaders | null): string {
  const all: RequestHeaders = { ...carried, ...sent }
  return Object.keys(all)
    .filter((name) => name.startsWith('x-amz-'))
    .sort()
    .map((name) => `${name}:${String(all[name])}\n`)
    .join('')
}

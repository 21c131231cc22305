import type { HttpBinding } from '../operation.ts'

/** What a request would lose if its header were passed over. */
type Concern = 'write' | 'lock' | 'key' | 'privacy'

/** Headers that a kind of operation does not use and yet may not pass over. */
interface RefusedHeaders {
  readonly concern: Concern
  /** In lower case. Those of them that an operation of the kind does use are not refused there. */
  readonly names: readonly string[]
  /** What passing over would do: the end of a sentence. */
  readonly reason: string
}

/** What an operation changes; `form`: the HTTP headers of a browser's form, whose fields stand for PutObject's headers. */
type Change = NonNullable<HttpBinding['changes']> | 'setting' | 'form'

const ACL = [
  'x-amz-acl',
  'x-amz-grant-full-control',
  'x-amz-grant-read',
  'x-amz-grant-read-acp',
  'x-amz-grant-write',
  'x-amz-grant-write-acp',
]

/** Of a key service, which is not here. */
const KEY_SERVICE = ['x-amz-server-side-encryption-aws-kms-key-id', 'x-amz-server-side-encryption-context']

const ENCRYPTION = [
  'x-amz-server-side-encryption',
  ...KEY_SERVICE,
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-server-side-encryption-customer-key',
  'x-amz-server-side-encryption-customer-key-md5',
]

const EVENT_HOLD = [
  'x-amz-object-lock-event-hold',
  'x-amz-object-lock-event-hold-duration-days',
  'x-amz-object-lock-event-hold-duration-years',
]

const OBJECT_LOCK = [
  'x-amz-object-lock-mode',
  'x-amz-object-lock-retain-until-date',
  'x-amz-object-lock-legal-hold',
  ...EVENT_HOLD,
]

const conditions: RefusedHeaders = {
  concern: 'write',
  names: [
    'if-match',
    'if-none-match',
    'if-modified-since',
    'if-unmodified-since',
    'x-amz-if-match-initiated-time',
    'x-amz-if-match-last-modified-time',
    'x-amz-if-match-size',
  ],
  reason: 'the request would change what it was told to leave alone',
}

const pieces: RefusedHeaders = {
  concern: 'write',
  names: ['content-range', 'x-amz-write-offset-bytes'],
  reason: 'a piece would replace the whole object',
}

const offset: RefusedHeaders = {
  concern: 'write',
  names: ['x-amz-write-offset-bytes'],
  reason: 'bytes meant for the end of an object would replace it',
}

const sources: RefusedHeaders = {
  concern: 'write',
  names: ['x-amz-copy-source', 'x-amz-copy-source-range', 'x-amz-rename-source'],
  reason: 'the object would get other bytes than those that are named',
}

const ofUpload = 'the object has what CreateMultipartUpload said, whatever this request says'

const otherKeys: RefusedHeaders = {
  concern: 'key',
  names: KEY_SERVICE,
  reason: 'the object would lie under another key, or under none',
}

const uploadLocks: RefusedHeaders = { concern: 'lock', names: OBJECT_LOCK, reason: ofUpload }
const uploadAcl: RefusedHeaders = { concern: 'privacy', names: ACL, reason: ofUpload }

/**
 * The only headers for which a request is refused because its operation does not use them: to pass them over would break what the request
 * asks of a write, a lock, a key or privacy. All others are passed over, as S3 does, and on reads all are. docs/decisions/passed-over-headers.md
 * shows this table.
 */
export const REFUSED_HEADERS: Readonly<Record<Change, readonly RefusedHeaders[]>> = {
  object: [
    conditions,
    pieces,
    sources,
    { concern: 'lock', names: EVENT_HOLD, reason: 'the object could be deleted before the event' },
    otherKeys,
    { concern: 'privacy', names: ['x-amz-grant-write'], reason: 'objects know no such grant' },
  ],
  part: [conditions, offset, sources, uploadLocks, otherKeys, uploadAcl],
  completion: [conditions, offset, sources, uploadLocks, otherKeys, uploadAcl],
  deletion: [conditions],
  setting: [conditions],
  form: [
    conditions,
    pieces,
    sources,
    { concern: 'lock', names: OBJECT_LOCK, reason: 'a form asks for a lock in its fields' },
    { concern: 'key', names: ENCRYPTION, reason: 'a form asks for encryption in its fields' },
    { concern: 'privacy', names: ACL, reason: 'a form gives its ACL in its fields' },
  ],
}

const NAMES = new Map(
  Object.entries(REFUSED_HEADERS).map(([change, refused]) => [
    change,
    new Set(refused.flatMap(({ names }) => names)) as ReadonlySet<string>,
  ]),
)

const NONE: ReadonlySet<string> = new Set()

/** Lower-case names of the headers that an operation may not pass over; of one that reads: none. */
export function refusedHeadersOf({
  method,
  changes,
}: Pick<HttpBinding, 'method' | 'changes'>): ReadonlySet<string> {
  return method === 'GET' || method === 'HEAD' ? NONE : refusedHeaders(changes ?? 'setting')
}

/** Lower-case names of the headers that may not be passed over where this is changed. */
export function refusedHeaders(change: Change): ReadonlySet<string> {
  return NAMES.get(change) ?? NONE
}

import { DAY_SECONDS } from '../../base/milliseconds.ts'
import { IsoDate, NonEmptyString, StringValue } from '../lightsail/shapes/primitives.ts'
import { StatusType } from '../lightsail/shapes/access-key.ts'
import { TagList } from '../lightsail/shapes/tag.ts'
import { RETIRE_SECONDS_MAX } from './rotate-account-key.ts'
import { OBJECT_KEY_BYTES_MAX } from '../s3/shapes/primitives.ts'
import { enumeration, integer, list, optional, string, structure } from '../shape.ts'

/** What an application key is called, one in its account. */
export const KeyName = string({
  name: 'KeyName',
  doc: 'The name of an application key: 1 to 128 letters, digits and . _ @ - with a letter or digit at either end.',
  lengthMin: 1,
  lengthMax: 128,
  pattern: /^[A-Za-z0-9](?:[A-Za-z0-9._@-]{0,126}[A-Za-z0-9])?$/,
})

/** The id of an access key of any kind, those of other programs included. */
export const AnyAccessKeyId = string({
  name: 'AccessKeyId',
  doc: 'The id of an access key: 3 to 128 letters, digits and . _ - characters.',
  lengthMin: 3,
  lengthMax: 128,
  pattern: /^[A-Za-z0-9._-]+$/,
})

/** What an application key may be let do. */
export const KEY_RIGHTS = ['read', 'write', 'list', 'delete', 'read-write', 'full'] as const

/** A right of an application key. */
export type KeyRight = (typeof KEY_RIGHTS)[number]

const KeyRights = list(enumeration(KEY_RIGHTS, { name: 'KeyRight' }), {
  name: 'KeyRights',
  lengthMax: KEY_RIGHTS.length,
})

const KeyBuckets = list(string({ name: 'KeyBucketName', lengthMin: 3, lengthMax: 63 }), {
  name: 'KeyBuckets',
  lengthMax: 100,
})

/** Terminals take control characters as orders, and what is shown as text is shown as it is. Half a character of UTF-16 is none, and stored as another one. */
export const SHOWN_CHARACTERS = /^[^\p{Cc}\p{Cs}]*$/u

const KeyPrefix = string({
  name: 'KeyPrefix',
  lengthMin: 1,
  lengthMax: OBJECT_KEY_BYTES_MAX,
  pattern: SHOWN_CHARACTERS,
})

const KeyPrefixes = list(KeyPrefix, {
  name: 'KeyPrefixes',
  lengthMax: 100,
})

const KeyNetworks = list(string({ name: 'KeyNetwork', lengthMin: 2, lengthMax: 64 }), {
  name: 'KeyNetworks',
  lengthMax: 100,
})

const Description = string({ name: 'KeyDescription', lengthMax: 256, pattern: SHOWN_CHARACTERS })

/** Longest text of an application key's policy, in characters; its prefixes have no more together. */
export const KEY_POLICY_LENGTH_MAX = 6_144

const KeyPolicy = string({
  name: 'KeyPolicy',
  lengthMin: 2,
  lengthMax: KEY_POLICY_LENGTH_MAX,
  // As for the others; a document has line breaks and tabs.
  pattern: /^(?:[\t\n\r]|[^\p{Cc}\p{Cs}])*$/u,
})

/** Ten years: who wants longer wants no end. */
const EXPIRES_SECONDS_MAX = 3_650 * DAY_SECONDS

/** What a key is given when it is made, and what may be changed of it. */
export const keyDescription = {
  description: optional(Description, { doc: 'What the key is for: up to 256 characters.' }),
  buckets: optional(KeyBuckets, {
    doc: 'The names of the buckets that the key opens, up to 100, each of the account. All buckets of the account, later ones too, when absent.',
  }),
  rights: optional(KeyRights, {
    doc: 'What the key may do: read objects, write them, list them, delete them; read-write is those four; full is what a key of the bucket may do. Exactly one of rights and policy is given.',
  }),
  policy: optional(KeyPolicy, {
    doc: 'Instead of rights: a policy document as buckets have them, without Principal, of up to 6144 characters. What it does not allow is refused.',
  }),
  prefixes: optional(KeyPrefixes, {
    doc: 'What the keys of the objects begin with that the key works with, up to 100 of 6144 characters together. A listing is answered when the prefix that it asks for begins with one of them. Every object when absent.',
  }),
  sourceNetworks: optional(KeyNetworks, {
    doc: 'Addresses and CIDR ranges from which the key may be used, up to 100. Everywhere when absent.',
  }),
  expiresAt: optional(IsoDate, { doc: 'When the key ends. Never when absent.' }),
  expiresInSeconds: optional(integer({ name: 'ExpiresInSeconds', min: 1, max: EXPIRES_SECONDS_MAX }), {
    doc: 'Instead of expiresAt: in how many seconds the key ends, up to 315360000 (3650 days).',
  }),
  tags: optional(TagList, { doc: 'Tags of the key, up to 50.' }),
}

/** What of a key can be taken away again; without it a key is bound by less. */
export const REMOVABLE = [
  'description',
  'buckets',
  'prefixes',
  'sourceNetworks',
  'expiresAt',
  'tags',
] as const

/** A list of {@link REMOVABLE}. */
export const RemovableList = list(enumeration(REMOVABLE, { name: 'RemovableMember' }), {
  name: 'RemovableMembers',
  lengthMax: REMOVABLE.length,
})

/** What an application key's status may be; the last one follows from expiresAt and is not set. */
export const KEY_STATUSES = ['Active', 'Inactive', 'Expired'] as const

/** Whether an application key counts. */
export const KeyStatus = enumeration(KEY_STATUSES, { name: 'KeyStatus' })

/** When a key was last used, in which region, for which service and operation, and by whom. */
export const ApplicationKeyLastUsed = structure(
  {
    lastUsedDate: IsoDate,
    region: StringValue,
    serviceName: StringValue,
    operation: StringValue,
    address: StringValue,
    agent: StringValue,
  },
  {
    name: 'ApplicationKeyLastUsed',
    doc: 'The last use of the key: when, in which region, of which service and operation, from which address, and what the client called itself. N/A and no date while it has never been used.',
  },
)

/** Least time without a use after which a key may retire: uses on other gateways are known within seconds. */
const IDLE_SECONDS_MIN = 60

/** When the key that is rotated is to stop. */
export const retirement = {
  retireInSeconds: optional(integer({ name: 'RetireInSeconds', min: 0, max: RETIRE_SECONDS_MAX }), {
    doc: 'Seconds for which the old id and secret still count: 0, they stop at once, to 7776000 (90 days). When no time is given, a day, and 0 of a key that is Inactive.',
  }),
  retireAt: optional(IsoDate, {
    doc: 'Instead of retireInSeconds: when the old id and secret stop to count.',
  }),
  retireWhenIdleSeconds: optional(
    integer({ name: 'RetireWhenIdleSeconds', min: IDLE_SECONDS_MIN, max: RETIRE_SECONDS_MAX }),
    {
      doc: 'The old id and secret stop to count when they were not used for so many seconds, 60 to 7776000 (90 days); with a time as well, by whichever comes first.',
    },
  ),
}

const RetiringAccessKey = structure(
  {
    accessKeyId: AnyAccessKeyId,
    status: StatusType,
    since: IsoDate,
    until: IsoDate,
    retireWhenIdleSeconds: integer({ name: 'RetireWhenIdleSeconds' }),
    retiredAt: IsoDate,
    deletedAt: IsoDate,
    lastUsed: ApplicationKeyLastUsed,
  },
  {
    name: 'RetiringAccessKey',
    doc: 'The key before it was rotated: its id, whether it still counts, when it was rotated, when it stops at the latest or after how long without a use, when it became Inactive and when it is going to be deleted, and its last use.',
  },
)

/** What a key or a role may do, and in what; what is absent bounds nothing. */
export const keyBounds = {
  buckets: KeyBuckets,
  rights: KeyRights,
  policy: KeyPolicy,
  prefixes: KeyPrefixes,
  sourceNetworks: KeyNetworks,
  expiresAt: IsoDate,
} as const

/** An access key of an account with a name, rights and bounds; in one response also a bucket's key. */
export const ApplicationKey = structure(
  {
    name: KeyName,
    description: Description,
    accessKeyId: AnyAccessKeyId,
    secretAccessKey: NonEmptyString,
    status: KeyStatus,
    createdAt: IsoDate,
    lastUsed: ApplicationKeyLastUsed,
    ...keyBounds,
    tags: TagList,
    retiringKey: RetiringAccessKey,
  },
  {
    name: 'ApplicationKey',
    doc: 'An access key with a name, rights and bounds. The secret is there only when the key is made.',
  },
)

/** Application keys by name. */
export const ApplicationKeyList = list(ApplicationKey, { name: 'ApplicationKeyList' })

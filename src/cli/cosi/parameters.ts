import { createHash } from 'node:crypto'
import { KEY_RIGHTS, type KeyRight } from '../../model/lugsail/access-key-shapes.ts'
import { readTimeSpan } from '../../base/time-span.ts'
import { StatusError } from './status.ts'

/** What a class of Kubernetes gives along, as its administrator wrote it. */
export type Parameters = Readonly<Record<string, string>>

interface Tag {
  readonly key: string
  readonly value: string
}

/** What a bucket is to be. */
export interface BucketParameters {
  readonly bundleId: string
  readonly versioning: boolean
  readonly tags: readonly Tag[]
  /** Undefined: the driver's own. */
  readonly region: string | undefined
  /** Whether deleting it deletes what is in it. */
  readonly forceDelete: boolean
}

/** What a key is to be bound by. */
export interface AccessParameters {
  /** Undefined: what the access mode asks for, or read-write. */
  readonly rights: readonly KeyRight[] | undefined
  readonly prefixes: readonly string[] | undefined
  readonly sourceNetworks: readonly string[] | undefined
  readonly expiresInSeconds: number | undefined
}

const BUNDLE_DEFAULT = 'small_1_0'
const BUCKET_PARAMETERS = ['bundle', 'versioning', 'tags', 'region', 'forceDelete']
const ACCESS_PARAMETERS = ['rights', 'prefixes', 'sourceNetworks', 'expiresIn']

/** Reads the parameters of a BucketClass. @throws StatusError for one that there is not, or a value that is none */
export function readBucketParameters(parameters: Parameters): BucketParameters {
  refuseUnknown(parameters, BUCKET_PARAMETERS)
  const { bundle = BUNDLE_DEFAULT, region, tags } = parameters
  if (region !== undefined && !/^[a-z0-9-]{1,63}$/.test(region)) throw invalid('region', 'a region', region)
  return {
    bundleId: bundle,
    versioning: readChoice(parameters, 'versioning', ['disabled', 'enabled']) === 'enabled',
    tags: tags === undefined ? [] : listOf('tags', tags).map(readTag),
    region,
    forceDelete: readChoice(parameters, 'forceDelete', ['false', 'true']) === 'true',
  }
}

/** Reads the parameters of a BucketAccessClass. @throws StatusError as above */
export function readAccessParameters(parameters: Parameters): AccessParameters {
  refuseUnknown(parameters, ACCESS_PARAMETERS)
  const { rights, prefixes, sourceNetworks, expiresIn } = parameters
  return {
    rights: rights === undefined ? undefined : listOf('rights', rights).map(readRight),
    prefixes: prefixes === undefined ? undefined : listOf('prefixes', prefixes),
    sourceNetworks: sourceNetworks === undefined ? undefined : listOf('sourceNetworks', sourceNetworks),
    expiresInSeconds: expiresIn === undefined ? undefined : readTime(expiresIn),
  }
}

/** A short name of what was asked for, the same for the same: what is kept in a tag to know it again. Members that are undefined do not count, so that new ones may come. */
export const fingerprint = (asked: object): string =>
  createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 32)

function refuseUnknown(parameters: Parameters, known: readonly string[]): void {
  const unknown = Object.keys(parameters).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new StatusError(
      'INVALID_ARGUMENT',
      `parameters: expected ${known.join(', ')}; got ${JSON.stringify(unknown.slice(0, 100))}`,
    )
}

function readChoice<C extends string>(
  parameters: Parameters,
  name: string,
  choices: readonly [C, ...C[]],
): C {
  const value = parameters[name]
  if (value === undefined) return choices[0]
  const choice = choices.find((each) => each === value)
  if (choice === undefined) throw invalid(name, choices.join(' or '), value)
  return choice
}

/** What stands between commas, without the spaces around it. */
function listOf(name: string, text: string): readonly string[] {
  const parts = text.split(',').map((part) => part.trim())
  if (parts.includes('')) throw invalid(name, 'a list with commas between', text)
  return parts
}

function readTag(text: string): Tag {
  const at = text.indexOf('=')
  if (at < 1) throw invalid('tags', 'KEY=VALUE', text)
  const key = text.slice(0, at)
  if (key.startsWith(OWN_TAG_PREFIX)) throw invalid('tags', `no key that begins with ${OWN_TAG_PREFIX}`, key)
  return { key, value: text.slice(at + 1) }
}

/** What the driver's own tags begin with. */
export const OWN_TAG_PREFIX = 'lugsail-cosi-'

function readRight(text: string): KeyRight {
  const right = KEY_RIGHTS.find((each) => each === text)
  if (right === undefined) throw invalid('rights', `of ${KEY_RIGHTS.join(', ')}`, text)
  return right
}

function readTime(text: string): number {
  const seconds = readTimeSpan(text)
  if (seconds === null || seconds === 0) throw invalid('expiresIn', 'a time as 90d, 12h or 30m', text)
  return seconds
}

const invalid = (name: string, expected: string, got: string): StatusError =>
  new StatusError(
    'INVALID_ARGUMENT',
    `parameters.${name}: expected ${expected}; got ${JSON.stringify(got.slice(0, 100))}`,
  )

import type { TypedValue } from '../../client/typed/typed-values.ts'
import { KeyName, type ApplicationKey, type KeyRight } from '../../model/lugsail/access-key-shapes.ts'
import { readBucketId, requireBucket, type FoundBucket } from './buckets.ts'
import { deriveKey, newSalt, type DerivedKey } from './derived-key.ts'
import type { Log } from './log.ts'
import { fingerprint, OWN_TAG_PREFIX, readAccessParameters, type Parameters } from './parameters.ts'
import { StatusError } from './status.ts'
import { isRefusal, unlessNotFound, type DriverClient, type StorageServer } from './storage-server.ts'

/** What an access is asked for to do, where the version of the protocol has that. */
export type AccessMode = 'READ_WRITE' | 'READ_ONLY' | 'WRITE_ONLY'

/** An access that is asked for. */
export interface WantedAccess {
  readonly name: string
  readonly bucketIds: readonly string[]
  readonly rights: readonly KeyRight[]
  /** Those of the class; its rights are in `rights` already. */
  readonly parameters: Parameters
}

/** A key, and the buckets that it opens. */
export interface GrantedAccess {
  readonly accountId: string
  readonly key: DerivedKey
  readonly buckets: readonly FoundBucket[]
}

type ShownKey = TypedValue<typeof ApplicationKey>

/** What the key was asked for with, and what its secret is derived with besides the seed. */
const ASKED_TAG = `${OWN_TAG_PREFIX}asked`
const SALT_TAG = `${OWN_TAG_PREFIX}salt`

/** What a mode asks for, and what of it must be left where a class takes away. */
const MODES: Readonly<
  Record<AccessMode, { readonly rights: readonly KeyRight[]; readonly needs: readonly KeyRight[] }>
> = {
  READ_WRITE: { rights: ['read', 'write', 'list', 'delete'], needs: ['read', 'write'] },
  READ_ONLY: { rights: ['read', 'list'], needs: ['read'] },
  WRITE_ONLY: { rights: ['write'], needs: ['write'] },
}

/** Rights that stand for others. */
const WHOLE: readonly KeyRight[] = ['read-write', 'full']

/**
 * Gives an application key, or the one that an earlier call of the name made, with the same secret.
 * @throws StatusError ALREADY_EXISTS for one that was asked for otherwise, or that this driver did not make; FAILED_PRECONDITION where its secret is
 *   not the one that follows from a seed; NOT_FOUND for a bucket
 */
export async function grantAccess(
  server: StorageServer,
  log: Log,
  wanted: WantedAccess,
): Promise<GrantedAccess> {
  const { name, bucketIds, rights } = wanted
  checkName('name', name)
  const bounds = readAccessParameters(wanted.parameters)
  const buckets = bucketIds.map((bucketId) => readBucketId(server, bucketId))
  const asked = fingerprint({ ...bounds, rights, buckets: bucketIds.toSorted() })
  const client = await server.clientFor(server.region)
  let known = await findKey(client, name)
  for (const { bucketId } of known === undefined ? buckets : []) await requireBucket(server, bucketId)
  if (known === undefined) {
    const salt = newSalt()
    const key = deriveKey(server.seeds[0], name, salt)
    const made = client.importAccessKey({
      name,
      ...key,
      description: 'An access of Kubernetes, kept by lugsail cosi',
      buckets: [...new Set(buckets.map(({ bucketName }) => bucketName))],
      rights,
      prefixes: bounds.prefixes,
      sourceNetworks: bounds.sourceNetworks,
      expiresInSeconds: bounds.expiresInSeconds,
      tags: [
        { key: ASKED_TAG, value: asked },
        { key: SALT_TAG, value: salt },
      ],
    })
    try {
      await made
      log('gave an access', { account: name, accessKeyId: key.accessKeyId, buckets: bucketIds, rights })
      return { accountId: name, key, buckets }
    } catch (error) {
      known = isRefusal(error) ? await findKey(client, name) : undefined
      if (known === undefined) throw error
    }
  }
  const key = keyAgain(server, known, name, asked)
  log('gave the same access again', { account: name, accessKeyId: key.accessKeyId, buckets: bucketIds })
  return { accountId: name, key, buckets }
}

/** The key that is there, with its secret. */
function keyAgain({ seeds }: StorageServer, known: ShownKey, name: string, asked: string): DerivedKey {
  const salt = tagOf(known, SALT_TAG)
  if (salt === undefined)
    throw new StatusError('ALREADY_EXISTS', `There is an access key ${name} that this driver did not make`)
  if (tagOf(known, ASKED_TAG) !== asked)
    throw new StatusError(
      'ALREADY_EXISTS',
      `The access ${name} is there, for other buckets, rights or parameters`,
    )
  const key = seeds
    .map((seed) => deriveKey(seed, name, salt))
    .find(({ accessKeyId }) => accessKeyId === known.accessKeyId)
  if (key === undefined)
    throw new StatusError(
      'FAILED_PRECONDITION',
      `The secret of the access ${name} cannot be told again: its key was rotated, or made with a seed that this driver does not have. It goes on as it is; "lugsail key delete ${name}" has it made anew at the next call`,
    )
  return key
}

/**
 * Takes buckets away from an access; with the last one, or where none are named, the key goes. What is gone already is fine.
 * @throws StatusError INVALID_ARGUMENT for a key that this driver did not make
 */
export async function revokeAccess(
  server: StorageServer,
  log: Log,
  name: string,
  bucketIds: readonly string[],
): Promise<void> {
  checkName('account_id', name)
  const taken = new Set(bucketIds.map((bucketId) => readBucketId(server, bucketId).bucketName))
  const client = await server.clientFor(server.region)
  const known = await findKey(client, name)
  if (known === undefined) return log('the access was gone already', { account: name })
  if (tagOf(known, SALT_TAG) === undefined)
    throw new StatusError(
      'INVALID_ARGUMENT',
      `account_id: the access key ${name} was not made by this driver`,
    )
  const { buckets = [] } = known
  const left = buckets.filter((bucketName) => !taken.has(bucketName))
  if (taken.size > 0 && left.length === buckets.length)
    return log('the access had none of these buckets', { account: name, buckets: bucketIds })
  const isWhole = taken.size === 0 || left.length === 0
  const done = await unlessNotFound<unknown>(
    isWhole ? client.deleteAccessKey({ name }) : client.updateAccessKey({ name, buckets: left }),
  )
  log(
    done === undefined
      ? 'the access was gone already'
      : isWhole
        ? 'ended an access'
        : 'took buckets from an access',
    {
      account: name,
      accessKeyId: known.accessKeyId,
      ...(isWhole ? {} : { buckets: bucketIds }),
    },
  )
}

/**
 * The rights of an access: those of the mode, as far as the class has them.
 * @throws StatusError INVALID_ARGUMENT where too little is left for the mode
 */
export function rightsOf(mode: AccessMode, parameters: Parameters): readonly KeyRight[] {
  const { rights: ofClass } = readAccessParameters(parameters)
  const { rights, needs } = MODES[mode]
  if (ofClass === undefined || ofClass.some((right) => WHOLE.includes(right))) return rights
  const left = rights.filter((right) => ofClass.includes(right))
  if (needs.some((right) => !left.includes(right)))
    throw new StatusError(
      'INVALID_ARGUMENT',
      `access_mode: ${mode} needs the rights ${needs.join(' and ')}, and the class gives ${ofClass.join(', ')}`,
    )
  return left
}

async function findKey(client: DriverClient, name: string): Promise<ShownKey | undefined> {
  return (await unlessNotFound(client.getAccessKeys({ name })))?.accessKeys?.[0]
}

function tagOf({ tags = [] }: ShownKey, wanted: string): string | undefined {
  return tags.find(({ key }) => key === wanted)?.value
}

function checkName(member: string, name: string): void {
  if (KeyName.pattern?.test(name) === true) return
  throw new StatusError(
    'INVALID_ARGUMENT',
    `${member}: expected 1 to 128 letters, digits, dots and hyphens; got ${JSON.stringify(name.slice(0, 100))}`,
  )
}

import { RESOURCE_NAME, RESOURCE_NAME_LENGTH_MAX } from '../../model/lugsail/name-forms.ts'
import { accountTurn } from '../commit/turns.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import type { AccessKeyPair } from '../credentials/mint-access-key.ts'
import { newCredential } from '../credentials/new-credential.ts'
import { DomainError } from '../errors/domain-error.ts'
import { accountKey, resourceKey } from '../keyspace.ts'
import { resourceCodec } from '../records/resource.ts'
import type { ResourceRecord } from '../records/resource.ts'
import { detachFromBuckets } from './delete-resource.ts'

interface NewResource {
  readonly resource: ResourceRecord
  /** What an instance would get from its metadata; the secret is shown this once. */
  readonly key: AccessKeyPair
}

/** Makes a resource known, with an access key of its own. Throws `ResourceExists`, `InvalidResourceName` and `NoSuchAccount`. */
export async function addResource(
  context: ServiceContext,
  owner: Caller,
  name: string,
): Promise<NewResource> {
  const { accountId, region } = owner
  if (name.length > RESOURCE_NAME_LENGTH_MAX || !RESOURCE_NAME.test(name))
    throw new DomainError('InvalidResourceName', { resourceName: name })
  // A deletion that was cut short may have left the name attached; a new resource must not inherit that.
  await detachFromBuckets(context, owner, name)
  return await commitForCaller(context, owner, accountTurn(accountId), async () => {
    const key = resourceKey(accountId, region, name)
    const [account, taken] = await context.metadata.getMany([accountKey(accountId), key])
    if (!account) throw new DomainError('NoSuchAccount', { account: accountId })
    if (taken) throw new DomainError('ResourceExists', { resourceName: name, region })
    const credential = newCredential(context, { type: 'resource', accountId, region, resourceName: name })
    const resource: ResourceRecord = {
      name,
      accountId,
      region,
      resourceType: 'Instance',
      createdAt: credential.createdAt,
      accessKeyId: credential.pair.accessKeyId,
    }
    return {
      change: {
        checks: [
          { key: accountKey(accountId), version: account.version },
          { key, version: null },
          credential.check,
        ],
        sets: [{ key, value: resourceCodec.encode(resource) }, credential.set],
      },
      result: { resource, key: credential.pair },
    }
  })
}

import type { AccessKeyPair } from '../../service/credentials/mint-access-key.ts'
import type { ResourceRecord } from '../../service/records/resource.ts'
import { FIRST_ACCOUNT_NAME } from '../../service/accounts/first-account.ts'
import { findAccount } from '../../service/accounts/read-accounts.ts'
import { addResource } from '../../service/resources/add-resource.ts'
import { deleteResource } from '../../service/resources/delete-resource.ts'
import { listResources } from '../../service/resources/list-resources.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import type { SettingValues } from '../configuration/schema.ts'
import type { OpenStore } from '../store/open-store.ts'
import { parseArguments, type CommandArguments } from './arguments.ts'
import type { ServerCommand } from './command.ts'
import {
  NotShown,
  OUTPUT_OPTION,
  printJson,
  printSecretJson,
  printSecretMembers,
  printTable,
  wantsJson,
} from './output.ts'
import { changeStore, withStore } from './store-session.ts'
import { isoSeconds } from '../../base/iso-seconds.ts'

const ACCOUNT_OPTION = 'account'

const USAGE = `Usage: lugsail resource add NAME | list | delete NAME [--account NAME]
                        [--region NAME] [--data DIR] [--output text|json]

A resource is a machine that may be given access to buckets, as an instance is
at Amazon: it has an access key of its own, and "lugsail
set-resource-access-for-bucket" opens a bucket to it.

  add      makes a resource known and shows its access key, this once
  list     shows the account's resources
  delete   forgets a resource; its access key stops at once

The account is "${FIRST_ACCOUNT_NAME}" unless another is named.
`

/** `lugsail resource …`. */
export const resource: ServerCommand = async (context) => {
  const line = parseArguments(context.args, [OUTPUT_OPTION, ACCOUNT_OPTION])
  const [verb = '', name, extra] = line.words
  if (line.isHelpWanted) {
    process.stdout.write(USAGE)
    return 0
  }
  if (extra !== undefined) throw new ConfigurationError(`unexpected argument "${extra}"`)
  const isList = verb === 'list' && name === undefined
  const isChange = (verb === 'add' || verb === 'delete') && name !== undefined
  if (!isList && !isChange) throw new ConfigurationError(`expected add NAME, list or delete NAME\n\n${USAGE}`)
  // What was typed is understood before anything is done.
  wantsJson(line)
  if (name === undefined) {
    return await withStore(context, line, async (store, settings) => {
      await list(store, line, (await ownerOf(store, settings, line)).accountId)
      return 0
    })
  }
  const operation = `resource ${verb}`
  return await changeStore(context, line, { operation, name }, async (store, settings, details) => {
    const owner = await ownerOf(store, settings, line)
    details['accountId'] = owner.accountId
    if (verb === 'add') details['accessKeyId'] = await add(store, line, owner, name)
    else await deleteResource(store.context, owner, name)
    return 0
  })
}

interface Owner {
  readonly accountId: string
  readonly region: string
}

async function ownerOf(store: OpenStore, { region }: SettingValues, line: CommandArguments): Promise<Owner> {
  const { record } = await findAccount(store.context, line.options.get(ACCOUNT_OPTION) ?? FIRST_ACCOUNT_NAME)
  return { accountId: record.accountId, region }
}

/** Gives the new key's id. */
async function add(store: OpenStore, line: CommandArguments, owner: Owner, name: string): Promise<string> {
  const { resource: added, key } = await addResource(store.context, owner, name)
  try {
    show(line, added, key)
  } catch (error) {
    await deleteResource(store.context, owner, name)
    throw new NotShown(error, `the resource ${name} has been forgotten again`)
  }
  return key.accessKeyId
}

function show(line: CommandArguments, added: ResourceRecord, key: AccessKeyPair): void {
  if (wantsJson(line)) {
    printSecretJson({
      resource: {
        name: added.name,
        region: added.region,
        resourceType: added.resourceType,
        accessKeyId: key.accessKeyId,
      },
      secretAccessKey: key.secretAccessKey,
    })
    return
  }
  printSecretMembers([
    ['Resource', `${added.name} (${added.resourceType}, ${added.region})`],
    ['Access key ID', key.accessKeyId],
    ['Secret access key', key.secretAccessKey],
  ])
}

async function list(store: OpenStore, line: CommandArguments, accountId: string): Promise<void> {
  const resources = await listResources(store.context, accountId)
  if (wantsJson(line)) {
    printJson({
      resources: resources.map(({ name, region, resourceType, accessKeyId, createdAt }) => ({
        name,
        region,
        resourceType,
        accessKeyId,
        createdAt: isoSeconds(createdAt),
      })),
    })
    return
  }
  printTable(
    ['NAME', 'REGION', 'TYPE', 'ACCESS KEY ID', 'CREATED'],
    resources.map((one) => [
      one.name,
      one.region,
      one.resourceType,
      one.accessKeyId,
      isoSeconds(one.createdAt),
    ]),
  )
}

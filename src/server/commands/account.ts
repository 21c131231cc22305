import { createAccount } from '../../service/accounts/create-account.ts'
import { deleteAccount } from '../../service/accounts/delete-account.ts'
import { findAccount, listAccounts } from '../../service/accounts/read-accounts.ts'
import { rotateRootKey } from '../../service/accounts/rotate-root-key.ts'
import type { AccessKeyPair } from '../../service/credentials/mint-access-key.ts'
import type { AccountRecord } from '../../service/records/account.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { readEndpoint, sectionsOfKey, writeCredentialsFile } from '../store/credentials-file.ts'
import { publicUrlOf, type OpenStore } from '../store/open-store.ts'
import { parseArguments, type CommandArguments } from './arguments.ts'
import type { CommandContext, ServerCommand } from './command.ts'
import {
  NotShown,
  OUTPUT_OPTION,
  isoTime,
  printJson,
  printSecretJson,
  printSecretMembers,
  printTable,
  wantsJson,
} from './output.ts'
import { changeStore, withStore } from './store-session.ts'

const SAVE_OPTION = 'save'

const USAGE = `Usage: lugsail account create NAME [--save yes] | list | rotate NAME |
                       delete NAME   [--data DIR] [--output text|json]

An account owns buckets and has one root key pair, which may do everything in
it. NAME may also be an account id.

  create   makes an account and shows its root key pair, this once; --save yes
           also keeps it in DIR/credentials under NAME
  list     shows all accounts
  rotate   gives an account a new root key pair and shows it, this once; the old
           one stops at once
  delete   deletes an account that owns no buckets

The store is the one that the settings of "lugsail serve" name; a server may be
running on it.
`

/** `lugsail account …`. */
export const account: ServerCommand = async (context) => {
  const line = parseArguments(context.args, [OUTPUT_OPTION, SAVE_OPTION])
  const [verb = '', name, extra] = line.words
  if (line.isHelpWanted) {
    process.stdout.write(USAGE)
    return 0
  }
  if (extra !== undefined) throw new ConfigurationError(`unexpected argument "${extra}"`)
  // What was typed is understood before anything is done.
  wantsJson(line)
  wantsSaved(line)
  if (verb === 'list' && name === undefined) return list(context, line)
  if (name === undefined) throw new ConfigurationError(`expected a command and a name\n\n${USAGE}`)
  if (verb === 'create') return create(context, line, name)
  if (verb === 'rotate') return rotate(context, line, name)
  if (verb === 'delete') return remove(context, line, name)
  throw new ConfigurationError(`no such command: ${verb}\n\n${USAGE}`)
}

const create = (context: CommandContext, line: CommandArguments, name: string): Promise<number> =>
  changeStore(context, line, { operation: 'account create', name }, async (store, settings, details) => {
    const created = await createAccount(store.context, name)
    details['accountId'] = created.account.accountId
    details['accessKeyId'] = created.rootKey.accessKeyId
    try {
      // Shown first: when it cannot be kept, it is not lost.
      showKeyPair(line, created.account, created.rootKey)
    } catch (error) {
      await deleteAccount(store.context, created.account.accountId)
      throw new NotShown(error, `the account ${name} has been deleted again`)
    }
    if (wantsSaved(line)) keepKeyPair(store, settings, name, created.rootKey)
    return 0
  })

const rotate = (context: CommandContext, line: CommandArguments, name: string): Promise<number> =>
  changeStore(context, line, { operation: 'account rotate', name }, async (store, settings, details) => {
    const { record } = await findAccount(store.context, name)
    const pair = await rotateRootKey(store.context, record.accountId, (made) => {
      try {
        showKeyPair(line, record, made)
      } catch (error) {
        throw new NotShown(error, 'the old key pair stays')
      }
    })
    details['accountId'] = record.accountId
    details['accessKeyId'] = pair.accessKeyId
    for (const section of sectionsOfKey(store.folder.credentials, record.accessKeyId)) {
      keepKeyPair(store, settings, section, pair)
    }
    return 0
  })

function wantsSaved({ options }: CommandArguments): boolean {
  const saves = options.get(SAVE_OPTION) ?? 'no'
  if (saves !== 'yes' && saves !== 'no')
    throw new ConfigurationError(`--${SAVE_OPTION}: expected yes or no, got "${saves}"`)
  return saves === 'yes'
}

const remove = (context: CommandContext, line: CommandArguments, name: string): Promise<number> =>
  changeStore(context, line, { operation: 'account delete', name }, async (store) => {
    await deleteAccount(store.context, name)
    return 0
  })

const list = (context: CommandContext, line: CommandArguments): Promise<number> =>
  withStore(context, line, async (store) => {
    const accounts = await listAccounts(store.context)
    if (wantsJson(line)) printJson({ accounts: accounts.map(describe) })
    else {
      const rows = accounts.map((record) => [
        record.accountId,
        record.name,
        record.accessKeyId,
        isoTime(record.createdAt),
      ])
      printTable(['ACCOUNT', 'NAME', 'ACCESS KEY ID', 'CREATED'], rows)
    }
    return 0
  })

const describe = ({ accountId, name, canonicalUserId, accessKeyId, createdAt }: AccountRecord) => ({
  accountId,
  name,
  canonicalUserId,
  accessKeyId,
  createdAt: isoTime(createdAt),
})

/** Writes the pair into `DIR/credentials`; the server's address stays as the server noted it. */
function keepKeyPair(store: OpenStore, settings: SettingValues, section: string, pair: AccessKeyPair): void {
  const { credentials } = store.folder
  const endpointUrl = readEndpoint(credentials) ?? publicUrlOf(settings, settings.listen)
  writeCredentialsFile(credentials, section, {
    ...pair,
    region: settings.region,
    endpointUrl,
    store: store.mark,
  })
}

function showKeyPair(line: CommandArguments, record: AccountRecord, pair: AccessKeyPair): void {
  if (wantsJson(line)) {
    printSecretJson({
      account: { ...describe(record), accessKeyId: pair.accessKeyId },
      secretAccessKey: pair.secretAccessKey,
    })
    return
  }
  printSecretMembers([
    ['Account', `${record.accountId} (${record.name})`],
    ['Access key ID', pair.accessKeyId],
    ['Secret access key', pair.secretAccessKey],
  ])
}

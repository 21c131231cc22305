import { createAccount } from '../../service/accounts/create-account.ts'
import { deleteAccount } from '../../service/accounts/delete-account.ts'
import { findAccount, listAccounts } from '../../service/accounts/read-accounts.ts'
import { rotateRootKey } from '../../service/accounts/rotate-root-key.ts'
import type { AccessKeyPair } from '../../service/credentials/mint-access-key.ts'
import type { AccountRecord } from '../../service/records/account.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { readCredentialsKeyId, writeCredentialsFile } from '../store/credentials-file.ts'
import { publicUrlOf } from '../store/open-store.ts'
import { parseArguments, type CommandArguments } from './arguments.ts'
import type { CommandContext, ServerCommand } from './command.ts'
import { OUTPUT_OPTION, isoTime, printJson, printMembers, printTable, wantsJson } from './output.ts'
import { withStore } from './store-session.ts'

const USAGE = `Usage: lugsail account create NAME | list | rotate NAME | delete NAME   [--data DIR] [--output text|json]

An account owns buckets and has one root key pair, which may do everything in it. NAME may also be an account id.

  create   makes an account and shows its root key pair, this once
  list     shows all accounts
  rotate   gives an account a new root key pair and shows it, this once; the old one stops at once
  delete   deletes an account that owns no buckets

The store is the one that the settings of "lugsail serve" name; a server may be running on it.
`

/** `lugsail account …`. */
export const account: ServerCommand = async (context) => {
  const line = parseArguments(context.args, [OUTPUT_OPTION])
  const [verb = '', name, extra] = line.words
  if (line.isHelpWanted) {
    process.stdout.write(USAGE)
    return 0
  }
  if (extra !== undefined) throw new ConfigurationError(`unexpected argument "${extra}"`)
  if (verb === 'list' && name === undefined) return list(context, line)
  if (name === undefined) throw new ConfigurationError(`expected a command and a name\n\n${USAGE}`)
  if (verb === 'create') return create(context, line, name)
  if (verb === 'rotate') return rotate(context, line, name)
  if (verb === 'delete') return remove(context, line, name)
  throw new ConfigurationError(`no such command: ${verb}\n\n${USAGE}`)
}

const create = (context: CommandContext, line: CommandArguments, name: string): Promise<number> =>
  withStore(context, line, async (store) => {
    const created = await createAccount(store.context, name)
    showKeyPair(line, created.account, created.rootKey)
    return 0
  })

const rotate = (context: CommandContext, line: CommandArguments, name: string): Promise<number> =>
  withStore(context, line, async (store, settings) => {
    const { record } = await findAccount(store.context, name)
    const pair = await rotateRootKey(store.context, record.accountId)
    if (readCredentialsKeyId(store.folder.credentials) === record.accessKeyId) {
      const endpointUrl = publicUrlOf(settings, settings.listen)
      writeCredentialsFile(store.folder.credentials, { ...pair, region: settings.region, endpointUrl })
    }
    showKeyPair(line, record, pair)
    return 0
  })

const remove = (context: CommandContext, line: CommandArguments, name: string): Promise<number> =>
  withStore(context, line, async (store) => {
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

function showKeyPair(line: CommandArguments, record: AccountRecord, pair: AccessKeyPair): void {
  if (wantsJson(line)) {
    printJson({
      account: { ...describe(record), accessKeyId: pair.accessKeyId },
      secretAccessKey: pair.secretAccessKey,
    })
    return
  }
  printMembers([
    ['Account', `${record.accountId} (${record.name})`],
    ['Access key ID', pair.accessKeyId],
    ['Secret access key', pair.secretAccessKey],
  ])
}

import { RETIRE_SECONDS_MAX } from '../../model/lugsail/rotate-account-key.ts'
import { DAY_SECONDS } from '../../base/milliseconds.ts'
import { createAccount } from '../../service/accounts/create-account.ts'
import { deleteAccount } from '../../service/accounts/delete-account.ts'
import { findAccount, listAccounts } from '../../service/accounts/read-accounts.ts'
import { retireRootKey, retiringKeyOf, rotateRootKey } from '../../service/accounts/rotate-root-key.ts'
import type { AccessKeyPair } from '../../service/credentials/mint-access-key.ts'
import type { AccountRecord } from '../../service/records/account.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { listKeptKeys, readEndpoint, sectionsOfKey, writeCredentialsFile } from '../store/credentials-file.ts'
import { forgetKeys } from '../store/forget-keys.ts'
import type { OpenStore } from '../store/open-store.ts'
import { publicUrlOf } from '../configuration/public-url.ts'
import { isFlagSet, parseArguments, type CommandArguments } from './arguments.ts'
import type { CommandContext, ServerCommand } from './command.ts'
import { canAsk, isAgreedTo } from './confirm.ts'
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
import { readTimeSpan } from '../../base/time-span.ts'

const SAVE_FLAG = 'save'
const YES_FLAG = 'yes'
const RETIRE_OPTION = 'retire-in'

const USAGE = `Usage: lugsail account create NAME [--save]
       lugsail account list
       lugsail account rotate NAME [--retire-in TIME] [--save]
       lugsail account retire-key NAME [ACCESS-KEY-ID]
       lugsail account delete NAME [--yes]
       each with   [--data DIR] [--output text|json]

An account owns buckets and has one root key pair, which may do everything in
it. NAME may also be an account id.

  create      makes an account and shows its root key pair, this once
  list        shows all accounts
  rotate      gives an account a new root key pair and shows it, this once; the
              old one stops at once, or goes on for --retire-in, as 24h or 7d
  retire-key  ends the old key pair of a rotation now; or the new one when its
              id is given, which takes the rotation back
  delete      deletes an account that owns no buckets, with its keys in
              DIR/credentials and in your AWS files; asks on a terminal, but for
              --yes

--save also keeps the key pair in DIR/credentials under NAME; keys that are
there already follow a rotation anyhow. The store is the one that the settings
of "lugsail serve" name; a server may be running on it. With the first account's
key the same is done over the network: lugsail create-account help.
`

/** `lugsail account …`. */
export const account: ServerCommand = async (context) => {
  const line = parseArguments(context.args, [OUTPUT_OPTION, RETIRE_OPTION], [SAVE_FLAG, YES_FLAG])
  const [verb = '', name, accessKeyId, extra] = line.words
  if (line.isHelpWanted) {
    process.stdout.write(USAGE)
    return 0
  }
  const unexpected = extra ?? (verb === 'retire-key' ? undefined : accessKeyId)
  if (unexpected !== undefined) throw new ConfigurationError(`unexpected argument "${unexpected}"`)
  // What was typed is understood before anything is done.
  wantsJson(line)
  for (const flag of [SAVE_FLAG, YES_FLAG]) isFlagSet(line, flag)
  retireSecondsOf(line)
  if (verb === 'list' && name === undefined) return await list(context, line)
  if (name === undefined) throw new ConfigurationError(`expected a command and a name\n\n${USAGE}`)
  if (verb === 'create') return await create(context, line, name)
  if (verb === 'rotate') return await rotate(context, line, name)
  if (verb === 'retire-key') return await retireKey(context, line, name, accessKeyId)
  if (verb === 'delete') return await remove(context, line, name)
  throw new ConfigurationError(`no such command: ${verb}\n\n${USAGE}`)
}

const create = (context: CommandContext, line: CommandArguments, name: string): Promise<number> =>
  changeStore(context, line, { operation: 'account create', name }, async (store, settings, details) => {
    if (isFlagSet(line, SAVE_FLAG)) requireOwnSection(store, name)
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
    if (isFlagSet(line, SAVE_FLAG)) keepKeyPair(store, settings, name, created.rootKey)
    return 0
  })

const rotate = (context: CommandContext, line: CommandArguments, name: string): Promise<number> =>
  changeStore(context, line, { operation: 'account rotate', name }, async (store, settings, details) => {
    const { record } = await findAccount(store.context, name)
    const saved = isFlagSet(line, SAVE_FLAG) ? [record.name] : []
    for (const section of saved) requireOwnSection(store, section)
    const { pair } = await rotateRootKey(store.context, record.accountId, {
      retireInSeconds: retireSecondsOf(line),
      show: (made) => {
        try {
          showKeyPair(line, record, made)
        } catch (error) {
          throw new NotShown(error, 'the old key pair stays')
        }
      },
    })
    details['accountId'] = record.accountId
    details['accessKeyId'] = pair.accessKeyId
    const sections = new Set([...sectionsOfKey(store.folder.credentials, record.accessKeyId), ...saved])
    for (const section of sections) keepKeyPair(store, settings, section, pair)
    return 0
  })

const retireKey = (
  context: CommandContext,
  line: CommandArguments,
  name: string,
  accessKeyId: string | undefined,
): Promise<number> =>
  changeStore(context, line, { operation: 'account retire-key', name }, async (store, _, details) => {
    const { record } = await findAccount(store.context, name)
    details['accountId'] = record.accountId
    details['accessKeyId'] = accessKeyId ?? record.retiring?.accessKeyId ?? ''
    await retireRootKey(store.context, record.accountId, accessKeyId)
    return 0
  })

async function remove(context: CommandContext, line: CommandArguments, name: string): Promise<number> {
  if (!isFlagSet(line, YES_FLAG) && canAsk()) {
    const isAgreed = await withStore(context, line, async (store) => {
      const { record } = await findAccount(store.context, name)
      return await isAgreedTo(
        `Delete the account ${record.name} (${record.accountId}) with its keys and resources?`,
      )
    })
    if (!isAgreed) {
      process.stderr.write('Nothing was deleted.\n')
      return 1
    }
  }
  return await changeStore(
    context,
    line,
    { operation: 'account delete', name },
    async (store, _, details) => {
      const { record } = await findAccount(store.context, name)
      details['accountId'] = record.accountId
      await deleteAccount(store.context, record.accountId)
      const accessKeyIds = [record.accessKeyId, ...(record.retiring ? [record.retiring.accessKeyId] : [])]
      for (const place of forgetKeys(accessKeyIds, store.folder.credentials, context.environment))
        process.stderr.write(`Its key was taken out of ${place}.\n`)
      return 0
    },
  )
}

/** Seconds; 0 when the old key is to stop at once. */
function retireSecondsOf({ options }: CommandArguments): number {
  const text = options.get(RETIRE_OPTION) ?? '0'
  const seconds = text === '0' ? 0 : readTimeSpan(text)
  if (seconds === null || seconds > RETIRE_SECONDS_MAX)
    throw new ConfigurationError(
      `--${RETIRE_OPTION}: expected 0 or a time of up to ${RETIRE_SECONDS_MAX / DAY_SECONDS}d, as 90m, 24h or 7d, got "${text}"`,
    )
  return seconds
}

const list = (context: CommandContext, line: CommandArguments): Promise<number> =>
  withStore(context, line, async (store) => {
    const accounts = await listAccounts(store.context)
    const nowMs = context.clock.now()
    if (wantsJson(line)) printJson({ accounts: accounts.map((record) => describe(record, nowMs)) })
    else {
      const rows = accounts.map((record) => {
        const retiring = retiringKeyOf(record, nowMs)
        return [
          record.accountId,
          record.name,
          record.accessKeyId,
          isoSeconds(record.createdAt),
          ...(retiring ? [`${retiring.accessKeyId} until ${isoSeconds(retiring.until)}`] : []),
        ]
      })
      const isRotating = rows.some((row) => row.length > 4)
      printTable(
        ['ACCOUNT', 'NAME', 'ACCESS KEY ID', 'CREATED', ...(isRotating ? ['RETIRING KEY'] : [])],
        rows,
      )
    }
    return 0
  })

function describe(record: AccountRecord, nowMs: number) {
  const { accountId, name, canonicalUserId, accessKeyId, createdAt } = record
  const retiring = retiringKeyOf(record, nowMs)
  return {
    accountId,
    name,
    canonicalUserId,
    accessKeyId,
    createdAt: isoSeconds(createdAt),
    ...(retiring && {
      retiringKey: { accessKeyId: retiring.accessKeyId, until: isoSeconds(retiring.until) },
    }),
  }
}

/** Throws ConfigurationError when the section has the keys of another store. */
function requireOwnSection(store: OpenStore, section: string): void {
  const { credentials } = store.folder
  const kept = listKeptKeys(credentials).find((one) => one.section === section)
  if (kept !== undefined && kept.store !== null && kept.store !== store.mark)
    throw new ConfigurationError(
      `--${SAVE_FLAG}: [${section}] in ${credentials} has the key of another store; name another data folder with --data`,
    )
}

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

const withoutRetiring = ({ retiring: _retiring, ...record }: AccountRecord): AccountRecord => record

function showKeyPair(line: CommandArguments, record: AccountRecord, pair: AccessKeyPair): void {
  if (wantsJson(line)) {
    printSecretJson({
      account: { ...describe(withoutRetiring(record), 0), accessKeyId: pair.accessKeyId },
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

import { withAudit } from '../audit/audited-command.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { readSettings } from '../configuration/read.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { openStore, type OpenStore } from '../store/open-store.ts'
import type { CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'

/** Opens the store that the settings name, works on it (a server may be running on it meanwhile), and closes it. */
export async function withStore<T>(
  { environment, clock }: CommandContext,
  { settingOptions }: CommandArguments,
  work: (store: OpenStore, settings: SettingValues) => Promise<T>,
): Promise<T> {
  const settings = readSettings({ options: settingOptions, environment })
  if (settings.metadata === 'memory:') {
    throw new ConfigurationError(
      'metadata: a store in memory lives in its server alone; no command can reach it',
    )
  }
  const store = await openStore({ settings, environment, clock, createsWhenMissing: false })
  try {
    return await work(store, settings)
  } finally {
    await store.close()
  }
}

/**
 * As {@link withStore}, for what changes the store: it is noted in the audit log under the command's words. The work may add names to `details`, of
 * what it made; never a secret.
 */
export function changeStore<T>(
  context: CommandContext,
  line: CommandArguments,
  { operation, ...names }: { readonly operation: string; readonly name?: string },
  work: (store: OpenStore, settings: SettingValues, details: Record<string, string>) => Promise<T>,
): Promise<T> {
  return withStore(context, line, (store, settings) => {
    const details: Record<string, string> = { ...names }
    const where = { settings, folder: store.folder, clock: context.clock }
    return withAudit(where, { operation, details }, () => work(store, settings, details))
  })
}

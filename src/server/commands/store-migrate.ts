import { withAudit } from '../audit/audited-command.ts'
import { readSettings } from '../configuration/read.ts'
import { isSharedByMachines, migrateMetadataStore } from '../engines.ts'
import { dataFolderOf, storeAddresses } from '../store/data-folder.ts'
import type { CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { printJson, wantsJson } from './output.ts'

/** `lugsail store migrate`: brings the schema of the metadata store to this release. An engine without a schema has nothing to note, either. */
export async function storeMigrate(
  { environment, clock }: CommandContext,
  line: CommandArguments,
): Promise<number> {
  const settings = readSettings({ options: line.settingOptions, environment })
  const folder = dataFolderOf(settings)
  const { metadata } = storeAddresses(settings, folder)
  const migrate = (): ReturnType<typeof migrateMetadataStore> => migrateMetadataStore(metadata)
  const details: Record<string, string> = {}
  const migration = isSharedByMachines(metadata)
    ? await withAudit({ settings, folder, clock }, { operation: 'store migrate', details }, async () => {
        const done = await migrate()
        if (done) Object.assign(details, { from: String(done.from), to: String(done.to) })
        return done
      })
    : await migrate()
  if (wantsJson(line)) printJson({ migration })
  else if (!migration) process.stdout.write('This metadata store has no schema: nothing to do.\n')
  else if (migration.from === migration.to)
    process.stdout.write(`The schema has version ${migration.to} already.\n`)
  else if (migration.from === 0) process.stdout.write(`The schema was made, version ${migration.to}.\n`)
  else process.stdout.write(`The schema went from version ${migration.from} to ${migration.to}.\n`)
  return 0
}

import { readSettings } from '../configuration/read.ts'
import { migrateMetadataStore } from '../engines.ts'
import { dataFolderOf, storeAddresses } from '../store/data-folder.ts'
import type { CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { printJson, wantsJson } from './output.ts'

/** `lugsail store migrate`: brings the schema of the metadata store to this release. */
export async function storeMigrate({ environment }: CommandContext, line: CommandArguments): Promise<number> {
  const settings = readSettings({ options: line.settingOptions, environment })
  const { metadata } = storeAddresses(settings, dataFolderOf(settings))
  const migration = await migrateMetadataStore(metadata)
  if (wantsJson(line)) printJson({ migration })
  else if (!migration) process.stdout.write('This metadata store has no schema: nothing to do.\n')
  else if (migration.from === migration.to)
    process.stdout.write(`The schema has version ${migration.to} already.\n`)
  else if (migration.from === 0) process.stdout.write(`The schema was made, version ${migration.to}.\n`)
  else process.stdout.write(`The schema went from version ${migration.from} to ${migration.to}.\n`)
  return 0
}

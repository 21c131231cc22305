import { statSync } from 'node:fs'
import { ConfigurationError } from '../configuration/errors.ts'
import { CONFIG_OPTION, readSettings } from '../configuration/read.ts'
import { openBlobStore, openMetadataStore } from '../engines.ts'
import { compareStores } from '../store/compare-stores.ts'
import { copyStore, type OnProgress } from '../store/copy-store.ts'
import { dataFolderOf, storeAddresses } from '../store/data-folder.ts'
import type { StoreEngines } from '../store/store-content.ts'
import type { CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { printJson, printLines, printMembers, wantsJson } from './output.ts'
import { ProgressLine } from './progress-line.ts'
import { wantsBodies } from './store-verify.ts'

/** `lugsail store copy FROM TO`: copies and compares; exit code 1 when the two differ afterwards. */
export async function storeCopy(_context: CommandContext, line: CommandArguments): Promise<number> {
  const [fromWord = '', toWord = ''] = line.words
  if (line.settingOptions.size > 0)
    throw new ConfigurationError('store copy takes no settings: FROM and TO name both stores')
  const sizesOnly = !wantsBodies(line)
  const from = await openEngines(placeOf('FROM', fromWord))
  try {
    const to = await openEngines(placeOf('TO', toWord))
    try {
      return await copyAndCompare(from, to, { line, sizesOnly })
    } finally {
      await closeEngines(to)
    }
  } finally {
    await closeEngines(from)
  }
}

async function copyAndCompare(
  from: StoreEngines,
  to: StoreEngines,
  { line, sizesOnly }: { readonly line: CommandArguments; readonly sizesOnly: boolean },
): Promise<number> {
  const progress = new ProgressLine()
  const onProgress: OnProgress = (phase, done, total, bytes) =>
    progress.show(phase, done, total, bytes > 0 ? `${(bytes / 1e6).toFixed(1)} MB` : '')
  const copied = await copyStore(from, to, onProgress)
  const compared = await compareStores(from, to, {
    sizesOnly,
    onProgress: (_phase, done) => progress.show('compared', done, copied.blobs + copied.blobsSkipped),
  })
  progress.finish()
  if (wantsJson(line)) printJson({ copied, compared })
  else {
    if (copied.wasWhole)
      process.stdout.write('The target holds a copy of this store already: it was only compared.\n')
    printMembers([
      ['Blobs copied', `${copied.blobs} of ${copied.blobBytes} bytes (${copied.blobsSkipped} were there)`],
      ['Records copied', String(copied.records)],
      ['Compared', `${compared.records} records, ${compared.blobs} blobs${sizesOnly ? ' by size' : ''}`],
      ['Differences', String(compared.differenceCount)],
    ])
    printLines(compared.differences.map((difference) => `  ${difference}`))
    process.stdout.write('The copy opens with the master key of the source: give its servers the same one.\n')
  }
  return compared.differenceCount === 0 ? 0 : 1
}

interface Place {
  readonly metadata: string
  readonly blobs: string
}

/** Where the engines are that a word of the command line means. */
function placeOf(name: string, word: string): Place {
  if (/^[a-z0-9]+:/.test(word)) {
    const [metadata, blobs, ...rest] = word.split(/\s+/)
    if (metadata === undefined || blobs === undefined || rest.length > 0)
      throw new ConfigurationError(`${name}: expected the metadata URL and the blobs URL in one quoted word`)
    return { metadata, blobs }
  }
  if (statSync(word, { throwIfNoEntry: false })?.isFile()) {
    const settings = readSettings({ options: new Map([[CONFIG_OPTION, word]]), environment: {} })
    return storeAddresses(settings, dataFolderOf(settings))
  }
  const folder = dataFolderOf({ data: word })
  if (name === 'FROM' && !statSync(folder.metadata, { throwIfNoEntry: false }))
    throw new ConfigurationError(`FROM: there is no store in ${folder.path}`)
  return storeAddresses({ metadata: null, blobs: null }, folder)
}

async function openEngines({ metadata: metadataUrl, blobs: blobsUrl }: Place): Promise<StoreEngines> {
  const metadata = await openMetadataStore(metadataUrl)
  try {
    return { metadata, blobs: await openBlobStore(blobsUrl) }
  } catch (error) {
    await metadata.close()
    throw error
  }
}

async function closeEngines({ metadata, blobs }: StoreEngines): Promise<void> {
  await metadata.close()
  await blobs.close()
}

import { columns } from '../../base/paragraph.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { parseArguments, type CommandArguments } from './arguments.ts'
import type { CommandContext, ServerCommand } from './command.ts'
import { OUTPUT_OPTION, wantsJson } from './output.ts'
import { KEEP_OPTION, LIST_FLAG, storeBackup, VERIFY_FLAG } from './store-backup.ts'
import { storeCompact } from './store-compact.ts'
import { storeCopy } from './store-copy.ts'
import { storeDamaged } from './store-damaged.ts'
import { storeRewrite } from './store-rewrite.ts'
import { storeReseal } from './store-reseal.ts'
import { AT_OPTION, BUCKET_OPTION, ONLY_METADATA_FLAG, storeRestore } from './store-restore.ts'
import { storeMigrate } from './store-migrate.ts'
import { NOW_FLAG, STATUS_FLAG, storeScrub } from './store-scrub.ts'
import { storeShow } from './store-show.ts'
import { SERVERS_OPTION, storeSweep } from './store-sweep.ts'
import { storeUsage } from './store-usage.ts'
import { BODIES_OPTION, storeVerify } from './store-verify.ts'

const USAGE = `Usage: lugsail store show        [--data DIR] [--output text|json]
       lugsail store usage       [--data DIR] [--output text|json]
       lugsail store migrate     [--metadata URL] [--output text|json]
       lugsail store verify      [--data DIR] [--${BODIES_OPTION} read|skip]
                                 [--output text|json]
       lugsail store damaged     [--data DIR] [--output text|json]
       lugsail store scrub       [--data DIR] [--${NOW_FLAG} | --${STATUS_FLAG}]
                                 [--output text|json]
       lugsail store sweep       [--data DIR] [--${SERVERS_OPTION} running|stopped]
                                 [--output text|json]
       lugsail store reseal      [--data DIR] [--output text|json]
       lugsail store rewrite     [--data DIR] [--output text|json]
       lugsail store compact     [--data DIR] [--output text|json]
       lugsail store backup TO [--data DIR] [--${KEEP_OPTION} 7d,4w] [--output text|json]
       lugsail store backup TO --${LIST_FLAG} | --${VERIFY_FLAG} [--output text|json]
       lugsail store restore FROM [--${AT_OPTION} WHEN] [--${BUCKET_OPTION} NAME | --${ONLY_METADATA_FLAG}]
                                 [--data DIR]
                                 [--output text|json]
       lugsail store copy FROM TO [--${BODIES_OPTION} read|skip] [--output text|json]

${columns([
  ['show', 'what the store says of itself; fails when it cannot be opened with the settings given'],
  [
    'usage',
    'what each bucket holds and moved this month, and what its bundle has; nothing is blocked beyond that',
  ],
  [
    'migrate',
    'makes the schema in PostgreSQL, or brings it to this release; stop the servers of older releases first',
  ],
  [
    'verify',
    'whether each object has its bytes, each blob its object, and the usage adds up; exit code 1 when not. It goes on behind what is damaged, and servers may run on the store',
  ],
  [
    'damaged',
    'the objects of which something was found damaged when it was read, by a server or by verify: they can be overwritten and deleted, and are read from no more. Those that were, or that verify reads whole again, are struck off',
  ],
  [
    'scrub',
    `how far the servers are with reading all that is stored, and what the last full reading found. --${NOW_FLAG} has them begin one within a minute, at the pace of the setting scrubDiskPercent; verify reads at once, and looks closer`,
  ],
  [
    'sweep',
    `removes at once what the servers remove in time: what lay in removed buckets, parts of finished uploads, bytes that belong to nothing. --${SERVERS_OPTION} stopped says that no server uses the store: what they had in the making goes as well`,
  ],
  [
    'reseal',
    'seals every secret under the newest master key, the last one of the setting masterKey; the others can be taken away then. Servers may run on the store when all of them have that key. What was interrupted goes on when it is called again',
  ],
  [
    'rewrite',
    'gives objects and records that release 0.1 stored their checksums, so that each read of them is checked. Servers of this release may run on the store. What was interrupted goes on when it is called again',
  ],
  [
    'compact',
    'gives back to the disk what the file of the embedded metadata does not use, and fills its pages; it needs room for a second file meanwhile. Servers of this release may run on the store: they compact it by themselves when more than compactFreePercent of the file is free',
  ],
  [
    'backup',
    `writes the state that the store has now to TO, a folder or s3://BUCKET/PREFIX?endpoint=URL, while servers run on it; from the second time on only what is new. --${KEEP_OPTION} says which states stay, the newest of each of the last 7 days and 4 weeks for one. --${LIST_FLAG} shows them, --${VERIFY_FLAG} reads every byte of them. Exit code 1 when something was damaged. The master key is in no backup`,
  ],
  [
    'restore',
    `makes a store out of a backup where there is none, that of the moment --${AT_OPTION} or the newest; --${ONLY_METADATA_FLAG} where its blobs are still there. --${BUCKET_OPTION} brings one bucket back into a store that servers may use, where it has none of that name, with its access keys. What was interrupted goes on when it is called again`,
  ],
  [
    'copy',
    'copies a whole store into an empty one and compares the two; stop the servers first. What was interrupted goes on where it stopped. FROM and TO are each the data folder of an embedded store, a configuration file, or both URLs in one word: "postgres://USER@HOST/DATABASE s3://BUCKET?endpoint=URL"',
  ],
])}
The store is the one that the settings of "lugsail serve" name; a server may be
running on it when it is only shown. --${BODIES_OPTION} skip compares sizes
instead of reading every byte.
`

type StoreVerb = (context: CommandContext, line: CommandArguments) => Promise<number>

const verbs: Readonly<Record<string, { readonly run: StoreVerb; readonly words: number }>> = {
  show: { run: storeShow, words: 0 },
  usage: { run: storeUsage, words: 0 },
  migrate: { run: storeMigrate, words: 0 },
  verify: { run: storeVerify, words: 0 },
  damaged: { run: storeDamaged, words: 0 },
  scrub: { run: storeScrub, words: 0 },
  sweep: { run: storeSweep, words: 0 },
  reseal: { run: storeReseal, words: 0 },
  rewrite: { run: storeRewrite, words: 0 },
  compact: { run: storeCompact, words: 0 },
  backup: { run: storeBackup, words: 1 },
  restore: { run: storeRestore, words: 1 },
  copy: { run: storeCopy, words: 2 },
}

/** `lugsail store …`. */
export const store: ServerCommand = async (context) => {
  const options = [OUTPUT_OPTION, BODIES_OPTION, SERVERS_OPTION, KEEP_OPTION, AT_OPTION, BUCKET_OPTION]
  const flags = [NOW_FLAG, STATUS_FLAG, LIST_FLAG, VERIFY_FLAG, ONLY_METADATA_FLAG]
  const line = parseArguments(context.args, options, flags)
  if (line.isHelpWanted) {
    process.stdout.write(USAGE)
    return 0
  }
  const [name = '', ...words] = line.words
  const verb = verbs[name]
  if (!verb || words.length !== verb.words)
    throw new ConfigurationError(`expected ${Object.keys(verbs).join(', ')}\n\n${USAGE}`)
  // What was typed is understood before anything is done.
  wantsJson(line)
  return await verb.run(context, { ...line, words })
}

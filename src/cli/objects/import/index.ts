import { setMaxListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { ListBucketsCommand } from '@aws-sdk/client-s3'
import { loadHashes } from '../../../protocol/checksums/wasm-hashes.ts'
import { isFault } from '../../fault.ts'
import { writeStderr } from '../../standard-streams.ts'
import { UsageError } from '../../usage-error.ts'
import { connect } from '../connect.ts'
import type { ObjectRun } from '../run-context.ts'
import { sizeText } from '../sizes.ts'
import { ImportedBucket } from './bucket.ts'
import { importKeys, readKeyFile } from './import-keys.ts'
import { abortLeftUploads, OpenUploads, openUploadsFolder } from './open-uploads.ts'
import { readImportOptions } from './options.ts'
import type { BucketPair, ImportOptions } from './options.ts'
import { describePass } from './describe-pass.ts'
import { grouped, Pace } from './pace.ts'
import { explain } from './pass.ts'
import type { PassContext } from './pass.ts'
import { ATTEMPTS_DEFAULT } from './retries.ts'
import type { SettingOutcome } from './settings.ts'
import { Slots } from './slots.ts'
import { connectToSource } from './source.ts'
import { Store } from './store.ts'
import { Tally } from './tally.ts'

/** How often the progress is told where nobody watches a terminal. */
const PROGRESS_INTERVAL_MS = 60_000
/** Connections besides those of bodies: listings, and questions about single objects. */
const SOCKETS_BESIDES = 8

/** `lugsail import s3`: what is in another S3 store comes to this server. */
export async function importStore(run: ObjectRun): Promise<void> {
  const { options: typed, words } = run
  if (words[0] !== 's3') throw new UsageError(`expected s3, got ${JSON.stringify(words[0] ?? '')}`)
  const options = readImportOptions(typed)
  // A file that cannot be read is found before anything is done.
  const keys = options.keysPath === undefined ? [] : readKeyFile(options.keysPath)
  const isKeysAlone =
    options.keysPath !== undefined &&
    typed.text('from') === undefined &&
    typed.text('fromProfile') === undefined
  if (run.endpoint === undefined)
    throw new UsageError(
      'expected a Lugsail server to import into: --to URL, or an endpoint in the profile or environment',
    )
  const pairs = isKeysAlone ? (options.buckets ?? []) : await importBuckets(run, options)
  if (keys.length > 0 && options.verify === undefined) {
    run.report.beginList('keys')
    await importKeys(run.session, run.report, keys, pairs)
  }
}

async function importBuckets(run: ObjectRun, options: ImportOptions): Promise<readonly BucketPair[]> {
  const { report, signal } = run
  await loadHashes()
  // Each body on its way listens for the interruption.
  setMaxListeners(0, signal)
  const context = await openStores(run, options)
  const pairs = options.buckets ?? (await allBuckets(context))
  refuseItself(context, pairs)
  if (options.verify === undefined)
    await abortLeftUploads(openUploadsFolder(run.session.settings.env), context.target)
  report.beginList('failures')
  const results = pairs.map((pair) => ({
    bucket: new ImportedBucket(context, pair),
    tally: new Tally(),
    settings: new Map<string, SettingOutcome>(),
  }))
  const stopTelling = tellProgress(run, context.pace)
  try {
    for (let pass = 1; ; pass++) {
      const [startedAt, startedMs] = [new Date(), performance.now()]
      if (pass > 1) report.startOver()
      const all = new Tally()
      for (const result of results) await passOne(run, context, result, all)
      if (options.followIntervalMs === undefined) break
      run.progress.clear()
      const seconds = (performance.now() - startedMs) / 1_000
      writeStderr(`lugsail import: ${describePass({ pass, startedAt, seconds }, all)}\n`)
      await pause(options.followIntervalMs, undefined, { signal }).catch(() => undefined)
      // Between passes an interruption is how it ends.
      if (signal.aborted) break
    }
  } finally {
    stopTelling()
    run.progress.finish()
  }
  summarize(run, options, results)
  return pairs
}

interface Result {
  readonly bucket: ImportedBucket
  readonly tally: Tally
  readonly settings: Map<string, SettingOutcome>
}

async function passOne(run: ObjectRun, context: PassContext, result: Result, all: Tally): Promise<void> {
  const { bucket, tally, settings } = result
  try {
    const pass = await bucket.pass()
    tally.add(pass.tally)
    for (const count of ['copied', 'copiedBytes', 'markers', 'removed', 'failed'] as const)
      all[count] += pass.tally[count]
    for (const outcome of pass.settings)
      if (outcome.outcome !== 'same') settings.set(outcome.setting, outcome)
  } catch (error) {
    if (run.signal.aborted || isFault(error)) throw error
    all.failed += 1
    const { from, to } = bucket.pair
    run.report.failure('failures', `bucket ${from}: ${explain(context, error, { from, to, key: '' })}`, {
      bucket: from,
    })
  }
}

async function openStores(run: ObjectRun, options: ImportOptions): Promise<PassContext> {
  const { session, signal, options: typed, report } = run
  const socketsMax = 2 * options.concurrency + SOCKETS_BESIDES
  const retries = { attemptsMax: session.settings.attemptsMax ?? ATTEMPTS_DEFAULT, signal }
  const source = await connectToSource(
    session,
    {
      endpointUrl: typed.text('from'),
      profile: typed.text('fromProfile'),
      region: typed.text('fromRegion'),
      isAnonymous: typed.has('fromAnonymous'),
    },
    { signal, socketsMax },
  )
  const target = await connect(session, signal, { socketsMax, attemptsMax: 1, hasOwnChecksums: true })
  const pace = new Pace(() => performance.now())
  return {
    source: new Store('source', source, retries),
    target: new Store('destination', target, retries),
    openUploads: new OpenUploads(openUploadsFolder(session.settings.env), target.endpoint ?? ''),
    slots: new Slots(options.concurrency),
    signal,
    takesUnverified: options.takesUnverified,
    advance: (bytes) => {
      pace.advance({ bytes })
      run.progress.advance(bytes)
    },
    options,
    report,
    pace,
    isPaceShown: !typed.has('noProgress') && !typed.has('quiet'),
  }
}

/** All buckets that the source lists. Whoever may not list them names them. */
async function allBuckets({ source }: PassContext): Promise<readonly BucketPair[]> {
  const names: string[] = []
  let token: string | undefined
  do {
    const page = await source.askOnce((client) =>
      client.send(new ListBucketsCommand(token === undefined ? {} : { ContinuationToken: token })),
    )
    for (const { Name } of page.Buckets ?? []) if (Name !== undefined) names.push(Name)
    token = page.ContinuationToken
  } while (token !== undefined)
  return names.map((name) => ({ from: name, to: name }))
}

/** A bucket is not imported into itself. @throws UsageError */
function refuseItself({ source, target }: PassContext, pairs: readonly BucketPair[]): void {
  const [here, there] = [source, target].map(({ endpoint }) =>
    endpoint === undefined ? '' : new URL(endpoint).href,
  )
  const same = pairs.find(({ from, to }) => from === to)
  if (here === there && same !== undefined)
    throw new UsageError(
      `source and destination are both ${target.endpoint ?? ''}, so that ${same.from} would be imported into itself; --from names the source, --to or the environment the destination`,
    )
  const twice = pairs.find(({ to }, index) => pairs.findIndex((pair) => pair.to === to) !== index)
  if (twice !== undefined) throw new UsageError(`--bucket: two buckets would become ${twice.to}`)
}

/** Shows the progress: on a terminal as a line that changes, else as a line from time to time. */
function tellProgress({ progress, options }: ObjectRun, pace: Pace): () => void {
  progress.describeBy(() => pace.describe())
  if (process.stderr.isTTY || options.has('noProgress') || options.has('quiet')) return () => undefined
  const timer = setInterval(() => writeStderr(`lugsail import: ${pace.describe()}\n`), PROGRESS_INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** Says at the end what came along and what did not. */
function summarize({ report }: ObjectRun, { verify }: ImportOptions, results: readonly Result[]): void {
  report.beginList('settings')
  for (const { bucket, settings } of results)
    for (const { setting, outcome, why } of settings.values()) {
      const record = { bucket: bucket.pair.from, setting, outcome, ...(why === undefined ? {} : { why }) }
      const line = `${bucket.pair.from}: ${setting}: ${outcome}${why === undefined ? '' : `: ${why}`}`
      if (outcome === 'failed') report.failure('settings', line, record)
      else if (outcome === 'not copied' || outcome === 'copied in part' || outcome === 'not removed')
        report.skip('settings', line, record)
      else report.entry('settings', line, record)
    }
  report.beginList('losses')
  for (const { bucket, tally } of results)
    for (const [loss, count] of tally.losses)
      report.entry('losses', `${bucket.pair.from}: ${grouped(count)} copied without ${loss}`, {
        bucket: bucket.pair.from,
        what: loss,
        count,
      })
  report.beginList('buckets')
  for (const { bucket, tally } of results) {
    const { from, to } = bucket.pair
    const parts: [count: number, text: string][] = [
      [tally.markers, 'delete markers'],
      [tally.removed, 'removed'],
      [tally.gone, 'deleted at the source meanwhile'],
      [tally.onlyThere, 'only at the destination'],
      [tally.unverified, 'verified by their size alone'],
      [tally.failed, verify === undefined ? 'failed' : 'different'],
    ]
    const first =
      verify === undefined
        ? `${grouped(tally.copied)} copied (${sizeText(tally.copiedBytes)}), ${grouped(tally.same)} there already`
        : `${grouped(tally.same)} the same`
    report.entry(
      'buckets',
      `${from === to ? from : `${from} to ${to}`}: ${[first, ...parts.filter(([count]) => count > 0).map(([count, text]) => `${grouped(count)} ${text}`)].join(', ')}`,
      {
        bucket: from,
        destination: to,
        copied: tally.copied,
        copiedBytes: tally.copiedBytes,
        deleteMarkers: tally.markers,
        same: tally.same,
        removed: tally.removed,
        gone: tally.gone,
        onlyAtDestination: tally.onlyThere,
        unverified: tally.unverified,
        failed: tally.failed,
      },
    )
  }
}

// How many objects the rules alone put, get, list and delete per second, without HTTP and signatures, by engine.
//   node --import tsx benchmarks/object-rules.ts [--keys N]
// LMDB syncs each group of commits; memory shows what the rules themselves cost.
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/base/clock.ts'
import { openBlobStore, openMetadataStore } from '../src/server/engines.ts'
import type { Admission } from '../src/service/admission.ts'
import type { ServiceContext } from '../src/service/context.ts'
import { closeServiceContext, createServiceContext } from '../src/service/create-context.ts'
import { bucketKey } from '../src/service/keyspace.ts'
import { deleteObject } from '../src/service/objects/delete-object.ts'
import { listObjects } from '../src/service/objects/list-objects.ts'
import { openObject } from '../src/service/versions/open-object.ts'
import { putObject } from '../src/service/objects/put-object.ts'
import { bucketCodec } from '../src/service/records/bucket.ts'
import { EnvelopeVault } from '../src/service/secrets/envelope-vault.ts'
import { mintMasterKey, parseMasterKeys } from '../src/service/secrets/master-keys.ts'
import { bucketRecord } from '../test/bucket-record.ts'
import { DEFAULT_SERVICE_SETTINGS } from '../test/service-settings.ts'

const keysArgument = process.argv.indexOf('--keys')
const KEYS = keysArgument > 0 ? Number(process.argv[keysArgument + 1]) : 10_000
const CONCURRENCY = [1, 16, 64]
const ROUNDS = 5

const BUCKET = bucketRecord({ bucketId: 'bench', name: 'bench' })

interface Bench {
  readonly context: ServiceContext
  readonly admission: Admission
}

async function openBench(metadata: string, blobs: string): Promise<Bench> {
  const vault = new EnvelopeVault(parseMasterKeys(mintMasterKey(), 'the benchmark'))
  const context = createServiceContext({
    metadata: await openMetadataStore(metadata),
    blobs: await openBlobStore(blobs),
    clock: systemClock,
    vault,
    settings: DEFAULT_SERVICE_SETTINGS,
  })
  await context.metadata.commit({
    sets: [{ key: bucketKey(BUCKET.name), value: bucketCodec.encode(BUCKET) }],
  })
  const [entry] = await context.metadata.getMany([bucketKey(BUCKET.name)])
  if (!entry) throw new Error('the bucket was not stored')
  return {
    context,
    admission: {
      principal: { type: 'account', accountId: BUCKET.accountId, accessKeyId: 'AKIABENCH' },
      credential: null,
      bucket: { record: BUCKET, version: entry.version },
    },
  }
}

/** Operations per second: the median of {@link ROUNDS} rounds, with the lowest and the highest. */
async function measure(count: number, concurrency: number, operation: (at: number) => Promise<unknown>) {
  const rates: number[] = []
  let at = 0
  for (let round = 0; round < ROUNDS; round++) {
    const end = at + count
    const startedAt = process.hrtime.bigint()
    const worker = async () => {
      while (at < end) await operation(at++)
    }
    await Promise.all(Array.from({ length: concurrency }, worker))
    rates.push(count / (Number(process.hrtime.bigint() - startedAt) / 1e9))
    at = end
  }
  rates.sort((left, right) => left - right)
  return rates.map(Math.round)
}

const keyOf = (at: number) => `folder-${String(at % 100).padStart(3, '0')}/object-${at % KEYS}`

async function run(title: string, { context, admission }: Bench): Promise<void> {
  const bytes = randomBytes(4096)
  const md5Hex = createHash('md5').update(bytes).digest('hex')
  const attributes = { headers: { 'content-type': 'application/octet-stream' }, userMetadata: {} }
  const large = randomBytes(1024 * 1024)
  const put = (objectKey: string, body: Buffer) =>
    putObject(context, admission, {
      objectKey,
      attributes,
      body: { bytes: body, finish: () => ({ md5Hex }) },
    })
  for (let at = 0; at < KEYS; at++) if (at % 64 === 63 || at === KEYS - 1) await putBatch(at, put, bytes)

  const operations = [
    ['put 4 KiB', KEYS / 10, (at: number) => put(keyOf(at), bytes)],
    [
      'get 4 KiB',
      KEYS,
      async (at: number) => await (await openObject(context, admission, { objectKey: keyOf(at) })).read(),
    ],
    ['head', KEYS, (at: number) => openObject(context, admission, { objectKey: keyOf(at) })],
    ['list 1000', 20, () => listObjects(context, admission, { maxKeys: 1000 })],
    ['list 100 prefixes', 50, () => listObjects(context, admission, { maxKeys: 1000, delimiter: '/' })],
    ['put 1 MiB', 20, (at: number) => put(`large-${at}`, large)],
    ['delete', KEYS / 20, (at: number) => deleteObject(context, admission, { objectKey: keyOf(at) })],
  ] as const
  for (const [name, count, operation] of operations) {
    const cells: string[] = []
    for (const concurrency of CONCURRENCY) {
      const rates = await measure(Math.ceil(count), concurrency, operation)
      cells.push(`${rates[Math.floor(ROUNDS / 2)]} (${rates[0]}–${rates[ROUNDS - 1]})`.padStart(26))
    }
    process.stdout.write(`${title.padEnd(8)}${name.padEnd(20)}${cells.join('')}\n`)
  }
}

async function putBatch(last: number, put: (key: string, body: Buffer) => Promise<unknown>, bytes: Buffer) {
  const first = last - (last % 64)
  await Promise.all(Array.from({ length: last - first + 1 }, (_, at) => put(keyOf(first + at), bytes)))
}

process.stdout.write(
  `node ${process.version}, ${KEYS} keys of 4 KiB; operations per second, median of ${ROUNDS} rounds (lowest–highest)\n`,
)
process.stdout.write(
  `${''.padEnd(28)}${CONCURRENCY.map((many) => `${many} at once`.padStart(26)).join('')}\n`,
)
const folder = mkdtempSync(join(tmpdir(), 'lugsail-object-rules-'))
try {
  for (const [title, metadata, blobs] of [
    ['memory', 'memory:', 'memory:'],
    ['lmdb', `lmdb:${join(folder, 'metadata')}`, `files:${join(folder, 'blobs')}`],
  ] as const) {
    const bench = await openBench(metadata, blobs)
    await run(title, bench)
    await closeServiceContext(bench.context)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

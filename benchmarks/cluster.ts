/* oxlint-disable no-console -- a command that prints what it measures */
// What sharing a store between machines costs: the same work on the embedded store and on PostgreSQL with an S3 cluster, in one run, and which
// processes spend how much on it.
//   node --import tsx benchmarks/cluster.ts [--seconds N] [--runs N] [--connections N] [--inline-bytes-max N] [--only TEXT]
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { LmdbMetadataStore } from '../src/storage/lmdb/metadata-store.ts'
import type { MetadataStore } from '../src/storage/metadata-store.ts'
import { migratePostgresStore, openPostgresMetadataStore } from '../src/storage/postgres/open.ts'
import { startCluster } from '../test/cluster/gateways.ts'
import { startServer, type RunningServer } from '../test/harness/server.ts'
import { measure } from './load/measure.ts'
import { usageOfTree } from './load/process-usage.ts'
import type { BenchmarkServer } from './servers/server.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '2' },
    runs: { type: 'string', default: '3' },
    connections: { type: 'string', default: '16' },
    only: { type: 'string', default: '' },
    'inline-bytes-max': { type: 'string', default: '65536' },
  },
})
const seconds = Number(values.seconds)
const runs = Number(values.runs)
const connections = Number(values.connections)
const BUCKET = 'benchmark-bucket'
const COMPONENTS = ['server', 'postgres', 'blobs'] as const
const INLINE_BYTES_MAX = values['inline-bytes-max']
const value = randomBytes(4096)
const bucketKey = Buffer.from('B/bucket')
const credentialKey = Buffer.from('K/credential')

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0
const row = (name: string, rates: readonly number[], unit: string) =>
  console.log(
    `${name.padEnd(46)} ${median(rates).toFixed(0).padStart(7)} ${unit}   (${rates.map((rate) => rate.toFixed(0)).join(', ')})`,
  )

const folder = mkdtempSync(join(tmpdir(), 'lugsail-bench-cluster-'))
// Tests keep little in the record; here the program's own default decides, for both.
const cluster = await startCluster({ gateways: 2, options: { 'inline-bytes-max': INLINE_BYTES_MAX } })
const embedded = await startServer({
  dataFolder: join(folder, 'embedded'),
  options: { 'inline-bytes-max': INLINE_BYTES_MAX },
})
try {
  if ('engines'.includes(values.only)) await measureEngines()
  await measureGateways(
    ['PUT 4 KiB', 'GET 4 KiB', 'PUT 1 MiB', 'GET 1 MiB'].filter((name) => name.includes(values.only)),
  )
} finally {
  await embedded.kill()
  await cluster.dispose()
  rmSync(folder, { recursive: true, force: true })
}

/** The engines alone: commits as a put of a small object makes them, and reads as a request makes them. */
async function measureEngines(): Promise<void> {
  const url = `${cluster.postgres.url}?schema=bench`
  await migratePostgresStore(url)
  const engines: [string, MetadataStore][] = [
    ['lmdb', LmdbMetadataStore.open(join(folder, 'lmdb'))],
    ['postgres', await openPostgresMetadataStore(url)],
  ]
  console.log(`\nengines, ${connections} callers, medians of ${runs} runs in turn`)
  for (const [work, perform] of [
    ['commits of 4 KiB (2 checks, 1 set, 1 add)', commitOnce],
    ['reads of 2 keys', readOnce],
  ] as const) {
    const rates = new Map<string, number[]>(engines.map(([name]) => [name, []]))
    for (let run = 0; run < runs; run++)
      for (const [name, store] of engines) rates.get(name)?.push(await rateOf(() => perform(store)))
    for (const [name, all] of rates) row(`${name}: ${work}`, all, '/s')
  }
  for (const [, store] of engines) await store.close()
}

async function commitOnce(store: MetadataStore): Promise<void> {
  await store.commit({
    checks: [
      { key: bucketKey, version: null },
      { key: credentialKey, version: null },
    ],
    sets: [{ key: Buffer.from(`C/bucket/${randomBytes(8).toString('hex')}`), value }],
    adds: [{ key: Buffer.from(`X/bucket/${Math.floor(Math.random() * 16)}`), amounts: [4096, 1] }],
  })
}

function readOnce(store: MetadataStore): Promise<unknown> {
  return store.getMany([bucketKey, credentialKey])
}

async function rateOf(work: () => Promise<unknown>): Promise<number> {
  const deadline = performance.now() + seconds * 1000
  const startedAt = performance.now()
  let count = 0
  const callers = Array.from({ length: connections }, async () => {
    while (performance.now() < deadline) {
      await work()
      count++
    }
  })
  await Promise.all(callers)
  return count / ((performance.now() - startedAt) / 1000)
}

/** Whole servers over HTTP: the embedded store, one gateway, and two gateways with half of the connections each. */
async function measureGateways(workloads: readonly string[]): Promise<void> {
  const [first, second] = cluster.gateways
  if (!first || !second) throw new Error('two gateways must run')
  const setups: [string, RunningServer[]][] = [
    ['embedded', [embedded]],
    ['1 gateway', [first]],
    ['2 gateways', [first, second]],
  ]
  for (const server of [embedded, first])
    await measure(benchmarkServer(server), jobOf(server, 'create-bucket'))
  if (workloads.length > 0)
    console.log(`\nservers, ${connections} connections, medians of ${runs} runs in turn`)
  for (const workload of workloads) {
    const all = new Map<string, Load[]>(setups.map(([name]) => [name, []]))
    for (let run = 0; run < runs; run++)
      for (const [name, servers] of setups) all.get(name)?.push(await loadOver(servers, workload))
    for (const [name, loads] of all) {
      row(
        `${name}: ${workload}`,
        loads.map(({ rate }) => rate),
        'requests/s',
      )
      const shares = COMPONENTS.map((component) => {
        const spent = median(loads.map(({ cpuMs }) => cpuMs[component]))
        return `${component} ${spent.toFixed(2)}`
      })
      console.log(`    CPU ms a request: ${shares.join(', ')}`)
    }
  }
}

/** What a set-up did in one run, and what each part of it spent on a request. */
interface Load {
  readonly rate: number
  readonly cpuMs: Readonly<Record<(typeof COMPONENTS)[number], number>>
}

async function loadOver(servers: readonly RunningServer[], workload: string): Promise<Load> {
  const pids = {
    server: servers.map(({ pid }) => pid),
    postgres: [cluster.postgres.pid()],
    blobs: [cluster.blobServer.pid()],
  }
  const cpuSeconds = (component: (typeof COMPONENTS)[number]) =>
    pids[component].reduce((sum, pid) => sum + usageOfTree(pid).cpuSeconds, 0)
  const before = COMPONENTS.map(cpuSeconds)
  const results = await Promise.all(
    servers.map((server) =>
      measure(benchmarkServer(server), {
        ...jobOf(server, 'run'),
        workload,
        connections: Math.max(1, Math.floor(connections / servers.length)),
        seconds,
      }),
    ),
  )
  // What came before the clock ran (the objects that are read, a warm-up) is in the CPU time and not in the requests: it is a small part.
  const requests = results.reduce((sum, result) => sum + (result?.requests ?? 0), 0)
  const [server = 0, postgres = 0, blobs = 0] = COMPONENTS.map(
    (component, index) => ((cpuSeconds(component) - (before[index] ?? 0)) * 1000) / Math.max(1, requests),
  )
  return {
    rate: results.reduce((sum, result) => sum + (result ? result.requests / result.seconds : 0), 0),
    cpuMs: { server, postgres, blobs },
  }
}

function benchmarkServer(server: RunningServer): BenchmarkServer {
  return {
    name: 'Lugsail',
    version: '',
    durability: 'synced before the response',
    host: '127.0.0.1',
    port: Number(new URL(server.endpoint).port),
    region: server.region,
    ...server.credentials,
    pids: [server.pid],
    stop: () => Promise.resolve(),
  }
}

function jobOf(server: RunningServer, task: 'create-bucket' | 'run') {
  const { host, port, region, accessKeyId, secretAccessKey } = benchmarkServer(server)
  return {
    task,
    target: { host, port, region, accessKeyId, secretAccessKey, bucket: BUCKET },
    listed: { keys: 0, prefixes: 1 },
  }
}

/* oxlint-disable no-console -- a command that prints what it measures */
// Writes of one key beside writes of distinct keys: answers a second, and how many of them were not refused.
//   npm run build && node --import tsx benchmarks/hot-key.ts [--seconds N] [--runs N] [--connections N,N] [--workers N,N] [--only REGEX]
//     [--checkout NAME=FOLDER]   the build in another checkout as well, in turn with this one
//     [--postgres]               on a PostgreSQL that it starts for itself, which syncs as in production; bodies of 100 KiB in files
//     [--store OPTIONS]          further options of serve, as in "--metadata postgres://… --blobs …"
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Content } from './load/content.ts'
import { HttpConnection } from './load/http-connection.ts'
import { signedRequest } from './load/signed-request.ts'
import { sendExpecting, type Target } from './load/target.ts'
import { migratePostgresStore } from '../src/storage/postgres/open.ts'
import { startPostgres } from '../test/cluster/postgres-server.ts'
import { startLugsail } from './servers/lugsail.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '2' },
    runs: { type: 'string', default: '3' },
    connections: { type: 'string', default: '1,16,64' },
    workers: { type: 'string', default: '1,2' },
    only: { type: 'string', default: '.' },
    checkout: { type: 'string', multiple: true, default: [] },
    postgres: { type: 'boolean', default: false },
    store: { type: 'string', default: '' },
  },
})
const seconds = Number(values.seconds)
const runs = Number(values.runs)
const numbers = (text: string): number[] => text.split(',').map(Number)

/** Sends one request of a connection; says whether it was done, rather than refused because of what another writer did. */
type Write = (connection: HttpConnection, call: number) => Promise<boolean>

/** What each connection does, over and over. */
const WORKLOADS: Readonly<Record<string, (target: Target, path: string) => Write>> = {
  'PUT 4 KiB, distinct keys': (target, path) => {
    const body = target.content.pieces(4096)
    const puts = Array.from({ length: 4_000 }, (_, at) =>
      signedRequest(target, { method: 'PUT', path: `${path}/${at}`, body }),
    )
    return async (connection, call) => await isDone(connection, puts[call % puts.length])
  },
  'PUT 4 KiB, one key': (target, path) => {
    const put = signedRequest(target, { method: 'PUT', path, body: target.content.pieces(4096) })
    return async (connection) => await isDone(connection, put)
  },
  'PUT 100 KiB, one key': (target, path) => {
    const put = signedRequest(target, { method: 'PUT', path, body: target.content.pieces(102_400) })
    return async (connection) => await isDone(connection, put)
  },
  'PUT If-Match: *, one key': (target, path) => {
    const body = target.content.pieces(4096)
    const put = signedRequest(target, { method: 'PUT', path, body, headers: { 'if-match': '*' } })
    return async (connection) => await isDone(connection, put)
  },
  'counter by If-Match, one key': (target, path) => {
    const get = signedRequest(target, { method: 'GET', path })
    return async (connection) => {
      let text = Buffer.alloc(0)
      const { head } = await connection.send(get, (bytes) => (text = Buffer.concat([text, bytes])))
      const etag = /\r\netag: *(\S+)/i.exec(head)?.[1] ?? ''
      const next = Buffer.from(String((Number(text.toString().slice(0, 12)) || 0) + 1))
      const headers = { 'if-match': etag }
      return await isDone(connection, signedRequest(target, { method: 'PUT', path, body: [next], headers }))
    }
  },
  'PUT and DELETE, one key': (target, path) => {
    const put = signedRequest(target, { method: 'PUT', path, body: target.content.pieces(4096) })
    const remove = signedRequest(target, { method: 'DELETE', path })
    return async (connection, call) => await isDone(connection, call % 2 === 0 ? put : remove)
  },
  'PutObjectTagging, one key': (target, path) => {
    const tags = '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>'
    const put = signedRequest(target, { method: 'PUT', path: `${path}?tagging=`, body: [Buffer.from(tags)] })
    return async (connection) => await isDone(connection, put)
  },
}

async function isDone(
  connection: HttpConnection,
  request: ReturnType<typeof signedRequest> | undefined,
): Promise<boolean> {
  if (!request) return false
  const { status, head } = await connection.send(request)
  if (status < 300) return true
  if (status === 412 || status === 409) return false
  throw new Error(`got ${head.split('\r\n')[0] ?? ''}`)
}

async function measure(target: Target, name: string, connectionCount: number): Promise<[number, number]> {
  const path = `/${target.bucket}/hot-${Math.random().toString(36).slice(2)}`
  const connections = Array.from(
    { length: connectionCount },
    () => new HttpConnection(target.host, target.port),
  )
  const [first] = connections
  if (!first) return [0, 0]
  const start = signedRequest(target, { method: 'PUT', path, body: target.content.pieces(4096) })
  await sendExpecting(first, start, { status: 200 })
  const write = WORKLOADS[name]?.(target, path)
  if (!write) throw new Error(`there is no workload ${name}`)
  let [call, answered, done] = [0, 0, 0]
  const run = async (forMs: number): Promise<number> => {
    ;[answered, done] = [0, 0]
    const startedAt = performance.now()
    await Promise.all(
      connections.map(async (connection) => {
        while (performance.now() - startedAt < forMs) {
          if (await write(connection, call++)) done++
          answered++
        }
      }),
    )
    return (performance.now() - startedAt) / 1_000
  }
  await run(300)
  const took = await run(seconds * 1_000)
  for (const connection of connections) connection.close()
  return [answered / took, done / took]
}

const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1] ?? 0

/** The words that let a server keep its metadata in a schema of its own. */
async function schemaOptions(url: string, schema: string): Promise<readonly string[]> {
  const metadata = `${url}?schema=${schema}`
  await migratePostgresStore(metadata)
  return ['--metadata', metadata]
}

const folder = mkdtempSync(join(tmpdir(), 'lugsail-hot-key-'))
const postgres = values.postgres ? await startPostgres() : null
try {
  const checkouts = values.checkout.map((text) => text.split('=', 2) as [string, string])
  for (const workers of numbers(values.workers)) {
    const options = ['--workers', String(workers), ...values.store.split(' ').filter((word) => word !== '')]
    const starts = [
      ['here', {}],
      ...checkouts.map(([name, checkout]) => [name, { checkout }] as const),
    ] as const
    const servers = []
    for (const [at, [name, variant]] of starts.entries()) {
      const own = postgres ? await schemaOptions(postgres.url, `hot_${workers}_${at}`) : []
      const start = startLugsail({ ...variant, options: [...options, ...own] })
      const server = await start(join(folder, `${name}-${workers}`))
      const target: Target = { ...server, bucket: 'hot-key', content: new Content() }
      const connection = new HttpConnection(target.host, target.port)
      await sendExpecting(connection, signedRequest(target, { method: 'PUT', path: '/hot-key' }), {
        status: 200,
      })
      connection.close()
      servers.push({ name, target, stop: () => server.stop() })
    }
    console.log(`\n${workers} worker(s); answers a second (of them done), median of ${runs}`)
    for (const name of Object.keys(WORKLOADS).filter((each) => new RegExp(values.only).test(each)))
      for (const connections of numbers(values.connections)) {
        const measured = servers.map(() => [] as [number, number][])
        for (let run = 0; run < runs; run++)
          for (const [at, { target }] of servers.entries())
            measured[at]?.push(await measure(target, name, connections))
        const cells = servers.map(({ name: server }, at) => {
          const rates = measured[at] ?? []
          const [all, done] = [median(rates.map(([rate]) => rate)), median(rates.map(([, rate]) => rate))]
          return `${server} ${all.toFixed(0).padStart(6)} (${done.toFixed(0)})`
        })
        console.log(`${name.padEnd(32)} ${String(connections).padStart(3)} connections  ${cells.join('   ')}`)
      }
    for (const { stop } of servers) await stop()
  }
} finally {
  await postgres?.dispose()
  rmSync(folder, { recursive: true, force: true })
}

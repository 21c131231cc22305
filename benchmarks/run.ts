/* oxlint-disable no-console -- a command that prints what it measures */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { GeneratorJob } from './load/generator.ts'
import { measure, type Measurement } from './load/measure.ts'
import { measureLimits, type Limits } from './report/limits.ts'
import { plot } from './report/plot.ts'
import { workloadTable, type Cell } from './report/results.ts'
import { startBareNode } from './servers/bare-node.ts'
import { startCeph } from './servers/ceph.ts'
import { startLugsail } from './servers/lugsail.ts'
import { startMoto } from './servers/moto.ts'
import { peer } from './servers/peer.ts'
import { startS3rver } from './servers/s3rver.ts'
import type { BenchmarkServer, StartServer } from './servers/server.ts'
import { workloads } from './workloads/index.ts'
import { QUICK } from './workloads/quick.ts'

const USAGE = `npm run bench -- [options]
  --only REGEX        workloads whose name matches
  --servers A,B       lugsail, s3rver, moto, ceph, bare (all that this machine can run)
  --variant NAME=OPTIONS            a further Lugsail with other options of serve, as in "two workers=--workers 2"
  --checkout NAME=FOLDER            a further Lugsail: the build in another checkout
  --profile FOLDER                  Lugsail's CPU profiles (of node --cpu-prof) go there
  --peer NAME=ENDPOINT,KEY,SECRET[,PID]   any other S3 server, already running; may be given more than once. With the id of its process its
                      use of processor and memory is measured too
  --connections N,N   only these numbers of connections
  --runs N            paired runs of each cell (5)
  --seconds N         length of a run (2)
  --quick             the workloads that the targets name, at one number of connections each
  --listed-keys N     keys in the listed bucket (1000000)
  --peer-keys N       keys in the listed bucket of peers (a tenth), which store slowly; fewer flatter them
  --out FOLDER        where RESULTS.md's figures and plots go (benchmarks/results)`

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '.' },
    servers: { type: 'string' },
    peer: { type: 'string', multiple: true, default: [] },
    variant: { type: 'string', multiple: true, default: [] },
    checkout: { type: 'string', multiple: true, default: [] },
    profile: { type: 'string' },
    connections: { type: 'string' },
    quick: { type: 'boolean', default: false },
    runs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    'listed-keys': { type: 'string', default: '1000000' },
    'peer-keys': { type: 'string' },
    out: { type: 'string', default: resolve(import.meta.dirname, 'results') },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}

const KINDS: Readonly<Record<string, StartServer>> = {
  lugsail: startLugsail({ profileFolder: values.profile }),
  s3rver: startS3rver,
  moto: startMoto,
  ceph: startCeph,
  bare: startBareNode,
}
const BUCKET = 'benchmark-bucket'
const folder = mkdtempSync(join(tmpdir(), 'lugsail-bench-'))
const runs = Number(values.runs)
const seconds = Number(values.seconds)
const listedKeys = Number(values['listed-keys'])
const peerKeys = Number(values['peer-keys'] ?? Math.ceil(listedKeys / 10))
const only = new RegExp(values.only)

const servers = await startServers()
const limits = await measureLimits(join(folder, 'limits'))
try {
  await measureAll()
} finally {
  for (const server of servers) await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function startServers(): Promise<BenchmarkServer[]> {
  const wanted = values.servers?.split(',') ?? Object.keys(KINDS)
  const started: BenchmarkServer[] = []
  const starts = wanted.map((kind): readonly [string, StartServer] => {
    const startServer = KINDS[kind]
    if (!startServer) throw new Error(`--servers: expected ${Object.keys(KINDS).join(', ')}, got ${kind}`)
    return [kind, startServer]
  })
  for (const text of values.variant) {
    const [name, options] = nameAndRest(text)
    starts.push([name, startLugsail({ name: `Lugsail, ${name}`, options: options.split(' ') })])
  }
  for (const text of values.checkout) {
    const [name, checkout] = nameAndRest(text)
    starts.push([name, startLugsail({ name: `Lugsail, ${name}`, checkout })])
  }
  for (const [kind, startServer] of starts) {
    const server = await startServer(join(folder, kind))
    if ('missing' in server) console.log(`${kind} is left out: ${server.missing}`)
    else started.push(server)
  }
  started.push(...values.peer.map(peer))
  for (const server of started) await measure(server, job(server, { task: 'create-bucket' }))
  return started
}

function nameAndRest(text: string): readonly [name: string, rest: string] {
  const at = text.indexOf('=')
  if (at < 1) throw new Error(`expected NAME=…, got ${text}`)
  return [text.slice(0, at), text.slice(at + 1)]
}

function job(
  server: BenchmarkServer,
  more: Partial<GeneratorJob> & Pick<GeneratorJob, 'task'>,
): GeneratorJob {
  const { host, port, region, accessKeyId, secretAccessKey } = server
  const keys = server.name.startsWith('Lugsail') ? listedKeys : peerKeys
  return {
    target: { host, port, region, accessKeyId, secretAccessKey, bucket: BUCKET },
    listed: { keys, prefixes: 1000 },
    ...more,
  }
}

/** Every cell's runs are taken in turn, server by server, so that a drift of the machine's speed touches all alike. */
async function measureAll(): Promise<void> {
  const all: Cell[] = []
  const chosen = workloads({ keys: listedKeys, prefixes: 1000 }).filter(({ name }) => only.test(name))
  const wantedConnections = values.connections?.split(',').map(Number)
  let isListed = false
  for (const workload of chosen) {
    const able = servers.filter(
      ({ name }) =>
        (workload.only ?? [name]).some((one) => name.startsWith(one)) &&
        (name !== 'bare node:http' || /^(PUT|GET|HEAD)/.test(workload.name)),
    )
    if (values.quick && !QUICK.has(workload.name)) continue
    if (workload.name.startsWith('list') && !isListed) {
      isListed = true
      for (const server of able) await measure(server, job(server, { task: 'store-listed-keys' }))
    }
    for (const connections of workload.connections) {
      if (wantedConnections && !wantedConnections.includes(connections)) continue
      if (values.quick && QUICK.get(workload.name) !== connections) continue
      const measured = new Map<string, Measurement[]>()
      const failures = new Map<string, string>()
      for (let run = 0; run < runs; run++) {
        for (const server of able) {
          if (failures.has(server.name)) continue
          try {
            const result = await measure(
              server,
              job(server, { task: 'run', workload: workload.name, connections, seconds }),
            )
            if (result) measured.set(server.name, [...(measured.get(server.name) ?? []), result])
          } catch (error) {
            failures.set(server.name, error instanceof Error ? error.message : String(error))
          }
        }
      }
      const row = able.map(({ name }): Cell => {
        const failure = failures.get(name)
        return {
          workload: workload.name,
          connections,
          server: name,
          runs: measured.get(name) ?? [],
          ...(failure === undefined ? {} : { failure }),
        }
      })
      console.log(`\n${workload.name}\n${workloadTable(row)}`)
      all.push(...row)
      // Written each time, so that a run that is stopped leaves what it measured.
      report(all, limits)
    }
  }
}

function report(all: readonly Cell[], limit: Limits): void {
  mkdirSync(values.out, { recursive: true })
  const names = [...new Set(all.map(({ workload }) => workload))]
  const sections = names.map((name) => {
    const rows = all.filter(({ workload }) => workload === name)
    const file = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.svg`
    writeFileSync(join(values.out, file), plot(name, rows))
    return `### ${name}\n\n${workloadTable(rows)}\n![${name}](results/${file})\n`
  })
  const text = [
    `Measured on ${new Date().toISOString().slice(0, 10)} with \`npm run bench -- ${process.argv.slice(2).join(' ')}\`: ` +
      `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node.js ${process.version}, ` +
      `Linux ${execFileSync('uname', ['-r']).toString().trim()}. Medians of ${runs} paired runs of ${seconds} s; ± is the spread of the runs; ` +
      '≥ marks a run that the load generator itself limited.',
    '| server | version | an acknowledged write is |\n| :-- | :-- | :-- |\n' +
      servers.map(({ name, version, durability }) => `| ${name} | ${version} | ${durability} |`).join('\n'),
    '### What the machine allows\n\n' +
      '| md5 MB/s | memcpy MB/s | fdatasync/s | synced write MB/s | loopback TCP MB/s |\n| --: | --: | --: | --: | --: |\n' +
      `| ${Object.values(limit)
        .map((value: number) => value.toFixed(0))
        .join(' | ')} |`,
    ...sections,
  ].join('\n\n')
  writeFileSync(join(values.out, 'latest.md'), text + '\n')
}

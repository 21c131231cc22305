/* oxlint-disable no-console -- a command that prints what it measures */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { GeneratorJob } from './load/generator.ts'
import { measure, type Measurement } from './load/measure.ts'
import { CONFIDENCE, comparePaired, ROUNDS_MIN, type Comparison } from './report/paired-comparison.ts'
import { startLugsail } from './servers/lugsail.ts'
import type { BenchmarkServer } from './servers/server.ts'
import { workloads } from './workloads/index.ts'
import { QUICK } from './workloads/quick.ts'

const USAGE = `npm run bench:compare -- OTHER_CHECKOUT [options]
Compares this build with the one in OTHER_CHECKOUT, which is built there before: both serve, start anew in each round, and take turns. Ends with 1 when a
workload became slower by the limit or more in the median, and surely slower (${CONFIDENCE * 100} %, by the sign test); with 2 when it could not be measured.
  --only REGEX        workloads whose name matches (those of npm run bench -- --quick)
  --rounds N          turns of each build in each workload, ${ROUNDS_MIN} or more (11)
  --seconds N         length of a turn (1)
  --limit PERCENT     how much slower is too slow (10)
  --by cpu|rate       what counts: processor time of the server for a request, which other programs disturb least, or requests a second (cpu)
  --listed-keys N     keys in the listed bucket (10000)`

const BUCKET = 'benchmark-bucket'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '.' },
    rounds: { type: 'string', default: '11' },
    seconds: { type: 'string', default: '1' },
    limit: { type: 'string', default: '10' },
    by: { type: 'string', default: 'cpu' },
    'listed-keys': { type: 'string', default: '10000' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}

const [otherCheckout] = positionals
const listed = { keys: Number(values['listed-keys']), prefixes: 1000 }
const rounds = Number(values.rounds)
const limit = Number(values.limit) / 100
const fault = faultOfArguments()
if (fault !== null) {
  console.error(`bench:compare: ${fault}\n${USAGE}`)
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'lugsail-compare-'))
const servers: BenchmarkServer[] = []
try {
  process.exitCode = await compareAll()
} catch (error) {
  console.error(`bench:compare: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 2
} finally {
  await stopAll()
  rmSync(folder, { recursive: true, force: true })
}

function faultOfArguments(): string | null {
  if (otherCheckout === undefined || positionals.length > 1) return 'expected one OTHER_CHECKOUT'
  if (!existsSync(join(otherCheckout, 'dist/server/main.cjs')))
    return `${otherCheckout} holds no build: run npm ci && npm run build there`
  if (!Number.isInteger(rounds) || rounds < ROUNDS_MIN)
    return `--rounds: expected ${ROUNDS_MIN} or more, got ${values.rounds}`
  if (!(Number(values.seconds) > 0)) return `--seconds: expected a number above 0, got ${values.seconds}`
  if (!(limit > 0)) return `--limit: expected a number above 0, got ${values.limit}`
  if (!(listed.keys >= listed.prefixes))
    return `--listed-keys: expected ${listed.prefixes} or more, got ${values['listed-keys']}`
  return values.by === 'cpu' || values.by === 'rate' ? null : `--by: expected cpu or rate, got ${values.by}`
}

async function compareAll(): Promise<0 | 1> {
  const only = new RegExp(values.only)
  const chosen = workloads(listed).filter(({ name }) => QUICK.has(name) && only.test(name))
  if (chosen.length === 0)
    throw new Error(`--only: none of ${[...QUICK.keys()].join(', ')} matches ${values.only}`)
  const costs = new Map(chosen.map(({ name }) => [name, [] as { own: number; other: number }[]]))
  for (let round = 0; round < rounds; round++) {
    console.error(`round ${round + 1} of ${rounds}`)
    await measureRound(round, costs)
  }
  const unit = values.by === 'cpu' ? 'ms of processor time a request' : 'ms a request, one after the other'
  console.log(`${rounds} rounds, a turn of ${values.seconds} s each; ${unit}\n`)
  console.log('| workload | connections | this | other | this ÷ other | between | verdict |')
  console.log('| :-- | --: | --: | --: | --: | :-- | :-- |')
  let isSlower = false
  for (const [name, pairs] of costs) {
    const comparison = comparePaired(pairs, limit)
    console.log(rowOf(name, pairs, comparison))
    if (comparison.verdict === 'slower') isSlower = true
  }
  return isSlower ? 1 : 0
}

/**
 * A turn of both builds in each workload. The servers are started anew for each round, on what they have stored: two processes of one build differ among each other for as long as
 * they live, by what the compiler made of them, and more rounds with the same two would only make surer of that.
 */
async function measureRound(
  round: number,
  costs: ReadonlyMap<string, { own: number; other: number }[]>,
): Promise<void> {
  const isFirst = round === 0
  const own = await startBuild('this build', resolve(import.meta.dirname, '..'), isFirst)
  const other = await startBuild('other build', resolve(otherCheckout ?? ''), isFirst)
  if (isFirst && [...costs.keys()].some((name) => name.startsWith('list')))
    for (const server of servers) await measure(server, job(server, { task: 'store-listed-keys' }))
  for (const [name, pairs] of costs) {
    const taken = new Map<BenchmarkServer, number>()
    for (const server of round % 2 === 0 ? [own, other] : [other, own])
      taken.set(server, await costOf(server, name))
    pairs.push({ own: taken.get(own) ?? NaN, other: taken.get(other) ?? NaN })
  }
  await stopAll()
}

async function stopAll(): Promise<void> {
  for (const server of servers.splice(0)) await server.stop()
}

async function startBuild(name: string, checkout: string, isFirst: boolean): Promise<BenchmarkServer> {
  const server = await startLugsail({ name, checkout })(join(folder, name.replace(' ', '-')))
  servers.push(server)
  if (isFirst) await measure(server, job(server, { task: 'create-bucket' }))
  return server
}

/** Milliseconds that a request cost in one turn. */
async function costOf(server: BenchmarkServer, workload: string): Promise<number> {
  const connections = QUICK.get(workload) ?? 1
  const turn = job(server, { task: 'run', workload, connections, seconds: Number(values.seconds) })
  // Processor time waits for no machine at rest.
  const result = await measure(server, turn, { settles: values.by === 'rate' })
  if (!result || result.requests === 0) throw new Error(`no request of ${workload} was answered in time`)
  return (secondsOf(result) / result.requests) * 1000
}

function secondsOf({ serverCpuSeconds, seconds }: Measurement): number {
  return values.by === 'cpu' ? serverCpuSeconds : seconds
}

function job(
  server: BenchmarkServer,
  more: Partial<GeneratorJob> & Pick<GeneratorJob, 'task'>,
): GeneratorJob {
  const { host, port, region, accessKeyId, secretAccessKey } = server
  return { target: { host, port, region, accessKeyId, secretAccessKey, bucket: BUCKET }, listed, ...more }
}

function rowOf(
  name: string,
  costs: readonly { readonly own: number; readonly other: number }[],
  { ratio, low, high, verdict }: Comparison,
): string {
  const middle = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]?.toPrecision(3) ?? '–'
  const cells = [
    name,
    QUICK.get(name) ?? 1,
    middle(costs.map(({ own }) => own)),
    middle(costs.map(({ other }) => other)),
    ratio.toFixed(3),
    `${low.toFixed(3)}–${high.toFixed(3)}`,
    verdict,
  ]
  return `| ${cells.join(' | ')} |`
}

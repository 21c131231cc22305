// LMDB's own commit beside a journal before it, by the smallest prototype of one (./journal/committer.ts): commits a second of one and of two processes, and recovery from what a loss of power leaves.
//   node --import tsx benchmarks/journal.ts [--rounds 5] [--seconds 2] [--images 60]
import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SeededRandom } from '../test/seeded-random.ts'
import { Committer, JOURNAL_BYTES, paths, recover, type Put } from './journal/committer.ts'
import { median, numberOption } from './load/paired-rounds.ts'

const PROCESS = join(import.meta.dirname, 'journal/process.ts')
const [rounds, seconds, images] = [
  numberOption('--rounds', 5),
  numberOption('--seconds', 2),
  numberOption('--images', 60),
]
const root = mkdtempSync(join(tmpdir(), 'lugsail-journal-'))

interface Side {
  readonly title: string
  readonly roles: readonly string[]
}

const SIDES: readonly { readonly workers: number; readonly lmdb: Side; readonly journal: Side }[] = [
  { workers: 1, lmdb: { title: 'LMDB', roles: ['lmdb'] }, journal: { title: 'journal', roles: ['alone'] } },
  {
    workers: 2,
    lmdb: { title: 'LMDB', roles: ['lmdb', 'lmdb'] },
    journal: { title: 'journal', roles: ['committer', 'client', 'client'] },
  },
]

interface Ran {
  readonly perSecond: number
  readonly cpuMicros: number
}

/** Runs a side's processes for a while, each with as many commits at a time as it has connections. */
async function start({ roles }: Side, connections: number, name: string) {
  const folder = join(root, name)
  mkdirSync(folder)
  const children: ChildProcess[] = []
  for (const role of roles) {
    const child = fork(PROCESS, [role, folder, String(connections)], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    await new Promise((resolve) => child.once('message', resolve))
    children.push(child)
  }
  return {
    run: async (): Promise<Ran> => {
      const all = await Promise.all(
        children.map(
          (child) =>
            new Promise<{ commits: number; cpuMicros: number }>((resolve) => {
              child.once('message', (said) => resolve(said as { commits: number; cpuMicros: number }))
              child.send(seconds)
            }),
        ),
      )
      const commits = all.reduce((sum, each) => sum + each.commits, 0)
      return {
        perSecond: commits / seconds,
        cpuMicros: all.reduce((sum, each) => sum + each.cpuMicros, 0) / commits,
      }
    },
    end: () => {
      for (const child of children) child.kill('SIGKILL')
    },
  }
}

const rangeOf = (values: readonly number[], digits = 0): string =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`

async function compare(): Promise<void> {
  process.stdout.write('commits of 4.4 kB a second, median (least–most); processor time of each, µs\n')
  for (const { workers, lmdb, journal } of SIDES)
    for (const connections of [1, 16]) {
      const each = connections / (connections === 1 ? 1 : workers)
      const sides = await Promise.all(
        [lmdb, journal].map(async (side, at) => ({
          side,
          runs: [] as Ran[],
          ...(await start(side, each, `${workers}-${connections}-${at}`)),
        })),
      )
      for (let round = 0; round < rounds; round++)
        for (const side of round % 2 ? [...sides].reverse() : sides) side.runs.push(await side.run())
      for (const { side, runs, end } of sides) {
        end()
        process.stdout.write(
          `${workers} process(es), ${each} at a time each  ${side.title.padEnd(8)} ${rangeOf(runs.map(({ perSecond }) => perSecond))}  ${rangeOf(runs.map(({ cpuMicros }) => cpuMicros))}\n`,
        )
      }
    }
}

const SECTOR_BYTES = 512
/** Writes what a disk may have of a file of which it surely had `sure`: sector by sector that, or what was written since. */
function mixed(sure: Buffer, written: Buffer, random: SeededRandom, keptPercent: number): Buffer {
  const image = Buffer.alloc(Math.max(sure.length, written.length))
  sure.copy(image)
  for (let at = 0; at < written.length; at += SECTOR_BYTES)
    if (random.below(100) < keptPercent)
      written.copy(image, at, at, Math.min(at + SECTOR_BYTES, written.length))
  return image
}

/** Small, so that there are checkpoints. */
const LOSS_JOURNAL_BYTES = 8 * 1024 * 1024
const KEYS = 2_000
const keyOf = (number: number): Buffer =>
  Buffer.from(`key/${String((number * 7_919) % KEYS).padStart(80, '0')}`)
const valueOf = (count: number): Buffer => {
  const value = Buffer.alloc(1_000 + ((count * 37) % 7_000), count)
  value.writeUInt32BE(count)
  return value
}

/** Loses power over the journal and the index in many ways: each put that was acknowledged has to be there, and each that is there whole. */
async function losePower(): Promise<void> {
  const random = new SeededRandom()
  const counts = { images: 0, acknowledged: 0, replayed: 0, msMax: 0 }
  while (counts.images < images) {
    const folder = mkdtempSync(join(root, 'power-'))
    const committer = await Committer.open(folder, { keepsSynced: true, bytes: LOSS_JOURNAL_BYTES })
    const acknowledged = new Map<number, number>()
    let count = 0
    // Up to twice as much as the journal holds.
    const puts = 100 + random.below(4_000)
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        while (count < puts) {
          const own = ++count
          await committer.commit({ key: keyOf(own % KEYS), value: valueOf(own) })
          acknowledged.set(own % KEYS, Math.max(own, acknowledged.get(own % KEYS) ?? 0))
        }
      }),
    )
    const underWay: Put[] = [1, 2, 3].map((more) => ({
      key: keyOf((count + more) % KEYS),
      value: valueOf(count + more),
    }))
    const { end } = committer
    const before = readFileSync(paths(folder).journal)
    committer.writeUnsynced(underWay)
    const now = { journal: readFileSync(paths(folder).journal), index: readFileSync(paths(folder).index) }
    const synced = readFileSync(paths(folder).synced)
    await committer.close()
    for (const keptPercent of [0, 20, 50, 80, 100]) {
      const left = mkdtempSync(join(root, 'left-'))
      writeFileSync(paths(left).journal, mixed(before, now.journal, random, keptPercent))
      writeFileSync(paths(left).index, mixed(synced, now.index, random, keptPercent))
      copyFileSync(paths(folder).checkpoint, paths(left).checkpoint)
      const begun = performance.now()
      const recovered = await recover(left)
      counts.msMax = Math.max(counts.msMax, performance.now() - begun)
      assert.ok(recovered.bytes >= end, `replayed ${recovered.bytes} of ${end} sure bytes`)
      for (const [key, last] of acknowledged) {
        const value = recovered.environment.getBinary(keyOf(key))
        const found = value ? value.readUInt32BE(0) : 0
        assert.ok(
          found >= last && found <= count + underWay.length,
          `seed ${random.seed}: key ${key} has ${found}, acknowledged ${last}`,
        )
        assert.ok(value?.equals(valueOf(found)))
      }
      counts.images++
      counts.replayed += recovered.puts
      recovered.file.close()
      await recovered.environment.close()
      rmSync(left, { recursive: true })
    }
    counts.acknowledged += count
    rmSync(folder, { recursive: true })
  }
  process.stdout.write(
    `recovery (seed ${random.seed}): ${JSON.stringify(counts)}; none of what was acknowledged was missing\n`,
  )
}

/** How long a start takes with a journal that is full. */
async function replayFull(): Promise<void> {
  const folder = mkdtempSync(join(root, 'full-'))
  const committer = await Committer.open(folder, { keepsSynced: true })
  for (let count = 0; committer.end < JOURNAL_BYTES - 400_000; count += 64)
    await Promise.all(
      Array.from({ length: 64 }, (_, at) =>
        committer.commit({
          key: Buffer.from(String(count + at).padStart(88, '0')),
          value: Buffer.alloc(4_400, at),
        }),
      ),
    )
  await committer.close()
  copyFileSync(paths(folder).synced, paths(folder).index)
  const begun = performance.now()
  const { puts, bytes, environment, file } = await recover(folder)
  process.stdout.write(
    `replay of ${puts} puts, ${bytes} bytes: ${(performance.now() - begun).toFixed(0)} ms\n`,
  )
  file.close()
  await environment.close()
}

try {
  if (rounds > 0) await compare()
  if (images > 0) await losePower()
  await replayFull()
} finally {
  rmSync(root, { recursive: true, force: true })
}

import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { LmdbMetadataStore } from '../../../src/storage/lmdb/metadata-store.ts'
import { SeededRandom } from '../../seeded-random.ts'
import { sourceProgram } from '../../harness/source-program.ts'
import { until } from '../../harness/until.ts'
import { notesPath, numberIn, readNotes, type Told, type Word } from './told.ts'

const PROCESS = 'test/crash/compaction/process.ts'

export interface CompactionReport {
  readonly seed: number
  acknowledged: number
  compactions: number
  killed: number
  pauseMsMax: number
}

const WRITERS = ['first', 'second'] as const

/**
 * Writers work on one store while it is compacted again and again, and processes of both kinds are killed at random moments. After each round every acknowledged write is there, each read found what was
 * acknowledged before it, and no version stood for two values.
 */
export async function compactionRounds(rounds: number): Promise<CompactionReport> {
  const random = new SeededRandom()
  const folder = mkdtempSync(join(process.env['LUGSAIL_CRASH_FOLDER'] ?? tmpdir(), 'lugsail-compaction-'))
  const notesFolder = mkdtempSync(join(tmpdir(), 'lugsail-compaction-notes-'))
  for (const name of WRITERS) writeFileSync(notesPath(notesFolder, name), '')
  const world = new World({ folder, notesFolder, seed: random.seed })
  try {
    for (let round = 1; round <= rounds; round++) {
      await world.run(round, random)
      await world.verify(`seed ${random.seed}, round ${round}`)
    }
    return world.report
  } finally {
    for (const path of [folder, notesFolder]) rmSync(path, { recursive: true, force: true })
  }
}

class World {
  readonly report: CompactionReport
  readonly #folder: string
  readonly #notesFolder: string
  /** How often a writer told that it was acknowledged. */
  readonly #told = new Map<string, number>()
  /** What was found after the last round. */
  readonly #found = new Map<string, number>()
  /** Which value a version of the key that all share stood for. */
  readonly #values = new Map<number, number>()
  readonly #wrong: string[] = []

  constructor({ folder, notesFolder, seed }: { folder: string; notesFolder: string; seed: number }) {
    this.#folder = folder
    this.#notesFolder = notesFolder
    this.report = { seed, acknowledged: 0, compactions: 0, killed: 0, pauseMsMax: 0 }
  }

  async run(round: number, random: SeededRandom): Promise<void> {
    const writers = WRITERS.map((name) => this.#start('writer', name))
    const compactor = this.#start('compactor', 'compactor')
    const all = [...writers, compactor]
    await Promise.all(all.map(({ started }) => started))
    const before = this.report.compactions
    // The compactor is killed at any moment of its work; now and then it is let do it first.
    if (random.below(3) === 0) await until(() => this.report.compactions > before)
    await pause(random.below(400))
    const victims = random.below(4) === 0 ? [compactor, ...writers.slice(0, 1)] : [compactor]
    for (const { child } of victims) child.kill('SIGKILL')
    this.report.killed += victims.length
    // Who lives goes on, with the file that counts now.
    const [, last] = writers
    if (!last) throw new Error('there is no writer')
    const goal = this.#toldBy('second') + 3
    await until(() => this.#toldBy('second') >= goal, `round ${round}`)
    for (const { child } of all) child.kill('SIGKILL')
    await Promise.all(all.map(({ closed }) => closed))
  }

  async verify(when: string): Promise<void> {
    assert.deepEqual(this.#wrong, [], when)
    const store = LmdbMetadataStore.open(this.#folder)
    try {
      for (const [name, { acknowledged, asked }] of this.#noted()) {
        const [entry = null] = await store.getMany([Buffer.from(name)])
        const found = numberIn(entry)
        const before = this.#found.get(name) ?? 0
        const what = `${when}: ${name} is ${found}, acknowledged ${acknowledged}, asked ${asked}, before ${before}`
        assert.ok(found >= Math.max(acknowledged, before) && found <= Math.max(asked, before), what)
        this.#found.set(name, found)
      }
      const entries = await store.scan({ start: Buffer.of(0), end: Buffer.of(0xff), limit: 10_000 })
      for (const { key, value } of entries)
        if (key.toString().startsWith('spare/'))
          assert.ok(
            value.every((byte) => byte === value[0]),
            when,
          )
    } finally {
      await store.close()
    }
    const strays = readdirSync(this.#folder).filter((file) => file.endsWith('.compacting'))
    assert.ok(strays.length <= 1, when)
  }

  #start(role: 'writer' | 'compactor', name: string) {
    const words = [...sourceProgram(PROCESS), role, this.#folder, name, this.#notesFolder]
    const child = spawn(process.execPath, words, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
    const closed = new Promise((resolve) => child.once('close', resolve))
    const started = new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', () => reject(new Error(`${name} ended before it was killed`)))
    })
    child.on('message', (word: Word) => this.#hear(name, word))
    child.on('exit', (code, signal) => {
      if (signal !== 'SIGKILL') this.#wrong.push(`${name} ended with ${code ?? signal}`)
    })
    if (role === 'writer') this.#writers.set(name, child)
    return { child, closed, started }
  }

  readonly #writers = new Map<string, ChildProcess>()

  #hear(name: string, word: Word): void {
    if (word.type === 'wrote') {
      this.#told.set(name, this.#toldBy(name) + 1)
      this.report.acknowledged++
      for (const [other, writer] of this.#writers)
        if (other !== name && writer.connected)
          writer.send({ writer: name, count: word.count } satisfies Told, () => undefined)
    } else if (word.type === 'added') this.#noteAdded(name, word.to)
    else if (word.type === 'saw') this.#noteVersion(word.value, word.version)
    else if (word.type === 'stale') this.#wrong.push(`${name} read an old state: ${JSON.stringify(word)}`)
    else if (word.type === 'compacted') {
      this.report.compactions++
      this.report.pauseMsMax = Math.max(this.report.pauseMsMax, Math.round(word.pauseMs))
    }
  }

  readonly #added = new Set<number>()

  #noteAdded(name: string, to: number): void {
    if (this.#added.has(to))
      this.#wrong.push(`${name} was told that it made the shared key ${to}, as another was`)
    this.#added.add(to)
    this.report.acknowledged++
  }

  #noteVersion(value: number, version: number): void {
    const before = this.#values.get(version)
    if (before !== undefined && before !== value)
      this.#wrong.push(`version ${version} stood for ${before} and for ${value}`)
    this.#values.set(version, value)
  }

  #toldBy(name: string): number {
    return this.#told.get(name) ?? 0
  }

  /** By key, the last value that was acknowledged, and the last that was asked for. */
  #noted(): Map<string, { readonly acknowledged: number; readonly asked: number }> {
    const notes = WRITERS.map((name) => ({ name, ...readNotes(notesPath(this.#notesFolder, name)) }))
    const shared = {
      acknowledged: Math.max(...notes.map(({ added }) => added)),
      asked: Math.max(...notes.map(({ adding }) => adding)),
    }
    const own = notes.map(({ name, wrote, asked }) => [name, { acknowledged: wrote, asked }] as const)
    return new Map([...own, ['shared', shared]])
  }
}

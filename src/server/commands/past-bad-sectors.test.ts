import assert from 'node:assert/strict'
import childProcess, { type SpawnOptions } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { syncBuiltinESMExports } from 'node:module'
import { afterEach, describe, it, mock, type TestContext } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { StartFailure } from '../configuration/errors.ts'
import { parseArguments } from './arguments.ts'
import { pastBadSectors } from './past-bad-sectors.ts'

afterEach(() => {
  mock.restoreAll()
  syncBuiltinESMExports()
})

interface Started {
  readonly program: string
  readonly args: readonly string[]
  readonly options: SpawnOptions
}

/** Reads a store behind processes that end one after the other as `endings` say, the last one for all that follow. */
async function reading(
  t: TestContext,
  args: readonly string[],
  endings: readonly (readonly [code: number | null, signal: NodeJS.Signals | null] | Error)[],
  environment: Readonly<Record<string, string>> = { HOME: '/home/x' },
) {
  const started: Started[] = []
  const killed: string[] = []
  let said = ''
  const spawn = (program: string, given: readonly string[], options: SpawnOptions) => {
    const ending = endings[Math.min(started.push({ program, args: given, options }), endings.length) - 1]
    const child = Object.assign(new EventEmitter(), { kill: (signal: string) => killed.push(signal) })
    setImmediate(() => {
      // What the command set, and nothing else, hears of the signal.
      process.listeners('SIGINT').at(-1)?.('SIGINT')
      if (ending instanceof Error) child.emit('error', ending)
      else child.emit('close', ...(ending ?? []))
    })
    return child
  }
  t.mock.method(childProcess, 'spawn', spawn as unknown as typeof childProcess.spawn)
  syncBuiltinESMExports()
  const write = t.mock.method(process.stderr, 'write', (text: string) => ((said += text), true))
  let reads = 0
  const signalListeners = process.listenerCount('SIGINT')
  const outcome = await pastBadSectors(
    { args, environment, clock: new ManualClock() },
    parseArguments(args),
    async () => (reads++, 42),
  ).catch((error: unknown) => error)
  write.mock.restore()
  assert.equal(process.listenerCount('SIGINT'), signalListeners)
  return { outcome, started, killed, said, reads }
}

describe('what reads a whole store', () => {
  it('does so in this process where no page of a disk is mapped, or where it is the process that reads', async (t) => {
    for (const [args, environment] of [
      [['--metadata', 'memory:'], {}],
      [['--metadata', 'postgres://me@host/db'], {}],
      [[], { READER_OF_LUGSAIL: '1' }],
    ] as const) {
      const { outcome, started, reads } = await reading(t, args, [], environment)
      assert.deepEqual([outcome, reads, started.length], [42, 1, 0], args.join(' '))
      t.mock.restoreAll()
    }
  })

  it('does so in a process of its own, with this very command, whose exit code it is', async (t) => {
    for (const [args, code] of [
      [[], 0],
      [['--metadata', 'lmdb:/srv/metadata'], 1],
    ] as const) {
      const { outcome, started, reads, said, killed } = await reading(t, args, [[code, null]])
      assert.deepEqual([outcome, reads, started.length, said], [code, 0, 1, ''])
      const [{ program, args: given, options } = assert.fail()] = started
      assert.deepEqual([program, given], [process.execPath, [...process.execArgv, ...process.argv.slice(1)]])
      assert.deepEqual(options, { stdio: 'inherit', env: { HOME: '/home/x', READER_OF_LUGSAIL: '1' } })
      assert.deepEqual(killed, ['SIGINT'], 'whoever ends the command ends the process')
      t.mock.restoreAll()
    }
  })

  it('goes on behind each page that the disk cannot give, and says so', async (t) => {
    const { outcome, started, said } = await reading(
      t,
      [],
      [
        [null, 'SIGBUS'],
        [null, 'SIGBUS'],
        [1, null],
      ],
    )
    assert.deepEqual([outcome, started.length], [1, 3])
    assert.equal(said.split('\n').length, 3)
    assert.match(said, /^the disk cannot read a page of the metadata; it is read again without it\n/)
  })

  it('gives up a store of which nothing can be read, and one whose reader ends otherwise', async (t) => {
    const { outcome, started } = await reading(t, [], [[null, 'SIGBUS']])
    assert.ok(outcome instanceof StartFailure)
    assert.match(outcome.message, /^300 processes were ended by what the disk cannot read/)
    assert.equal(started.length, 300)
    t.mock.restoreAll()
    const ended = await reading(t, [], [[null, 'SIGKILL']])
    assert.ok(ended.outcome instanceof StartFailure)
    assert.match(ended.outcome.message, /was ended by SIGKILL$/)
    t.mock.restoreAll()
    const failure = new Error('spawn ENOMEM')
    assert.equal((await reading(t, [], [failure])).outcome, failure)
  })
})

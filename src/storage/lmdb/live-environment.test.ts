import assert from 'node:assert/strict'
import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { StoreUnavailable } from '../metadata-store.ts'
import { OutOfPlace, transact, type Environment } from './environment.ts'
import { LiveEnvironment } from './live-environment.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-live-'))
after(() => rmSync(root, { recursive: true, force: true }))

const KEY = Buffer.from('key')
/** What the engine says of an environment that can no longer be used. */
const panic = (): Error => new Error('MDB_PANIC: Update of meta page failed')
const REFUSED = new Error('refused')

const write = (live: LiveEnvironment, text: string): Promise<unknown> =>
  live.write(({ environment }) => transact(environment, () => environment.putSync(KEY, Buffer.from(text), 1)))
const read = (live: LiveEnvironment): Promise<string | undefined> =>
  live.read((environment) => environment.getBinary(KEY)?.toString())

/** Fails so often, and counts. */
function failing(count: number, error: () => Error) {
  const environments: Environment[] = []
  return {
    environments,
    read: (environment: Environment): string => {
      environments.push(environment)
      if (environments.length <= count) throw error()
      return 'read'
    },
  }
}

describe('the environment in use', () => {
  it('is opened anew for a read that met one which failed, and what was committed is there', async () => {
    const live = new LiveEnvironment(join(root, 'read'))
    await write(live, 'committed')
    const met = failing(2, panic)
    assert.equal(await live.read(met.read), 'read')
    assert.equal(new Set(met.environments).size, 3)
    assert.equal(await read(live), 'committed')
    await live.close()
  })

  it('is opened anew for nothing else that a read throws', async () => {
    const live = new LiveEnvironment(join(root, 'other'))
    const { current } = live
    for (const error of [REFUSED, new Error('MDB_BAD_TXN')]) {
      const met = failing(1, () => error)
      await assert.rejects(live.read(met.read), (got) => got === error)
      assert.ok(met.environments.length === 1 && live.current === current)
    }
    await live.close()
  })

  it('is given up for a read after ten that failed one after the other', async () => {
    const live = new LiveEnvironment(join(root, 'failing'))
    for (const [count, outcome] of [
      [9, 'read'],
      [10, 'the disk keeps failing'],
    ] as const) {
      const met = failing(count, panic)
      const got = await live.read(met.read).catch((error: unknown) => {
        assert.ok(error instanceof StoreUnavailable && error.cause instanceof Error)
        assert.match(error.cause.message, /MDB_PANIC/)
        return error.message
      })
      assert.equal(got, outcome)
      assert.equal(met.environments.length, 10)
    }
    await live.close()
  })

  it('is read again with the file that took the place of its own, ten times at most', async () => {
    const live = new LiveEnvironment(join(root, 'replaced'))
    const replace = (): void => {
      Object.defineProperty(live.opened.file.place, 'isHeld', { value: false, configurable: true })
    }
    const environments: Environment[] = []
    const reading = (times: number) =>
      live.read((environment) => {
        environments.push(environment)
        if (environments.length <= times) replace()
        return environments.length
      })
    assert.equal(await reading(3), 4)
    assert.equal(new Set(environments).size, 4)
    environments.splice(0)
    await assert.rejects(
      reading(Infinity),
      (error) =>
        error instanceof StoreUnavailable &&
        error.message === 'the file of the metadata is replaced again and again',
    )
    assert.equal(environments.length, 10)
    await live.close()
  })

  it('is left for another one where a write finds it out of place, twenty times at most; what else fails passes', async () => {
    const live = new LiveEnvironment(join(root, 'write'))
    const attempts = async (count: number, error: Error): Promise<readonly [number, unknown]> => {
      let made = 0
      const outcome = await live
        .write(() => (++made <= count ? Promise.reject(error) : Promise.resolve('written')))
        .catch((got: unknown) => got)
      return [made, outcome]
    }
    const out = new OutOfPlace('out')
    assert.deepEqual(await attempts(2, out), [3, 'written'])
    assert.deepEqual(await attempts(19, out), [20, 'written'])
    assert.deepEqual(await attempts(99, out), [20, out])
    const { current } = live
    assert.deepEqual(await attempts(1, REFUSED), [1, REFUSED])
    assert.ok(live.current === current)
    await write(live, 'after')
    assert.equal(await read(live), 'after')
    await live.close()
  })

  it('has one mark for as long as reads see the same, and none while it writes or is replaced', async () => {
    const live = new LiveEnvironment(join(root, 'mark'))
    await write(live, 'first')
    const mark = live.stateMark()
    assert.ok(mark !== null)
    await read(live)
    assert.ok(live.stateMark() === mark)
    await live.write(() => {
      assert.ok(live.stateMark() === null)
      return Promise.resolve()
    })
    assert.ok(live.stateMark() === mark, 'nothing was written')
    await write(live, 'second')
    const next = live.stateMark()
    assert.ok(next !== null && next !== mark)
    const reopening = live.reopen()
    assert.equal(live.reopening, live.reopen())
    assert.ok(live.stateMark() === null)
    await reopening
    assert.equal(live.reopening, null)
    const anew = live.stateMark()
    assert.ok(anew !== null && anew !== next, 'of another environment')
    await live.close()
    assert.ok(live.stateMark() === null)
  })

  it('ends what is read of it, when it is opened anew and when it is closed', async () => {
    const live = new LiveEnvironment(join(root, 'ends'))
    let ends = 0
    live.onEnd.add(() => ends++)
    await live.reopen()
    assert.equal(ends, 1)
    await live.follow()
    assert.equal(ends, 1, 'where its file is in its place, it stays')
    await live.close()
    assert.equal(ends, 2)
    await live.close()
    assert.equal(ends, 2)
  })

  it('is not there once it is closed, whatever is asked of it afterwards', async () => {
    const live = new LiveEnvironment(join(root, 'closed'))
    const reopening = live.reopen()
    await Promise.all([reopening, live.close()])
    await live.reopen()
    await live.follow()
    for (const ask of [() => live.opened, () => live.current, () => live.startReading()])
      assert.throws(
        ask,
        (error) => error instanceof StoreUnavailable && error.message === 'the metadata store is closed',
      )
    await assert.rejects(read(live), StoreUnavailable)
  })

  it('is opened again as soon as its folder is back', async () => {
    const folder = join(root, 'away')
    const live = new LiveEnvironment(folder)
    await write(live, 'kept')
    assert.ok(live.isWritable)
    renameSync(folder, `${folder}-elsewhere`)
    await live.reopen()
    assert.ok(!live.isWritable)
    const said = 'the metadata store could not be opened again after its disk failed'
    await assert.rejects(read(live), (error) => error instanceof StoreUnavailable && error.message === said)
    await assert.rejects(write(live, 'lost'), { message: said })
    live.removeLeftovers()
    renameSync(`${folder}-elsewhere`, folder)
    await live.follow()
    assert.ok(live.isWritable)
    assert.equal(await read(live), 'kept')
    await write(live, 'again')
    assert.equal(await read(live), 'again')
    await live.close()
  })

  it('tells that the memory of this process may be damaged where the engine tells of a page that it could not write', async () => {
    const told: unknown[] = []
    const live = new LiveEnvironment(join(root, 'unusable'), (...what) => told.push(what))
    const said = 'Attempting to write page'
    const why = 'a page of the metadata could not be written'
    for (const [cause, expected] of [
      [undefined, []],
      [panic(), []],
      [said, []],
      [new Error(`${said} 5`), [[why, false]]],
      [new Error(`before: ${said.padEnd(103, '7')}`), [[why, false]]],
      [new Error(said.padEnd(104, '7')), [[why, true]]],
    ] as const) {
      await live.reopen(cause)
      assert.deepEqual(told.splice(0), expected, String(cause))
    }
    await live.close()
  })
})

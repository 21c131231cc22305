import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { OWNER_BYTES, ownerHead } from './owned-file.ts'
import { openInTurn, reopenInTurn, WriteTurn } from './write-turn.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-turn-'))
after(() => rmSync(root, { recursive: true, force: true }))

const gone = Number(spawnSync(process.execPath, ['-p', 'process.pid']).stdout.toString())
/** Another process that lives. */
const other = process.ppid
const HOUR_S = 3_600

/** A folder in which other processes may say what they do. */
function newPlace() {
  const folder = mkdtempSync(join(root, 'place-'))
  const [opening, writing] = [join(folder, 'opening'), join(folder, 'writing-of-another')]
  const secondsAgo = (seconds: number): Date => new Date(Date.now() - 1_000 * seconds)
  return {
    folder,
    path: join(folder, 'metadata.mdb'),
    opening,
    writing,
    othersOpens: (pid: number, secondsSince = 0) => {
      writeFileSync(opening, ownerHead(pid))
      utimesSync(opening, secondsAgo(secondsSince), secondsAgo(secondsSince))
    },
    othersWrites: (pid: number, isWriting: boolean, secondsSince = 0) => {
      writeFileSync(writing, Buffer.concat([ownerHead(pid), Buffer.of(isWriting ? 1 : 0)]))
      utimesSync(writing, secondsAgo(secondsSince), secondsAgo(secondsSince))
    },
    /** What this process says of itself; null: nothing. */
    own: (): 'writing' | 'idle' | null => {
      const name = readdirSync(folder).find((each) => each.startsWith(`writing-${process.pid}-`))
      if (name === undefined) return null
      return readFileSync(join(folder, name))[OWNER_BYTES] === 1 ? 'writing' : 'idle'
    },
  }
}

/** Resolves when this process says that it does not write. */
async function untilIdle(place: ReturnType<typeof newPlace>): Promise<void> {
  while (place.own() === 'writing') await new Promise((resolve) => setTimeout(resolve, 1))
}

/** Whether a promise is still open after others had many turns. */
async function isOpen(promise: Promise<unknown>): Promise<boolean> {
  let isOver = false
  void promise.finally(() => (isOver = true)).catch(() => undefined)
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 3))
  return !isOver
}

describe('the turn of a writer', () => {
  it('is said while it lasts, and a moment after no longer', async () => {
    const place = newPlace()
    const turn = new WriteTurn(place.path)
    for (let round = 0; round < 2; round++) {
      await turn.begin()
      assert.equal(place.own(), 'writing')
      assert.equal(await isOpen(untilIdle(place)), true)
      turn.end()
      await untilIdle(place)
    }
    await turn.begin()
    turn.end()
    turn.close()
    assert.equal(place.own(), null)
  })

  it('is still said in the turn that begins at once behind another one, and gives way to who opens the file then', async () => {
    const place = newPlace()
    const turn = new WriteTurn(place.path)
    await turn.begin()
    turn.end()
    await turn.begin()
    assert.equal(await isOpen(untilIdle(place)), true)
    turn.end()
    place.othersOpens(other)
    const begun = turn.begin()
    assert.equal(place.own(), 'idle')
    assert.equal(await isOpen(begun), true)
    rmSync(place.opening)
    await begun
    assert.equal(place.own(), 'writing')
    turn.close()
  })

  it('begins when nobody opens the file any more, and until then the writer does not say that it writes', async () => {
    const place = newPlace()
    place.othersOpens(other)
    const turn = new WriteTurn(place.path)
    const begun = turn.begin()
    assert.equal(await isOpen(begun), true)
    assert.equal(place.own(), 'idle')
    rmSync(place.opening)
    await begun
    assert.equal(place.own(), 'writing')
    turn.close()
  })

  it('waits for none that was killed while it opened the file, nor for one that has opened it for long', async () => {
    for (const [pid, secondsSince] of [
      [gone, 0],
      [other, HOUR_S],
    ] as const) {
      const place = newPlace()
      place.othersOpens(pid, secondsSince)
      const turn = new WriteTurn(place.path)
      await turn.begin()
      assert.equal(existsSync(place.opening), false)
      assert.equal(place.own(), 'writing')
      turn.close()
    }
  })

  it('begins where it cannot be said', async () => {
    const place = newPlace()
    rmSync(place.folder, { recursive: true })
    const turn = new WriteTurn(place.path)
    await turn.begin()
    turn.end()
    turn.close()
  })
})

describe('opening the file', () => {
  it('is said while it is opened, and not after, also when that fails', async () => {
    const place = newPlace()
    assert.equal(
      openInTurn(place.path, () => existsSync(place.opening)),
      true,
    )
    assert.equal(existsSync(place.opening), false)
    assert.throws(
      () =>
        openInTurn(place.path, () => {
          throw new Error('no such file')
        }),
      /no such file/,
    )
    assert.equal(existsSync(place.opening), false)
    assert.equal(await reopenInTurn(place.path, () => existsSync(place.opening)), true)
    assert.equal(existsSync(place.opening), false)
  })

  it('waits for another process that writes, and keeps new writers waiting meanwhile', async () => {
    const place = newPlace()
    place.othersWrites(other, true)
    let isOpened = false
    const opened = reopenInTurn(place.path, () => (isOpened = true))
    const turn = new WriteTurn(place.path)
    const begun = turn.begin()
    assert.equal(await isOpen(begun), true)
    assert.equal(isOpened, false)
    place.othersWrites(other, false)
    await opened
    await begun
    assert.equal(isOpened, true)
    turn.close()
  })

  it('does not wait for this process, for one that was killed, or for one that has said nothing for long', async () => {
    const own = newPlace()
    const turn = new WriteTurn(own.path)
    await turn.begin()
    assert.equal(await reopenInTurn(own.path, () => 'opened'), 'opened')
    turn.close()
    const killed = newPlace()
    killed.othersWrites(gone, true)
    assert.equal(await reopenInTurn(killed.path, () => 'opened'), 'opened')
    assert.equal(existsSync(killed.writing), false)
    const silent = newPlace()
    silent.othersWrites(other, true, HOUR_S)
    assert.equal(await reopenInTurn(silent.path, () => 'opened'), 'opened')
    assert.equal(existsSync(silent.writing), true)
  })

  it('is done by one at a time', async () => {
    const place = newPlace()
    const [events, opens] = [[] as string[], ['first', 'second', 'third']]
    await Promise.all(
      opens.map((name) =>
        reopenInTurn(place.path, () => {
          assert.ok(existsSync(place.opening))
          events.push(name)
        }),
      ),
    )
    assert.deepEqual(events.sort(), [...opens].sort())
    place.othersOpens(other)
    const waiting = reopenInTurn(place.path, () => 'opened')
    assert.equal(await isOpen(waiting), true)
    rmSync(place.opening)
    assert.equal(await waiting, 'opened')
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { jsonText } from './documents.ts'
import type { Keyring } from './keyring.ts'
import { KeyringEntry } from './keyring-entry.ts'
import type { WrittenKey } from './written-key.ts'

const key: WrittenKey = {
  name: 'reports',
  accessKeyId: 'AKIA',
  secretAccessKey: 'secret',
  endpointUrl: 'http://localhost:9400',
  region: 'eu-west-1',
  caBundle: undefined,
}
const TEXT = jsonText(key, { isOnOneLine: true })

/** A keyring in memory with these entries. */
function keyringOf(entries: Readonly<Record<string, string>>) {
  const kept = new Map(Object.entries(entries))
  const keyring: Keyring = {
    read: async (name) => await Promise.resolve(kept.get(name) ?? null),
    write: async (name, text) => void (await Promise.resolve(kept.set(name, text))),
    remove: async (name) => void (await Promise.resolve(kept.delete(name))),
  }
  return { entry: new KeyringEntry('mine', keyring), all: () => Object.fromEntries(kept) }
}

describe('an entry of the keyring', () => {
  it('that is new holds the key, and nothing once that is undone', async () => {
    const { entry, all } = keyringOf({ other: 'x' })
    await entry.check()
    assert.deepEqual(all(), { other: 'x' })
    const kept = await entry.write(key)
    assert.equal(kept.copy, undefined)
    assert.equal(kept.place, 'the keyring, as mine')
    assert.deepEqual(all(), { other: 'x', mine: TEXT })
    await kept.undo()
    assert.deepEqual(all(), { other: 'x' })
  })

  it('keeps what was there beside it, under the first name that is free', async () => {
    for (const [there, copy] of [
      [{}, 'mine.before-write'],
      [{ 'mine.before-write': 'a' }, 'mine.before-write-2'],
      [{ 'mine.before-write': 'a', 'mine.before-write-2': 'b' }, 'mine.before-write-3'],
    ] as const) {
      const before = { mine: 'old', ...there }
      const { entry, all } = keyringOf(before)
      const kept = await entry.write(key)
      assert.equal(kept.copy, copy)
      assert.deepEqual(all(), { ...before, mine: TEXT, [copy]: 'old' })
      await kept.undo()
      assert.deepEqual(all(), before)
    }
  })

  it('is left as it is where there are a hundred copies', async () => {
    const copies = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [
        `mine.before-write${index === 0 ? '' : `-${index + 1}`}`,
        'x',
      ]),
    )
    const { entry, all } = keyringOf({ mine: 'old', ...copies })
    await assert.rejects(entry.write(key), {
      message: '--write-keyring: mine cannot be written: there are 100 copies beside it already',
    })
    assert.equal(all()['mine'], 'old')
    const fewer = Object.fromEntries(Object.entries(copies).slice(0, -1))
    assert.equal((await keyringOf({ mine: 'old', ...fewer }).entry.write(key)).copy, 'mine.before-write-100')
  })

  it('is named where the keyring does not answer', async () => {
    const fails = async (): Promise<never> => await Promise.reject(new Error('it is locked'))
    const entry = new KeyringEntry('mine', { read: fails, write: fails, remove: fails })
    for (const what of [entry.check(), entry.write(key)])
      await assert.rejects(what, { message: '--write-keyring: mine cannot be written: it is locked' })
  })
})

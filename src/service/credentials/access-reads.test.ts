import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Entry, Key } from '../../storage/metadata-store.ts'
import type { Session } from '../sessions/session.ts'
import { AccessReads } from './access-reads.ts'

/** A store of which the test says what state it has. */
class Store {
  mark: object | null = {}
  readonly asked: string[] = []
  /** Of each row; null: there is none. */
  value: Buffer | null = null
  /** Done while a read is under way. */
  meanwhile = (): void => undefined

  stateMark(): object | null {
    return this.mark
  }

  getMany(keys: readonly Key[]): Promise<(Entry | null)[]> {
    this.asked.push(keys.map(String).join(' '))
    this.meanwhile()
    return Promise.resolve(
      keys.map((key) => {
        const value = this.value
        return value && { key: Buffer.from(String(key)), value, version: {} as Entry['version'] }
      }),
    )
  }
}

describe('the first read of requests', () => {
  const session = { accessKeyId: 'ASIA' } as Session
  const make = () => {
    const [store, reads] = [new Store(), new AccessReads<never>()]
    const read = (accessKeyId: string | null, bucketName: string | null, of: Session | null = null) =>
      reads.read(store, {
        accessKeyId,
        session: of,
        bucketName,
        keys: () => [Buffer.from(`${accessKeyId}/${bucketName}`)],
      })
    return { store, read }
  }

  it('is made once for each key, session and bucket while the state is the same', async () => {
    const { store, read } = make()
    // Of the state nothing is known yet.
    await read(null, null)
    store.asked.length = 0
    for (let round = 0; round < 3; round++) {
      await read('AKIA', 'photos')
      await read('AKIA', 'papers')
      await read('AKIA', null)
      await read(null, 'photos')
      await read('ASIA', 'photos', session)
    }
    assert.deepEqual(store.asked, ['AKIA/photos', 'AKIA/papers', 'AKIA/null', 'null/photos', 'ASIA/photos'])
    // The same id with another token.
    await read('ASIA', 'photos', { ...session })
    assert.equal(store.asked.length, 6)
  })

  it('is made again after anything was committed, and each time where the engine cannot tell', async () => {
    const { store, read } = make()
    for (let round = 0; round < 3; round++) {
      await read('AKIA', 'photos')
      await read('AKIA', 'photos')
    }
    const known = store.asked.length
    store.mark = {}
    await read('AKIA', 'photos')
    assert.equal(store.asked.length, known + 1)
    store.mark = null
    await read('AKIA', 'photos')
    await read('AKIA', 'photos')
    assert.equal(store.asked.length, known + 3)
  })

  it('is not kept of a state that changed while it was made', async () => {
    const { store, read } = make()
    await read('AKIA', 'photos')
    store.meanwhile = () => (store.mark = {})
    await read('AKIA', 'photos')
    store.meanwhile = () => undefined
    const known = store.asked.length
    await read('AKIA', 'photos')
    await read('AKIA', 'photos')
    assert.equal(store.asked.length, known + 2)
  })

  it('is forgotten with all others rather than that more than some thousand are kept', async () => {
    const { store, read } = make()
    await read(null, null)
    for (let key = 0; key <= 5_000; key++) await read(`AKIA${key}`, 'photos')
    const known = store.asked.length
    await read('AKIA5000', 'photos')
    assert.equal(store.asked.length, known)
    await read('AKIA0', 'photos')
    assert.equal(store.asked.length, known + 1)
  })

  it('keeps no more bytes than it may, however large what is read', async () => {
    const { store, read } = make()
    await read(null, null)
    store.value = Buffer.alloc(3 * 1024 * 1024)
    store.asked.length = 0
    for (const name of ['a', 'b', 'a', 'c', 'a']) await read(null, name)
    // The third has no room beside the first two.
    assert.deepEqual(store.asked, ['null/a', 'null/b', 'null/c', 'null/a'])
  })
})

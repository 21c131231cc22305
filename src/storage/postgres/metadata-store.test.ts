import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CommitUnknown } from '../metadata-store.ts'
import { parsePostgresUrl } from './address.ts'
import type { CommitSession } from './commits.ts'
import { PostgresMetadataStore } from './metadata-store.ts'

describe('a commit to a server that answers nothing any more', () => {
  it('is given up after the time of one answer, though its fate is not known, and is not tried again', async () => {
    const asked: string[] = []
    let lose: (error: Error) => void = () => undefined
    const pool = {
      acquire: (): Promise<CommitSession> =>
        Promise.resolve({
          id: Buffer.alloc(16),
          query: ({ name }) => {
            asked.push(name)
            return new Promise((_resolve, reject) => {
              lose = reject
            })
          },
          destroy: () => undefined,
        }),
      release: () => undefined,
      snapshot: () => Promise.reject(new Error('nobody asks for one')),
      close: () => Promise.resolve(),
    }
    const address = parsePostgresUrl('postgres://lugsail@127.0.0.1/lugsail?answer_timeout_ms=100')
    const store = new PostgresMetadataStore(address, pool)
    await assert.rejects(store.commit({ deletes: [Buffer.from('k')] }), CommitUnknown)
    assert.deepEqual(asked, ['commit'])
    lose(new Error('the connection was reset'))
    while (asked.length < 2) await new Promise(setImmediate)
    assert.deepEqual(asked, ['commit', 'end-session'])
  })
})

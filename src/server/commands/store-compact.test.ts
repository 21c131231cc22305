import assert from 'node:assert/strict'
import { after, describe, it, type TestContext } from 'node:test'
import { CommandLab, members } from '../../../test/command-lab.ts'
import { LmdbMetadataStore } from '../../storage/lmdb/metadata-store.ts'
import { CompactionFailed, type Compaction, type CompactOptions } from '../../storage/metadata-store.ts'
import { ConfigurationError, StartFailure } from '../configuration/errors.ts'
import { store } from './store.ts'

describe('lugsail store compact', () => {
  const lab = new CommandLab()
  after(() => lab.dispose())
  /** Runs it on a store that is compacted so. */
  async function run(
    t: TestContext,
    compact: (options: CompactOptions) => Promise<Compaction | undefined>,
    ...args: readonly string[]
  ) {
    await lab.onStore(() => Promise.resolve())
    const listeners = (): number[] => [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]
    const before = listeners()
    const method = t.mock.method(LmdbMetadataStore.prototype, 'compact', compact as never)
    try {
      return await lab.run(store, 'compact', ...args)
    } finally {
      method.mock.restore()
      assert.deepEqual(listeners(), before, 'signals mean again what they meant before')
    }
  }
  const compaction = {
    bytesBefore: 9_000,
    bytesAfter: 4_000,
    entries: 17,
    copiedAgain: 0,
    durationMs: 1_249.6,
    pauseMs: 35.4,
  }

  it('tells what it gave back, and how long writes waited', async (t) => {
    const { code, out } = await run(t, () => Promise.resolve(compaction))
    assert.equal(code, 0)
    assert.deepEqual(members(out), {
      Before: '9000 bytes',
      After: '4000 bytes',
      Records: '17',
      Took: '1.3 s; writes waited for 35 ms at its end',
    })
    const { out: json } = await run(t, () => Promise.resolve(compaction), '--output', 'json')
    assert.deepEqual(JSON.parse(json), {
      compaction: { bytesBefore: 9_000, bytesAfter: 4_000, records: 17, durationMs: 1_250, pauseMs: 35 },
    })
  })

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`leaves the store as it was when ${signal} ends it`, async (t) => {
      const interrupted = run(t, ({ signal: ending }) => {
        assert.equal(ending?.aborted, false)
        // What the command set hears of the signal, and nothing else.
        process.listeners(signal).at(-1)?.(signal)
        ending.throwIfAborted()
        return Promise.resolve(compaction)
      })
      await assert.rejects(
        interrupted,
        (error) => error instanceof StartFailure && error.message === 'interrupted: the store is as it was',
      )
    })

  it('says why it could not, and whom it is for', async (t) => {
    const failure = new CompactionFailed('something reads the whole store')
    await assert.rejects(
      run(t, () => Promise.reject(failure)),
      (error) =>
        error instanceof StartFailure && error.message === failure.message && error.cause === failure,
    )
    await assert.rejects(
      run(t, () => Promise.reject(new Error('other'))),
      { message: 'other' },
    )
    await assert.rejects(
      run(t, () => Promise.resolve(undefined)),
      (error) =>
        error instanceof ConfigurationError &&
        /^metadata: only the embedded metadata store has a file to compact/.test(error.message),
    )
  })
})

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { MemoryBlobStore } from '../memory/blob-store.ts'
import { MemoryMetadataStore } from '../memory/metadata-store.ts'
import { describeBlobStore } from '../testing/blob-store-suite.ts'
import { describeMetadataStore } from '../testing/metadata-store-suite.ts'
import { MeasuredBlobStore } from './measured-blob-store.ts'
import { MeasuredMetadataStore } from './measured-metadata-store.ts'

const ignore = () => undefined

describeMetadataStore('measured', {
  open: async () => new MeasuredMetadataStore(new MemoryMetadataStore(), ignore),
})
describeBlobStore('measured', { open: async () => new MeasuredBlobStore(new MemoryBlobStore(), ignore) })

it('a measured store tells of each call and how it ended', async () => {
  const calls: string[] = []
  const store = new MeasuredMetadataStore(new MemoryMetadataStore(), (call, outcome, durationMs) => {
    assert.ok(durationMs >= 0)
    calls.push(`${call} ${outcome}`)
  })
  const key = Buffer.from('k')
  await store.commit({ sets: [{ key, value: key }] })
  await store.commit({ checks: [{ key, version: null }] })
  await store.getMany([key])
  await store.close()
  await assert.rejects(store.getMany([key]))
  assert.deepEqual(calls, ['commit ok', 'commit conflict', 'getMany ok', 'getMany error'])
})

it('a measured store counts what a call does before it gives its promise', async () => {
  const workMs = 20
  const store = new MemoryMetadataStore()
  const read = store.getMany.bind(store)
  store.getMany = (keys) => {
    const end = performance.now() + workMs
    while (performance.now() < end);
    return read(keys)
  }
  const durations: number[] = []
  const measured = new MeasuredMetadataStore(store, (_call, _outcome, durationMs) =>
    durations.push(durationMs),
  )
  await measured.getMany([Buffer.from('k')])
  assert.ok(durations[0] !== undefined && durations[0] >= workMs, `${durations.join()} ms`)
})

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

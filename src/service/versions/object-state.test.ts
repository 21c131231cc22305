import assert from 'node:assert/strict'
import { it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { memoryContext } from '../../../test/memory-context.ts'
import { ManualClock } from '../../../test/manual-clock.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import { readObjectState } from './object-state.ts'

/** How often older versions were looked for. */
async function scansOf(versioning: 'NeverEnabled' | 'Enabled' | 'Suspended'): Promise<number> {
  const metadata = new MemoryMetadataStore()
  let scans = 0
  const scan = metadata.scan.bind(metadata)
  metadata.scan = (range) => {
    scans++
    return scan(range)
  }
  const context = memoryContext({ clock: new ManualClock(), metadata })
  const state = await readObjectState(context, bucketRecord({ versioning }), 'key')
  assert.equal(state.current, null)
  assert.equal(state.newestMarker, null)
  return scans
}

it('a new key costs one look-up where versions were never kept, and a search for older ones elsewhere', async () => {
  assert.equal(await scansOf('NeverEnabled'), 0)
  assert.equal(await scansOf('Enabled'), 1)
  assert.equal(await scansOf('Suspended'), 1)
})

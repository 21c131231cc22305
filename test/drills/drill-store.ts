import assert from 'node:assert/strict'
import { ManualClock } from '../manual-clock.ts'
import { readSettings } from '../../src/server/configuration/read.ts'
import { openStore } from '../../src/server/store/open-store.ts'
import { verifyStore, type StoreReport } from '../../src/server/store/verify-store.ts'
import { BlobLedger } from '../../src/service/blobs/blob-ledger.ts'
import { endAllLeases } from '../../src/service/blobs/written-leases.ts'
import { purgeRemovedBuckets } from '../../src/service/buckets/purge-removed-bucket.ts'
import type { Cluster } from '../cluster/gateways.ts'

const DAY_MS = 86_400_000

/**
 * Sweeps the store as a server would a day later, when the leases of all gateways, which are gone, were ended, and looks whether it is
 * whole: each object has its bytes by hash, no orphan is left, the usage adds up. No gateway may run.
 */
export async function sweepAndVerify(cluster: Cluster): Promise<StoreReport> {
  const [gateway] = cluster.gateways
  assert.ok(gateway)
  const options = new Map(
    Object.entries({ data: gateway.dataFolder, metadata: cluster.metadataUrl, blobs: cluster.blobsUrl }),
  )
  const clock = new ManualClock(Date.now() + DAY_MS)
  const store = await openStore({
    settings: readSettings({ options, environment: {} }),
    environment: {},
    clock,
    createsWhenMissing: false,
  })
  try {
    await endAllLeases(store.context.metadata)
    await purgeRemovedBuckets(store.context)
    const ledger = await BlobLedger.open(store.context)
    await ledger.sweep()
    await ledger.close()
    const report = await verifyStore(store.context, { readsBodies: true, hasBeenSwept: true })
    assert.deepEqual(report.problems, [])
    return report
  } finally {
    await store.close()
  }
}

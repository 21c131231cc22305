import { keyAfter, readTextPart } from '../../base/key.ts'
import type { Key, MetadataStore, Version } from '../../storage/metadata-store.ts'
import { getPastDamage } from '../damage/past-damage.ts'
import { writerLeaseRenewalKey, writerLeasesRange } from '../keyspace.ts'
import { RemovalQuestions } from './removal-questions.ts'

const PAGE_SIZE = 1_000

/** A lease as it was read. */
export interface WrittenLease {
  readonly writerId: string
  readonly key: Key
  readonly version: Version
  /** Of the record that each renewal writes; null: there is none. */
  readonly renewal: Version | null
  /** That record cannot be read: its owner writes it anew, if that lives. */
  readonly isDamaged: boolean
}

/** All leases of processes that read or write blobs of the store, living or gone. */
export async function* writtenLeases(metadata: MetadataStore): AsyncGenerator<WrittenLease> {
  const { start: first, end } = writerLeasesRange()
  for (let start = first; ;) {
    const page = await metadata.scan({ start, end, limit: PAGE_SIZE, keysOnly: true })
    const writerIds = page.map(({ key }) => readTextPart(key, 1).text)
    const renewals = await getPastDamage(metadata, writerIds.map(writerLeaseRenewalKey))
    for (const [index, { key, version }] of page.entries()) {
      const renewal = renewals[index] ?? null
      yield {
        writerId: writerIds[index] ?? '',
        key,
        version,
        renewal: renewal === null || renewal === 'damaged' ? null : renewal.version,
        isDamaged: renewal === 'damaged',
      }
    }
    const last = page.at(-1)
    if (!last || page.length < PAGE_SIZE) return
    start = keyAfter(last.key)
  }
}

/** Ends a lease by a commit that fails when its owner renewed it, and forgets what its owner asked; whether it did. */
export async function endLease(
  metadata: MetadataStore,
  { writerId, key, version, renewal, isDamaged }: WrittenLease,
): Promise<boolean> {
  if (isDamaged) return false
  const renewalKey = writerLeaseRenewalKey(writerId)
  const outcome = await metadata.commit({
    checks: [
      { key, version },
      { key: renewalKey, version: renewal },
    ],
    deletes: [key, renewalKey],
  })
  if (outcome !== 'ok') return false
  await new RemovalQuestions(metadata).withdraw(writerId)
  return true
}

/** Ends all leases: for who knows that no process lives which has one. Gives how many. */
export async function endAllLeases(metadata: MetadataStore): Promise<number> {
  let ended = 0
  for await (const lease of writtenLeases(metadata)) if (await endLease(metadata, lease)) ended++
  return ended
}

/** How many processes have a lease, but for that of this name: those that run, and those that were killed and whose lease nobody has ended yet. */
export async function countLeases(metadata: MetadataStore, exceptWriterId?: string): Promise<number> {
  let count = 0
  for await (const { writerId } of writtenLeases(metadata)) if (writerId !== exceptWriterId) count++
  return count
}

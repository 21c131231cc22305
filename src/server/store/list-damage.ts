import type { ServiceContext } from '../../service/context.ts'
import { bucketsRange, damagesRange, currentVersionKey, versionKey } from '../../service/keyspace.ts'
import { bucketCodec } from '../../service/records/bucket.ts'
import { damageCodec, type DamageRecord } from '../../service/records/damage.ts'
import { decodeObject } from '../../service/records/object-codec.ts'
import { DamagedRecord, type Entry } from '../../storage/metadata-store.ts'
import { allEntries, entriesPastDamage } from './store-content.ts'

/** What is damaged, with its bucket's name. */
interface ListedDamage extends DamageRecord {
  readonly bucketName: string
}

/**
 * What was found damaged and is there still, in order of bucket and key. What was overwritten or deleted meanwhile is struck off: it belongs to nothing.
 */
export async function* listDamage(context: ServiceContext): AsyncGenerator<ListedDamage> {
  const { metadata } = context
  const names = new Map<string, string>()
  for await (const { value } of entriesPastDamage(metadata, bucketsRange(), () => undefined)) {
    const { bucketId, name } = bucketCodec.decode(value)
    names.set(bucketId, name)
  }
  for await (const row of allEntries(metadata, damagesRange())) {
    const damage = damageCodec.decode(row.value)
    const bucketName = names.get(damage.bucketId)
    if (bucketName !== undefined && (await isThere(context, damage))) yield { ...damage, bucketName }
    else await strikeOff(context, row)
  }
}

const strikeOff = ({ metadata }: ServiceContext, { key, version }: Entry) =>
  metadata.commit({ checks: [{ key, version }], deletes: [key] })

/** Whether the version is there, or, where its order is not known, whether the record is damaged still. */
async function isThere(
  { metadata }: ServiceContext,
  { bucketId, key, order }: DamageRecord,
): Promise<boolean> {
  const rows = [
    currentVersionKey(bucketId, key),
    ...(order === undefined ? [] : [versionKey(bucketId, key, order)]),
  ]
  for (const row of rows) {
    try {
      const [entry] = await metadata.getMany([row])
      if (entry && order !== undefined && decodeObject(entry.value).record.order === order) return true
    } catch (error) {
      if (error instanceof DamagedRecord) return true
      throw error
    }
  }
  return false
}

import { BucketChange } from '../../service/commit/bucket-change.ts'
import { commitInTurn } from '../../service/commit/commit-in-turn.ts'
import { STORE_TURNS } from '../../service/commit/turns.ts'
import type { ServiceContext } from '../../service/context.ts'
import { resealEncryption } from '../../service/encryption/object-encryption.ts'
import {
  bucketsRange,
  credentialsRange,
  objectsRange,
  uploadsRange,
  versionsRange,
} from '../../service/keyspace.ts'
import { bucketCodec } from '../../service/records/bucket.ts'
import { credentialCodec } from '../../service/records/credential.ts'
import { decodeObject, encodeObject } from '../../service/records/object-codec.ts'
import { uploadCodec } from '../../service/records/upload.ts'
import type { DamagedRecord, Entry, Key } from '../../storage/metadata-store.ts'
import { entriesPastDamage } from './store-content.ts'
import { resealIdentity } from './store-identity.ts'

/** How many secrets were sealed anew; the others were under the newest master key already. */
interface StoreReseal {
  readonly accessKeys: number
  readonly objects: number
  readonly uploads: number
  /** What could not be read, in words: it may need an older master key, and so the store still opens with that one. */
  readonly damaged: readonly string[]
}

/**
 * Seals all secrets of the store under the newest master key: those of access keys, and the keys of objects and uploads that are encrypted with
 * SSE-S3. The store's own probe comes last, so that the store opens without the older keys only when nothing needs them. Each record is one
 * commit; whoever changes one meanwhile wins, and it is read again. What is damaged is passed over, and the probe then stays as it is. `onRecord` is told of each record that was looked at.
 */
export async function resealStore(context: ServiceContext, onRecord: () => void): Promise<StoreReseal> {
  const { metadata, vault } = context
  const damaged: string[] = []
  const noteDamage = ({ message }: DamagedRecord): void => void damaged.push(message)
  const reseal = (range: Range, change: (value: Buffer) => Buffer | null, bucketId: string | null = null) =>
    resealRange(context, { range, bucketId }, noteDamage, (value) => {
      onRecord()
      return change(value)
    })

  const accessKeys = await reseal(credentialsRange(), (value) => {
    const credential = credentialCodec.decode(value)
    const secret = vault.reseal(credential.secret, credential.accessKeyId)
    return secret === null ? null : credentialCodec.encode({ ...credential, secret })
  })
  let [objects, uploads] = [0, 0]
  for await (const bucket of entriesPastDamage(metadata, bucketsRange(), noteDamage)) {
    const { bucketId } = bucketCodec.decode(bucket.value)
    // A completion makes an object of an upload, and a new version makes an older one of a current one: each range comes after those
    // from which records move into it, so that none is passed over.
    uploads += await reseal(uploadsRange(bucketId), (value) => {
      const upload = uploadCodec.decode(value)
      const encryption = resealEncryption(context, upload.encryption)
      return encryption && uploadCodec.encode({ ...upload, encryption })
    })
    for (const range of [objectsRange(bucketId), versionsRange(bucketId), objectsRange(bucketId)]) {
      const resealObject = (value: Buffer): Buffer | null => {
        const { record, tail } = decodeObject(value)
        const encryption = resealEncryption(context, record.encryption)
        return encryption && encodeObject({ ...record, encryption }, tail)
      }
      objects += await reseal(range, resealObject, bucketId)
    }
  }
  if (damaged.length === 0) await resealIdentity(context)
  return { accessKeys, objects, uploads, damaged: [...new Set(damaged)] }
}

interface Range {
  readonly start: Key
  readonly end: Key
}

/** Replaces the records for which `change` gives another value; gives how many. `bucketId`: of the bucket whose counters sum them up; null: none does. */
async function resealRange(
  context: ServiceContext,
  { range, bucketId }: { readonly range: Range; readonly bucketId: string | null },
  onDamaged: (error: DamagedRecord) => void,
  change: (value: Buffer) => Buffer | null,
): Promise<number> {
  const { metadata } = context
  let changed = 0
  for await (const read of entriesPastDamage(metadata, range, onDamaged)) {
    let known: Entry | null = read
    const isChanged = await commitInTurn(context, STORE_TURNS.reseal, async () => {
      const entry = known ?? (await metadata.getMany([read.key]))[0] ?? null
      known = null
      const value = entry && change(entry.value)
      if (!entry || !value) return { change: null, result: false }
      const { key, version } = entry
      const replacement = new BucketChange(bucketId ?? '')
      replacement.checks.push({ key, version })
      replacement.sets.push({ key, value })
      if (bucketId !== null) {
        replacement.countStored(value)
        replacement.countRemoved(entry.value)
      }
      return { change: replacement, result: true }
    })
    if (isChanged) changed++
  }
  return changed
}

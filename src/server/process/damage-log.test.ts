import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setUp } from '../../../test/bucket-world.ts'
import type { DamageRecord } from '../../service/records/damage.ts'
import type { MetadataStore } from '../../storage/metadata-store.ts'
import { DamageLog } from './damage-log.ts'

describe('what the log says of damage', () => {
  const damage = (bucketId: string, key: string): DamageRecord => ({
    bucketId,
    key,
    order: 'order',
    versionId: 'v1',
    reason: 'it is short',
    foundAt: 7,
  })

  it('names buckets as people do, looks for them once, and tells what belongs to none as it is', async () => {
    const { context, bucket } = await setUp()
    const { bucketId, name: bucketName } = bucket
    const lines: [object, string][] = []
    const is = { away: true, scans: 0 }
    const metadata: Pick<MetadataStore, 'scan'> = {
      scan: (range) => {
        is.scans++
        return is.away ? Promise.reject(new Error('away')) : context.metadata.scan(range)
      },
    }
    const log = new DamageLog(metadata, {
      error: (facts: object, message: string) => lines.push([facts, message]),
    })
    log.note(damage(bucketId, 'a'))
    await log.close()
    is.away = false
    for (const each of [damage(bucketId, 'b'), damage(bucketId, 'c'), damage('', 'x'), damage('gone', 'd')])
      log.note(each)
    await log.close()
    const facts = { versionId: 'v1', reason: 'it is short' }
    assert.deepEqual(
      lines,
      [
        { bucketId, objectKey: 'a', ...facts },
        { bucketName, objectKey: 'b', ...facts },
        { bucketName, objectKey: 'c', ...facts },
        facts,
        { bucketId: 'gone', objectKey: 'd', ...facts },
      ].map((line) => [line, 'what is stored is damaged']),
    )
    const { scans } = is
    log.note(damage(bucketId, 'e'))
    await log.close()
    assert.equal(is.scans, scans)
  })
})

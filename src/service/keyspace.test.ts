import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import * as keyspace from './keyspace.ts'

const { changeLogKey, changeLogRange, retirementKey, retirementsRange } = keyspace

const SOURCE = readFileSync(join(import.meta.dirname, 'keyspace.ts'), 'utf8')

describe('the key space', () => {
  it('gives each kind of record a tag of its own, and tells of each', () => {
    const told = [...SOURCE.matchAll(/^ \* {5}(\S) (?:text|raw|uint64)\(/gm)].map(([, tag]) => tag)
    const used = [...SOURCE.matchAll(/(?:tag|textKey)\('(.)'/g)].map(([, tag]) => tag)
    assert.equal(new Set(told).size, told.length, `two kinds of records have one tag: ${told.join(' ')}`)
    assert.deepEqual([...new Set(used)].sort(), told.sort())
  })

  it('keeps what commits note for a mirror apart from keys that are to retire', () => {
    const inRange = (key: Buffer, { start, end }: { start: Buffer; end: Buffer }): boolean =>
      key.compare(start) >= 0 && key.compare(end) < 0
    assert.ok(!inRange(retirementKey('AKIA'), changeLogRange()))
    assert.ok(!inRange(changeLogKey('writer', 0), retirementsRange()))
  })

  /** Stores of other releases have their records there: `|` ends a text part. A row here changes only together with a migration of the store. */
  const DAY = '\0\0\0\0\0\0\x30\x39'
  const rows: readonly (readonly [key: Buffer, bytes: string])[] = [
    [keyspace.accountKey('a'), 'Aa|'],
    [keyspace.accountNameKey('n'), 'Nn|'],
    [keyspace.canonicalUserKey('u'), 'Iu|'],
    [keyspace.credentialKey('k'), 'Kk|'],
    [keyspace.lastUsedKey('k'), 'Lk|'],
    [keyspace.accessKeySlotKey('b', 1), 'Sb|1'],
    [keyspace.keyNameKey('a', 'n'), 'Ta|n'],
    [keyspace.bucketKeyNameKey('b', 'n'), 'tb|n'],
    [keyspace.keyCountKey('a'), 'na|'],
    [keyspace.roleKey('a', 'r'), 'Ga|r'],
    [keyspace.roleLastUsedKey('r'), 'gr|'],
    [keyspace.bucketKey('b'), 'Bb|'],
    [keyspace.bucketIndexKey('a', 'r', 'b'), 'ba|r|b'],
    [keyspace.removedBucketKey('b'), 'Db|'],
    [keyspace.resourceKey('a', 'r', 'n'), 'Ra|r|n'],
    [keyspace.operationRecordKey('o'), 'Oo|'],
    [keyspace.operationIndexKey('a', 'r', 12_345, 'o'), `oa|r|${DAY}o`],
    [keyspace.resourceOperationKey('a', 'r', 'n', 12_345, 'o'), `ra|r|n|${DAY}o`],
    [keyspace.currentVersionKey('b', 'k/l'), 'Cb|k/l'],
    [keyspace.versionKey('b', 'k', 'fedcba9876543210'), 'Vb|k|\x80\x92\x8d\x85\x99\xb8\xa6\xab\xb3\x9e\xbc'],
    [keyspace.nullVersionKey('b', 'k'), '0b|k'],
    [keyspace.uploadKey('b', 'k', 'u'), 'Ub|k|\x9d\x90'],
    [keyspace.partKey('u', 12_345), `Pu|${DAY}`],
    [keyspace.blobReferenceKey('f'), 'Ff|'],
    [keyspace.writerLeaseKey('w'), 'Ww|'],
    [keyspace.writerLeaseRenewalKey('w'), 'ww|'],
    [keyspace.removalQuestionKey('w'), 'Qw|'],
    [keyspace.removalResponseKey('w', 'v'), 'qw|v'],
    [keyspace.usageKey('b', 's'), 'Xb|s'],
    [keyspace.dailyUsageKey('b', 12_345, 's'), `Yb|${DAY}s`],
    [keyspace.damageKey('b', 'k', 'o'), 'Zb|k|o'],
    [keyspace.retirementKey('k'), 'Jk|'],
    [keyspace.keyUseKey(12_345, 'a', 'k', 'u'), `u${DAY}a|k|u`],
    [keyspace.keyUseRowsKey('a', 12_345), `ka|${DAY}`],
    [keyspace.changeLogKey('w', 12_345), `jw|${DAY}`],
    [keyspace.storeKey('n'), 'Mn'],
  ]
  for (const [key, bytes] of rows)
    it(`has that row at ${JSON.stringify(bytes)}`, () =>
      assert.equal(key.toString('latin1').replaceAll('\0\x01', '|'), bytes))

  it('escapes a zero byte in a text, so that texts sort as they are', () =>
    assert.equal(keyspace.versionPrefix('a\0b').toString('latin1'), 'Va\0\xffb\0\x01'))

  it('reads back what its keys say', () => {
    const order = '0123456789abcdef'
    const version = keyspace.versionKey('b', 'k\0l', order)
    assert.deepEqual(keyspace.parseVersionKey('b', version), { key: 'k\0l', order })
    assert.deepEqual(keyspace.parseObjectRowKey(version), { bucketId: 'b', key: 'k\0l', order })
    assert.deepEqual(keyspace.parseObjectRowKey(keyspace.currentVersionKey('b', 'k')), {
      bucketId: 'b',
      key: 'k',
    })
    for (const other of [keyspace.nullVersionKey('b', 'k'), Buffer.from('C'), Buffer.from('Vb')])
      assert.equal(keyspace.parseObjectRowKey(other), null)
    assert.equal(keyspace.bucketNameOf(keyspace.bucketKey('b')), 'b')
    assert.equal(keyspace.retiringKeyIdOf(keyspace.retirementKey('k')), 'k')
    assert.deepEqual(keyspace.parseKeyUseRowsKey(keyspace.keyUseRowsKey('a', 7)), { accountId: 'a', day: 7 })
    assert.deepEqual(keyspace.parseOperationIndexKey(keyspace.operationIndexKey('a', 'r', 7, 'o')), {
      ...{ accountId: 'a', region: 'r', createdAt: 7, operationId: 'o' },
    })
    assert.deepEqual(
      [keyspace.usageKey('b', 's'), keyspace.dailyUsageKey('b', 7, 's'), keyspace.bucketKey('X')].map((key) =>
        keyspace.isCounterKey(key),
      ),
      [true, true, false],
    )
  })
})

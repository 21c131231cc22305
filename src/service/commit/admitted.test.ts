import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { memoryContext } from '../../../test/memory-context.ts'
import type { Admission } from '../admission.ts'
import { isDomainError, type DomainErrorKind } from '../errors/domain-error.ts'
import { bucketKey, credentialKey } from '../keyspace.ts'
import { readmit } from './admitted.ts'
import { bucketCodec, type BucketRecord } from '../records/bucket.ts'
import { credentialCodec, type CredentialRecord } from '../records/credential.ts'

const failsWith = (kind: DomainErrorKind) => (error: unknown) => isDomainError(error, kind)

async function setUp() {
  const context = memoryContext()
  const { metadata } = context
  const store = async (record: BucketRecord) => {
    await metadata.commit({ sets: [{ key: bucketKey(record.name), value: bucketCodec.encode(record) }] })
    const [entry] = await metadata.getMany([bucketKey(record.name)])
    assert.ok(entry)
    return { record, version: entry.version }
  }
  const key = { type: 'account', accountId: '123456789012', accessKeyId: 'AKIA' } as const
  const accessKey = { ...key, secret: 'sealed', status: 'Active', createdAt: 0 } as const
  const credential = { key: credentialKey('AKIA'), value: credentialCodec.encode(accessKey) }
  await metadata.commit({ sets: [credential] })
  const [stored] = await metadata.getMany([credential.key])
  assert.ok(stored)
  const asked: string[] = []
  const admission: Admission = {
    principal: key,
    credential: { key: credential.key, version: stored.version },
    bucket: await store(bucketRecord({ bucketId: 'first', name: 'target' })),
    source: await store(bucketRecord({ bucketId: 'source', name: 'source' })),
    reauthorize: ({ record }) => {
      asked.push(record.name)
    },
  }
  return { context, metadata, admission, asked, store, credential, record: accessKey }
}

describe('a request that is let in again for its commit', () => {
  it('goes on unasked when nothing changed', async () => {
    const { context, admission, asked } = await setUp()
    const { bucket, source, credential } = await readmit(context, admission, admission)
    assert.deepEqual(
      { bucket, source, credential },
      {
        bucket: admission.bucket,
        source: admission.source,
        credential: admission.credential,
      },
    )
    assert.deepEqual(asked, [])
  })

  it('is decided anew for a bucket that changed, and for that one alone', async () => {
    for (const name of ['target', 'source']) {
      const { context, admission, asked, store } = await setUp()
      const bucketId = name === 'target' ? 'first' : 'source'
      const changed = await store(bucketRecord({ bucketId, name, versioning: 'Enabled' }))
      const again = await readmit(context, admission, admission)
      assert.deepEqual(name === 'target' ? again.bucket : again.source, changed)
      assert.deepEqual(asked, [name])
    }
  })

  it('is refused when its bucket was deleted', async () => {
    for (const name of ['target', 'source']) {
      const { context, metadata, admission } = await setUp()
      await metadata.commit({ deletes: [bucketKey(name)] })
      await assert.rejects(readmit(context, admission, admission), failsWith('NoSuchBucket'))
    }
  })

  it('is refused when its bucket was deleted and another was made with its name', async () => {
    for (const name of ['target', 'source']) {
      const { context, admission, asked, store } = await setUp()
      await store(bucketRecord({ bucketId: 'second', name }))
      await assert.rejects(readmit(context, admission, admission), failsWith('NoSuchBucket'))
      assert.deepEqual(asked, [])
    }
  })

  it('is refused when its access key is gone, was switched off or ended, and goes on when that was only sealed anew', async () => {
    const { context, metadata, admission, credential, record } = await setUp()
    const put = (changed: CredentialRecord) =>
      metadata.commit({ sets: [{ ...credential, value: credentialCodec.encode(changed) }] })
    await put({ ...record, secret: 'sealed anew' })
    const again = await readmit(context, admission, admission)
    assert.notEqual(again.credential?.version, admission.credential?.version)
    for (const stopped of [{ status: 'Inactive' }, { validUntil: context.clock.now() }] as const) {
      await put({ ...record, ...stopped })
      await assert.rejects(readmit(context, admission, admission), failsWith('AccessKeyStopped'))
    }
    await metadata.commit({ deletes: [credential.key] })
    await assert.rejects(readmit(context, admission, admission), failsWith('AccessKeyStopped'))
  })
})

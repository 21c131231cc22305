import assert from 'node:assert/strict'
import { it } from 'node:test'
import { blobPath, innerNameOf, outerNameOf } from './blob-path.ts'

it('a blob lies in folders of the first 2 and the first 24 characters of its id, where every release looks for it', () => {
  const id = '0123456789abcdefghijklmnopqrstuvwxyz'
  assert.deepEqual(blobPath('/store/blobs', id), {
    outer: '/store/blobs/01',
    folder: '/store/blobs/01/0123456789abcdefghijklmn',
    file: `/store/blobs/01/0123456789abcdefghijklmn/${id}`,
  })
  assert.deepEqual([outerNameOf('a'), innerNameOf('abc')], ['a', 'abc'])
})

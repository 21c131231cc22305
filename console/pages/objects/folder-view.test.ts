import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { placeOf } from '../../routing/places.ts'
import { folderPlace, readFolder, type FolderView } from './folder-view.ts'

/** What is read of an address after a browser has had it. */
function throughBrowser(address: string): FolderView {
  const { pathname, searchParams } = new URL(address, 'http://console.example')
  const place = placeOf(pathname)
  assert.equal(place.page === 'bucket' && place.bucket, 'photos')
  return readFolder(place.page === 'bucket' ? place.rest : [], searchParams)
}

describe('the address of a folder', () => {
  for (const prefix of [
    '',
    'trip/',
    'a b/ü/',
    '/',
    '//',
    'a//b/',
    './',
    'a/../b/',
    '%2F/',
    'a?b#c/',
    '<img src=x>/',
    'a\nb/',
  ])
    it(`keeps ${JSON.stringify(prefix)}`, () => {
      assert.equal(throughBrowser(folderPlace('photos', { prefix })).prefix, prefix)
    })

  it('keeps what is searched, the versions and the object that is open', () => {
    const view = { prefix: 'trip/', find: '..', withVersions: true, open: 'trip/..', version: 'a+b' }
    assert.deepEqual(throughBrowser(folderPlace('photos', view)), view)
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keyEncoder, shownPrefix } from './encode-keys.ts'

describe('the keys of a listing', () => {
  it('are as they are, or safe for XML byte by byte', () => {
    const [plain, encode] = [keyEncoder(undefined), keyEncoder('url')]
    for (const [key, encoded] of [
      ['a/B-1_2.3~4', 'a/B-1_2.3~4'],
      ['', ''],
      ["a b+c!'()*", 'a%20b%2Bc%21%27%28%29*'],
      ['ä\0', '%C3%A4%00'],
      ['a%2Fb', 'a%252Fb'],
      ['?&=:@', '%3F%26%3D%3A%40'],
    ] as const) {
      assert.equal(plain(key), key)
      assert.equal(encode(key), encoded)
      assert.equal(decodeURIComponent(encode(key)), key)
    }
  })

  it('begin with a prefix that is encoded only where XML could not hold it', () => {
    for (const prefix of ['a b', 'ä', '\t\n\r']) assert.equal(shownPrefix(prefix, 'url'), prefix)
    for (const [prefix, shown] of [
      ['\0 ', '%00%20'],
      ['\x08', '%08'],
      ['\x0b', '%0B'],
      ['\x0c', '%0C'],
      ['\x1f', '%1F'],
      ['\uffff', '%EF%BF%BF'],
    ] as const) {
      assert.equal(shownPrefix(prefix, 'url'), shown)
      assert.equal(shownPrefix(prefix, undefined), prefix)
    }
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EnvelopeVault } from '../secrets/envelope-vault.ts'
import { mintMasterKey, parseMasterKeys } from '../secrets/master-keys.ts'
import { ObjectKeys } from './object-keys.ts'
import { newSalt } from './stream-key.ts'

const keyText = mintMasterKey()
const vaultOf = (text: string) => new EnvelopeVault(parseMasterKeys(text, 'the test'))

test('a key that serves many objects opens in another process', () => {
  const { key, sealedKey } = new ObjectKeys(vaultOf(keyText)).forNewObject()
  const encryption = { type: 'SSE-S3', sealedKey, isKeyShared: true, salt: newSalt() } as const
  const others = new ObjectKeys(vaultOf(keyText))
  assert.deepEqual(others.open(encryption), key)
  assert.deepEqual(others.open(encryption), key)
})

test('another key is made after 65,536 objects', () => {
  const keys = new ObjectKeys(vaultOf(keyText))
  const first = keys.forNewObject()
  for (let made = 1; made < 65_536; made++) assert.equal(keys.forNewObject(), first)
  assert.notDeepEqual(keys.forNewObject().key, first.key)
  const encryption = {
    type: 'SSE-S3',
    sealedKey: first.sealedKey,
    isKeyShared: true,
    salt: newSalt(),
  } as const
  assert.deepEqual(keys.open(encryption), first.key)
})

test('the key of an object made before keys were shared opens with its salt, and with no other', () => {
  const vault = vaultOf(keyText)
  const salt = newSalt()
  const key = Buffer.alloc(32, 7)
  const sealedKey = vault.seal(key.toString('base64'), `object ${salt}`)
  const keys = new ObjectKeys(vault)
  assert.deepEqual(keys.open({ type: 'SSE-S3', sealedKey, salt }), key)
  assert.throws(() => keys.open({ type: 'SSE-S3', sealedKey, salt: newSalt() }), /was changed/)
  assert.throws(() => keys.open({ type: 'SSE-S3', sealedKey, salt, isKeyShared: true }), /was changed/)
})

test('a key is sealed again under a newer master key, and opens there', () => {
  const { key, sealedKey } = new ObjectKeys(vaultOf(keyText)).forNewObject()
  const encryption = { type: 'SSE-S3', sealedKey, isKeyShared: true, salt: newSalt() } as const
  const newer = new ObjectKeys(vaultOf(`${keyText}\n${mintMasterKey()}`))
  const resealed = newer.reseal(encryption)
  assert.ok(resealed !== null && resealed !== sealedKey)
  assert.equal(newer.reseal(encryption), resealed, 'objects that shared a key share it again')
  assert.deepEqual(newer.open({ ...encryption, sealedKey: resealed }), key)
  assert.equal(newer.reseal({ ...encryption, sealedKey: resealed }), null)
})

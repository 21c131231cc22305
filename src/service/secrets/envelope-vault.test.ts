import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EnvelopeVault, masterKeyIdOf } from './envelope-vault.ts'
import { mintMasterKey, parseMasterKeys } from './master-keys.ts'

const oldKey = mintMasterKey()
const newKey = mintMasterKey()
const idOf = (key: string) => parseMasterKeys(key, 'test').newest.id
const vault = new EnvelopeVault(parseMasterKeys(oldKey, 'test'))
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'

describe('EnvelopeVault', () => {
  it('opens what it sealed, for the same purpose', () => {
    assert.equal(vault.open(vault.seal(SECRET, 'AKIA1'), 'AKIA1'), SECRET)
  })

  it('never seals a secret twice into the same text, nor shows it there', () => {
    const first = vault.seal(SECRET, 'AKIA1')
    assert.notEqual(first, vault.seal(SECRET, 'AKIA1'))
    assert.ok(!Buffer.from(first.split('.')[3] ?? '', 'base64url').includes(SECRET))
  })

  it('refuses another purpose', () => {
    const sealed = vault.seal(SECRET, 'AKIA1')
    assert.throws(() => vault.open(sealed, 'AKIA2'), { name: 'SecretUnreadable', reason: 'not-authentic' })
  })

  it('refuses a text that was changed anywhere', () => {
    const sealed = vault.seal(SECRET, 'AKIA1')
    for (let at = 0; at < sealed.length; at += 7) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
      assert.throws(() => vault.open(changed, 'AKIA1'), { name: 'SecretUnreadable' }, `changed at ${at}`)
    }
  })

  it('refuses a text that is cut short, without showing what it holds', () => {
    for (const text of ['', 'v1', 'v1.a.b.c', vault.seal(SECRET, 'p').slice(0, 80)]) {
      assert.throws(
        () => vault.open(text, 'p'),
        (error: Error) => error.name === 'SecretUnreadable' && !error.message.includes(SECRET),
      )
    }
  })

  it('seals with the newest master key and still opens what older ones sealed', () => {
    const sealedBefore = vault.seal(SECRET, 'AKIA1')
    const rotated = new EnvelopeVault(parseMasterKeys(`${oldKey}\n${newKey}\n`, 'test'))
    assert.equal(rotated.open(sealedBefore, 'AKIA1'), SECRET)
    assert.equal(masterKeyIdOf(rotated.seal(SECRET, 'AKIA1')), idOf(newKey))
  })

  it('names the master key that is missing', () => {
    const other = new EnvelopeVault(parseMasterKeys(newKey, 'test'))
    assert.throws(() => other.open(vault.seal(SECRET, 'p'), 'p'), {
      name: 'SecretUnreadable',
      reason: 'unknown-master-key',
      message: new RegExp(idOf(oldKey)),
    })
  })
})

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { DEFAULT_SERVICE_SETTINGS } from '../../../test/service-settings.ts'
import { checkStorageClass } from './storage-class.ts'

const refused = { kind: 'InvalidStorageClass' }

it('every storage class of S3 for general purpose buckets is taken', () => {
  for (const name of [undefined, 'STANDARD', 'STANDARD_IA', 'GLACIER', 'DEEP_ARCHIVE', 'INTELLIGENT_TIERING'])
    checkStorageClass(DEFAULT_SERVICE_SETTINGS, name)
})

it('what is no storage class is refused', () => {
  for (const name of ['', 'standard', 'COLD', 'OUTPOSTS'])
    assert.throws(() => checkStorageClass(DEFAULT_SERVICE_SETTINGS, name), refused)
})

it('where the settings refuse them, only STANDARD is taken', () => {
  const settings = { refusesStorageClasses: true }
  checkStorageClass(settings, undefined)
  checkStorageClass(settings, 'STANDARD')
  assert.throws(() => checkStorageClass(settings, 'GLACIER'), refused)
})

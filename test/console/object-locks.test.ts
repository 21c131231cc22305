import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CreateBucketCommand, ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { skip, startConsole } from './console-world.ts'

const DAY_MS = 86_400_000

describe('object lock in the console', { skip }, () => {
  const world = startConsole()

  it('is told in the preview, and a deletion that it refuses says which lock it is and what lifts it', async () => {
    const { s3 } = world()
    await s3.send(new CreateBucketCommand({ Bucket: 'ledger', ObjectLockEnabledForBucket: true }))
    const put = (Key: string, lock: object): Promise<unknown> =>
      s3.send(new PutObjectCommand({ Bucket: 'ledger', Key, Body: Key, ContentType: 'text/plain', ...lock }))
    const ObjectLockRetainUntilDate = new Date(Date.now() + DAY_MS)
    await put('held.txt', { ObjectLockLegalHoldStatus: 'ON' })
    await put('kept.txt', { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate })
    await put('sealed.txt', { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate })
    const page = await world().page()
    await world().signIn(page, 'buckets/ledger')
    await page.getByRole('link', { name: 'sealed.txt' }).click()
    await page.getByText('Locked: this version cannot be deleted or overwritten.').waitFor()
    await page.getByText('COMPLIANCE: nobody can lift it.').waitFor()
    await world().look(page, 'object-locked')
    await page.getByRole('button', { name: 'Close the preview' }).click()
    await page.getByText('Versions', { exact: true }).click()
    await page.getByRole('row', { name: 'held.txt' }).waitFor()
    await page.getByRole('row', { name: 'held.txt' }).focus()
    await page.keyboard.press('Control+a')
    await page.getByRole('button', { name: 'Delete for good…' }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByRole('button', { name: 'Delete 3 versions for good' }).click()
    await dialog.getByText('3 versions were not deleted:').waitFor()
    for (const text of ['held.txt: This version is under legal hold.', 'put-object-legal-hold'])
      await dialog.getByText(text).waitFor()
    for (const text of ['kept.txt: This version is locked until a date', 'bypass-governance-retention'])
      await dialog.getByText(text).waitFor()
    await dialog.getByText('Nobody can delete the version before it.').waitFor()
    await world().look(page, 'locked-not-deleted')
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: 'ledger' }))
    assert.equal(Versions.length, 3)
  })
})

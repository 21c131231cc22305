import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skip, type KeyPair } from './console-world.ts'
import { BUCKET, startKeysWorld } from './keys-world.ts'

describe('the keys of a bucket in the console', { skip }, () => {
  const { world, client } = startKeysWorld()

  it('a bucket’s own keys are made, rotated, taken back, switched off and deleted', async () => {
    const page = await world().page({ permissions: ['clipboard-read', 'clipboard-write'] })
    await world().signIn(page, `buckets/${BUCKET}/keys`)
    const makeFull = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Create a full key' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Create a full key' }).click()
      const secret = page.getByRole('dialog', { name: 'photos: copy the secret now' })
      await secret.getByRole('button', { name: 'Copy: Secret access key' }).click()
      await secret.getByRole('button', { name: 'Copied: Secret access key' }).waitFor()
      await secret.getByRole('button', { name: 'Done' }).click()
    }
    await makeFull()
    await page.getByRole('article').getByRole('link', { name: 'Rotate…' }).click()
    await page.getByText('When I say so').click()
    await page.getByRole('button', { name: 'Make the new key' }).click()
    const secret = page.getByRole('dialog', { name: 'photos: copy the secret now' })
    await secret.getByRole('button', { name: 'Download' }).click()
    await secret.getByRole('button', { name: 'Done' }).click()
    await page.getByText('The new key is made').waitFor()
    await page.getByRole('button', { name: 'Deactivate the old key now' }).click()
    // The server answers once another question is open, which stays.
    let answer = (): void => undefined
    const answered = new Promise<void>((resolve) => (answer = resolve))
    await page.route('**/*', async (route) => {
      if (route.request().headers()['x-amz-target']?.endsWith('.UpdateAccessKey') === true) await answered
      await route.continue()
    })
    await page.getByRole('button', { name: 'Activate it again' }).click()
    await page.getByRole('button', { name: 'Take the rotation back…' }).click()
    const back = page.getByRole('alertdialog', { name: 'Take the rotation back' })
    await back.waitFor()
    answer()
    await page.getByText('Deactivate the old key now').waitFor()
    await page.unroute('**/*')
    await world().look(page, 'rotate-back')
    await back.getByRole('button', { name: 'Take the rotation back' }).click()
    await page.getByRole('button', { name: 'Make the new key' }).waitFor()
    await page.getByRole('navigation').getByRole('link', { name: 'Keys', exact: true }).click()
    await makeFull()
    await page.getByText('2 of 2 in use: rotate one instead of adding.').waitFor()
    const card = page.getByRole('article').first()
    await card.getByRole('button', { name: 'Deactivate…' }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Deactivate AKIA/ })
      .click()
    await card.getByText('Inactive').waitFor()
    await world().look(page, 'keys-of-bucket')
    await card.getByRole('link', { name: 'Rotate…' }).click()
    await page.getByText('Both places of this bucket are taken').waitFor()
    await world().look(page, 'rotate-full')
    await page.goBack()
    await card.getByRole('button', { name: /^Actions for/ }).click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    const remove = page.getByRole('alertdialog')
    await remove.getByText('Nobody has used it in the last 24 hours.').waitFor()
    await world().look(page, 'delete-key')
    await remove.getByRole('button', { name: /^Delete AKIA/ }).click()
    await page.getByRole('button', { name: 'Create a full key' }).waitFor()
  })

  it('whoever signs in with another key is told what it may do, and offered nothing else', async () => {
    const account = client()
    const made = await account.lugsail('CreateAccessKey', {
      name: 'reader',
      buckets: [BUCKET],
      rights: ['read', 'list'],
      prefixes: ['trip/'],
    })
    const { accessKey } = JSON.parse(made.body.toString()) as { readonly accessKey: KeyPair }
    const page = await world().page()
    await world().signIn(page, `buckets/${BUCKET}/keys`, accessKey)
    await page.getByText('reader may read and list the objects under trip/ in photos').waitFor()
    await page.getByText('This one may not.').waitFor()
    await world().look(page, 'keys-of-reader')
    assert.equal(await page.getByRole('button', { name: 'Create key' }).count(), 0)
    assert.equal(await page.getByRole('link', { name: 'Application keys' }).count(), 0)
    account.close()
  })
})

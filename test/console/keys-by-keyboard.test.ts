import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { skip } from './console-world.ts'
import { startKeysWorld } from './keys-world.ts'

/** More has no page that one can tab through. */
const STEPS_MAX = 60

describe('keys in the console on a phone', { skip }, () => {
  const { world, client } = startKeysWorld()

  it('on a phone, with the keyboard alone, a key is made and found again among many', async () => {
    const account = client()
    for (let number = 0; number < 130; number++)
      assert.equal(
        (await account.lugsail('CreateAccessKey', { name: `many-${number}`, rights: ['read'] })).status,
        200,
      )
    account.close()
    const page = await world().page({
      viewport: { width: 360, height: 740 },
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await world().signIn(page, 'buckets')
    await pressOn(page, 'Application keys')
    await page.getByRole('row', { name: 'many-0' }).waitFor()
    await world().look(page, 'phone-keys')
    await pressOn(page, 'Create key')
    await page.getByRole('dialog', { name: 'Create a key' }).waitFor()
    await page.keyboard.type('phone')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowRight')
    await page.getByText('phone may read, list, write, and delete all objects').waitFor()
    await pressOn(page, 'Limit it: folders, networks, end, buckets')
    await world().look(page, 'phone-create-key')
    await pressOn(page, 'Create phone')
    await page.getByRole('dialog', { name: 'phone: copy the secret now' }).waitFor()
    await world().look(page, 'phone-secret')
    // Going back asks as well, and stays.
    await page.goBack()
    const question = page.getByRole('alertdialog', { name: 'Leave without the secret?' })
    await question.waitFor()
    await page.keyboard.press('Enter')
    await question.waitFor({ state: 'detached' })
    await copySecret(page)
    await pressOn(page, 'Done')
    await page.getByRole('heading', { name: 'phone', level: 1 }).waitFor()
    await world().look(page, 'phone-key')
    await pressOn(page, 'Rotate…')
    await page.getByRole('heading', { name: 'Rotate phone' }).waitFor()
    await world().look(page, 'phone-rotate')
    await pressOn(page, 'Make the new key')
    await page.getByRole('dialog', { name: 'phone: copy the secret now' }).waitFor()
    await copySecret(page)
    await pressOn(page, 'Done')
    await page.getByText('Nobody has to be moved over').waitFor()
    await world().look(page, 'phone-hand-over')
    await pressOn(page, 'Application keys')
    await page.getByLabel('Name begins with').fill('many-12')
    await page.getByRole('row', { name: 'many-129' }).waitFor()
    await page.getByRole('row', { name: 'many-0' }).waitFor({ state: 'detached' })
    await page.getByLabel('Status').selectOption('Inactive')
    await page.getByText('No key begins like that.').waitFor()
    await page.getByLabel('Name begins with').fill('')
    await page.getByLabel('Status').selectOption('Any')
    await page.getByRole('row', { name: 'many-0' }).focus()
    await page.keyboard.press('End')
    await page.getByRole('row', { name: 'phone' }).waitFor()
  })
})

/** Copies the secret, and waits until it is copied: who leaves before that is asked whether they have it. */
async function copySecret(page: Page): Promise<void> {
  await pressOn(page, 'Copy: Secret access key')
  await page.getByRole('button', { name: 'Copied: Secret access key' }).waitFor()
}

/** Goes by Tab to what has this name, and presses Enter. */
async function pressOn(page: Page, name: string): Promise<void> {
  for (let step = 0; step < STEPS_MAX; step++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate<string>(
      "(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim()",
    )
    if (focused === name) return await page.keyboard.press('Enter')
  }
  assert.fail(`the keyboard does not reach ${name}`)
}

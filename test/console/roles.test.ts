import { describe, it } from 'node:test'
import { skip } from './console-world.ts'
import { startKeysWorld } from './keys-world.ts'

describe('roles in the console', { skip }, () => {
  const { world } = startKeysWorld()

  it('a role is made with its rights and whom it trusts, its sessions are ended, and it is deleted', async () => {
    const page = await world().page()
    await world().signIn(page, 'roles')
    await page.getByRole('heading', { name: 'No roles yet' }).waitFor()
    await world().look(page, 'no-roles')
    await page.getByRole('button', { name: 'Create role' }).click()
    const form = page.getByRole('dialog', { name: 'Create a role' })
    await form.getByLabel('Name').fill('deploy')
    await form.getByText('Read and write', { exact: true }).click()
    await form.getByText('Programs elsewhere may take it').click()
    await form.getByRole('button', { name: 'Create deploy' }).click()
    await form.getByText('An issuer is an address that begins with https://').waitFor()
    await form.getByLabel('Issuer').fill('https://issuer.example.org')
    await form.getByLabel('Subjects').fill('repo:acme/site:*')
    await world().look(page, 'create-role')
    await form.getByRole('button', { name: 'Create deploy' }).click()
    const card = page.getByRole('article', { name: 'deploy' })
    await card.getByText('repo:acme/site:*, by a token of https://issuer.example.org for lugsail').waitFor()
    await world().look(page, 'roles')
    for (const [entry, toast] of [
      ['Deactivate', 'deploy is changed.'],
      ['End all sessions', 'The sessions of deploy are over.'],
    ] as const) {
      await card.getByRole('button', { name: 'Actions for deploy' }).click()
      await page.getByRole('menuitem', { name: entry }).click()
      await page.getByText(toast).waitFor()
    }
    await card.getByText('Inactive').waitFor()
    await card.getByRole('button', { name: 'Actions for deploy' }).click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete deploy' }).click()
    await page.getByRole('heading', { name: 'No roles yet' }).waitFor()
  })
})

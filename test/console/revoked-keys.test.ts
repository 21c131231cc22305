import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { skip, type KeyPair } from './console-world.ts'
import { HOSTILE, startKeysWorld } from './keys-world.ts'

describe('a key whose secret has leaked, in the console', { skip }, () => {
  const { world, client, list } = startKeysWorld()

  it('a key is revoked with a report of who used it, and whose agent runs no script', async () => {
    const account = client()
    const made = await account.lugsail('CreateAccessKey', {
      name: 'leaked',
      rights: ['read-write'],
      prefixes: [HOSTILE],
      description: HOSTILE,
    })
    const { accessKey } = JSON.parse(made.body.toString()) as { readonly accessKey: KeyPair }
    assert.equal(await list(accessKey, HOSTILE, HOSTILE), 200)
    const page = await world().page()
    await world().signIn(page, 'keys/leaked')
    await page.getByRole('row', { name: HOSTILE }).waitFor()
    await world().look(page, 'key-hostile')
    await page.getByRole('button', { name: 'Actions for leaked' }).click()
    await page.getByRole('menuitem', { name: 'Revoke after a leak…' }).click()
    await world().look(page, 'revoke')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke leaked' }).click()
    const report = page.getByRole('dialog', { name: 'leaked is revoked.' })
    await report.getByText('0 unfinished uploads thrown away.').waitFor()
    await world().look(page, 'revoked')
    const saving = page.waitForEvent('download')
    await report.getByRole('button', { name: 'Download' }).click()
    const saved = JSON.parse(await readFile(await (await saving).path(), 'utf8')) as {
      readonly uses: readonly { readonly agent: string }[]
    }
    assert.deepEqual(
      saved.uses.map(({ agent }) => agent),
      [HOSTILE],
    )
    assert.equal(await list(accessKey, 'thief', HOSTILE), 403)
    await report.getByRole('button', { name: 'Close' }).click()
    await page.getByText('Inactive').waitFor()
    await page.getByRole('button', { name: 'Actions for leaked' }).click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete leaked' }).click()
    await page.getByRole('heading', { name: 'Application keys', level: 1 }).waitFor()
    assert.notEqual(await page.title(), 'run')
    account.close()
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skip, type KeyPair } from './console-world.ts'
import { BUCKET, HOSTILE, startKeysWorld } from './keys-world.ts'

describe('keys in the console', { skip }, () => {
  const { world, client, list } = startKeysWorld()

  it('a colleague gets read access to one prefix until Friday, said in a sentence, and a secret that is shown once', async () => {
    const page = await world().page({ permissions: ['clipboard-read', 'clipboard-write'] })
    await world().signIn(page, `buckets/${BUCKET}/keys`)
    await page.getByText('None for this bucket yet.').waitFor()
    await world().look(page, 'keys-of-new-bucket')
    await page.getByRole('button', { name: 'Create key' }).click()
    const form = page.getByRole('dialog', { name: 'Create a key for photos' })
    await form.getByLabel('Name').fill('anna')
    await world().look(page, 'create-key')
    await form.getByRole('button', { name: /^Limit it/ }).click()
    await form.getByLabel('Only objects that begin with').fill('trip/')
    await form.getByLabel('It ends').selectOption({ label: 'At the end of a day…' })
    await form.getByLabel('Last day').fill('2030-03-01')
    await form
      .getByText(
        /^anna may read and list the objects under trip\/ in photos, from anywhere, until the end of Friday,? 1 March 2030\.$/,
      )
      .waitFor()
    await world().look(page, 'create-key-limited')
    await form.getByRole('button', { name: 'Create anna' }).click()

    const secret = page.getByRole('dialog', { name: 'anna: copy the secret now' })
    await secret.waitFor()
    await world().look(page, 'secret-hidden')
    await secret.getByRole('button', { name: 'Done' }).click()
    const question = page.getByRole('alertdialog', { name: 'Leave without the secret?' })
    await world().look(page, 'secret-question')
    await question.getByRole('button', { name: 'Back to the secret' }).click()
    await secret.getByRole('button', { name: 'Show: Secret access key' }).click()
    await secret.getByRole('tab', { name: '.env' }).click()
    const environment = await secret.getByRole('tabpanel').locator('pre').innerText()
    await world().look(page, 'secret-shown')
    await secret.getByRole('button', { name: 'Copy: .env' }).click()
    await secret.getByRole('button', { name: 'Copied: .env' }).waitFor()
    const copied = await page.evaluate<string>('navigator.clipboard.readText()')
    assert.equal(copied.trim(), environment.trim())
    assert.match(copied, new RegExp(`^AWS_ENDPOINT_URL=${world().server.endpoint}$`, 'm'))
    const value = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(copied)?.[1] ?? ''
    const anna = {
      accessKeyId: value('AWS_ACCESS_KEY_ID'),
      secretAccessKey: value('AWS_SECRET_ACCESS_KEY'),
    }
    await secret.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('row', { name: 'anna' }).waitFor()
    const everything = await page.evaluate<string>(
      'document.documentElement.outerHTML + JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })',
    )
    assert.equal(everything.includes(anna.secretAccessKey), false)

    assert.equal(await list(anna, 'laptop', 'trip/'), 200)
    assert.equal(await list(anna, 'laptop', 'private/'), 403)
  })

  it('the program that still uses the old key is found while a rotation goes on, and the list of those shrinks', async () => {
    const account = client()
    const made = await account.lugsail('CreateAccessKey', {
      name: 'app',
      buckets: [BUCKET],
      rights: ['read-write'],
    })
    const { accessKey: old } = JSON.parse(made.body.toString()) as { readonly accessKey: KeyPair }
    for (const agent of ['backup/1.0', 'reports/2.1', HOSTILE]) assert.equal(await list(old, agent), 200)

    const page = await world().page({ permissions: ['clipboard-read', 'clipboard-write'] })
    await world().signIn(page, 'keys')
    await page.getByRole('row', { name: 'app' }).getByText('Active').waitFor()
    await world().look(page, 'keys')
    await page.getByRole('link', { name: 'app', exact: true }).click()
    await page.getByRole('heading', { name: 'app', level: 1 }).waitFor()
    await page.getByRole('row', { name: /reports\/2\.1/ }).waitFor()
    await world().look(page, 'key')
    await page.getByRole('link', { name: 'Rotate…' }).click()
    await page.getByText('3 programs use it').waitFor()
    await world().look(page, 'rotate-begin')
    await page.getByRole('button', { name: 'Make the new key' }).click()
    const secret = page.getByRole('dialog', { name: 'app: copy the secret now' })
    await secret.getByRole('tab', { name: '.env' }).click()
    await secret.getByRole('button', { name: 'Copy: .env' }).click()
    await secret.getByRole('button', { name: 'Copied: .env' }).waitFor()
    const copied = await page.evaluate<string>('navigator.clipboard.readText()')
    const value = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(copied)?.[1] ?? ''
    const fresh = {
      accessKeyId: value('AWS_ACCESS_KEY_ID'),
      secretAccessKey: value('AWS_SECRET_ACCESS_KEY'),
    }
    await secret.getByRole('button', { name: 'Done' }).click()

    await page.getByText('3 programs to move over').waitFor()
    assert.equal(await list(fresh, 'backup/1.0'), 200)
    assert.equal(await list(fresh, HOSTILE), 200)
    await page.getByText('1 program to move over').waitFor()
    const waiting = page
      .getByRole('list', { name: 'Hand it over' })
      .getByRole('listitem')
      .filter({ hasText: 'still uses the old key' })
    await waiting.filter({ hasText: 'reports/2.1' }).waitFor()
    await world().look(page, 'rotate-hand-over')
    // Whoever goes away finds it again.
    await page.getByRole('link', { name: 'Back to the key' }).click()
    await page.getByRole('link', { name: 'Go on with the rotation' }).first().click()
    assert.equal(await list(fresh, 'reports/2.1'), 200)
    await page.getByText('Nobody has to be moved over').waitFor()
    await page.getByRole('button', { name: 'Delete the old key now…' }).click()
    const end = page.getByRole('alertdialog', { name: 'Delete the old key now' })
    await end.getByText('Everyone who used the old key in the last 24 hours uses the new one.').waitFor()
    await world().look(page, 'rotate-end')
    await end.getByRole('button', { name: 'Delete the old key now' }).click()
    // What is left is the key, and not a rotation that seems to begin anew.
    await page.getByRole('heading', { name: 'app', level: 1, exact: true }).waitFor()
    assert.equal(await list(old, 'reports/2.1'), 403)
    assert.notEqual(await page.title(), 'run')
    account.close()
  })
})

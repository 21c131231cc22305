import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skip, startConsole } from './console-world.ts'

describe('signing in to the console', { skip }, () => {
  const world = startConsole()

  it('with the first key shows the buckets, and a first page that teaches', async () => {
    const page = await world().page()
    await page.goto(world().url())
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await world().look(page, 'sign-in')
    await world().signIn(page)
    await page.getByRole('heading', { name: 'No buckets yet' }).waitFor()
    await page.getByText('lugsail create-bucket --bucket-name photos').waitFor()
    await world().look(page, 'no-buckets')
  })

  it('keeps no secret: neither in the page nor in what the browser stores', async () => {
    const page = await world().page()
    await world().signIn(page)
    await page.getByRole('heading', { name: 'No buckets yet' }).waitFor()
    const { secretAccessKey } = world().server.credentials
    const seen = await page.evaluate<string>(
      'document.documentElement.outerHTML + JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }) + location.href',
    )
    assert.equal(seen.includes(secretAccessKey), false)
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  it('with "Keep for this tab" outlives a reload, by credentials that end by themselves', async () => {
    const page = await world().page()
    await page.goto(world().url())
    await page.getByText('Keep for this tab').click()
    await world().signInHere(page)
    const kept = await page.evaluate<string>('JSON.stringify({ ...sessionStorage })')
    assert.equal(kept.includes(world().server.credentials.secretAccessKey), false)
    await page.reload()
    await page.getByRole('heading', { name: 'No buckets yet' }).waitFor()
    await page.getByRole('button', { name: /^Signed in as/ }).click()
    await page.getByText('the account’s own key').waitFor()
    await world().look(page, 'who-am-i')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  it('with a wrong secret or an unknown key says which of them is wrong, and what to do', async () => {
    const page = await world().page()
    await page.goto(world().url())
    const { accessKeyId } = world().server.credentials
    for (const [id, says] of [
      [accessKeyId, /The secret does not belong to this access key\..*Copy the secret again/],
      ['AKIANOSUCHKEYHERE000', /This server has no such access key/],
    ] as const) {
      await page.getByLabel('Access key ID').fill(id)
      await page.getByLabel('Secret access key', { exact: true }).fill('wrong-secret')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('alert').filter({ hasText: says }).waitFor()
    }
    await world().look(page, 'sign-in-refused')
  })

  it('works on a machine whose clock is an hour wrong', async () => {
    const page = await world().page()
    await page.clock.install({ time: Date.now() + 3_600_000 })
    await world().signIn(page)
    await page.getByRole('heading', { name: 'No buckets yet' }).waitFor()
  })

  it('on plain http that is not localhost works, without the browser’s own cryptography', async () => {
    const page = await world().page()
    await page.addInitScript('Object.defineProperty(crypto, "subtle", { value: undefined })')
    await world().signIn(page)
    await page.getByRole('heading', { name: 'No buckets yet' }).waitFor()
  })
})

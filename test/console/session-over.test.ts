import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HeadObjectCommand } from '@aws-sdk/client-s3'
import type { Page } from 'playwright-core'
import { skip, startConsole } from './console-world.ts'
import { chooseFiles, makeBucket, textFile } from './objects-world.ts'

/** Answers for the server, from now on, that the session which the page has is over; another one that it gets counts. */
async function endSession(page: Page): Promise<void> {
  let ended: string | undefined
  await page.route('**/*', async (route) => {
    const headers = route.request().headers()
    const token = headers['x-amz-security-token']
    ended ??= token
    if (token === undefined || token !== ended) return await route.continue()
    const said = 'The provided token has expired.'
    return headers['x-amz-target'] === undefined
      ? await route.fulfill({
          status: 400,
          body: `<Error><Code>ExpiredToken</Code><Message>${said}</Message></Error>`,
        })
      : await route.fulfill({
          status: 400,
          body: JSON.stringify({ __type: 'ExpiredTokenException', message: said }),
        })
  })
}

describe('a session that is over', { skip }, () => {
  const world = startConsole()
  const secret = (): string => world().server.credentials.secretAccessKey

  it('goes on with the secret of its key, with what is typed on the page', async () => {
    const page = await world().page()
    await world().signIn(page, 'buckets')
    await page.getByRole('button', { name: 'Create bucket' }).click()
    const form = page.getByRole('dialog', { name: 'Create a bucket' })
    await form.getByLabel('Name').fill('evening')
    await endSession(page)
    await form.getByRole('button', { name: 'Create evening' }).click()
    await form.getByText('The session is over.').waitFor()
    await form.getByRole('button', { name: 'Sign in again' }).click()
    const again = page.getByRole('dialog', { name: 'Sign in again' })
    await world().look(page, 'session-over')
    await again.getByLabel('Secret access key', { exact: true }).fill(secret())
    await page.keyboard.press('Enter')
    await again.waitFor({ state: 'detached' })
    await form.getByRole('button', { name: 'Create evening' }).click()
    await page.getByText('evening is created.').waitFor()
  })

  it('stops uploads, which go on with it', async () => {
    const client = await makeBucket(world(), 'waiting')
    const page = await world().page()
    await world().signIn(page, 'buckets/waiting')
    await page.getByRole('heading', { name: 'Nothing in this bucket yet' }).waitFor()
    await endSession(page)
    await chooseFiles(page, [textFile('late.txt', 'late')])
    const uploads = page.getByRole('region', { name: 'Uploads' })
    await uploads.getByRole('button', { name: 'Sign in again' }).click()
    const again = page.getByRole('dialog', { name: 'Sign in again' })
    await again.getByLabel('Secret access key', { exact: true }).fill(secret())
    await again.getByRole('button', { name: 'Sign in again' }).click()
    await page.getByText('1 file uploaded').waitFor()
    const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket: 'waiting', Key: 'late.txt' }))
    assert.equal(ContentLength, 4)
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { skip, startConsole } from './console-world.ts'
import { chooseFiles, makeBucket, putTexts, textFile } from './objects-world.ts'

/** What the server says of a request whose bytes came too slowly. */
const TOO_SLOW = { status: 400, body: '<Error><Code>RequestTimeout</Code></Error>' }

describe('a machine that is too busy to send in time', { skip }, () => {
  const world = startConsole()

  it('asks for a list again, and sends a file again', async () => {
    const client = await makeBucket(world(), 'busy')
    await putTexts(client, 'busy', { 'a.txt': 'a' })
    const page = await world().page()
    const refused: string[] = []
    await page.route('**/busy**', (route) => {
      const request = route.request()
      const { pathname, searchParams } = new URL(request.url())
      const what = searchParams.has('list-type') ? 'list' : `${request.method()} ${pathname}`
      if (!['list', 'PUT /busy/b.txt'].includes(what) || refused.includes(what)) return route.continue()
      refused.push(what)
      return route.fulfill(TOO_SLOW)
    })
    await world().signIn(page, 'buckets/busy')
    await page.getByRole('row', { name: 'a.txt' }).waitFor()
    assert.equal(await page.getByRole('alert').count(), 0)
    await chooseFiles(page, [textFile('b.txt', 'b')])
    await page.getByText('1 file uploaded').waitFor()
    assert.deepEqual(refused, ['list', 'PUT /busy/b.txt'])
    const stored = await client.send(new GetObjectCommand({ Bucket: 'busy', Key: 'b.txt' }))
    assert.equal(await stored.Body?.transformToString(), 'b')
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UpdateBucketCommand } from '@aws-sdk/client-lightsail'
import {
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectAclCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import type { Locator } from 'playwright-core'
import { skip, startConsole } from './console-world.ts'
import { makeBucket, putTexts } from './objects-world.ts'

/** Makes a film of a second in the browser, in base64. */
const FILM = `(async () => {
  const canvas = document.createElement('canvas')
  const picture = canvas.getContext('2d')
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' })
  const ended = new Promise((resolve) => (recorder.ondataavailable = ({ data }) => resolve(data)))
  recorder.start()
  for (let frame = 0; frame < 20; frame++) {
    picture.fillStyle = 'hsl(' + frame * 18 + ' 60% 50%)'
    picture.fillRect(0, 0, canvas.width, canvas.height)
    await new Promise(requestAnimationFrame)
  }
  recorder.stop()
  return btoa(String.fromCharCode(...new Uint8Array(await (await ended).arrayBuffer())))
})()`

/** Waits until a film or a sound is understood, which is when its length is known. */
const UNDERSTOOD = `(media) => new Promise((resolve) => {
  if (media.readyState > 0) resolve()
  media.addEventListener('loadedmetadata', () => resolve())
})`

/** A second of a tone, as a WAV file. */
function sound(): Buffer {
  const samples = 8_000
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + samples, 4)
  head.write('WAVEfmt ', 8)
  for (const [at, value] of [16, samples, samples].entries()) head.writeUInt32LE(value, [16, 24, 28][at])
  for (const [at, value] of [1, 1, 1, 8].entries()) head.writeUInt16LE(value, [20, 22, 32, 34][at])
  head.write('data', 36)
  head.writeUInt32LE(samples, 40)
  return Buffer.concat([
    head,
    Buffer.from(Array.from({ length: samples }, (_, at) => 128 + 60 * Math.sin(at / 8))),
  ])
}

describe('what the console does with objects', { skip }, () => {
  const world = startConsole()

  it('a link shares one for as long as was chosen, also with who has no key', async () => {
    const client = await makeBucket(world(), 'sharing')
    await putTexts(client, 'sharing', { 'trip/coast.txt': 'the coast' })
    const page = await world().page()
    await world().signIn(page, 'buckets/sharing/objects/trip/')
    await page.getByRole('button', { name: 'Actions for coast.txt' }).click()
    await page.getByRole('menuitem', { name: 'Share…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Share coast.txt' })
    await dialog.getByLabel('The link works for').selectOption('7 days')
    await dialog.getByText('Anyone who has this link can read coast.txt').waitFor()
    await dialog.getByRole('img', { name: 'QR code of the link to coast.txt' }).waitFor()
    await world().look(page, 'share')
    const link = await dialog.getByLabel('Link', { exact: true }).inputValue()
    assert.equal(new URL(link).searchParams.get('X-Amz-Expires'), String(7 * 24 * 3_600))
    const answer = await fetch(link)
    assert.deepEqual([answer.status, await answer.text()], [200, 'the coast'])
  })

  it('a link of a session that was kept ends with the session, and says so', async () => {
    const client = await makeBucket(world(), 'kept')
    await putTexts(client, 'kept', { 'a.txt': 'a' })
    const page = await world().page()
    await page.goto(world().url('buckets/kept'))
    await page.getByText('Keep for this tab').click()
    await world().signInHere(page)
    await page.reload()
    await page.getByRole('button', { name: 'Actions for a.txt' }).click()
    await page.getByRole('menuitem', { name: 'Share…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Share a.txt' })
    await dialog.getByText('The link ends earlier than you chose').waitFor()
    await world().look(page, 'share-kept')
    const answer = await fetch(await dialog.getByLabel('Link', { exact: true }).inputValue())
    assert.equal(await answer.text(), 'a')
  })

  it('an object that is public stays so when it is edited and renamed', async () => {
    const client = await makeBucket(world(), 'opened')
    await world().lightsail.send(
      new UpdateBucketCommand({
        bucketName: 'opened',
        accessRules: { getObject: 'private', allowPublicOverrides: true },
      }),
    )
    await putTexts(client, 'opened', { 'a.txt': 'a' })
    await client.send(new PutObjectAclCommand({ Bucket: 'opened', Key: 'a.txt', ACL: 'public-read' }))
    const statusOf = async (key: string): Promise<number> => {
      const answer = await fetch(`${world().server.endpoint}/opened/${key}`)
      await answer.arrayBuffer()
      return answer.status
    }
    assert.equal(await statusOf('a.txt'), 200)
    const page = await world().page()
    await world().signIn(page, 'buckets/opened')
    const choose = async (name: string, what: string): Promise<void> => {
      await page.getByRole('button', { name: `Actions for ${name}` }).click()
      await page.getByRole('menuitem', { name: what }).click()
    }
    await choose('a.txt', 'Edit metadata and tags…')
    await page.getByLabel('Cache-Control').fill('no-cache')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('a.txt is saved').waitFor()
    assert.equal(await statusOf('a.txt'), 200)
    await choose('a.txt', 'Rename…')
    await page.getByLabel('New name').fill('b.txt')
    await page.getByRole('button', { name: 'Rename 1 object' }).click()
    await page.getByText('1 object is renamed').waitFor()
    assert.equal(await statusOf('b.txt'), 200)
    const { CacheControl } = await client.send(new HeadObjectCommand({ Bucket: 'opened', Key: 'b.txt' }))
    assert.equal(CacheControl, 'no-cache')
  })

  it('one that was deleted is restored', async () => {
    const client = await makeBucket(world(), 'restoring', { isVersioned: true })
    await putTexts(client, 'restoring', { 'a.txt': 'first', 'gone.txt': 'here' })
    await putTexts(client, 'restoring', { 'a.txt': 'second' })
    await client.send(new DeleteObjectCommand({ Bucket: 'restoring', Key: 'gone.txt' }))
    const page = await world().page()
    await world().signIn(page, 'buckets/restoring')
    await page.getByText('1 item').waitFor()
    await page.getByText('Versions', { exact: true }).click()
    await page.getByRole('row', { name: 'gone.txt, deleted' }).waitFor()
    await world().look(page, 'versions')
    await page.getByRole('button', { name: 'Restore gone.txt' }).click()
    await page.getByText('gone.txt is back').waitFor()
    const head = await client.send(new HeadObjectCommand({ Bucket: 'restoring', Key: 'gone.txt' }))
    assert.equal(head.ContentLength, 4)

    const old = page.getByRole('row', { name: 'a.txt, an earlier version' })
    await old.getByRole('button', { name: 'Actions for a.txt' }).click()
    await page.getByRole('menuitem', { name: 'Restore' }).click()
    await page.getByText('a.txt is back').waitFor()
    assert.equal(
      (await client.send(new HeadObjectCommand({ Bucket: 'restoring', Key: 'a.txt' }))).ContentLength,
      5,
    )

    await old.first().getByRole('button', { name: 'Actions for a.txt' }).click()
    await page.getByRole('menuitem', { name: 'Delete for good…' }).click()
    await page.getByRole('button', { name: 'Delete 1 version for good' }).click()
    await page.getByText('1 version is deleted for good').waitFor()
  })

  it('a folder is renamed with all that is in it, and an object moved, without replacing what is there', async () => {
    const client = await makeBucket(world(), 'moving')
    await putTexts(client, 'moving', { 'old/a': '1', 'old/b/c': '2', 'x.txt': 'x', 'there/x.txt': 'another' })
    const keys = async (): Promise<readonly string[]> =>
      ((await client.send(new ListObjectsV2Command({ Bucket: 'moving' }))).Contents ?? []).map(
        ({ Key = '' }) => Key,
      )
    const page = await world().page()
    await world().signIn(page, 'buckets/moving')
    await page.getByRole('button', { name: 'Actions for old/' }).click()
    await page.getByRole('menuitem', { name: 'Rename…' }).click()
    const rename = page.getByRole('dialog', { name: 'Rename old' })
    await rename.getByLabel('New name').fill('new')
    await world().look(page, 'rename')
    await rename.getByRole('button', { name: 'Rename 2 objects' }).click()
    await page.getByRole('row', { name: 'Folder new/' }).waitFor()
    assert.deepEqual(await keys(), ['new/a', 'new/b/c', 'there/x.txt', 'x.txt'])

    await page.getByRole('button', { name: 'Actions for x.txt' }).click()
    await page.getByRole('menuitem', { name: 'Move…' }).click()
    const move = page.getByRole('dialog', { name: 'Move x.txt' })
    await move.getByLabel('Into the folder').fill('there')
    await move.getByRole('button', { name: 'Move 1 object' }).click()
    await move.getByText('1 object stayed').waitFor()
    await world().look(page, 'move-refused')
    assert.deepEqual(await keys(), ['new/a', 'new/b/c', 'there/x.txt', 'x.txt'])
    await move.getByLabel('Into the folder').fill('free')
    await move.getByRole('button', { name: 'Move 1 object' }).click()
    await page.getByText('1 object is moved').waitFor()
    assert.deepEqual(await keys(), ['free/x.txt', 'new/a', 'new/b/c', 'there/x.txt'])
  })

  it('metadata, headers and tags are changed, and shown beside the list', async () => {
    const client = await makeBucket(world(), 'editing')
    await putTexts(client, 'editing', { 'page.txt': 'hello' })
    const page = await world().page()
    await world().signIn(page, 'buckets/editing')
    await page.getByRole('button', { name: 'Actions for page.txt' }).click()
    await page.getByRole('menuitem', { name: 'Edit metadata and tags…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Metadata and tags of page.txt' })
    await dialog.getByLabel('Cache-Control').fill('max-age=60')
    await dialog.getByRole('button', { name: 'Add metadata' }).click()
    const metadata = dialog.getByRole('group', { name: 'Metadata' })
    await metadata.getByLabel('Key').fill('camera')
    await metadata.getByLabel('Value').fill('Kamera ü')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('headers of HTTP hold no others').waitFor()
    await metadata.getByLabel('Value').fill('x100')
    await dialog.getByRole('button', { name: 'Add a tag' }).click()
    const tags = dialog.getByRole('group', { name: 'Tags' })
    await tags.getByLabel('Key').fill('team')
    await tags.getByLabel('Value').fill('storage')
    await world().look(page, 'edit-object')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('page.txt is saved').waitFor()
    const head = await client.send(new HeadObjectCommand({ Bucket: 'editing', Key: 'page.txt' }))
    assert.deepEqual(
      [head.CacheControl, head.Metadata, head.ContentType],
      ['max-age=60', { camera: 'x100' }, 'text/plain'],
    )
    const tagging = await client.send(new GetObjectTaggingCommand({ Bucket: 'editing', Key: 'page.txt' }))
    assert.deepEqual(tagging.TagSet, [{ Key: 'team', Value: 'storage' }])

    await page.getByRole('link', { name: 'page.txt' }).click()
    const pane = page.getByRole('complementary', { name: 'Preview' })
    await pane.getByText('hello').waitFor()
    await pane.getByText('Metadata camera').waitFor()
    await pane.getByText('Tag team').waitFor()
    await world().look(page, 'preview-text')
  })

  it('texts, tables, pictures, sound, film and PDF are shown beside the list, which does not move for them', async () => {
    const client = await makeBucket(world(), 'kinds')
    const page = await world().page()
    const bodies: Readonly<Record<string, string | Buffer>> = {
      'a.md': '# Title\n**bold**',
      'b.json': '{"a":[1]}',
      'c.csv': 'what,price\nFerry,48',
      'd.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><rect width="4" height="3"/></svg>',
      'e.wav': sound(),
      'f.webm': Buffer.from(await page.evaluate<string>(FILM), 'base64'),
      'g.pdf': await page.pdf(),
      'h.bin': Buffer.from([0, 255, 1]),
    }
    for (const [Key, Body] of Object.entries(bodies))
      await client.send(new PutObjectCommand({ Bucket: 'kinds', Key, Body }))
    await world().signIn(page, 'buckets/kinds')
    const pane = page.getByRole('complementary', { name: 'Preview' })
    const shows: readonly (readonly [name: string, what: Locator])[] = [
      ['a.md', pane.getByText('**bold**')],
      ['b.json', pane.getByText('"a": [')],
      ['c.csv', pane.getByRole('columnheader', { name: 'price' })],
      ['d.svg', pane.getByRole('img', { name: 'd.svg' })],
      ['e.wav', pane.locator('audio')],
      ['f.webm', pane.locator('video')],
      // Chromium without a window shows no PDF, and the person is told so.
      ['g.pdf', pane.getByTitle('g.pdf').or(pane.getByText('This browser shows no PDF here.'))],
      ['h.bin', pane.getByText('There is no preview of this kind of file.')],
    ]
    const top = (): Promise<number | undefined> =>
      page
        .getByRole('row', { name: 'a.md' })
        .boundingBox()
        .then((box) => box?.y)
    await page.getByRole('row', { name: 'a.md' }).waitFor()
    const wasAt = await top()
    for (const [name, what] of shows) {
      await page.getByRole('row', { name }).getByRole('link').click()
      await what.waitFor()
      if (['e.wav', 'f.webm'].includes(name)) await what.evaluate(UNDERSTOOD)
      await pane.getByText('ETag').waitFor()
      assert.equal(await top(), wasAt, name)
      assert.equal(
        await page.evaluate<boolean>('document.documentElement.scrollHeight > innerHeight'),
        false,
        `${name}: the page itself scrolls`,
      )
    }
  })

  it('several are downloaded as one ZIP', async () => {
    const client = await makeBucket(world(), 'zipping')
    await putTexts(client, 'zipping', { 'trip/a.txt': 'aaa', 'trip/deep/b.txt': 'bbb', 'c.txt': 'c' })
    const page = await world().page()
    // Where browsers do not write to the disk as it comes.
    await page.addInitScript('delete window.showSaveFilePicker')
    await world().signIn(page, 'buckets/zipping')
    await page.getByRole('button', { name: 'Actions for trip/' }).click()
    await page.getByRole('menuitem', { name: 'Download as ZIP…' }).click()
    await page.getByText('2 objects, 6 B').waitFor()
    await world().look(page, 'zip')
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download trip.zip' }).click()
    const { readFileSync } = await import('node:fs')
    const zip = readFileSync(await (await download).path()).toString('latin1')
    for (const part of ['trip/a.txt', 'trip/deep/b.txt', 'aaa', 'bbb']) assert.ok(zip.includes(part), part)
    assert.equal(zip.includes('c.txt'), false)
  })
})

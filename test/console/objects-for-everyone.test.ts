import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { skip, startConsole } from './console-world.ts'
import { makeBucket, makeKey, putTexts } from './objects-world.ts'

/** A picture of one pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
/** The same for names, in which a slash would begin a folder. */
const NAME = '<img src=x onerror="window.attacked=1">'
const ATTACK = '<img src=x onerror="window.attacked=1"><script>window.attacked=1</script>'

describe('objects in the console, for everyone', { skip }, () => {
  const world = startConsole()

  it('a key that may only read is offered nothing else, and told why', async () => {
    const client = await makeBucket(world(), 'reading')
    await putTexts(client, 'reading', { 'a.txt': 'a' })
    const key = await makeKey(world(), 'reader', { rights: ['read', 'list'], buckets: ['reading'] })
    const page = await world().page()
    await page.goto(world().url('buckets/reading'))
    await world().signInHere(page, key)
    await page.getByText('This key has no right to write or delete').waitFor()
    await page.getByRole('button', { name: 'Actions for a.txt' }).click()
    const offered = await page.getByRole('menuitem').allInnerTexts()
    assert.deepEqual(
      offered.map((text) => text.trim()),
      ['Download', 'Share…'],
    )
    await page.keyboard.press('Escape')
    assert.equal(await page.getByRole('button', { name: 'Upload files' }).count(), 0)
    await world().look(page, 'objects-read-only')
  })

  it('a key of one folder is led there, and sees nothing beside it', async () => {
    const client = await makeBucket(world(), 'prefixes')
    await putTexts(client, 'prefixes', { 'laptop/docs/a.txt': 'a', 'secret/b.txt': 'b' })
    const key = await makeKey(world(), 'laptop', {
      rights: ['read', 'write', 'list'],
      buckets: ['prefixes'],
      prefixes: ['laptop/docs/'],
    })
    const page = await world().page()
    await page.goto(world().url('buckets/prefixes'))
    await world().signInHere(page, key)
    await page.getByText('This key opens these folders').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Upload files' }).count(), 0)
    await world().look(page, 'objects-of-a-prefix')
    await page.getByRole('link', { name: 'laptop/' }).click()
    await page.getByRole('link', { name: 'docs/' }).click()
    await page.getByRole('row', { name: 'a.txt' }).waitFor()
    await page.getByRole('button', { name: 'Upload files' }).waitFor()
  })

  it('names, tags, types and contents that want to be scripts run none', async () => {
    const client = await makeBucket(world(), 'hostile')
    const names = [
      `${NAME}.html`,
      `${NAME}/inner.txt`,
      'javascript:alert(1)',
      'a\u202egpj.exe',
      'line\nbreak',
      '"onload="x',
      '%2e%2e%2f',
    ]
    for (const name of names)
      await client.send(
        new PutObjectCommand({
          Bucket: 'hostile',
          Key: name,
          Body: ATTACK,
          ContentType: 'text/html',
          // The server takes no others in tags.
          Tagging: 'javascript%3Aalert=onload%3Dalert',
          Metadata: { note: '<script>window.attacked=1</script>' },
        }),
      )
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="window.attacked=1"><script>top.attacked=1</script></svg>`
    await client.send(
      new PutObjectCommand({ Bucket: 'hostile', Key: 'x.svg', Body: svg, ContentType: 'text/html' }),
    )
    await client.send(
      new PutObjectCommand({
        Bucket: 'hostile',
        Key: 'x.csv',
        Body: `a,b\n${ATTACK},"${ATTACK}"`,
        ContentType: 'text/html',
      }),
    )
    await client.send(
      new PutObjectCommand({
        Bucket: 'hostile',
        Key: 'x.json',
        Body: JSON.stringify({ a: ATTACK }),
        ContentType: 'text/html',
      }),
    )
    await client.send(
      new PutObjectCommand({ Bucket: 'hostile', Key: 'x.pdf', Body: ATTACK, ContentType: 'text/html' }),
    )
    await client.send(
      new PutObjectCommand({ Bucket: 'hostile', Key: 'x.png', Body: PNG, ContentType: 'text/html' }),
    )
    await client.send(
      new PutObjectCommand({ Bucket: 'hostile', Key: 'x.mp4', Body: ATTACK, ContentType: 'text/html' }),
    )
    const page = await world().page()
    let dialogs = 0
    page.on('dialog', (dialog) => {
      dialogs++
      void dialog.dismiss()
    })
    await world().signIn(page, 'buckets/hostile')
    await page.getByText('13 items').waitFor()
    await world().look(page, 'objects-hostile')
    await page.getByRole('link', { name: 'a\\u{202e}gpj.exe' }).waitFor()
    for (const name of [
      '.html',
      'javascript:alert(1)',
      'x.svg',
      'x.csv',
      'x.json',
      'x.pdf',
      'x.png',
      'x.mp4',
    ]) {
      await page.getByRole('row').filter({ hasText: name }).getByRole('link').click()
      await page.getByRole('complementary', { name: 'Preview' }).getByText('ETag').waitFor()
      await page.locator('aside [aria-busy]').first().waitFor({ state: 'detached' })
    }
    await page.getByRole('row').filter({ hasText: '.html' }).getByRole('link').click()
    await page.getByRole('complementary', { name: 'Preview' }).locator('pre').getByText(ATTACK).waitFor()
    await world().look(page, 'preview-hostile')
    const attacked = await page.evaluate<unknown>('window.attacked')
    assert.deepEqual([attacked, dialogs], [undefined, 0])
    // A media element that was given no film says so to the page, not to the person alone.
    world().takeComplaints()
  })

  it('the keyboard alone walks the list, previews, selects and deletes', async () => {
    const client = await makeBucket(world(), 'keyboard')
    await putTexts(client, 'keyboard', { 'a.txt': 'first text', 'b.txt': 'second text', 'c.txt': 'third' })
    const page = await world().page()
    await world().signIn(page, 'buckets/keyboard')
    await page.getByRole('row', { name: 'a.txt' }).focus()
    await page.keyboard.press('Enter')
    const pane = page.getByRole('complementary', { name: 'Preview' })
    await pane.getByText('first text').waitFor()
    await page.getByRole('row', { name: 'a.txt' }).focus()
    await page.keyboard.press('ArrowDown')
    await pane.getByText('second text').waitFor()
    await page.keyboard.press('Escape')
    await pane.waitFor({ state: 'detached' })
    await page.keyboard.press('Shift+ArrowDown')
    await page.getByText('2 selected').waitFor()
    await world().look(page, 'objects-selected')
    await page.keyboard.press('Delete')
    const dialog = page.getByRole('alertdialog', { name: 'Delete 2 items' })
    await dialog.getByRole('button', { name: 'Delete 2 objects' }).press('Enter')
    await page.getByText('1 item').waitFor()
    await page.getByRole('row', { name: 'a.txt' }).focus()
    await page.keyboard.press('.')
    await page.getByRole('menuitem', { name: 'Download' }).waitFor()
  })

  it('a phone shows the list, the preview and the menu', async () => {
    const client = await makeBucket(world(), 'phone')
    await putTexts(client, 'phone', {
      'a-very-long-name-of-a-document-that-no-phone-has-room-for.txt': 'text',
      'trip/b': 'b',
    })
    const page = await world().page({ viewport: { width: 360, height: 740 }, hasTouch: true })
    await world().signIn(page, 'buckets/phone')
    await page.getByRole('row', { name: 'Folder trip/' }).waitFor()
    await world().look(page, 'objects-phone')
    await page.getByRole('link', { name: 'a-very-long-name' }).click()
    await page.getByRole('dialog', { name: 'a-very-long-name' }).locator('pre').getByText('text').waitFor()
    await world().look(page, 'preview-phone')
  })
})

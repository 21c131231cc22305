import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { HeadObjectCommand } from '@aws-sdk/client-s3'
import { skip, startConsole } from './console-world.ts'
import { chooseFiles, makeBucket, putTexts, textFile } from './objects-world.ts'

describe('objects in the console', { skip }, () => {
  const world = startConsole()

  it('are shown folder by folder, each with its address', async () => {
    const client = await makeBucket(world(), 'folders')
    await putTexts(client, 'folders', {
      'coast.jpg': 'no picture',
      '2026/november/a.txt': 'a',
      '2026/november/b.txt': 'bb',
      '2026/october/c.txt': 'c',
    })
    const page = await world().page()
    await world().signIn(page, 'buckets/folders')
    const list = page.getByRole('grid', { name: 'What is in folders/' })
    await list.getByRole('row', { name: 'coast.jpg' }).getByText('10 B', { exact: true }).waitFor()
    await page.getByText('2 items').waitFor()
    await world().look(page, 'objects')
    await list.getByRole('link', { name: '2026/' }).click()
    await page.getByRole('link', { name: 'november/' }).click()
    assert.equal(new URL(page.url()).pathname, '/-/console/buckets/folders/objects/2026/november/')
    await page.getByRole('row', { name: 'b.txt' }).waitFor()
    await page.getByRole('navigation', { name: 'Folders' }).getByRole('link', { name: '2026' }).click()
    await page.getByRole('row', { name: 'Folder october/' }).waitFor()
    await page.goBack()
    await page.getByRole('row', { name: 'a.txt' }).waitFor()
    await page.getByLabel('Names that begin with').fill('b')
    await page.getByText('1 item').waitFor()
    assert.equal(new URL(page.url()).searchParams.get('find'), 'b')
  })

  it('are uploaded and downloaded byte for byte', async () => {
    const client = await makeBucket(world(), 'transfer')
    const page = await world().page()
    await world().signIn(page, 'buckets/transfer')
    await page.getByRole('heading', { name: 'Nothing in this bucket yet' }).waitFor()
    await world().look(page, 'objects-empty')
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 251))
    await chooseFiles(page, [
      { name: 'Küste 1.bin', mimeType: '', buffer: bytes },
      textFile('note.txt', 'hello'),
    ])
    await page.getByText('2 files uploaded').waitFor()
    const row = page.getByRole('row', { name: 'Küste 1.bin' })
    await row.waitFor()
    await world().look(page, 'objects-uploaded')
    const head = await client.send(new HeadObjectCommand({ Bucket: 'transfer', Key: 'note.txt' }))
    assert.equal(head.ContentType, 'text/plain')
    const download = page.waitForEvent('download')
    await row.getByRole('button', { name: 'Download Küste 1.bin' }).click()
    const file = await download
    assert.equal(file.suggestedFilename(), 'Küste 1.bin')
    assert.deepEqual(readFileSync(await file.path()), bytes)
  })

  it('a folder is made, filled, and deleted after its objects were counted', async () => {
    const client = await makeBucket(world(), 'counting')
    const page = await world().page()
    await world().signIn(page, 'buckets/counting')
    await page.getByRole('button', { name: 'New folder' }).click()
    await page.getByRole('dialog', { name: 'New folder' }).getByLabel('Name').fill('trip')
    await world().look(page, 'create-folder')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Nothing in this folder' }).waitFor()
    await putTexts(client, 'counting', { 'trip/a': '1', 'trip/b/c': '22' })
    await page.getByRole('link', { name: 'counting', exact: true }).click()
    const row = page.getByRole('row', { name: 'Folder trip/' })
    await row.getByRole('button', { name: 'Actions for trip/' }).click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    const dialog = page.getByRole('alertdialog', { name: 'Delete trip/' })
    await dialog.getByText('3 objects, 3 B.').waitFor()
    await world().look(page, 'delete-objects')
    await dialog.getByRole('button', { name: 'Delete 3 objects' }).click()
    await page.getByRole('heading', { name: 'Nothing in this bucket yet' }).waitFor()
  })
})

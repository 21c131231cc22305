import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import {
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { startServer, type RunningServer } from '../harness/server.ts'
import { comesTo } from '../harness/until.ts'
import { skip, startConsole } from './console-world.ts'
import { chooseFiles, makeBucket, putTexts, textFile } from './objects-world.ts'

const MIB = 1024 ** 2
const folder = mkdtempSync(join(tmpdir(), 'lugsail-uploads-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Bytes that differ from part to part. */
const bytesOf = (length: number): Buffer =>
  Buffer.alloc(length, createHash('sha256').update('parts').digest())

describe('uploads in the console', { skip }, () => {
  const world = startConsole()

  it('of a folder of 500 files go on while one looks at another', async () => {
    const client = await makeBucket(world(), 'many')
    await putTexts(client, 'many', { 'other/one.txt': '1' })
    const given = join(folder, 'november')
    mkdirSync(join(given, 'deep'), { recursive: true })
    for (let at = 0; at < 500; at++)
      writeFileSync(
        join(given, at % 5 === 0 ? 'deep' : '', `${String(at).padStart(3, '0')}.txt`),
        `file ${at}`,
      )
    const page = await world().page()
    await world().signIn(page, 'buckets/many')
    await page.getByTestId('folder').setInputFiles(given)
    await page.getByRole('link', { name: 'other/' }).click()
    await page.getByRole('row', { name: 'one.txt' }).waitFor()
    await page.getByRole('region', { name: 'Uploads' }).waitFor()
    await page.getByRole('link', { name: 'Buckets', exact: true }).click()
    await page.getByText('500 files uploaded').waitFor()
    await world().look(page, 'uploads-done')
    const listed = await client.send(new ListObjectsV2Command({ Bucket: 'many', Prefix: 'november/' }))
    assert.equal(listed.KeyCount, 500)
    const deep = await client.send(new GetObjectCommand({ Bucket: 'many', Key: 'november/deep/495.txt' }))
    assert.equal(await deep.Body?.transformToString(), 'file 495')
    // A browser adds headers of its own, of which S3 would keep this one.
    assert.equal(deep.CacheControl, undefined)
  })

  it('are in the list as soon as the panel says that they are uploaded', async () => {
    await makeBucket(world(), 'prompt')
    const page = await world().page()
    await page.clock.install({ time: Date.now() })
    await world().signIn(page, 'buckets/prompt')
    await page.getByText('Nothing in this bucket yet').waitFor()
    // From here on time goes by only as it is told to: less than the list waits for while uploads go on.
    await page.clock.pauseAt(Date.now() + 60_000)
    const stored = page.waitForResponse((response) => response.request().method() === 'PUT')
    await chooseFiles(page, [textFile('a.txt', 'a')])
    await stored
    const listed = page.waitForResponse((response) => response.url().includes('list-type=2'))
    await page.clock.runFor(1_000)
    await page.getByText('1 file uploaded').waitFor()
    await listed
    await page.clock.resume()
    await page.getByRole('row', { name: 'a.txt' }).waitFor()
  })

  it('of folders that are dropped on the page keep their tree', async () => {
    const client = await makeBucket(world(), 'dropped')
    const given = join(folder, 'december')
    mkdirSync(join(given, 'deep', 'deeper'), { recursive: true })
    writeFileSync(join(given, 'one.txt'), 'one')
    writeFileSync(join(given, 'deep', 'deeper', 'two.txt'), 'two')
    const page = await world().page()
    await world().signIn(page, 'buckets/dropped')
    await page.getByText('Nothing in this bucket yet').waitFor()
    const protocol = await page.context().newCDPSession(page)
    const data = { items: [], files: [given], dragOperationsMask: 1 }
    const drag = (type: 'dragEnter' | 'dragOver' | 'drop'): Promise<unknown> =>
      protocol.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data })
    await drag('dragEnter')
    await page.getByText('Drop to upload into dropped/').waitFor()
    await drag('dragOver')
    await drag('drop')
    await page.getByText('2 files uploaded').waitFor()
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'dropped' }))
    assert.deepEqual(
      Contents.map(({ Key }) => Key),
      ['december/deep/deeper/two.txt', 'december/one.txt'],
    )
  })

  it('replace nothing that is there unless one says so, and ask once for all', async () => {
    const client = await makeBucket(world(), 'conflicts')
    const names = ['a.txt', 'b.txt', 'c.txt']
    await putTexts(client, 'conflicts', Object.fromEntries(names.map((name) => [name, 'old'])))
    const page = await world().page()
    await world().signIn(page, 'buckets/conflicts')
    const uploads = page.getByRole('region', { name: 'Uploads' })
    const textOf = async (key: string): Promise<string | undefined> =>
      await (
        await client.send(new GetObjectCommand({ Bucket: 'conflicts', Key: key }))
      ).Body?.transformToString()

    await chooseFiles(
      page,
      [...names, 'new.txt'].map((name) => textFile(name, 'new')),
    )
    await uploads.getByText('There is an object').waitFor()
    await world().look(page, 'upload-conflict')
    await uploads.getByRole('button', { name: 'Skip' }).click()
    await page.getByText('1 file uploaded').waitFor()
    assert.equal(await textOf('a.txt'), 'old')
    await uploads.getByRole('button', { name: 'Close' }).click()

    await chooseFiles(page, [textFile('a.txt', 'new')])
    await uploads.getByRole('button', { name: 'Keep both' }).click()
    await page.getByRole('row', { name: 'a (2).txt' }).waitFor()
    assert.deepEqual([await textOf('a.txt'), await textOf('a (2).txt')], ['old', 'new'])

    await chooseFiles(
      page,
      names.map((name) => textFile(name, 'new')),
    )
    await uploads.getByRole('button', { name: 'Replace' }).click()
    // How many the panel counts depends on whether it was closed since.
    const texts = (): Promise<(string | undefined)[]> => Promise.all(names.map(textOf))
    await comesTo(['new', 'new', 'new'], texts)
  })

  it('take up the parts that are stored when the same file is given again, and send only the others', async () => {
    const client = await makeBucket(world(), 'parts')
    const bytes = bytesOf(20 * MIB)
    const begun = { Bucket: 'parts', Key: 'film.bin' }
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ ...begun, ChecksumAlgorithm: 'SHA256' }),
    )
    const first = bytes.subarray(0, 8 * MIB)
    await client.send(
      new UploadPartCommand({
        ...begun,
        UploadId,
        PartNumber: 1,
        Body: first,
        ChecksumSHA256: createHash('sha256').update(first).digest('base64'),
      }),
    )
    const page = await world().page()
    const sent: string[] = []
    page.on('request', (request) => {
      const number = new URL(request.url()).searchParams.get('partNumber')
      if (number !== null) sent.push(number)
    })
    await world().signIn(page, 'buckets/parts')
    await page.getByRole('button', { name: '1 unfinished upload' }).click()
    await page.getByRole('dialog', { name: 'Unfinished uploads' }).getByText('film.bin').waitFor()
    await world().look(page, 'unfinished-uploads')
    await page.keyboard.press('Escape')
    writeFileSync(join(folder, 'film.bin'), bytes)
    await page.getByTestId('files').setInputFiles(join(folder, 'film.bin'))
    await page.getByText('1 file uploaded').waitFor()
    assert.deepEqual(sent.sort(), ['2', '3'])
    const stored = await client.send(new GetObjectCommand(begun))
    assert.equal(bytes.equals(Buffer.from((await stored.Body?.transformToByteArray()) ?? [])), true)
  })

  it('of another file under the same name take up nothing, and one can give up what is unfinished', async () => {
    const client = await makeBucket(world(), 'others')
    const begun = { Bucket: 'others', Key: 'film.bin' }
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ ...begun, ChecksumAlgorithm: 'SHA256' }),
    )
    const part = Buffer.alloc(8 * MIB, 'x')
    const ChecksumSHA256 = createHash('sha256').update(part).digest('base64')
    await client.send(
      new UploadPartCommand({ ...begun, UploadId, PartNumber: 1, Body: part, ChecksumSHA256 }),
    )
    const page = await world().page()
    await world().signIn(page, 'buckets/others')
    const bytes = bytesOf(17 * MIB)
    writeFileSync(join(folder, 'film.bin'), bytes)
    await page.getByTestId('files').setInputFiles(join(folder, 'film.bin'))
    await page.getByText('1 file uploaded').waitFor()
    const stored = await client.send(new GetObjectCommand(begun))
    assert.equal(bytes.equals(Buffer.from((await stored.Body?.transformToByteArray()) ?? [])), true)
    await page.getByRole('button', { name: '1 unfinished upload' }).click()
    await page.getByRole('button', { name: 'Give up the upload of film.bin' }).click()
    await page.getByText('There are none any more').waitFor()
    const left = await client.send(new ListMultipartUploadsCommand({ Bucket: 'others' }))
    assert.deepEqual(left.Uploads ?? [], [])
  })
})

describe('a server whose disk is full', { skip }, () => {
  const world = startConsole()

  it('stops uploads with the reason, and they go on when one says that there is room', async () => {
    await makeBucket(world(), 'full')
    const page = await world().page()
    await world().signIn(page, 'buckets/full')
    await page.getByRole('heading', { name: 'Nothing in this bucket yet' }).waitFor()
    let isFull = true
    await page.route('**/full/*.txt', (route) =>
      isFull
        ? route.fulfill({ status: 507, body: '<Error><Code>InsufficientStorage</Code></Error>' })
        : route.continue(),
    )
    await chooseFiles(page, [textFile('a.txt', 'a'), textFile('b.txt', 'b')])
    const uploads = page.getByRole('region', { name: 'Uploads' })
    await uploads.getByText('Paused: 0 of 2 uploaded').waitFor()
    await uploads.getByText('The disk of the server is full.').waitFor()
    await world().look(page, 'disk-full')
    isFull = false
    await uploads.getByRole('button', { name: 'Go on with uploads' }).click()
    await page.getByText('2 files uploaded').waitFor()
  })
})

describe('a server that goes away and comes back', { skip }, () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'lugsail-away-'))
  const world = startConsole({ engines: 'embedded', dataFolder })
  let back: RunningServer | null = null
  after(async () => {
    await back?.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  })

  it('loses no upload', async () => {
    const client = await makeBucket(world(), 'away')
    const page = await world().page()
    await world().signIn(page, 'buckets/away')
    await page.getByRole('heading', { name: 'Nothing in this bucket yet' }).waitFor()
    const bytes = bytesOf(40 * MIB)
    writeFileSync(join(folder, 'large.bin'), bytes)
    // The server goes when the first part is there.
    const stored = page.waitForResponse((response) => response.url().includes('partNumber='))
    await page.getByTestId('files').setInputFiles([join(folder, 'large.bin')])
    await stored
    await world().server.kill()
    await chooseFiles(page, [textFile('small.txt', 'small')])
    const uploads = page.getByRole('region', { name: 'Uploads' })
    await uploads.getByText('The server does not answer').waitFor()
    await world().look(page, 'server-away')
    back = await startServer({
      engines: 'embedded',
      dataFolder,
      options: { listen: new URL(world().server.endpoint).host },
    })
    await page.getByText('2 files uploaded').waitFor()
    const large = await client.send(new GetObjectCommand({ Bucket: 'away', Key: 'large.bin' }))
    assert.equal(bytes.equals(Buffer.from((await large.Body?.transformToByteArray()) ?? [])), true)
    const small = await client.send(new GetObjectCommand({ Bucket: 'away', Key: 'small.txt' }))
    assert.equal(await small.Body?.transformToString(), 'small')
  })
})

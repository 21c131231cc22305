import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { ownProcess } from '../../../base/process-identity.ts'
import { abortLeftUploads, OpenUploads, openUploadsFolder } from './open-uploads.ts'
import type { Store } from './store.ts'

const ENDPOINT = 'http://localhost:9400'
const placeOf = (UploadId: string) => ({ Bucket: 'b', Key: 'k', UploadId })

describe('the uploads in parts that are not ended', () => {
  let folder = ''
  beforeEach(() => (folder = join(mkdtempSync(join(tmpdir(), 'lugsail-open-uploads-')), 'import')))
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

  const files = (): string[] => readdirSync(folder).sort()
  const noted = (name: string | undefined): unknown =>
    JSON.parse(readFileSync(join(folder, name ?? ''), 'utf8'))

  it('are noted in a file of the run, for its user alone, as long as there are any', () => {
    const uploads = new OpenUploads(folder, ENDPOINT)
    uploads.begin(placeOf('1'))
    uploads.begin(placeOf('2'))
    const [name, ...others] = files()
    assert.deepEqual(others, [])
    assert.match(name ?? '', new RegExp(`^${process.pid}-[0-9a-f]{8}\\.json$`))
    assert.equal(statSync(join(folder, name ?? '')).mode & 0o777, 0o600)
    assert.deepEqual(noted(name), {
      process: ownProcess(),
      endpoint: ENDPOINT,
      uploads: [placeOf('1'), placeOf('2')],
    })
    uploads.end(placeOf('1'))
    assert.deepEqual((noted(name) as { uploads: object[] }).uploads, [placeOf('2')])
    uploads.end(placeOf('2'))
    assert.deepEqual(files(), [])
  })

  it('are no hindrance where they cannot be noted', () => {
    writeFileSync(folder, 'a file')
    const uploads = new OpenUploads(folder, ENDPOINT)
    uploads.begin(placeOf('1'))
    uploads.end(placeOf('1'))
    assert.equal(readFileSync(folder, 'utf8'), 'a file')
  })

  it('lie where the system keeps what programs remember', () => {
    assert.equal(openUploadsFolder({ XDG_STATE_HOME: '/state', HOME: '/me' }), '/state/lugsail/import')
    for (const env of [{ HOME: '/me' }, { HOME: '/me', XDG_STATE_HOME: '' }])
      assert.equal(openUploadsFolder(env), '/me/.local/state/lugsail/import')
  })

  /** A process that has ended: of this machine, and not begun when it says. */
  const ENDED = { ...ownProcess(), startedAt: '1' }

  /** Takes back what is left, at a store that answers so; gives what was taken back. */
  async function takeBack(answer: (uploadId: string) => void = () => undefined): Promise<string[]> {
    const asked: string[] = []
    const target = {
      endpoint: ENDPOINT,
      client: {
        send: async ({ input }: { readonly input: { readonly UploadId: string } }) => {
          asked.push(input.UploadId)
          answer(input.UploadId)
          await Promise.resolve()
        },
      },
    } as unknown as Store
    await abortLeftUploads(folder, target)
    return asked.sort()
  }

  function note(name: string, members: object): void {
    mkdirSync(folder, { recursive: true })
    const all = { process: ENDED, endpoint: ENDPOINT, uploads: [placeOf(`of ${name}`)], ...members }
    writeFileSync(join(folder, name), JSON.stringify(all))
  }

  it('are taken back by the next run to the same destination once their run is over', async () => {
    note('over.json', { uploads: [placeOf('1'), placeOf('2')] })
    note('running.json', { process: ownProcess() })
    note('elsewhere.json', { endpoint: 'http://other' })
    note('another-machine.json', { process: { ...ENDED, pidSpace: 'of another boot' } })
    note('no-note.txt', {})
    assert.deepEqual(await takeBack(), ['1', '2'])
    assert.deepEqual(files(), ['another-machine.json', 'elsewhere.json', 'no-note.txt', 'running.json'])
  })

  it('stay noted where one could not be taken back, and not where it is gone', async () => {
    note('busy.json', { uploads: [placeOf('1'), placeOf('2')] })
    note('gone.json', { uploads: [placeOf('3')] })
    note('no-bucket.json', { uploads: [placeOf('4')] })
    const names: Readonly<Record<string, string>> = { 1: 'SlowDown', 3: 'NoSuchUpload', 4: 'NoSuchBucket' }
    const asked = await takeBack((uploadId) => {
      const name = names[uploadId]
      if (name !== undefined) throw Object.assign(new Error(name), { name })
    })
    assert.deepEqual(asked, ['1', '2', '3', '4'])
    assert.deepEqual(files(), ['busy.json'])
  })

  it('are nobody’s where a file is no such note, or there is no folder', async () => {
    assert.deepEqual(await takeBack(), [])
    for (const [index, member] of ['process', 'endpoint', 'uploads'].entries())
      note(`${index}.json`, { [member]: undefined })
    note('3.json', { uploads: 'x' })
    for (const [index, text] of ['', 'null', '7', '[]'].entries())
      writeFileSync(join(folder, `text-${index}.json`), text)
    assert.deepEqual(await takeBack(), [])
    assert.equal(files().length, 8)
  })
})

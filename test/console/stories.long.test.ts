import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { SignedClient } from '../harness/signed-client.ts'
import { skip, startConsole, THEMES, type KeyPair } from './console-world.ts'
import { keyboard, pointer, type Hand } from './hands.ts'
import { makeKey, putTexts } from './objects-world.ts'

const FILES = 500
/** A Friday whose month and day are written alike, in whatever order a browser has them. */
const FRIDAY = '2031-12-12'
const PROGRAMS = ['backup/1.0', 'reports/2.1', 'website/3.2'] as const

/** A person on the way through the stories. */
interface Walker {
  readonly page: Page
  readonly hand: Hand
  /** Tells apart what is made on each way. */
  readonly way: 'mouse' | 'keyboard' | 'phone'
  /** The key of a program, made before its list is looked at. */
  readonly app: { key: KeyPair | null }
  readonly bucket: string
  readonly look: (name: string) => Promise<void>
}

describe('the ten stories of the console, in one walk', { skip }, () => {
  const world = startConsole()
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-stories-'))
  before(() => {
    for (const way of ['mouse', 'keyboard', 'phone']) {
      mkdirSync(join(folder, way))
      for (let at = 0; at < FILES; at++) writeFileSync(join(folder, way, `${at}.txt`), `file ${at}`)
    }
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  for (const theme of THEMES)
    it(`is gone by mouse, again by the keyboard alone and again on a phone, without a dead end, ${theme}`, async () => {
      const page = await world().page({
        colorScheme: theme,
        reducedMotion: 'reduce',
        hasTouch: true,
        permissions: ['clipboard-read', 'clipboard-write'],
      })
      const walker = (way: Walker['way'], hand: Hand, bucket: string): Walker => ({
        page,
        hand,
        way,
        bucket,
        app: { key: null },
        look: (name) => world().look(page, `walk-${way}-${name}`, [theme]),
      })
      // Thousands of files and hundreds of looks take what the machine has.
      page.setDefaultTimeout(240_000)
      // 1 and 2.
      const byMouse = walker('mouse', pointer(page, 'click'), `photos-${theme}`)
      await world().signIn(page)
      await page.getByRole('heading', { name: 'Buckets', exact: true }).waitFor()
      await makeBucket(byMouse)
      await walk(byMouse)
      // The ninth, in the same bucket.
      await walk(walker('keyboard', keyboard(page), byMouse.bucket))
      // The tenth.
      await page.setViewportSize({ width: 360, height: 740 })
      const onPhone = walker('phone', pointer(page, 'tap'), `pocket-${theme}`)
      await onPhone.hand.press(page.getByRole('link', { name: 'All buckets' }))
      await makeBucket(onPhone)
      await walk(onPhone)
    })

  /** 3 to 8. */
  async function walk(walker: Walker): Promise<void> {
    const { way, bucket } = walker
    walker.app.key = await makeKey(world(), `app-${way}-${bucket}`, {
      rights: ['read-write'],
      buckets: [bucket],
    })
    await uploadWhileBrowsing(walker)
    await giveReadAccess(walker)
    await share(walker)
    await restore(walker)
    await rotate(walker)
    await makePublicAndPrivate(walker)
  }

  async function makeBucket({ page, hand, bucket, look }: Walker): Promise<void> {
    await hand.press(page.getByRole('button', { name: 'Create bucket' }))
    const form = page.getByRole('dialog', { name: 'Create a bucket' })
    await hand.fill(form.getByLabel('Name'), bucket)
    await hand.press(form.getByText('Keep old versions of objects'))
    await look('2-create-bucket')
    await hand.press(form.getByRole('button', { name: `Create ${bucket}` }))
    await page.getByRole('heading', { name: 'Nothing in this bucket yet' }).waitFor()
    await look('2-new-bucket')
    await putTexts(world().s3, bucket, {
      'other/one.txt': '1',
      'trip/coast.txt': 'the coast',
      'trip/storm.txt': 'the storm',
      'private/letter.txt': 'secret',
    })
  }

  async function uploadWhileBrowsing({ page, hand, way, bucket, look }: Walker): Promise<void> {
    await hand.press(pageLink(page, 'Objects'))
    // The last file is on its way for as long as one looks elsewhere.
    let release = (): void => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    const last = `**/${bucket}/${way}/${FILES - 1}.txt*`
    await page.route(last, async (route) => {
      await released
      await route.continue()
    })
    const chooser = page.waitForEvent('filechooser')
    await hand.press(page.getByRole('button', { name: 'Upload folder' }))
    await (await chooser).setFiles(join(folder, way))
    const uploads = page.getByRole('region', { name: 'Uploads' })
    await uploads.getByText(`${FILES - 1} of ${FILES} uploaded`).waitFor()
    await hand.open('Folder other/', 'other/')
    await page.getByRole('row', { name: 'one.txt' }).waitFor()
    await look('3-uploading')
    release()
    await uploads.getByText(`${FILES} files uploaded`).waitFor()
    await page.unroute(last)
    await look('3-uploaded')
    await hand.press(uploads.getByRole('button', { name: 'Close' }))
    await uploads.waitFor({ state: 'detached' })
  }

  async function giveReadAccess({ page, hand, way, bucket, look }: Walker): Promise<void> {
    const name = `anna-${way}-${bucket}`
    await hand.press(pageLink(page, 'Keys'))
    await page.getByRole('heading', { name: `Keys of ${bucket}` }).waitFor()
    await look('4-keys')
    await hand.press(page.getByRole('button', { name: 'Create key' }))
    const form = page.getByRole('dialog', { name: `Create a key for ${bucket}` })
    await hand.fill(form.getByLabel('Name'), name)
    await hand.pick(form.getByRole('radiogroup', { name: 'What it may do' }), 'Read')
    await hand.press(form.getByRole('button', { name: /^Limit it/ }))
    await hand.fill(form.getByLabel('Only objects that begin with'), 'trip/')
    await hand.choose(form.getByLabel('It ends'), 'At the end of a day…')
    await hand.fill(form.getByLabel('Last day'), FRIDAY)
    await form
      .getByText(
        `${name} may read and list the objects under trip/ in ${bucket}, from anywhere, until the end of Friday`,
      )
      .waitFor()
    await look('4-create-key')
    await hand.press(form.getByRole('button', { name: `Create ${name}` }))
    const anna = await takeSecret({ page, hand }, name, () => look('4-secret'))
    await page.getByRole('row', { name }).waitFor()
    await look('4-key-made')
    assert.deepEqual(
      [await list(anna, bucket, 'console', 'trip/'), await list(anna, bucket, 'console', 'private/')],
      [200, 403],
    )
  }

  async function share({ page, hand, look }: Walker): Promise<void> {
    await hand.press(pageLink(page, 'Objects'))
    await hand.open('Folder trip/', 'trip/')
    await hand.act('coast.txt', 'coast.txt', 'Share…')
    const dialog = page.getByRole('dialog', { name: 'Share coast.txt' })
    await hand.choose(dialog.getByLabel('The link works for'), '7 days')
    await dialog.getByRole('img', { name: 'QR code of the link to coast.txt' }).waitFor()
    await look('5-share')
    await hand.press(dialog.getByRole('button', { name: /^Cop/ }))
    const link = await page.evaluate<string>('navigator.clipboard.readText()')
    assert.equal(new URL(link).searchParams.get('X-Amz-Expires'), String(7 * 24 * 3_600))
    const answer = await fetch(link)
    assert.deepEqual([answer.status, await answer.text()], [200, 'the coast'])
    await hand.press(dialog.getByRole('button', { name: 'Close' }))
    await dialog.waitFor({ state: 'detached' })
  }

  async function restore({ page, hand, look }: Walker): Promise<void> {
    await hand.act('storm.txt', 'storm.txt', 'Delete…')
    const question = page.getByRole('alertdialog', { name: 'Delete storm.txt' })
    await look('6-delete')
    await hand.press(question.getByRole('button', { name: 'Delete 1 object' }))
    await page.getByRole('row', { name: 'storm.txt' }).waitFor({ state: 'detached' })
    await look('6-deleted')
    await hand.turn('Versions')
    await page.getByRole('row', { name: 'storm.txt, deleted' }).waitFor()
    await look('6-versions')
    await hand.act('storm.txt, deleted', 'storm.txt', 'Restore')
    await page.getByText('storm.txt is back').waitFor()
    await hand.turn('Versions')
    await page.getByRole('row', { name: 'storm.txt' }).waitFor()
    await look('6-restored')
  }

  async function rotate({ page, hand, way, bucket, look, app }: Walker): Promise<void> {
    const name = `app-${way}-${bucket}`
    const old = app.key
    assert(old)
    for (const program of PROGRAMS) assert.equal(await list(old, bucket, program), 200)
    await hand.press(pageLink(page, 'Keys'))
    await hand.open(name, name)
    await page.getByRole('row', { name: /reports\/2\.1/ }).waitFor()
    await look('7-key')
    await hand.press(page.getByRole('link', { name: 'Rotate…' }))
    await page.getByText('3 programs use it').waitFor()
    await look('7-rotate')
    await hand.press(page.getByRole('button', { name: 'Make the new key' }))
    const fresh = await takeSecret({ page, hand }, name, () => look('7-secret'))
    await page.getByText('3 programs to move over').waitFor()
    for (const program of PROGRAMS) {
      assert.equal(await list(fresh, bucket, program), 200)
      if (program !== 'backup/1.0') continue
      await page.getByText('2 programs to move over').waitFor()
      await look('7-hand-over')
    }
    await page.getByText('Nobody has to be moved over').waitFor()
    await look('7-handed-over')
    await hand.press(page.getByRole('button', { name: 'Delete the old key now…' }))
    const question = page.getByRole('alertdialog', { name: 'Delete the old key now' })
    await question.getByText('Everyone who used the old key in the last 24 hours uses the new one.').waitFor()
    await look('7-end')
    await hand.press(question.getByRole('button', { name: 'Delete the old key now' }))
    await page.getByText('The old key is gone: the rotation is done.').waitFor()
    await page.getByRole('heading', { name, level: 1, exact: true }).waitFor()
    await look('7-ended')
    assert.deepEqual(
      [await list(old, bucket, PROGRAMS[0]), await list(fresh, bucket, PROGRAMS[0])],
      [403, 200],
    )
  }

  async function makePublicAndPrivate({ page, hand, bucket, look }: Walker): Promise<void> {
    const statusOf = async (): Promise<number> => {
      const answer = await fetch(`${world().server.endpoint}/${bucket}/trip/coast.txt`)
      await answer.arrayBuffer()
      return answer.status
    }
    await hand.press(pageLink(page, 'Buckets'))
    await hand.open(bucket, bucket)
    await hand.press(pageLink(page, 'Settings'))
    const access = page.getByRole('region', { name: 'Public access' })
    const who = access.getByRole('radiogroup')
    await hand.pick(who, 'Everyone')
    await access.getByText('Anyone on the internet can read every object').waitFor()
    await look('8-public')
    assert.equal(await statusOf(), 403)
    await hand.press(access.getByRole('button', { name: 'Make public' }))
    await page.getByText('Public access: saved.').first().waitFor()
    assert.equal(await statusOf(), 200)
    await hand.pick(who, 'Nobody')
    await hand.press(access.getByRole('button', { name: 'Make private' }))
    await access.getByText('Nobody on the internet can read').waitFor()
    assert.equal(await statusOf(), 403)
    await look('8-private')
  }

  /** Copies the secret that is shown this once, and leaves. */
  async function takeSecret(
    { page, hand }: Pick<Walker, 'page' | 'hand'>,
    name: string,
    look: () => Promise<void>,
  ): Promise<KeyPair> {
    const sheet = page.getByRole('dialog', { name: `${name}: copy the secret now` })
    await sheet.waitFor()
    await look()
    await hand.press(sheet.getByRole('button', { name: 'Copy: aws profile' }))
    await sheet.getByRole('button', { name: 'Copied: aws profile' }).waitFor()
    const copied = await page.evaluate<string>('navigator.clipboard.readText()')
    const value = (setting: string): string => new RegExp(`^${setting} = (.+)$`, 'm').exec(copied)?.[1] ?? ''
    await hand.press(sheet.getByRole('button', { name: 'Done' }))
    await sheet.waitFor({ state: 'detached' })
    return { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') }
  }

  /** Lists with a key, as a program of this name; gives the status. */
  async function list(key: KeyPair, bucket: string, agent: string, prefix = ''): Promise<number> {
    const client = new SignedClient(world().server, key)
    const path = `/${bucket}?list-type=2&prefix=${encodeURIComponent(prefix)}`
    const { status } = await client.s3({ method: 'GET', path, headers: { 'user-agent': agent } })
    client.close()
    return status
  }
})

/** The way to one of the pages of a bucket or the account. */
const pageLink = (page: Page, name: string): Locator =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true })

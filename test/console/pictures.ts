// Takes the pictures of the console in docs/images: npm run console:pictures. A server of its own with buckets, keys and objects
// such as people have, in both themes.
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PutBucketLifecycleConfigurationCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { Page } from 'playwright-core'
import { SignedClient } from '../harness/signed-client.ts'
import { ConsoleWorld, skip, THEMES, type KeyPair } from './console-world.ts'
import { makeBucket, makeKey } from './objects-world.ts'

const IMAGES = resolve(import.meta.dirname, '../../docs/images')
const BUCKET = 'photos'

const COAST = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400">
<rect width="640" height="400" fill="#cfe6f5"/><circle cx="500" cy="110" r="46" fill="#f6c667"/>
<path d="M0 250h640v150H0z" fill="#3f86b5"/><path d="M0 250q80-120 190-70t150 70z" fill="#4d7358"/>
<path d="M150 250q120-60 260 0z" fill="#6d9a76"/><path d="M410 330l60-120v120zM478 330V190l70 140z" fill="#fff"/>
<path d="M390 338h180l-30 30H425z" fill="#c4553b"/></svg>`

if (skip !== false) throw new Error(skip)
mkdirSync(IMAGES, { recursive: true })
const world = await ConsoleWorld.start({ isBuilt: true })
try {
  await fill()
  const page = await world.page({ viewport: { width: 1280, height: 760 }, reducedMotion: 'reduce' })
  await world.signIn(page, `buckets/${BUCKET}/objects/trip/`)
  await page.getByRole('link', { name: 'coast.svg' }).click()
  await page.getByRole('img', { name: 'coast.svg' }).waitFor()
  await take(page, 'objects')

  await page.getByRole('link', { name: 'Keys', exact: true }).click()
  await page.getByRole('link', { name: 'backup-laptop' }).click()
  await page.getByRole('row', { name: 'restic' }).waitFor()
  await take(page, 'key')

  await page.getByRole('link', { name: 'Application keys' }).click()
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('anna')
  await page.getByText('Read and write', { exact: true }).click()
  await page.getByRole('button', { name: 'Limit it' }).click()
  await take(page, 'create-key')
} finally {
  await world.stop()
}

async function take(page: Page, name: string): Promise<void> {
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.screenshot({ path: join(IMAGES, `console-${name}-${colorScheme}.png`) })
  }
}

/** What people have. */
async function fill(): Promise<void> {
  const { server } = world
  const s3 = await makeBucket(world, BUCKET, { isVersioned: true })
  const put = (
    Key: string,
    Body: string | Buffer,
    ContentType: string,
    client: S3Client = s3,
  ): Promise<unknown> =>
    client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ContentType, Tagging: 'project=website' }))
  const sizes = [2_130_000, 1_480_000, 3_020_000, 960_000, 1_750_000]
  const names = ['boats', 'cliffs', 'dunes', 'harbour', 'lighthouse']
  for (const [at, name] of names.entries())
    await put(`trip/${name}.jpg`, Buffer.alloc(sizes[at] ?? 0), 'image/jpeg')
  for (const name of ['raw/a', 'selected/a']) await put(`trip/${name}.jpg`, 'x', 'image/jpeg')
  await put('trip/coast.svg', COAST, 'image/svg+xml')
  await put('trip/notes.md', '# The coast\n\nTwo days, one storm.\n', 'text/markdown')
  await put('trip/expenses.csv', 'what,price\nFerry,48.00\nTent,120.00\n', 'text/csv')
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: BUCKET,
      LifecycleConfiguration: {
        Rules: [{ Status: 'Enabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 7 } }],
      },
    }),
  )
  const laptop = await makeKey(world, 'backup-laptop', {
    rights: ['read-write'],
    buckets: [BUCKET],
    prefixes: ['laptop/'],
  })
  await makeKey(world, 'website', { rights: ['read', 'list'], buckets: [BUCKET] })
  await use(server, laptop, 'restic/0.17.3', 24)
  await use(server, laptop, 'rclone/v1.68.2', 3)
}

/** Lists with a key, as a program of this name. */
async function use(
  server: ConsoleWorld['server'],
  key: KeyPair,
  agent: string,
  requests: number,
): Promise<void> {
  const client = new SignedClient(server, key)
  for (let count = 0; count < requests; count++)
    await client.s3({
      method: 'GET',
      path: `/${BUCKET}?list-type=2&prefix=laptop%2F`,
      headers: { 'user-agent': agent },
    })
  client.close()
}

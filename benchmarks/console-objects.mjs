// Measures how smoothly the console scrolls a folder of 100,000 objects in Chromium. The pages of the listing are answered
// by this script: what is measured is the console, not how fast a server lists.
//   npm run build && node benchmarks/console-objects.mjs [CHROMIUM]
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, LightsailClient } from '@aws-sdk/client-lightsail'
import { chromium } from 'playwright-core'

const [executablePath = 'chromium'] = process.argv.slice(2)
const OBJECTS = 100_000
const PAGE = 1_000
const SCROLL_MS = 6_000
const FRAME_MS = 1_000 / 60

const data = mkdtempSync(join(tmpdir(), 'lugsail-console-'))
const server = spawn(
  fileURLToPath(new URL('../bin/lugsail', import.meta.url)),
  ['serve', '--listen=127.0.0.1:0', `--data=${data}`, '--metadata=memory:', '--log-level=silent'],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
const endpoint = await new Promise((resolve, reject) => {
  let text = ''
  server.once('close', () => reject(new Error('the server ended')))
  server.stdout.setEncoding('utf8').on('data', (piece) => {
    text += piece
    const [, url] = /on (http:\S+)/.exec(text) ?? []
    if (url !== undefined) resolve(url)
  })
})
const file = readFileSync(join(data, 'credentials'), 'utf8')
const member = (name) => new RegExp(`^${name} = (.*)$`, 'm').exec(file)[1]
const credentials = {
  accessKeyId: member('aws_access_key_id'),
  secretAccessKey: member('aws_secret_access_key'),
}
const lightsail = new LightsailClient({ endpoint, region: 'us-east-1', credentials })
await lightsail.send(new CreateBucketCommand({ bucketName: 'many', bundleId: 'small_1_0' }))

/** A page of a listing that begins at an object. */
function listing(start) {
  const end = Math.min(start + PAGE, OBJECTS)
  let contents = ''
  for (let at = start; at < end; at++)
    contents += `<Contents><Key>photo-${String(at).padStart(6, '0')}.jpg</Key><LastModified>2026-11-${String((at % 28) + 1).padStart(2, '0')}T08:30:00.000Z</LastModified><ETag>&quot;${at}&quot;</ETag><Size>${at * 37}</Size><StorageClass>STANDARD</StorageClass></Contents>`
  const next = end < OBJECTS ? `<NextContinuationToken>${end}</NextContinuationToken>` : ''
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${end < OBJECTS}</IsTruncated>${contents}${next}</ListBucketResult>`
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(300_000)
  await page.route(/\/many\?.*list-type=2/, (route) => {
    const token = new URL(route.request().url()).searchParams.get('continuation-token')
    return route.fulfill({ contentType: 'application/xml', body: listing(Number(token ?? 0)) })
  })
  await page.goto(`${endpoint}/-/console/buckets/many`)
  await page.getByLabel('Access key ID').fill(credentials.accessKeyId)
  await page.getByLabel('Secret access key', { exact: true }).fill(credentials.secretAccessKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('1,000+ items').waitFor()

  // Every page of it, as somebody who keeps the scroll bar at its end.
  const loadedMs = await page.evaluate(`new Promise((resolve) => {
    const scroller = document.querySelector('[role=grid]')
    const began = performance.now()
    const step = () => {
      scroller.scrollTop = scroller.scrollHeight
      if (Number(scroller.getAttribute('aria-rowcount')) > ${OBJECTS}) resolve(performance.now() - began)
      else requestAnimationFrame(step)
    }
    step()
  })`)
  console.log(
    `loaded                ${OBJECTS} rows in ${(loadedMs / 1_000).toFixed(1)} s by scrolling to the end`,
  )

  const frames = await page.evaluate(`new Promise((resolve) => {
    const scroller = document.querySelector('[role=grid]')
    const frames = []
    const began = performance.now()
    const most = scroller.scrollHeight - scroller.clientHeight
    const step = (now) => {
      frames.push(now)
      const part = (performance.now() - began) / ${SCROLL_MS}
      scroller.scrollTop = most * (part < 0.5 ? part * 2 : 2 - part * 2)
      if (part < 1) requestAnimationFrame(step)
      else resolve(frames)
    }
    requestAnimationFrame(step)
  })`)
  const seconds = (frames.at(-1) - frames[0]) / 1_000
  const late = frames.slice(1).filter((at, index) => at - frames[index] > FRAME_MS * 1.5).length
  console.log(
    `scrolling             ${((frames.length - 1) / seconds).toFixed(1)} frames a second over ${OBJECTS} rows in ${seconds.toFixed(1)} s; ${late} came late`,
  )
} finally {
  await browser.close()
  lightsail.destroy()
  server.kill('SIGTERM')
  await new Promise((resolve) => server.once('close', resolve))
  rmSync(data, { recursive: true, force: true })
}

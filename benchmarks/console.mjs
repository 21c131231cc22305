// Measures the console in Chromium, over a server with 1,000 buckets: the bytes of the first load, the time from the press on "Sign in" to the first view,
// and how smoothly a table of 1,000 rows scrolls, by Chromium's own tracing.
//   npm run build && node benchmarks/console.mjs [CHROMIUM]
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, LightsailClient } from '@aws-sdk/client-lightsail'
import { chromium } from 'playwright-core'

const [executablePath = 'chromium'] = process.argv.slice(2)
const BUCKETS = 1_000
const SIGN_INS = 10
const SCROLL_MS = 4_000
const FRAME_MS = 1_000 / 60

const data = mkdtempSync(join(tmpdir(), 'lugsail-console-'))
const server = spawn(
  fileURLToPath(new URL('../bin/lugsail', import.meta.url)),
  [
    'serve',
    '--listen=127.0.0.1:0',
    `--data=${data}`,
    '--metadata=memory:',
    '--log-level=silent',
    `--buckets-per-account-max=${BUCKETS}`,
  ],
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
const credentialsFile = readFileSync(join(data, 'credentials'), 'utf8')
const member = (name) => new RegExp(`^${name} = (.*)$`, 'm').exec(credentialsFile)[1]
const credentials = {
  accessKeyId: member('aws_access_key_id'),
  secretAccessKey: member('aws_secret_access_key'),
}
const lightsail = new LightsailClient({ endpoint, region: 'us-east-1', credentials })
for (let at = 0; at < BUCKETS; at++)
  await lightsail.send(
    new CreateBucketCommand({ bucketName: `bucket-${String(at).padStart(4, '0')}`, bundleId: 'small_1_0' }),
  )

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
try {
  const { firstLoad } = JSON.parse(readFileSync('dist/console/files.json', 'utf8'))
  console.log(`first load            ${firstLoad.gzip} bytes by gzip, ${firstLoad.br} by brotli`)

  const times = []
  let page
  for (let run = 0; run < SIGN_INS; run++) {
    await page?.close()
    page = await browser.newPage()
    await page.goto(`${endpoint}/-/console/`)
    await page.getByLabel('Access key ID').fill(credentials.accessKeyId)
    await page.getByLabel('Secret access key', { exact: true }).fill(credentials.secretAccessKey)
    // Measured within the page: what the driver takes for its calls does not count.
    times.push(
      await page.evaluate(`new Promise((resolve) => {
        const button = [...document.querySelectorAll('button')].find(({ type }) => type === 'submit')
        const began = performance.now()
        new MutationObserver((_, observer) => {
          if (document.querySelector('[role=grid] [data-row]') === null) return
          observer.disconnect()
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)))
        }).observe(document.body, { childList: true, subtree: true })
        button.click()
      })`),
    )
  }
  times.sort((a, b) => a - b)
  console.log(
    `first view            ${times[SIGN_INS / 2].toFixed(0)} ms after the press on "Sign in" (median of ${SIGN_INS}; ${times[0].toFixed(0)} to ${times.at(-1).toFixed(0)})`,
  )

  const session = await page.context().newCDPSession(page)
  const events = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value))
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: [
        'disabled-by-default-devtools.timeline.frame',
        'devtools.timeline.frame',
        'benchmark',
        'cc',
      ],
    },
  })
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
  const finished = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.end')
  await finished
  const seconds = (frames.at(-1) - frames[0]) / 1_000
  const late = frames.slice(1).filter((at, index) => at - frames[index] > FRAME_MS * 1.5).length
  const drawn = events.filter(({ name }) => name === 'DrawFrame').length
  const dropped = events.filter(({ name }) => name === 'DroppedFrame').length
  console.log(
    `scrolling             ${((frames.length - 1) / seconds).toFixed(1)} frames a second over ${BUCKETS} rows in ${seconds.toFixed(1)} s; ${late} came late; by the trace ${drawn} drawn, ${dropped} dropped`,
  )
} finally {
  await browser.close()
  lightsail.destroy()
  server.kill('SIGTERM')
  await new Promise((resolve) => server.once('close', resolve))
  rmSync(data, { recursive: true, force: true })
}

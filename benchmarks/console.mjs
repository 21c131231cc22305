// Measures the console in Chromium, over a server with 1,000 buckets: the bytes of the first load, the time from the press on "Sign in" to the first view,
// and how smoothly a table of 1,000 rows scrolls, by Chromium's own tracing.
//   npm run build && node benchmarks/console.mjs [CHROMIUM]
import { readFileSync } from 'node:fs'
import { CreateBucketCommand } from '@aws-sdk/client-lightsail'
import { scrollThere, withConsole } from './console-server.mjs'

const [executablePath] = process.argv.slice(2)
const BUCKETS = 1_000
const SIGN_INS = 10
const SCROLL_MS = 4_000
const options = [`--buckets-per-account-max=${BUCKETS}`]

await withConsole({ executablePath, options }, async ({ browser, endpoint, lightsail, typeKey }) => {
  for (let at = 0; at < BUCKETS; at++)
    await lightsail.send(
      new CreateBucketCommand({ bucketName: `bucket-${String(at).padStart(4, '0')}`, bundleId: 'small_1_0' }),
    )

  const { firstLoad } = JSON.parse(readFileSync('dist/console/files.json', 'utf8'))
  console.log(`first load            ${firstLoad.gzip} bytes by gzip, ${firstLoad.br} by brotli`)

  const times = []
  let page
  for (let run = 0; run < SIGN_INS; run++) {
    await page?.close()
    page = await browser.newPage()
    await page.goto(`${endpoint}/-/console/`)
    await typeKey(page)
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
  const scrolled = await scrollThere(page, SCROLL_MS)
  const finished = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.end')
  await finished
  const drawn = events.filter(({ name }) => name === 'DrawFrame').length
  const dropped = events.filter(({ name }) => name === 'DroppedFrame').length
  console.log(`${scrolled(BUCKETS)}; by the trace ${drawn} drawn, ${dropped} dropped`)
})

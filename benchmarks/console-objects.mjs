// Measures how smoothly the console scrolls a folder of 100,000 objects in Chromium. The pages of the listing are answered
// by this script: what is measured is the console, not how fast a server lists.
//   npm run build && node benchmarks/console-objects.mjs [CHROMIUM]
import { CreateBucketCommand } from '@aws-sdk/client-lightsail'
import { scrollThere, withConsole } from './console-server.mjs'

const [executablePath] = process.argv.slice(2)
const OBJECTS = 100_000
const PAGE = 1_000
const SCROLL_MS = 6_000

/** A page of a listing that begins at an object. */
function listing(start) {
  const end = Math.min(start + PAGE, OBJECTS)
  let contents = ''
  for (let at = start; at < end; at++)
    contents += `<Contents><Key>photo-${String(at).padStart(6, '0')}.jpg</Key><LastModified>2026-11-${String((at % 28) + 1).padStart(2, '0')}T08:30:00.000Z</LastModified><ETag>&quot;${at}&quot;</ETag><Size>${at * 37}</Size><StorageClass>STANDARD</StorageClass></Contents>`
  const next = end < OBJECTS ? `<NextContinuationToken>${end}</NextContinuationToken>` : ''
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${end < OBJECTS}</IsTruncated>${contents}${next}</ListBucketResult>`
}

await withConsole({ executablePath }, async ({ browser, endpoint, lightsail, typeKey }) => {
  await lightsail.send(new CreateBucketCommand({ bucketName: 'many', bundleId: 'small_1_0' }))
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(300_000)
  await page.route(/\/many\?.*list-type=2/, (route) => {
    const token = new URL(route.request().url()).searchParams.get('continuation-token')
    return route.fulfill({ contentType: 'application/xml', body: listing(Number(token ?? 0)) })
  })
  await page.goto(`${endpoint}/-/console/buckets/many`)
  await typeKey(page)
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

  const scrolled = await scrollThere(page, SCROLL_MS)
  console.log(scrolled(OBJECTS))
})

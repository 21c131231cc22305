// Opens a page in Chromium and calls its cases: drive.mjs CHROMIUM PAGE_URL. A case a line on standard input, {"name", "input"}; what it
// returned or threw a line on standard output, {"output"} or {"error"}.
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'

const [executablePath, url] = process.argv.slice(2)
// Containers have no sandbox to offer, and the only page is ours.
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
const page = await browser.newPage()
await page.goto(url)
await page.waitForFunction('window.cases !== undefined')
for await (const line of createInterface({ input: process.stdin })) {
  const { name, input } = JSON.parse(line)
  const response = await page
    .evaluate(([which, given]) => globalThis.cases[which](given), [name, input])
    .then(
      (output) => ({ output }),
      (error) => ({ error: String(error) }),
    )
  console.log(JSON.stringify(response))
}
await browser.close()

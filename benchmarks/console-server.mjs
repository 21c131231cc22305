// What the benchmarks of the console share: a server of their own with Chromium before it, and how a table scrolls.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LightsailClient } from '@aws-sdk/client-lightsail'
import { chromium } from 'playwright-core'

const FRAME_MS = 1_000 / 60

/** Calls `run` with a server in memory and Chromium, and ends both when it is over; `options` are further ones of `lugsail serve`. */
export async function withConsole({ executablePath = '/usr/bin/chromium', options = [] }, run) {
  const data = mkdtempSync(join(tmpdir(), 'lugsail-console-'))
  const server = spawn(
    fileURLToPath(new URL('../bin/lugsail', import.meta.url)),
    [
      'serve',
      '--listen=127.0.0.1:0',
      `--data=${data}`,
      '--metadata=memory:',
      '--log-level=silent',
      ...options,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const closed = new Promise((resolve) => server.once('close', resolve))
  try {
    const endpoint = await Promise.race([
      addressOf(server),
      closed.then(() => Promise.reject(new Error('the server ended'))),
    ])
    const file = readFileSync(join(data, 'credentials'), 'utf8')
    const member = (name) => new RegExp(`^${name} = (.*)$`, 'm').exec(file)[1]
    const credentials = {
      accessKeyId: member('aws_access_key_id'),
      secretAccessKey: member('aws_secret_access_key'),
    }
    const lightsail = new LightsailClient({ endpoint, region: 'us-east-1', credentials })
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    })
    try {
      await run({ browser, endpoint, lightsail, typeKey: (page) => typeKey(page, credentials) })
    } finally {
      await browser.close()
      lightsail.destroy()
    }
  } finally {
    server.kill('SIGTERM')
    await closed
    rmSync(data, { recursive: true, force: true })
  }
}

function addressOf(server) {
  return new Promise((resolve) => {
    let text = ''
    server.stdout.setEncoding('utf8').on('data', (piece) => {
      text += piece
      const [, url] = /on (http:\S+)/.exec(text) ?? []
      if (url !== undefined) resolve(url)
    })
  })
}

/** Fills in the form that asks for the key. */
async function typeKey(page, { accessKeyId, secretAccessKey }) {
  await page.getByLabel('Access key ID').fill(accessKeyId)
  await page.getByLabel('Secret access key', { exact: true }).fill(secretAccessKey)
}

/** Scrolls the table of a page to its end and back in so many milliseconds; tells how smoothly, in words. */
export async function scrollThere(page, durationMs) {
  const frames = await page.evaluate(`new Promise((resolve) => {
    const scroller = document.querySelector('[role=grid]')
    const frames = []
    const began = performance.now()
    const most = scroller.scrollHeight - scroller.clientHeight
    const step = (now) => {
      frames.push(now)
      const part = (performance.now() - began) / ${durationMs}
      scroller.scrollTop = most * (part < 0.5 ? part * 2 : 2 - part * 2)
      if (part < 1) requestAnimationFrame(step)
      else resolve(frames)
    }
    requestAnimationFrame(step)
  })`)
  const seconds = (frames.at(-1) - frames[0]) / 1_000
  const late = frames.slice(1).filter((at, index) => at - frames[index] > FRAME_MS * 1.5).length
  return (rows) =>
    `scrolling             ${((frames.length - 1) / seconds).toFixed(1)} frames a second over ${rows} rows in ${seconds.toFixed(1)} s; ${late} came late`
}

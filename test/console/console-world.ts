import assert from 'node:assert/strict'
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { after, before } from 'node:test'
import { LightsailClient } from '@aws-sdk/client-lightsail'
import { S3Client } from '@aws-sdk/client-s3'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { startServer, type RunningServer, type StartOptions } from '../harness/server.ts'
import { PATIENCE_MS } from '../harness/until.ts'

/** Names under which Chromium is installed; first the one without a window, which takes half of the processor's time. */
const PROGRAMS = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome']

/** The path of Chromium; null: it is not here. */
function findChromium(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  for (const path of folders.flatMap((folder) => PROGRAMS.map((program) => join(folder, program)))) {
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // The next may be it.
    }
  }
  return null
}

const executablePath = findChromium()

/** Why stories are not walked, for `describe`; false: they are. */
export const skip: string | false =
  executablePath === null && 'no chromium here; on Debian "apt-get install chromium-headless-shell" brings it'

/** Folder for screenshots of every page that is looked at; none are taken without it. */
const PICTURES = process.env['LUGSAIL_CONSOLE_PICTURES']

/** Both themes are looked at. */
export const THEMES = ['light', 'dark'] as const
type Theme = (typeof THEMES)[number]

export interface KeyPair {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** The rules by which a page is judged: the WCAG's up to 2.2 AA, and axe's own good practice. */
const RULES = `{
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  // The unseen buttons that close a menu for screen readers stand in no landmark; they come and go with it.
  rules: { region: { enabled: document.querySelector('.floating, .menu-popover') === null } },
}`

/** Of the second theme, what a theme can change. */
const COLOUR_RULES = `{ runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }`

/** A server with its console, and Chromium. */
export class ConsoleWorld {
  readonly server: RunningServer
  /** Clients that act as the account, to prepare what a page shows and to see what it did. */
  readonly lightsail: LightsailClient
  readonly s3: S3Client
  readonly #browser: Browser
  /** What pages complained of. */
  readonly #complaints: string[] = []

  private constructor(server: RunningServer, browser: Browser) {
    this.server = server
    this.#browser = browser
    const { endpoint, region, credentials } = server
    this.lightsail = new LightsailClient({ endpoint, region, credentials })
    this.s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  }

  static async start(options: StartOptions = {}): Promise<ConsoleWorld> {
    const server = await startServer({ engines: 'memory', ...options })
    try {
      const browser = await chromium.launch({
        executablePath: executablePath ?? '',
        // Containers have no sandbox to offer, and the only pages are ours. Where no graphics card is, one that is imitated costs more than none.
        args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
      })
      return new ConsoleWorld(server, browser)
    } catch (error) {
      await server.stop()
      throw error
    }
  }

  /** The address of a page: `world.url('buckets')`. */
  url(path = ''): string {
    return `${this.server.endpoint}/-/console/${path}`
  }

  /** A page in a context of its own, with nothing kept. Whatever it complains of fails the suite at its end. */
  async page(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      // What moves is painted by the processor, sixty times a second for as long as something is waited for.
      reducedMotion: 'reduce',
      ...options,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    page.on('pageerror', (error) => this.#complaints.push(`${page.url()}: ${error.stack ?? error.message}`))
    page.on('console', (message) => {
      const text = message.text()
      // A refusal of the server is seen by the page; Chromium also writes it here.
      if (message.type() === 'error' && !text.startsWith('Failed to load resource:'))
        this.#complaints.push(`${page.url()}: ${text}`)
    })
    return page
  }

  /** Opens a page and signs in; with the account's own key when none is given. */
  async signIn(page: Page, path = '', key: KeyPair = this.server.credentials): Promise<void> {
    await page.goto(this.url(path))
    await this.signInHere(page, key)
  }

  /** Signs in on the page that asks for it. */
  async signInHere(page: Page, key: KeyPair = this.server.credentials): Promise<void> {
    await page.getByLabel('Access key ID').fill(key.accessKeyId)
    await page.getByLabel('Secret access key', { exact: true }).fill(key.secretAccessKey)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('navigation', { name: 'Pages' }).waitFor()
  }

  /** Looks at a page in both themes, or in those given: axe-core finds nothing, nothing is wider than the page, and a picture is taken where they are wanted. */
  async look(page: Page, name: string, themes: readonly Theme[] = THEMES): Promise<void> {
    if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(AXE)
    for (const [at, theme] of themes.entries()) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      const found = await page.evaluate<AxeViolation[]>(
        `axe.run(document, ${at === 0 ? RULES : COLOUR_RULES}).then(({ violations }) =>
          violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html, failureSummary }) => html.slice(0, 300) + ' ' + failureSummary) })))`,
      )
      assert.deepEqual(found, [], `${name}, ${theme}`)
      const widths = await page.evaluate<number[]>(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      )
      assert.equal(widths[0], widths[1], `${name}, ${theme}: the page is wider than the window`)
      if (PICTURES === undefined) continue
      mkdirSync(PICTURES, { recursive: true })
      await page.screenshot({ path: join(PICTURES, `${name}-${theme}.png`) })
    }
  }

  /** What pages complained of so far, once. */
  takeComplaints(): readonly string[] {
    return this.#complaints.splice(0)
  }

  async stop(): Promise<void> {
    await this.#browser.close()
    this.lightsail.destroy()
    this.s3.destroy()
    await this.server.stop()
  }
}

interface AxeViolation {
  readonly id: string
  readonly help: string
  readonly nodes: readonly string[]
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A world for a suite, from its beginning to its end, at which no page may have complained of anything. */
export function startConsole(options: StartOptions = {}): () => ConsoleWorld {
  let world: ConsoleWorld | undefined
  before(async () => {
    if (skip === false) world = await ConsoleWorld.start(options)
  })
  after(async () => {
    if (!world) return
    const complaints = world.takeComplaints()
    await world.stop()
    assert.deepEqual(complaints, [])
  })
  return () => {
    assert(world)
    return world
  }
}

// Takes the pictures of the console in docs/images, by walking its stories: npm run console:pictures.
// Which looks of test/console become pictures of the documents is told here.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const IMAGES = resolve(root, 'docs/images')
/** The look, as a story names it, and the picture of it. */
const PICTURES = { overview: 'console-overview', 'settings-public': 'console-settings' }
const THEMES = ['light', 'dark']

const folder = mkdtempSync(join(tmpdir(), 'lugsail-pictures-'))
const { status } = spawnSync(process.execPath, ['test/run.mjs', 'test/console/'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, LUGSAIL_CONSOLE_PICTURES: folder },
})
const taken = new Set(readdirSync(folder))
mkdirSync(IMAGES, { recursive: true })
for (const [look, picture] of Object.entries(PICTURES))
  for (const theme of THEMES) {
    const name = `${look}-${theme}.png`
    if (!taken.has(name)) throw new Error(`no story looked at ${look}; is Chromium here?`)
    copyFileSync(join(folder, name), join(IMAGES, `${picture}-${theme}.png`))
  }
rmSync(folder, { recursive: true })
process.exit(status ?? 1)

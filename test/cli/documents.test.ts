/**
 * What the README and the documents tell people to type. A block that begins with ```sh run is typed into one shell, in an empty home and folder, in the
 * order of the page; ```sh run server is what that shell's server is started with, in another terminal.
 */
import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, describe, it } from 'node:test'
import { PATIENCE_MS } from '../harness/until.ts'

const BIN = resolve(import.meta.dirname, '../../bin')
const BLOCK = /^(`{3,})(.*)\n([\s\S]*?)^\1$/gm
const MARKS = ['run', 'run server']

interface Block {
  readonly language: string
  readonly mark: string
  readonly text: string
}

const blocksOf = (page: string): Block[] =>
  [...readFileSync(page, 'utf8').matchAll(BLOCK)].map(([, , info = '', text = '']) => {
    const [language = '', ...mark] = info.trim().split(/\s+/)
    return { language, mark: mark.join(' '), text }
  })

const pages = [
  'README.md',
  ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
]
const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

describe('blocks of the documents', () => {
  it('are marked as runnable in a way that is known, some of the README among them', () => {
    for (const page of pages)
      for (const { mark, language } of blocksOf(page).filter(({ mark }) => mark !== '')) {
        assert.ok(MARKS.includes(mark), `${page}: ${mark}`)
        assert.equal(language, 'sh', page)
      }
    assert.ok(blocksOf('README.md').some(({ mark }) => mark === 'run'))
  })

  for (const page of pages) {
    const typed = blocksOf(page).filter(({ mark }) => mark === 'run')
    if (typed.length > 0) it(`work as ${page} has them`, () => typeAll(page, typed))
  }
})

async function typeAll(page: string, typed: readonly Block[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-page-'))
  folders.push(folder)
  const [home, cwd] = [join(folder, 'home'), join(folder, 'work')]
  mkdirSync(home)
  mkdirSync(cwd)
  const env = {
    PATH: `${BIN}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const serverBlock = blocksOf(page).find(({ mark }) => mark === 'run server')?.text ?? 'lugsail serve'
  const server = spawn(
    'bash',
    ['--norc', '-ec', serverBlock.replace(/^lugsail serve/m, 'exec lugsail serve')],
    {
      cwd,
      // Others may have the page's port; what is typed finds the server by its folder.
      env: { ...env, LUGSAIL_LISTEN: '127.0.0.1:0' },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  try {
    await greeting(server)
    assert.ok(existsSync(join(cwd, 'lugsail-data', 'credentials')))
    const script = typed.map(({ text }) => text).join('\n')
    const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-eu', '-o', 'pipefail', '-c', script], {
      cwd,
      env,
      encoding: 'utf8',
      timeout: PATIENCE_MS,
    })
    assert.equal(status, 0, `${script}\n${stdout}\n${stderr}`)
    assert.equal(stderr, '')
  } finally {
    const ended = new Promise((done) => server.once('close', done))
    server.kill('SIGTERM')
    await ended
  }
}

function greeting(server: ChildProcess): Promise<void> {
  return new Promise((done, failed) => {
    let text = ''
    server.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
      if (/^Lugsail serves /m.test(text)) done()
    })
    server.once('close', (code) => failed(new Error(`the server ended with ${code ?? 'a signal'}: ${text}`)))
  })
}

// Checks all that can be checked without running the product's tests; `npm run check`. What fails is shown whole, the rest in a line each.
//   node build/check.mjs [NAME...]          all checks, or those named
//   node build/check.mjs --without-tests    those that are no test files, which `npm test` runs with all others
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** What may be used again at the next run, where no other program's rules of ignoring files need to know of it. */
const CACHE = 'node_modules/.cache/lugsail'

const NODE = process.execPath
const packaged = (program, ...args) => [NODE, `node_modules/${program}`, ...args]

/** Each check's commands, one after the other; the longest first, since the others share the processors that it leaves. */
const CHECKS = {
  lint: [packaged('oxlint/bin/oxlint')],
  // The blocks of the documents are typed into what was built.
  documents: [
    [NODE, 'build/bundle.mjs'],
    [NODE, 'test/run.mjs', 'test/documents/', 'test/cli/documents.test.ts'],
  ],
  // The console has the browser's types, and none of Node's.
  types: [
    packaged('typescript/bin/tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', `${CACHE}/types`),
    packaged('typescript/bin/tsc', '--noEmit', '-p', 'console'),
  ],
  format: [packaged('oxfmt/bin/oxfmt', '--list-different')],
  unused: [packaged('knip/bin/knip.js', '--no-progress')],
  // Which folder imports which, and no circle; each number of a rule in one file; every export described.
  imports: [
    [NODE, 'test/run.mjs', 'test/imports.test.ts', 'test/one-home.test.ts', 'test/doc-comments.test.ts'],
  ],
}

/** Those that are test files. */
const TESTS = ['documents', 'imports']

const named = process.argv.slice(2)
const wanted =
  named.join() === '--without-tests' ? Object.keys(CHECKS).filter((name) => !TESTS.includes(name)) : named
const unknown = wanted.filter((name) => !Object.hasOwn(CHECKS, name))
if (unknown.length > 0) {
  console.error(`no check is called ${unknown.join(', ')}; there are ${Object.keys(CHECKS).join(', ')}`)
  process.exit(2)
}
mkdirSync(CACHE, { recursive: true })

const waiting = Object.keys(CHECKS).filter((name) => wanted.length === 0 || wanted.includes(name))
const failed = []
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, runWaiting))
if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`)
process.exitCode = failed.length > 0 ? 1 : 0

async function runWaiting() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const began = Date.now()
    const output = await firstFailure(CHECKS[name])
    const seconds = ((Date.now() - began) / 1000).toFixed(1)
    console.log(`${output === undefined ? 'ok    ' : 'FAILED'}  ${name.padEnd(10)} ${seconds.padStart(6)} s`)
    if (output === undefined) continue
    failed.push(name)
    console.error(output)
  }
}

/** What the first command that failed has written, or undefined. */
async function firstFailure(commands) {
  for (const command of commands) {
    const { code, output } = await run(command)
    if (code !== 0) return output
  }
  return undefined
}

function run([program, ...args]) {
  return new Promise((done) => {
    let output = ''
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    child.once('error', (error) => done({ code: 1, output: String(error) }))
    child.once('close', (code) => done({ code: code ?? 1, output }))
  })
}

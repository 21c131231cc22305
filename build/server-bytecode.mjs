// Makes the bytecode of the server's bundle, for the Node that runs this: what V8 has compiled once a server has started and stopped.
//   node build/server-bytecode.mjs dist/server lugsail-server-DIGEST
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Script } from 'node:vm'

const [folder, bundle] = process.argv.slice(2)
const filename = resolve(folder, `${bundle}.cjs`)
const bytecode = resolve(folder, `${bundle}-${process.version}-${process.platform}-${process.arch}.bytecode`)
const data = mkdtempSync(join(tmpdir(), 'lugsail-bytecode-'))

process.argv.splice(2, Infinity, 'serve', '--data', data, '--listen', '127.0.0.1:0', '--log-level', 'warn')
// No setting of whoever builds.
process.env = { HOME: '/nonexistent' }
// As src/base/start-bundle.ts compiles it: V8 takes bytecode only for a source of the same length.
const script = new Script(readFileSync(filename, 'utf8'), { filename })
let hasAnswered = false
process.once('exit', (code) => {
  rmSync(data, { recursive: true, force: true })
  if (code !== 0 || !hasAnswered) {
    process.exitCode = 1
    return
  }
  writeFileSync(`${bytecode}.new`, script.createCachedData())
  renameSync(`${bytecode}.new`, bytecode)
})

// The server says its URL when it listens.
process.stdout.write = (text) => {
  const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? []
  if (url) get(`${url}/-/health`, { agent: false }, stopServer)
  return true
}
script.runInThisContext()(createRequire(filename))

function stopServer(answer) {
  hasAnswered = answer.statusCode === 200
  answer.resume().on('end', () => process.kill(process.pid, 'SIGTERM'))
}

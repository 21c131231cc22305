// Makes the bytecode of the command line's bundle, for the Node that runs this: what V8 has compiled once a command has run.
//   node build/bytecode.mjs dist/cli lugsail-DIGEST
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { Script } from 'node:vm'

const [folder, bundle] = process.argv.slice(2)
const filename = resolve(folder, `${bundle}.cjs`)
const bytecode = resolve(folder, `${bundle}-${process.version}-${process.platform}-${process.arch}.bytecode`)
const ANSWER = { accessKey: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', createdAt: 1.5 }, operations: [] }

const stub = createServer((request, response) => {
  request.resume().on('end', () => response.end(JSON.stringify(ANSWER)))
}).listen(0, '127.0.0.1', () => {
  const endpoint = `http://127.0.0.1:${stub.address().port}`
  process.argv.splice(
    2,
    Infinity,
    'create-bucket-access-key',
    '--bucket-name',
    'photos',
    '--endpoint-url',
    endpoint,
  )
  process.env = {
    HOME: '/nonexistent',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_DEFAULT_REGION: 'us-east-1',
  }
  // As src/base/start-bundle.ts compiles it: V8 takes bytecode only for a source of the same length.
  const script = new Script(readFileSync(filename, 'utf8'), { filename })
  // The command ends the process when it is done.
  process.once('exit', (code) => {
    if (code !== 0) return
    writeFileSync(`${bytecode}.new`, script.createCachedData())
    renameSync(`${bytecode}.new`, bytecode)
  })
  script.runInThisContext()(createRequire(filename))
})

/** integrations/testcontainers with the real Testcontainers: its types, and where there is an engine, a container. Needs a registry. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { IMAGE, WITHOUT } from './container-engine.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-testcontainers-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function run(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' })
  assert.equal(status, 0, `${stdout}${stderr}`)
  return stdout
}

before(() => {
  const source = resolve('integrations/testcontainers')
  cpSync(source, folder, { recursive: true, filter: (path) => !/\/(?:node_modules|dist)$/.test(path) })
  run('npm', 'ci', '--no-audit', '--no-fund', '--ignore-scripts')
})

describe('the container of Testcontainers', () => {
  it('fits the types of Testcontainers', () => {
    run('npm', 'run', 'build')
  })

  it('is started, asked and stopped', { skip: IMAGE === undefined && WITHOUT }, () => {
    const sdk = JSON.stringify(resolve('node_modules/@aws-sdk/client-s3/dist-cjs/index.js'))
    writeFileSync(
      join(folder, 'use.mjs'),
      `import { LugsailContainer } from './dist/index.js'
import sdk from ${sdk}
const lugsail = await new LugsailContainer(${JSON.stringify(IMAGE)})
  .withRegion('eu-west-1')
  .withSeed({ buckets: { photos: { objects: { 'a.txt': 'hello' } } } })
  .start()
const s3 = new sdk.S3Client(lugsail.getS3ClientOptions())
const textOf = async (Key) => (await s3.send(new sdk.GetObjectCommand({ Bucket: 'photos', Key }))).Body.transformToString()
await s3.send(new sdk.PutObjectCommand({ Bucket: 'photos', Key: 'b', Body: 'more' }))
console.log(await textOf('a.txt'), await textOf('b'))
await lugsail.test.reset()
console.log(await textOf('b').catch((error) => error.name), await textOf('a.txt'))
await lugsail.stop()
console.log(await fetch(lugsail.getEndpoint()).then(() => 'there', () => 'gone'))
`,
    )
    assert.equal(run(process.execPath, 'use.mjs'), 'hello more\nNoSuchKey hello\ngone\n')
  })
})

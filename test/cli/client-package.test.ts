/** `lugsail/client` as others get it: packed, unpacked into an empty folder beside nothing else, imported and type-checked there. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startServer, type RunningServer } from '../harness/server.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-package-'))
const installed = join(folder, 'node_modules/lugsail')
let server: RunningServer

before(async () => {
  server = await startServer({ isBuilt: true })
  execute('npm', ['pack', '--silent', '--pack-destination', folder], process.cwd())
  const [archive = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  mkdirSync(installed, { recursive: true })
  execute('tar', ['-xzf', join(folder, archive), '-C', installed, '--strip-components=1'], folder)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
})
after(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

function execute(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', cwd })
  assert.equal(status, 0, `${stdout}${stderr}`)
  return stdout
}

/** Runs a program in the folder, with `client` made for the server, and gives what it prints as JSON. */
function printed(body: string): unknown {
  const { accessKeyId, secretAccessKey } = server.credentials
  writeFileSync(
    join(folder, 'program.js'),
    `import { createLugsailClient, ServiceFault, ParameterValidationError, TransportError, ClientError } from 'lugsail/client'
const make = (options) => createLugsailClient({
  endpoint: ${JSON.stringify(server.endpoint)},
  credentials: ${JSON.stringify({ accessKeyId, secretAccessKey })},
  ...options,
})
const client = make({})
const print = (value) => console.log(JSON.stringify(value))
${body}`,
  )
  return JSON.parse(execute(process.execPath, ['program.js'], folder))
}

/** Type-checks a program in the folder; gives what the compiler says. */
function checked(text: string): string {
  writeFileSync(join(folder, 'program.ts'), text)
  const compiler = resolve('node_modules/typescript/bin/tsc')
  const types = ['--types', 'node', '--typeRoots', resolve('node_modules/@types')]
  const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2023']
  return spawnSync(process.execPath, [compiler, ...options, '--module', 'nodenext', ...types, 'program.ts'], {
    encoding: 'utf8',
    cwd: folder,
  }).stdout
}

describe('the package', () => {
  it('needs nothing else for its client, and has no test or source', () => {
    assert.deepEqual(readdirSync(join(folder, 'node_modules')), ['lugsail'])
    assert.deepEqual(readdirSync(installed).sort(), [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'bin',
      'dist',
      'docs',
      'package.json',
    ])
    const [code, types] = ['index.js', 'index.d.ts'].map((name) =>
      statSync(join(installed, 'dist/client', name)),
    )
    assert.ok((code?.size ?? 0) < 128 * 1024 && (types?.size ?? 0) < 64 * 1024)
  })

  it('lets nothing but the client be imported', () => {
    writeFileSync(
      join(folder, 'inner.js'),
      "import('lugsail/dist/cli/main.cjs').catch((e) => console.log(e.code))",
    )
    assert.equal(execute(process.execPath, ['inner.js'], folder), 'ERR_PACKAGE_PATH_NOT_EXPORTED\n')
  })
})

describe('the client of the package', () => {
  it('makes buckets and keys, with times as dates, and ends when the program does', () => {
    const result = printed(`
await client.createBucket({ bucketName: 'photos', bundleId: 'small_1_0', tags: undefined })
const expiresAt = new Date(Date.now() + 86_400_000)
const { accessKey } = await client.createAccessKey({ name: 'reports', buckets: ['photos'], rights: ['read', 'list'], expiresAt })
const { accessKeys } = await client.getAccessKeys()
print({
  id: accessKey.accessKeyId === accessKeys[0].accessKeyId, secret: accessKey.secretAccessKey.length,
  isDate: accessKey.createdAt instanceof Date && accessKey.expiresAt instanceof Date,
  expires: Math.floor(expiresAt / 1000) === accessKey.expiresAt / 1000,
  rights: accessKey.rights,
})`)
    assert.deepEqual(result, { id: true, secret: 40, isDate: true, expires: true, rights: ['read', 'list'] })
  })

  it('runs calls side by side', () => {
    const result = printed(`
const made = await Promise.all(Array.from({ length: 20 }, (_, at) =>
  client.createAccessKey({ name: 'side-' + at, rights: ['read'] })))
print(new Set(made.map(({ accessKey }) => accessKey.accessKeyId)).size)`)
    assert.equal(result, 20)
  })

  it('tells what went wrong by the class and the code of the error', () => {
    const result = printed(`
const told = []
const tell = (act) => act().catch((error) => told.push([error.constructor.name, error instanceof ClientError, error.code ?? error.kind ?? '']))
await tell(() => client.deleteAccessKey({ name: 'none' }))
await tell(() => client.createAccessKey({ name: 'x', right: ['read'] }))
await tell(() => client.createAccessKey({}))
await tell(() => make({ endpoint: 'http://127.0.0.1:1', attemptsMax: 1 }).getBuckets())
await tell(() => make({ credentials: () => ({ accessKeyId: 'none', secretAccessKey: 'wrong' }) }).getBuckets())
await tell(async () => make({ endpoint: 'nowhere' }))
await tell(async () => make({ region: 'a_b' }))
print(told)`)
    assert.deepEqual(result, [
      ['ServiceFault', true, 'NotFoundException'],
      ['ParameterValidationError', true, ''],
      ['ParameterValidationError', true, ''],
      ['TransportError', true, 'connect'],
      ['ServiceFault', true, 'UnrecognizedClientException'],
      ['ClientError', true, ''],
      ['ClientError', true, ''],
    ])
  })

  it('has types that let right programs pass', () => {
    assert.equal(
      checked(`import { createLugsailClient, ServiceFault, type LugsailClient, type ApplicationKey } from 'lugsail/client'
const client: LugsailClient = createLugsailClient({ endpoint: 'http://x', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } })
const made = await client.createAccessKey({ name: 'x', rights: ['read'], expiresAt: new Date() })
const key: ApplicationKey | undefined = made.accessKey
const until: Date | undefined = key?.expiresAt
const status: 'Active' | 'Inactive' | 'Expired' | undefined = key?.status
const names: readonly (string | undefined)[] = ((await client.getBuckets()).buckets ?? []).map(({ name }) => name)
try { await client.getAccounts() } catch (error) { if (error instanceof ServiceFault) console.log(error.code, until, status, names) }
`),
      '',
    )
  })

  it('has types that stop wrong ones', () => {
    const wrong = {
      'a misspelt right': `client.createAccessKey({ name: 'x', rights: ['reed'] })`,
      'a missing member': `client.createAccessKey({ rights: ['read'] })`,
      'no input': `client.createBucket()`,
      'an unknown member': `client.createAccessKey({ name: 'x', prefix: 'a/' })`,
      'a time as a number': `client.createAccessKey({ name: 'x', expiresAt: 5 })`,
      'an unknown operation': `client.makeBucket({})`,
    }
    const program = Object.values(wrong).map((call) => `// @ts-expect-error\nvoid ${call}\n`)
    assert.equal(
      checked(
        `import type { LugsailClient } from 'lugsail/client'\ndeclare const client: LugsailClient\n${program.join('')}`,
      ),
      '',
    )
  })

  it('has the types of the sources that it is built from', () => {
    const source = resolve('src/client/package/index.ts')
    const said = checked(`import * as packed from 'lugsail/client'
import * as source from ${JSON.stringify(source)}
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
const client: Same<packed.LugsailClient, source.LugsailClient> = true
const options: Same<packed.LugsailClientOptions, source.LugsailClientOptions> = true
const exported: Same<keyof typeof packed, keyof typeof source> = true
const make: Same<typeof packed.createLugsailClient, typeof source.createLugsailClient> = true
const fault: Same<InstanceType<typeof packed.ServiceFault>, InstanceType<typeof source.ServiceFault>> = true
const faultMade: Same<ConstructorParameters<typeof packed.ServiceFault>, ConstructorParameters<typeof source.ServiceFault>> = true
const transport: Same<InstanceType<typeof packed.TransportError>, InstanceType<typeof source.TransportError>> = true
const transportMade: Same<ConstructorParameters<typeof packed.TransportError>, ConstructorParameters<typeof source.TransportError>> = true
const invalid: Same<ConstructorParameters<typeof packed.ParameterValidationError>, ConstructorParameters<typeof source.ParameterValidationError>> = true
`)
    assert.equal(said.replace(/^.*TS5097.*\n/gm, ''), '')
  })
})

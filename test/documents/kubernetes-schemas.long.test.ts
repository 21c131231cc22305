/**
 * The manifests of deploy/kubernetes against Kubernetes' own description of its objects, as the package kubernetes-models has it: values by its schemas, and by its
 * types that no member is one that there is not. And the compose file, where a program that reads such is here. Needs a registry.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { parseAllDocuments } from 'yaml'

const MODELS = 'kubernetes-models@5.1.0'
const folder = mkdtempSync(join(tmpdir(), 'lugsail-kubernetes-'))
after(() => rmSync(folder, { recursive: true, force: true }))

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
}

/** What is not Kubernetes' own: kustomize's files, and COSI's objects, which kubernetes.test.ts holds to their definitions. */
const OF_OTHERS = /^(?:kustomize\.config|objectstorage)\.k8s\.io\//

const manifests = readdirSync('deploy/kubernetes', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) =>
    parseAllDocuments(readFileSync(join('deploy/kubernetes', file), 'utf8'), { merge: true }).map(
      (document) => ({ file, manifest: document.toJS() as Manifest }),
    ),
  )
  .filter(({ manifest }) => !OF_OTHERS.test(manifest.apiVersion))

function run(program: string, ...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' })
  assert.equal(status, 0, `${stdout}${stderr}`)
}

const moduleOf = ({ apiVersion, kind }: Manifest): string =>
  JSON.stringify(`kubernetes-models/${apiVersion}/${kind}`)

describe('the manifests for Kubernetes', () => {
  before(() => {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    run('npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts', MODELS)
  })

  it('were found', () => {
    assert.ok(manifests.length >= 10, String(manifests.length))
  })

  it('have the values that Kubernetes takes', () => {
    const text = manifests.map(
      ({ file, manifest }) => `
{
  const { ${manifest.kind} } = await import(${moduleOf(manifest)})
  try { new ${manifest.kind}(${JSON.stringify(manifest)}).validate() }
  catch (error) { console.error(${JSON.stringify(`${file} ${manifest.kind}`)}, error.message); process.exitCode = 1 }
}`,
    )
    writeFileSync(join(folder, 'values.mjs'), text.join('\n'))
    run(process.execPath, 'values.mjs')
  })

  it('have no member that Kubernetes has not', () => {
    const text = manifests.map(
      ({ manifest }, index) =>
        `import type { I${manifest.kind} as T${index} } from ${moduleOf(manifest)}
export const m${index}: T${index} = ${JSON.stringify(manifest, null, 2)}\n`,
    )
    writeFileSync(join(folder, 'members.ts'), text.join('\n'))
    run(
      process.execPath,
      resolve('node_modules/typescript/bin/tsc'),
      ...['--noEmit', '--strict', '--skipLibCheck', '--types', '', '--target', 'es2022'],
      ...['--module', 'esnext', '--moduleResolution', 'bundler', 'members.ts'],
    )
  })
})

describe('the compose file', () => {
  it('is one that compose takes', (t) => {
    const programs = [['docker', 'compose'], ['docker-compose'], ['podman-compose']].filter(
      ([program = '', ...args]) => spawnSync(program, [...args, 'version']).status === 0,
    )
    const [program = '', ...before] = programs[0] ?? []
    if (program === '') return t.skip('no program here that reads such')
    // The example has what has to be filled in.
    const environment = readFileSync('deploy/compose.env.example', 'utf8').replace(/=[ \t]*$/gm, '=x')
    writeFileSync(join(folder, 'compose.env'), environment)
    const { status, stderr } = spawnSync(
      program,
      [...before, '-f', 'deploy/compose.yaml', '--env-file', join(folder, 'compose.env'), 'config', '-q'],
      { encoding: 'utf8' },
    )
    assert.equal(status, 0, stderr)
  })
})

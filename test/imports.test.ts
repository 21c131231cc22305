import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { describe, it } from 'node:test'

/** Which folders of src/ a folder may import from, besides itself (the table of docs/architecture.md). */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  base: [],
  model: ['base'],
  protocol: ['base', 'model'],
  auth: ['base', 'model'],
  client: ['base', 'model', 'protocol', 'auth'],
  cli: ['base', 'model', 'protocol', 'auth', 'client'],
  // Of storage only the two contracts: see STORAGE_CONTRACTS.
  service: ['base', 'model', 'storage'],
  storage: ['base'],
  api: ['base', 'model', 'service', 'storage'],
  control: ['base', 'model', 'protocol', 'auth', 'service', 'storage', 'api'],
  s3: ['base', 'model', 'protocol', 'auth', 'service', 'storage', 'api'],
  server: ['base', 'model', 'protocol', 'auth', 'service', 'storage', 'api', 'control', 's3'],
  testing: ['base', 'model', 'protocol', 'auth', 'service', 'storage', 'api', 'control', 's3', 'server'],
}

const STORAGE_CONTRACTS = ['storage/metadata-store.ts', 'storage/blob-store.ts']
/** The only files that name engines: the second one those in memory, without what opens others. */
const ENGINES_FILES = ['server/engines.ts', 'server/ephemeral/memory-state.ts']

/** Where in src/ each package may be imported: one file or one folder, so that it can be exchanged there. */
const PACKAGE_HOMES: Readonly<Record<string, string | readonly string[]>> = {
  // One for each of the two programs.
  '@aws-sdk/client-s3': ['storage/s3/client-package.ts', 'cli/objects/'],
  '@aws-sdk/credential-providers': 'cli/credentials/',
  '@aws-sdk/lib-storage': 'cli/objects/upload.ts',
  '@grpc/grpc-js': 'cli/cosi/grpc-server.ts',
  '@grpc/proto-loader': 'cli/cosi/package-definition.ts',
  '@node-rs/crc32': 'base/crc-32.ts',
  '@opentelemetry/api': 'server/tracing/sdk-package.ts',
  '@opentelemetry/core': 'server/tracing/sdk-package.ts',
  '@opentelemetry/exporter-trace-otlp-http': 'server/tracing/sdk-package.ts',
  '@opentelemetry/resources': 'server/tracing/sdk-package.ts',
  '@opentelemetry/sdk-trace-base': 'server/tracing/sdk-package.ts',
  'hash-wasm': 'protocol/checksums/',
  jose: 'control/sts/web-identity/',
  lmdb: 'storage/lmdb/',
  pg: 'storage/postgres/',
  'prom-client': 'server/metrics/',
  yaml: 'cli/yaml/package.ts',
}

interface Import {
  /** Relative to src/. */
  readonly from: string
  readonly specifier: string
  /** Relative to src/ when the specifier is a path, else null. */
  readonly target: string | null
}

const IMPORT =
  /^\s*(?:import|export)\s[^'"`;]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm

/** The suites that each storage engine runs stand with the engines. */
const isTest = (file: string): boolean => file.endsWith('.test.ts') || file.startsWith('storage/testing/')

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
)
const imports: readonly Import[] = sources.flatMap((from) =>
  [...readFileSync(join('src', from), 'utf8').matchAll(IMPORT)].map((match): Import => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? ''
    return {
      from,
      specifier,
      target: specifier.startsWith('.') ? relative('.', join(dirname(from), specifier)) : null,
    }
  }),
)

/** The folders of `storage/` with a class that keeps one of the two contracts. */
const ENGINE_FOLDERS = new Set(
  sources.flatMap((file) => /^storage\/([^/]+)\/(?:metadata|blob)-store\.ts$/.exec(file)?.[1] ?? []),
)

const folderOf = (file: string): string => file.split('/')[0] ?? ''
/** `lmdb` of `storage/lmdb/x.ts`, else null. */
const engineOf = (file: string): string | null => {
  const [folder, engine = ''] = file.split('/')
  return folder === 'storage' && ENGINE_FOLDERS.has(engine) ? engine : null
}
/** `pg` of `pg`, `@aws-sdk/client-s3` of `@aws-sdk/client-s3/dist`. */
const packageOf = (specifier: string): string =>
  specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
const asLine = ({ from, specifier }: Import): string => `src/${from} imports ${specifier}`

/** Groups of files that import each other in a circle, types and what is loaded later included; each sorted. */
function circles(of: readonly Pick<Import, 'from' | 'target'>[]): string[][] {
  const graph = new Map<string, string[]>()
  for (const { from, target } of of)
    if (target !== null && !isTest(from)) graph.set(from, [...(graph.get(from) ?? []), target])
  // Tarjan's strongly connected components.
  const [order, lowest, stack, found] = [
    new Map<string, number>(),
    new Map<string, number>(),
    [] as string[],
    [] as string[][],
  ]
  const visit = (file: string): number => {
    const place = order.size
    order.set(file, place)
    lowest.set(file, place)
    stack.push(file)
    for (const next of graph.get(file) ?? []) {
      const reached = order.has(next) ? (stack.includes(next) ? order.get(next) : undefined) : visit(next)
      if (reached !== undefined) lowest.set(file, Math.min(lowest.get(file) ?? place, reached))
    }
    const low = lowest.get(file) ?? place
    if (low === place) {
      const circle = stack.splice(stack.indexOf(file)).sort()
      if (circle.length > 1) found.push(circle)
    }
    return low
  }
  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return found
}

describe('imports', () => {
  it('were found at all', () => {
    assert.ok(imports.length > sources.length)
  })

  it('between folders are those that the architecture allows', () => {
    const broken = imports.filter(({ from, target }) => {
      if (target === null || (isTest(from) && target.startsWith('../test/'))) return false
      const [folder, other] = [folderOf(from), folderOf(target)]
      return other !== folder && ALLOWED[folder]?.includes(other) !== true
    })
    assert.deepEqual(broken.map(asLine), [])
  })

  it('are the arrows of the diagram of docs/architecture.md', () => {
    const [, diagram = ''] =
      /^```mermaid\n([\s\S]*?)^```$/m.exec(readFileSync('docs/architecture.md', 'utf8')) ?? []
    const arrows = [...diagram.matchAll(/^ +(\w+) --> (\w+)$/gm)].map(([, from = '', to = '']) => ({
      from,
      to,
    }))
    const reached = (folder: string): string[] =>
      arrows.filter(({ from }) => from === folder).flatMap(({ to }) => [to, ...reached(to)])
    assert.equal(arrows.length, diagram.trim().split('\n').length - 1)
    assert.deepEqual(
      Object.fromEntries(
        Object.keys(ALLOWED).map((folder) => [folder, [...new Set(reached(folder))].sort()]),
      ),
      Object.fromEntries(Object.entries(ALLOWED).map(([folder, others]) => [folder, others.toSorted()])),
    )
  })

  it('never run in a circle, those of types included', () => {
    assert.deepEqual(circles(imports), [])
  })

  it('of storage in service, api, control and s3 are the two contracts alone, outside tests', () => {
    const broken = imports.filter(
      ({ from, target }) =>
        target !== null &&
        !isTest(from) &&
        ['service', 'api', 'control', 's3'].includes(folderOf(from)) &&
        folderOf(target) === 'storage' &&
        !STORAGE_CONTRACTS.includes(target),
    )
    assert.deepEqual(broken.map(asLine), [])
  })

  it('of uploads are no operations on objects: what is both of theirs has a folder of its own', () => {
    const broken = imports.filter(
      ({ from, target }) =>
        from.startsWith('service/uploads/') && target?.startsWith('service/objects/') === true,
    )
    assert.deepEqual(broken.map(asLine), [])
  })

  it('tell engines from what else has a folder in storage', () => {
    const folders = new Set(sources.flatMap((file) => /^storage\/([^/]+)\//.exec(file)?.[1] ?? []))
    assert.deepEqual([...folders].filter((folder) => !ENGINE_FOLDERS.has(folder)).sort(), ['testing', 'wrap'])
  })

  it('of an engine are its own and those of the files that name engines, outside tests', () => {
    const broken = imports.filter(({ from, target }) => {
      const engine = target === null ? null : engineOf(target)
      return engine !== null && engineOf(from) !== engine && !ENGINES_FILES.includes(from) && !isTest(from)
    })
    assert.deepEqual(broken.map(asLine), [])
  })

  it('of a package happen in its one home, outside tests', () => {
    const broken = imports.filter(({ from, specifier, target }) => {
      if (target !== null || isBuiltin(specifier) || isTest(from)) return false
      const home = PACKAGE_HOMES[packageOf(specifier)]
      return home === undefined || ![home].flat().some((each) => from.startsWith(each))
    })
    assert.deepEqual(broken.map(asLine), [])
  })

  it('of built-in modules are written with node:', () => {
    const broken = imports.filter(({ specifier }) => isBuiltin(specifier) && !specifier.startsWith('node:'))
    assert.deepEqual(broken.map(asLine), [])
  })
})

describe('imports of the console', () => {
  const files = readdirSync('console', { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!\.test)\.tsx?$/.test(file),
  )
  const found = files.flatMap((from) =>
    [...readFileSync(join('console', from), 'utf8').matchAll(IMPORT)].map(([text, ...names]) => {
      const specifier = (names as (string | undefined)[]).find((name) => name !== undefined) ?? ''
      const target = specifier.startsWith('.') ? join('console', dirname(from), specifier) : null
      return {
        from: `console/${from}`,
        line: `console/${from} imports ${specifier}`,
        text: text.trim(),
        specifier,
        target,
      }
    }),
  )

  it('are its own, packages, and of src the types of the model alone', () => {
    assert.ok(found.length > files.length)
    const broken = found.filter(
      ({ target, text }) =>
        target !== null &&
        !target.startsWith('console/') &&
        !(target.startsWith('src/model/') && text.startsWith('import type ')),
    )
    assert.deepEqual(
      broken.map(({ line }) => line),
      [],
    )
  })

  it('never run in a circle', () => {
    assert.deepEqual(circles(found), [])
  })

  it('are none of Node', () => {
    assert.deepEqual(
      found.filter(({ specifier }) => isBuiltin(specifier)).map(({ line }) => line),
      [],
    )
  })

  it('are not made by the rest', () => {
    const broken = imports.filter(({ target }) => target?.startsWith('../console/') === true)
    assert.deepEqual(broken.map(asLine), [])
  })
})

describe('dependencies', () => {
  const described = (file: string) =>
    JSON.parse(readFileSync(file, 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>
      readonly devDependencies: Readonly<Record<string, string>>
    }
  const { dependencies, devDependencies } = described('package.json')
  const site = described('site/package.json')

  it('that are installed are those that cannot be bundled, and each package with a home is imported there', () => {
    assert.deepEqual(Object.keys(dependencies).sort(), ['@node-rs/crc32', 'lmdb', 'pg'])
    const imported = new Set(imports.map(({ specifier }) => packageOf(specifier)))
    assert.deepEqual(
      Object.keys(PACKAGE_HOMES).filter((name) => !imported.has(name)),
      [],
    )
  })

  it('are the rows of docs/dependencies.md, with their versions', () => {
    const rows = [
      ...readFileSync('docs/dependencies.md', 'utf8').matchAll(
        /^\| `([^`]+)` +\| ((?:npm:\w+@)?\d\S*) +\|/gm,
      ),
    ]
    assert.deepEqual(Object.fromEntries(rows.map((row) => [row[1], row[2]])), {
      ...dependencies,
      ...devDependencies,
      ...site.devDependencies,
    })
  })
})

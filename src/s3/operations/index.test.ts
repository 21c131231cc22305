import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import 'tsx'
import { s3Errors } from '../../model/s3/errors.ts'
import { errorsOf } from '../../model/s3/operation-errors.ts'
import { structure } from '../../model/shape.ts'
import type { AnyOperationHandler } from '../operation-handler.ts'
import type * as operations from './index.ts'

const RESOURCES = ['bucket', 'listing', 'object', 'settings', 'upload', 'version']
const SRC = new URL('../../', import.meta.url)
const MODELS = new URL('../../model/s3/', import.meta.url)
const HANDLERS = new URL('./', import.meta.url)
// Loaded as the modules below are, so that what both give is the same.
const { S3_OPERATIONS } = (await import(new URL('index.ts', HANDLERS).href)) as typeof operations

describe("S3's operations", () => {
  it('lie in files of the same names on their two floors, a folder for each resource', () => {
    assert.deepEqual(foldersIn(HANDLERS), RESOURCES)
    assert.deepEqual(
      foldersIn(MODELS).filter((folder) => folder !== 'shapes'),
      RESOURCES,
    )
    for (const resource of RESOURCES)
      assert.deepEqual(filesIn(MODELS, resource), filesIn(HANDLERS, resource), resource)
  })

  it('are all offered, each with its description from the file of the same name', async () => {
    const found: AnyOperationHandler[] = []
    for (const resource of RESOURCES)
      for (const file of filesIn(HANDLERS, resource)) {
        const described = await valuesOf(new URL(`${resource}/${file}`, MODELS))
        for (const value of await valuesOf(new URL(`${resource}/${file}`, HANDLERS))) {
          const handler = S3_OPERATIONS.find((offered) => offered === value)
          assert(handler, `${resource}/${file} exports what index.ts does not offer`)
          const { operation } = handler
          assert(described.includes(operation), `model/s3/${resource}/${file} has no ${operation.name}`)
          found.push(handler)
        }
      }
    assert.equal(found.length, S3_OPERATIONS.length)
  })

  it('declare errors that the catalogue has, that something throws, and that not every operation may have', () => {
    const source = ['s3', 'service', 'protocol'].map((folder) => sourceOf(new URL(`${folder}/`, SRC))).join()
    const bare = errorsOf({ name: '', input: structure({}), output: structure({}), errors: [] })
    for (const { operation } of S3_OPERATIONS)
      for (const code of operation.errors) {
        assert(code in s3Errors, `${operation.name}: ${code} is no error of S3`)
        assert(!bare.has(code), `${operation.name}: ${code} is every operation's`)
        assert(source.includes(`'${code}'`), `${operation.name}: nothing throws ${code}`)
      }
  })

  it('are each offered once', () => {
    const names = S3_OPERATIONS.map(({ operation }) => operation.name)
    assert.deepEqual(names.toSorted(), [...new Set(names)].toSorted())
  })
})

const sourceOf = (folder: URL): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join()

const foldersIn = (at: URL): string[] =>
  readdirSync(at, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()

const filesIn = (at: URL, folder: string): string[] =>
  readdirSync(new URL(`${folder}/`, at))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .toSorted()

async function valuesOf(module: URL): Promise<unknown[]> {
  return Object.values((await import(module.href)) as Record<string, unknown>)
}

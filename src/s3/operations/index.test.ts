import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, it } from 'node:test'
import type { AnyOperationHandler } from '../operation-handler.ts'
import { S3_OPERATIONS } from './index.ts'

const RESOURCES = ['bucket', 'listing', 'object', 'settings', 'upload', 'version']
const MODELS = new URL('../../model/s3/', import.meta.url)
const HANDLERS = new URL('./', import.meta.url)

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

  it('are each offered once', () => {
    const names = S3_OPERATIONS.map(({ operation }) => operation.name)
    assert.deepEqual(names.toSorted(), [...new Set(names)].toSorted())
  })
})

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

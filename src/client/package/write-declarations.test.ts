import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lightsailOperations } from '../../model/lightsail/index.ts'
import { lugsailOperations } from '../../model/lugsail/index.ts'
import type { Shape } from '../../model/shape.ts'
import { createLugsailClient } from './index.ts'
import { writeDeclarations } from './write-declarations.ts'

const OPTIONS = '/** Where. */\nexport interface Options {}\n'
const text = writeDeclarations(OPTIONS)
const lines = text.split('\n')
const operations = { ...lightsailOperations, ...lugsailOperations }

describe('the types that the package ships', () => {
  it('have the options, then what is fixed, then a method for each operation', () => {
    assert.ok(text.startsWith(`${OPTIONS}\n/** A failure`))
    for (const [name, { input, output }] of Object.entries(operations)) {
      const isOptional = Object.values(input.members).every(({ isRequired }) => !isRequired)
      const method = `  ${name.charAt(0).toLowerCase()}${name.slice(1)}(input${isOptional ? '?' : ''}: ${input.name ?? ''}): Promise<${output.name ?? ''}>`
      assert.ok(lines.includes(method), method)
    }
    assert.ok(lines.includes('  getBuckets(input?: GetBucketsRequest): Promise<GetBucketsResult>'))
    assert.ok(lines.includes('  createBucket(input: CreateBucketRequest): Promise<CreateBucketResult>'))
  })

  it('have each structure once, with its members and what they mean', () => {
    const found = new Set<string>()
    const walk = (shape: Shape): void => {
      if (shape.type === 'list') walk(shape.member)
      if (shape.type !== 'structure' || found.has(shape.name ?? '')) return
      found.add(shape.name ?? '')
      for (const { shape: member } of Object.values(shape.members)) walk(member)
    }
    for (const { input, output } of Object.values(operations))
      for (const shape of [input, output]) walk(shape)
    for (const name of found)
      assert.equal(lines.filter((line) => line === `export interface ${name} {`).length, 1, name)
    for (const line of [
      '  readonly bucketName: string',
      '  readonly tags?: readonly Tag[] | undefined',
      '  readonly createdAt?: Date | undefined',
      "  readonly access: 'allow' | 'deny'",
      '  readonly forceDelete?: boolean | undefined',
      '  readonly period: number',
      '  readonly readonlyAccessAccounts?: readonly string[] | undefined',
    ])
      assert.ok(lines.includes(line), line)
    assert.ok(lines.some((line) => /^ {2}readonly statistics: readonly \('Minimum' \| .*\)\[\]$/.test(line)))
    assert.ok(lines.some((line) => /^ {2}\/\*\* \S.*\S \*\/$/.test(line)))
    assert.doesNotMatch(text, /undefined undefined|\/\*\* undefined/)
  })
})

describe('the client of the package', () => {
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 's' }

  it('has a method for each operation', () => {
    const client = createLugsailClient({ endpoint: 'http://127.0.0.1:1', credentials }) as unknown as Record<
      string,
      unknown
    >
    for (const name of Object.keys(operations))
      assert.equal(typeof client[`${name.charAt(0).toLowerCase()}${name.slice(1)}`], 'function', name)
  })

  it('is refused an endpoint or a region that cannot be, before anything is called', () => {
    assert.throws(() => createLugsailClient({ endpoint: 'nowhere', credentials }), {
      message: 'Invalid endpoint: nowhere',
    })
    assert.throws(
      () => createLugsailClient({ endpoint: 'http://a', region: '-x', credentials }),
      /region_name '-x'/,
    )
  })
})

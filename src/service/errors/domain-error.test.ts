import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { it } from 'node:test'
import { s3Errors } from '../../model/s3/errors.ts'
import { DomainError, isDomainError } from './domain-error.ts'

const SRC = new URL('../../', import.meta.url)
const HERE = new URL('./', import.meta.url)

const textsOf = (...folders: readonly string[]): string =>
  folders
    .flatMap((folder) => {
      const at = new URL(`${folder}/`, SRC)
      return readdirSync(at, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
        .map((file) => readFileSync(new URL(file, at), 'utf8'))
    })
    .join('\n')

it('every kind of domain error is thrown somewhere', () => {
  const kinds = readdirSync(HERE)
    .filter((file) => file.endsWith('.ts') && !file.startsWith('domain-error'))
    .flatMap((file) => [...readFileSync(new URL(file, HERE), 'utf8').matchAll(/^ {2}([A-Z]\w+): /gm)])
    .map(([, kind = '']) => kind)
  assert(kinds.length > 50)
  const made = [...textsOf('service', 's3', 'control').matchAll(/new DomainError\(([^,)]*)/g)]
    .map(([, kind = '']) => kind)
    .join()
  assert.deepEqual(
    kinds.filter((kind) => !made.includes(`'${kind}'`)),
    [],
  )
})

it('every code of S3 is answered somewhere', () => {
  const source = textsOf('s3', 'protocol', 'server')
  assert.deepEqual(
    Object.keys(s3Errors).filter((code) => !source.includes(`'${code}'`)),
    [],
  )
})

it('a domain error has its kind and fields, the cause, and no trace', () => {
  const cause = new Error('why')
  const error = new DomainError('NoSuchBucket', { bucketName: 'mine' }, { cause })
  assert.deepEqual([error.kind, error.fields, error.cause], ['NoSuchBucket', { bucketName: 'mine' }, cause])
  assert.equal(error.stack, `DomainError: ${error.message}`)
  assert.deepEqual(new DomainError('CopyOntoItself').fields, {})
  // @ts-expect-error the name of the bucket is missing
  assert.throws(() => new DomainError('NoSuchBucket').fields.bucketName.length, TypeError)
})

it('is told from other kinds, and from other errors', () => {
  const error: unknown = new DomainError('NoSuchKey', { objectKey: 'key' })
  assert(isDomainError(error) && isDomainError(error, 'NoSuchVersion', 'NoSuchKey'))
  assert(!isDomainError(error, 'NoSuchVersion'))
  assert(!isDomainError(new Error('NoSuchKey'), 'NoSuchKey') && !isDomainError(null))
})

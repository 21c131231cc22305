import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ApiError } from '../api/api-error.ts'
import { chosenFiles, FILES_MAX } from './dropped-files.ts'

it('more files than a page can keep are refused as a whole, and not cut off', () => {
  const file = new File(['x'], 'x.txt')
  Object.defineProperty(file, 'webkitRelativePath', { value: 'folder/x.txt' })
  const files = (length: number): ArrayLike<File> => new Array<File>(length).fill(file)
  assert.equal(chosenFiles(files(FILES_MAX)).length, FILES_MAX)
  assert.deepEqual(chosenFiles(files(1)), [{ file, key: 'folder/x.txt' }])
  assert.throws(
    () => chosenFiles(files(FILES_MAX + 1)),
    (error) => error instanceof ApiError && error.code === 'TooManyFiles',
  )
})

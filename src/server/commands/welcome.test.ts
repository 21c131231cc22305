import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dataFolderOf } from '../store/data-folder.ts'
import { welcome } from './welcome.ts'

const firstStart = (data: string, hasConsole = true): string =>
  welcome({
    hasConsole,
    endpointUrl: 'http://127.0.0.1:9400',
    folder: dataFolderOf({ data }),
    first: {
      account: {
        accountId: '123456789012',
        name: 'default',
        canonicalUserId: '0'.repeat(64),
        createdAt: 0,
        accessKeyId: 'AKIDEXAMPLE',
      },
      rootKey: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example-secret' },
    },
    isOpenWithoutTls: false,
    showsSecret: false,
  })

describe('what the first start prints', () => {
  test('"lugsail use" needs no folder when the data is where it looks', () => {
    assert.match(firstStart('lugsail-data'), /^ {2}lugsail use && export AWS_PROFILE=lugsail$/m)
  })

  test('"lugsail use" is shown with the folder that the server was given', () => {
    assert.match(firstStart('other'), /^ {2}lugsail use --data other && export AWS_PROFILE=lugsail$/m)
    assert.match(
      firstStart("my 'data'"),
      /^ {2}lugsail use --data 'my '\\''data'\\''' && export AWS_PROFILE=lugsail$/m,
    )
  })

  test('the address of the console is told where it is served', () => {
    assert.match(firstStart('lugsail-data'), /^The console, .* http:\/\/127\.0\.0\.1:9400\/-\/console\/$/m)
    assert.doesNotMatch(firstStart('lugsail-data', false), /console/)
  })

  test('a secret that is not asked for is not shown', () => {
    assert.doesNotMatch(firstStart('lugsail-data'), /example-secret/)
  })
})

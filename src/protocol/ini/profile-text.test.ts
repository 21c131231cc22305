import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readProfileSection, writeProfileSection } from './profile-text.ts'

const TEXT = `# mine
[default]
region = eu-west-1   
aws_access_key_id=OLD
s3 =
  addressing_style = path

[profile other] ; work
region = us-west-2
`

describe('readProfileSection', () => {
  it('gives the members of one section', () => {
    assert.deepEqual(
      readProfileSection(TEXT, 'default'),
      new Map([
        ['region', 'eu-west-1'],
        ['aws_access_key_id', 'OLD'],
        ['s3', ''],
      ]),
    )
    assert.deepEqual(readProfileSection(TEXT, 'profile other'), new Map([['region', 'us-west-2']]))
    assert.equal(readProfileSection(TEXT, 'none'), null)
  })
})

describe('writeProfileSection', () => {
  it('changes members where they stand, adds the missing at the end, and keeps all else', () => {
    assert.equal(
      writeProfileSection(TEXT, 'default', { aws_access_key_id: 'NEW', endpoint_url: 'http://x' }),
      TEXT.replace('aws_access_key_id=OLD', 'aws_access_key_id = NEW').replace(
        '  addressing_style = path\n',
        '  addressing_style = path\nendpoint_url = http://x\n',
      ),
    )
  })

  it('leaves a section alone whose heading has more behind it, as the one that reads it does', () => {
    const text = '[a]\nx = 1\n[b] work\nx = 2\n'
    assert.equal(writeProfileSection(text, 'a', { y: '3' }), '[a]\nx = 1\ny = 3\n[b] work\nx = 2\n')
    assert.deepEqual(readProfileSection(text, 'a'), new Map([['x', '1']]))
  })

  it('adds a section that is missing, also to an empty file', () => {
    assert.equal(writeProfileSection('', 'a', { region: 'r' }), '[a]\nregion = r\n')
    assert.equal(writeProfileSection('[b]\nx = 1', 'a', { region: 'r' }), '[b]\nx = 1\n\n[a]\nregion = r\n')
  })

  it('replaces a member together with the lines that belong to it', () => {
    assert.equal(
      writeProfileSection('[a]\ns3 =\n  x = 1\n  y = 2\nz = 3\n', 'a', { s3: 'none' }),
      '[a]\ns3 = none\nz = 3\n',
    )
  })

  it('writes a repeated member once', () => {
    assert.equal(writeProfileSection('[a]\nr = 1\nr = 2\n', 'a', { r: '3' }), '[a]\nr = 3\n')
  })

  it('changes nothing when the members are there already', () => {
    const written = writeProfileSection(TEXT, 'profile other', { region: 'us-west-2' })
    assert.equal(written, TEXT)
  })
})

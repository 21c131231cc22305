import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { jsonText, kubernetesSecretText } from './documents.ts'
import { envText } from './env-text.ts'
import { rcloneText, s3cfgText } from './ini-targets.ts'
import type { WrittenKey } from './written-key.ts'

const key: WrittenKey = {
  name: 'reports',
  accessKeyId: 'AKIA',
  secretAccessKey: 'a/secret+',
  endpointUrl: 'https://storage.example:9400',
  region: 'eu-west-1',
  caBundle: '/my ca.pem',
}

describe('a file of variables with a key', () => {
  const OWN = [
    'AWS_ACCESS_KEY_ID=AKIA',
    'AWS_SECRET_ACCESS_KEY=a/secret+',
    'AWS_REGION=eu-west-1',
    'AWS_DEFAULT_REGION=eu-west-1',
    'AWS_ENDPOINT_URL=https://storage.example:9400',
    "AWS_CA_BUNDLE='/my ca.pem'",
  ]
  const lines = (text: string): string[] => {
    assert.ok(text.endsWith('\n') && !text.endsWith('\n\n'), JSON.stringify(text))
    return text.slice(0, -1).split('\n')
  }

  it('that is new has those of the key, with quotes only where a shell needs them', () => {
    assert.deepEqual(lines(envText('', key)), OWN)
    assert.deepEqual(lines(envText('', { ...key, caBundle: undefined })), OWN.slice(0, -1))
  })

  it('keeps other lines, and has the key where one was', () => {
    const before = '# mine\nexport AWS_SECRET_ACCESS_KEY=old\n\nPATH=/bin\r\n  AWS_REGION = x\nAWS_REGION=old'
    assert.deepEqual(lines(envText(before, key)), [
      '# mine',
      'export AWS_SECRET_ACCESS_KEY=a/secret+',
      '',
      'PATH=/bin',
      '  AWS_REGION = x',
      'AWS_REGION=eu-west-1',
      ...OWN.filter((line) => !/^AWS_(SECRET_ACCESS_KEY|REGION)=/.test(line)),
    ])
    assert.deepEqual(lines(envText(`X=1\n`, { ...key, caBundle: undefined })), ['X=1', ...OWN.slice(0, -1)])
  })

  it('has one line of each name: of two the last one would count', () => {
    const text = envText('AWS_REGION=a\nAWS_REGION=b\n', key)
    assert.deepEqual(text.match(/^AWS_REGION=.*$/gm), ['AWS_REGION=eu-west-1'])
  })

  it('has none of what would win over the key, and leaves a certificate of the user’s where the server needs none', () => {
    const contrary = [
      'AWS_PROFILE',
      'AWS_DEFAULT_PROFILE',
      'AWS_SESSION_TOKEN',
      'AWS_SECURITY_TOKEN',
      'AWS_CREDENTIAL_EXPIRATION',
      'AWS_ENDPOINT_URL_LIGHTSAIL',
      'AWS_ENDPOINT_URL_S3',
      'AWS_ENDPOINT_URL_STS',
      'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
    ]
    const before = contrary.map((name) => `export ${name}=x`).join('\n')
    assert.deepEqual(lines(envText(`${before}\nMY_AWS_PROFILE=kept\n`, key)), ['MY_AWS_PROFILE=kept', ...OWN])
    const withOwn = envText('AWS_CA_BUNDLE=/mine.pem\n', { ...key, caBundle: undefined })
    assert.equal(lines(withOwn)[0], 'AWS_CA_BUNDLE=/mine.pem')
  })
})

describe('the file of rclone with a key', () => {
  it('has a remote, in place of what it was, beside the others', () => {
    const before = '[other]\ntype = s3\n\n[mine]\nsession_token = old\nchunk_size = 5M\n'
    assert.deepEqual(rcloneText(before, 'mine', key).trim().split('\n'), [
      '[other]',
      'type = s3',
      '',
      '[mine]',
      'chunk_size = 5M',
      'type = s3',
      'provider = Other',
      'env_auth = false',
      'access_key_id = AKIA',
      'secret_access_key = a/secret+',
      'endpoint = https://storage.example:9400',
      'region = eu-west-1',
      'force_path_style = true',
    ])
  })

  it('that rclone has encrypted is left alone', () => {
    for (const text of [
      'RCLONE_ENCRYPT_V0:\nabc',
      '# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V12:\n',
    ])
      assert.throws(() => rcloneText(text, 'mine', key), /it is encrypted/)
    assert.ok(rcloneText('# RCLONE_ENCRYPT_V0:\n', 'mine', key))
  })
})

describe('the file of s3cmd with a key', () => {
  it('addresses buckets by path, and checks the certificate that the server needs', () => {
    assert.deepEqual(s3cfgText('[default]\naccess_token = old\nverbosity = INFO\n', key).trim().split('\n'), [
      '[default]',
      'verbosity = INFO',
      'access_key = AKIA',
      'secret_key = a/secret+',
      'host_base = storage.example:9400',
      'host_bucket = storage.example:9400',
      'bucket_location = eu-west-1',
      'use_https = True',
      'signature_v2 = False',
      'ca_certs_file = /my ca.pem',
    ])
    const plain = s3cfgText('', { ...key, endpointUrl: 'http://localhost:9400', caBundle: undefined })
    assert.match(plain, /^use_https = False$/m)
    assert.doesNotMatch(plain, /ca_certs_file/)
  })
})

describe('a document with a key', () => {
  it('of JSON is what credentials are read from', () => {
    const { caBundle, ...others } = key
    assert.deepEqual(JSON.parse(jsonText(key)), { ...others, caBundle })
    assert.deepEqual(JSON.parse(jsonText({ ...key, caBundle: undefined })), others)
    assert.match(jsonText(key), /^\{\n {2}"name": "reports",\n[^]*\n\}\n$/)
    assert.doesNotMatch(jsonText(key, { isOnOneLine: true }), /\n/)
    assert.deepEqual(JSON.parse(jsonText(key, { isOnOneLine: true })), key)
  })

  it('of Kubernetes has variables, and no path of this machine', async () => {
    assert.deepEqual((await kubernetesSecretText(key)).trim().split('\n'), [
      'apiVersion: v1',
      'kind: Secret',
      'metadata:',
      '  name: lugsail-reports',
      'type: Opaque',
      'stringData:',
      '  AWS_ACCESS_KEY_ID: AKIA',
      '  AWS_SECRET_ACCESS_KEY: a/secret+',
      '  AWS_REGION: eu-west-1',
      '  AWS_DEFAULT_REGION: eu-west-1',
      '  AWS_ENDPOINT_URL: https://storage.example:9400',
    ])
  })

  it('of Kubernetes has a name as a DNS label may be', async () => {
    for (const [name, label] of [
      ['My_Key.7', 'lugsail-my-key-7'],
      ['ends.', 'lugsail-ends'],
      ['x'.repeat(80), `lugsail-${'x'.repeat(55)}`],
      [`${'x'.repeat(54)}..y`, `lugsail-${'x'.repeat(54)}`],
    ] as const)
      assert.match(await kubernetesSecretText({ ...key, name }), new RegExp(`^  name: ${label}$`, 'm'), name)
  })
})

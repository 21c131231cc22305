import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { credentialsText, profileConfigText } from './profile-of-key.ts'

const key = {
  accessKeyId: 'AKIA',
  secretAccessKey: 'secret',
  endpointUrl: 'http://localhost:9400',
  region: 'eu-west-1',
  caBundle: undefined,
}

const S3_LINES = ['s3 =', '  addressing_style = path', '  signature_version = s3v4']

describe('the profile of a key', () => {
  it('has the key in the credentials file, and the server in the configuration file', () => {
    assert.equal(
      credentialsText('', 'mine', key),
      '[mine]\naws_access_key_id = AKIA\naws_secret_access_key = secret\n',
    )
    assert.deepEqual(profileConfigText('', 'mine', key).replaceAll(/ +$/gm, '').split('\n'), [
      '[profile mine]',
      'region = eu-west-1',
      'endpoint_url = http://localhost:9400',
      ...S3_LINES,
      '',
    ])
  })

  it('named default has no word before its name', () => {
    assert.match(profileConfigText('', 'default', key), /^\[default\]\n/)
    assert.match(credentialsText('', 'default', key), /^\[default\]\n/)
  })

  it('has a certificate where the server needs one, and keeps the user’s where it needs none', () => {
    const withOwn = '[profile mine]\nca_bundle = /own.pem\n'
    assert.match(profileConfigText(withOwn, 'mine', key), /^ca_bundle = \/own\.pem$/m)
    assert.match(
      profileConfigText(withOwn, 'mine', { ...key, caBundle: '/ca.pem' }),
      /^ca_bundle = \/ca\.pem$/m,
    )
  })

  it('keeps what the user wrote below s3', () => {
    const text = profileConfigText('[profile mine]\ns3 =\n  addressing_style = virtual\n', 'mine', key)
    assert.match(text, /addressing_style = virtual/)
    assert.doesNotMatch(text, /addressing_style = path|signature_version/)
  })

  it('says nothing of where else credentials come from, or of another endpoint', () => {
    // What the AWS CLI and the SDKs would take before the key, or send elsewhere.
    const contrary = [
      'aws_access_key_id',
      'aws_secret_access_key',
      'aws_session_token',
      'aws_security_token',
      'role_arn',
      'source_profile',
      'credential_source',
      'credential_process',
      'external_id',
      'mfa_serial',
      'role_session_name',
      'duration_seconds',
      'web_identity_token_file',
      'sso_session',
      'sso_account_id',
      'sso_role_name',
      'sso_start_url',
      'sso_region',
      'login_session',
      'services',
    ]
    for (const name of contrary) {
      const lines = `${name} = old\noutput = json\n`
      for (const text of [
        credentialsText(`[mine]\n${lines}[other]\n${lines}`, 'mine', key),
        profileConfigText(`[profile mine]\n${lines}[profile other]\n${lines}`, 'mine', key),
      ]) {
        const [mine = '', other = ''] = text.split(/\[(?:profile )?other\]/)
        assert.ok(!mine.includes('old'), text)
        assert.ok(mine.includes('output = json'), text)
        assert.equal(other.trim(), lines.trim())
      }
    }
  })
})

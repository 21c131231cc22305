import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Section } from '../../protocol/ini/parse-ini.ts'
import { Settings } from '../config/settings.ts'
import { CredentialError } from './credential-error.ts'
import { checkIdentityProfile, isIdentityProfile } from './profile-rules.ts'

type Lines = Readonly<Record<string, string>>
const sections = (named: Readonly<Record<string, Lines>>): ReadonlyMap<string, Section> =>
  new Map(Object.entries(named).map(([name, lines]) => [name, new Map(Object.entries(lines))]))

/** What is wrong with the profile `p`; null: nothing. */
function fault(profiles: Readonly<Record<string, Lines>>, ssoSessions: Readonly<Record<string, Lines>> = {}) {
  const files = {
    ...{ profiles: sections(profiles), ssoSessions: sections(ssoSessions) },
    ...{ services: new Map<string, Section>(), credentials: new Map<string, Section>() },
  }
  try {
    checkIdentityProfile(new Settings({}, files, 'p'))
    return null
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error
    return error.message
  }
}

const KEYS = { aws_access_key_id: 'AKIA' }
const role = (more: Lines = {}) => ({ role_arn: 'arn:aws:iam::1:role/r', ...more })
const loop = (from: string, visited: string) =>
  `Infinite loop in credential configuration detected. Attempting to load from profile ${from} which has already been visited. Visited profiles: ${visited}`

describe('a profile that takes a role', () => {
  const table: readonly (readonly [profiles: Readonly<Record<string, Lines>>, fault: string | null])[] = [
    [{ p: role({ source_profile: 's' }), s: KEYS }, null],
    [{ p: role({ source_profile: 's' }), s: { credential_process: 'x' } }, null],
    [{ p: role({ source_profile: 's' }), s: { sso_account_id: 'x' } }, null],
    [{ p: role({ source_profile: 's' }), s: { sso_role_name: 'x' } }, null],
    [{ p: role({ source_profile: 's' }), s: { login_session: 'x' } }, null],
    [{ p: role({ source_profile: 's' }), s: { web_identity_token_file: 'x' } }, null],
    [{ p: role({ source_profile: 's' }), s: role({ web_identity_token_file: 'x' }) }, null],
    [
      { p: role({ source_profile: 's' }), s: { region: 'x' } },
      'The source profile "s" must have credentials.',
    ],
    [
      { p: role({ source_profile: 's' }) },
      'The source_profile "s" referenced in the profile "p" does not exist.',
    ],
    [{ p: role({ source_profile: 's' }), s: role({ source_profile: 't' }), t: KEYS }, null],
    [
      { p: role({ source_profile: 's' }), s: role({ source_profile: 't' }) },
      'The source_profile "t" referenced in the profile "s" does not exist.',
    ],
    [{ p: role({ source_profile: 's' }), s: role({ source_profile: 'p' }) }, loop('p', "['p', 's']")],
    [{ p: role({ source_profile: 'p' }) }, loop('p', "['p']")],
    [{ p: role({ source_profile: 'p', ...KEYS }) }, null],
    [
      { p: role({ source_profile: 's' }), s: role() },
      'Partial credentials found in assume-role, missing: source_profile or credential_source',
    ],
    [{ p: role() }, 'Partial credentials found in assume-role, missing: source_profile or credential_source'],
    ...['Ec2InstanceMetadata', 'EcsContainer', 'Environment'].map(
      (source) => [{ p: role({ credential_source: source }) }, null] as const,
    ),
    [
      { p: role({ credential_source: 'x' }) },
      'The credential source "x" referenced in profile "p" is not valid.',
    ],
    [
      { p: role({ credential_source: 'Environment', source_profile: 's' }), s: KEYS },
      'The profile "p" contains both source_profile and credential_source.',
    ],
    [{ p: role({ web_identity_token_file: '/dev/null' }) }, null],
    [
      { p: role({ web_identity_token_file: '/none/such' }) },
      "[Errno 2] No such file or directory: '/none/such'",
    ],
  ]
  for (const [profiles, expected] of table)
    it(`${JSON.stringify(profiles)}: ${expected ?? 'is taken'}`, () =>
      assert.equal(fault(profiles), expected))
})

describe('a profile of single sign-on', () => {
  const ALL = { sso_role_name: 'r', sso_account_id: '1', sso_start_url: 'u', sso_region: 'x' }
  const missing = (names: string) =>
    `The profile "p" is configured to use SSO but is missing required configuration: ${names}`
  it('has all that it needs, by itself or by its session', () => {
    assert.equal(fault({ p: ALL }), null)
    assert.equal(fault({ p: { sso_role_name: 'r' } }), missing('sso_account_id, sso_start_url, sso_region'))
    assert.equal(
      fault({ p: { sso_role_name: 'r', sso_account_id: '1', sso_session: 's' } }),
      'The specified sso-session does not exist: "s"',
    )
    const named = { p: { sso_role_name: 'r', sso_account_id: '1', sso_session: 's' } }
    assert.equal(fault(named, { s: { sso_start_url: 'u', sso_region: 'x' } }), null)
    assert.equal(fault(named, { s: { sso_start_url: 'u' } }), missing('sso_region'))
  })

  it('and of a role is one of an identity, and no other one', () => {
    const of = (lines: Lines) => isIdentityProfile(new Map(Object.entries(lines)))
    assert.deepEqual(
      [role(), { sso_account_id: '1' }, { sso_role_name: 'r' }, KEYS, { sso_session: 's' }, {}].map(of),
      [true, true, true, false, false, false],
    )
  })
})

import { choice, integer, text } from '../setting.ts'

/** Roles, and the issuers whose tokens they may trust. */
export const stsSettings = {
  rolesPerAccountMax: integer({
    group: 'Limits',
    option: 'roles-per-account-max',
    min: 0,
    max: 10_000,
    default: 1_000,
    doc: 'Roles that one account may have ([keys.md](keys.md#credentials-that-end-by-themselves)).',
  }),
  webIdentityIssuers: text({
    group: 'Limits',
    option: 'web-identity-issuers',
    placeholder: 'URLS',
    allowed: 'URLs with spaces between them',
    default: null,
    defaultText: 'every https issuer',
    pattern: /^https?:\/\/[!-~]+(?: +https?:\/\/[!-~]+)*$/,
    doc: 'Issuers of OpenID Connect tokens that roles may trust ([keys.md](keys.md#ci-without-secrets)). The server asks them for their keys: name them where accounts are not to make it ask others.',
  }),
  webIdentityKeyOrigins: text({
    group: 'Limits',
    option: 'web-identity-key-origins',
    placeholder: 'URLS',
    allowed: 'https:// URLs of a host, and a port where it is not 443, with spaces between them',
    default: null,
    defaultText: 'the origin of each issuer itself',
    pattern: /^https?:\/\/[a-z0-9.:[\]-]+(?: +https?:\/\/[a-z0-9.:[\]-]+)*$/,
    doc: 'Hosts at which issuers may have their keys when these are not on their own: without it, an issuer cannot make the server ask others. The keys of accounts.google.com are known to be at www.googleapis.com; those of a Kubernetes cluster often are at an address of its API server ([keys.md](keys.md#ci-without-secrets)).',
  }),
  webIdentityHttp: choice({
    group: 'Limits',
    option: 'web-identity-http',
    choices: ['refuse', 'loopback'],
    default: 'refuse',
    doc: 'Whether an issuer on this very machine may be asked for its keys without TLS: for trying things out. All others are asked by https alone.',
  }),
} as const

import { REGIONS } from '../../../model/region.ts'
import { listenAddress } from '../address.ts'
import { networks } from '../networks.ts'
import { choice, integer, text } from '../setting.ts'

/** Where and how the server is reached. */
export const listeningSettings = {
  listen: listenAddress({
    option: 'listen',
    default: { host: '127.0.0.1', port: 9400 },
    doc: 'Address and port for both the Lightsail API and S3. Only this machine can reach the default.',
  }),
  publicUrl: text({
    group: 'Listening',
    option: 'public-url',
    placeholder: 'URL',
    allowed: 'an http:// or https:// URL without a path',
    default: null,
    defaultText: 'made from `listen`',
    pattern: /^https?:\/\/[^/?#@\s]+$/,
    doc: 'Base URL under which clients reach the server, when it differs from `listen` (behind a proxy, say). Bucket URLs are made from it.',
  }),
  domain: text({
    group: 'Listening',
    option: 'domain',
    placeholder: 'NAME',
    allowed: 'a DNS name such as storage.example.org',
    default: null,
    pattern: /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/,
    doc: 'Domain under which buckets are hosts: `<bucket>.s3.<region>.<domain>` and `<bucket>.<domain>`. Without it buckets are addressed by path only.',
  }),
  pathStylePages: choice({
    group: 'Listening',
    option: 'path-style-pages',
    choices: ['sandbox', 'trusted'],
    default: 'sandbox',
    doc: 'What browsers let HTML and SVG do that is served by path, and so from this server’s own origin: `sandbox` stops its scripts and forms, `trusted` does not. Buckets with a host of their own (`domain`) are not concerned.',
  }),
  region: choice({
    group: 'Listening',
    option: 'region',
    placeholder: 'NAME',
    choices: REGIONS,
    default: 'us-east-1',
    doc: 'Region that `DIR/credentials` and `lugsail use` name to clients. A bucket belongs to the region that its creating request was signed for, whatever stands here.',
  }),
  console: choice({
    group: 'Listening',
    option: 'console',
    choices: ['on', 'off'],
    default: 'on',
    doc: 'Whether the [console](console.md), a web page for people with an access key, is served at `/-/console/`. It shows nothing to who has no key.',
  }),
  tlsCert: text({
    group: 'Listening',
    option: 'tls-cert',
    placeholder: 'FILE',
    allowed: 'the path of a PEM file',
    default: null,
    doc: 'Certificate chain for TLS, PEM. Needs `tls-key`. Read again on SIGHUP.',
  }),
  tlsKey: text({
    group: 'Listening',
    option: 'tls-key',
    placeholder: 'FILE',
    allowed: 'the path of a PEM file',
    default: null,
    doc: 'Private key for TLS, PEM. Needs `tls-cert`. Read again on SIGHUP.',
  }),
  trustedProxies: networks({
    group: 'Listening',
    option: 'trusted-proxies',
    doc: 'Proxies in front of the server. Of a request that comes from one of them, the client’s address is the last in `X-Forwarded-For` that is none of them, for limits, `aws:SourceIp`, logs and last use; and `X-Forwarded-Proto: https` counts for `aws:SecureTransport`. Let no client reach the server past them.',
  }),
  workers: integer({
    group: 'Listening',
    option: 'workers',
    min: 1,
    max: 256,
    default: 1,
    doc: 'Processes that answer requests over one store. With more than one, a further process watches over them, and another one does the background work.',
  }),
} as const

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

/** A number or text that a rule is made of, the one file of `src/` that may say it, and how it is written there or elsewhere. */
interface Constant {
  readonly title: string
  readonly home: string
  readonly pattern: RegExp
}

const SHAPES = 'model/s3/shapes'
/** `5 * 1024 ** 3`, `5 * 1024 * 1024 * 1024`, `5368709120`. */
const bytes = (power: number): RegExp =>
  new RegExp(
    String.raw`\b5 \* 1_?024 ?\*\* ?${power}\b|\b5${String.raw` \* 1_?024`.repeat(power)}\b(?! \*)|\b${grouped(5 * 1024 ** power)}\b`,
  )
const grouped = (value: number): string => value.toLocaleString('en').replaceAll(',', '_?')

const CONSTANTS: readonly Constant[] = [
  { title: 'a day in seconds', home: 'base/milliseconds.ts', pattern: /\b86_?400\b|DAY_SECONDS = / },
  {
    title: 'a day in milliseconds',
    home: 'base/milliseconds.ts',
    pattern:
      /\b86_?400_?000\b|\b24 ?\* ?(?:60\b|3_?600|HOUR)|(?:\b60|\b3_?600|_?000|HOUR_MS) ?\* ?24\b|DAY_MS = /,
  },
  {
    title: 'an hour in milliseconds',
    home: 'base/milliseconds.ts',
    pattern:
      /\b3_?600(?:_?000\b| ?\* ?1_?000\b)|\b60 ?\* ?60_?000\b|\b60 ?\* ?60 ?\* ?1_?000\b|\b1_?000 ?\* ?60 ?\* ?60\b|HOUR_MS = /,
  },
  {
    title: 'the longest id of an access key that is looked up',
    home: 'auth/credential.ts',
    pattern: /KEY_ID_LENGTH_MAX = |accessKeyId\.length > \d/i,
  },
  {
    title: 'what the value of a header may hold',
    home: 'base/header-characters.ts',
    pattern: /\^\\t\\x20-\\x7e\\x80-\\xff|\^\\x00-\\x7f/,
  },
  {
    title: 'the bytes of the key of an object',
    home: 'service/encryption/encryption-request.ts',
    pattern: /\b(?:ENCRYPTION_|CUSTOMER_|OBJECT_)?KEY_BYTES = 32\b|\bkey\.length !== 32\b/,
  },
  { title: 'how bytes are encrypted', home: `${SHAPES}/encryption.ts`, pattern: /'AES256'/ },
  { title: 'the bytes of one request', home: `${SHAPES}/new-object.ts`, pattern: bytes(3) },
  { title: 'the bytes of an object', home: `${SHAPES}/new-object.ts`, pattern: bytes(4) },
  { title: 'the least bytes of a part', home: `${SHAPES}/upload.ts`, pattern: bytes(2) },
  {
    title: 'the number of parts',
    home: `${SHAPES}/upload.ts`,
    pattern: /\bparts?(?!ner)\w* ?[=:(].*\b10_?000\b/i,
  },
  {
    title: 'the entries of a page',
    home: `${SHAPES}/listing.ts`,
    pattern:
      /\b(?:PAGE\w*_MAX|BATCH_MAX|KEYS_AT_ONCE|maxKeys|maxParts|maxUploads)\b.*\b1_?000\b|lengthMax: 1_?000\b(?=.*Identifier)/,
  },
  {
    title: 'how many entries a page has that asks for some',
    home: `${SHAPES}/listing.ts`,
    pattern: /\bmin\(.*\bPAGE_MAX\b/,
  },
  {
    title: 'the buckets of a page',
    home: 'model/s3/listing/list-buckets.ts',
    pattern: /\b(?:PAGE_BUCKETS|BUCKETS_PAGE)_MAX = |MaxBuckets.*\b10_?000\b|max-buckets.*\b10_?000\b/,
  },
  {
    title: 'the bytes of a bucket policy',
    home: `${SHAPES}/policy.ts`,
    pattern: /\bPOLICY_BYTES_MAX = |\b20_?480\b|documentBytesMax: 20 \*/,
  },
  {
    title: 'the bytes of a key',
    home: `${SHAPES}/primitives.ts`,
    pattern:
      /KEY_(?:BYTES|LENGTH)_MAX = 1_?024\b|byteLength\([^)]*\) >=? 1_?024\b|'\w*Object\w*Key'.*lengthMax: \d/,
  },
  {
    title: 'the length of a tag',
    home: `${SHAPES}/tag.ts`,
    pattern:
      /\b(?:TAG\w*|KEY_LENGTH_MAX|VALUE_LENGTH_MAX) = (?:128|256)\b|\b(?:Key|Value): .*lengthMax: (?:128|256)\b/,
  },
  {
    title: 'the number of tags',
    home: `${SHAPES}/tag.ts`,
    pattern: /\bTAGS\w* = (?:10|50)\b|tags\w*Max = \d/,
  },
  { title: 'the text of a tag', home: `${SHAPES}/tag.ts`, pattern: /\\p\{L\}.*\\p\{N\}|\\p\{N\}.*\\p\{L\}/ },
  {
    title: 'the prefix of tags that are kept',
    home: `${SHAPES}/tag.ts`,
    pattern: /startsWith\('aws:'\)/,
  },
  {
    title: 'the grants of an ACL',
    home: `${SHAPES}/acl.ts`,
    pattern: /\bGRANTS?\w* = 100\b|'Grant'.*lengthMax: \d/i,
  },
  {
    title: 'the check of the bytes of a key',
    home: 'service/versions/object-key.ts',
    pattern: /> OBJECT_KEY_BYTES_MAX/,
  },
  {
    title: 'the characters of the id of a CORS rule',
    home: `${SHAPES}/cors.ts`,
    pattern: /CORS_ID\w* = 255\b|'BucketCorsRuleId', lengthMax: \d|limit of 255/,
  },
  {
    title: 'the methods of a CORS rule',
    home: `${SHAPES}/cors.ts`,
    pattern: /METHODS\w*\b.* = .*'DELETE'.*'PUT'|METHODS.*'PUT'.*'DELETE'|DELETE\|GET/,
  },
  {
    title: 'where the source of a copy names its version',
    home: 's3/request/copy-source.ts',
    pattern: /\?versionId=/,
  },
  {
    title: 'the longest default retention',
    home: `${SHAPES}/object-lock.ts`,
    pattern: /\b36_?500\b|YEARS_MAX = 100\b/,
  },
  {
    title: "the bytes of an object's own metadata",
    home: `${SHAPES}/object-headers.ts`,
    pattern: /METADATA\w*_MAX = 2_?048\b|REDIRECT\w* = 2_?048\b|2,048 characters/,
  },
  { title: 'how an error of S3 is written', home: 's3/response/error-document.ts', pattern: /<Error>/ },
  { title: 'how an XML document begins', home: 'protocol/xml/writer.ts', pattern: /<\?xml version="1/ },
  {
    title: 'how a section of an INI file begins',
    home: 'protocol/ini/lines.ts',
    pattern: /\^(?:\\s\*)?\\\[(?:\\s\*)?\(\?<name>|\^(?:\\s\*)?\\\[\\s\*\(/,
  },
  {
    title: 'how far a clock may be off',
    home: 'auth/clock-skew.ts',
    pattern: /\bSKEW_MS_MAX = |\b15 minutes\b.*signatures|signatures.*\b15 minutes\b/,
  },
  {
    title: 'the id of an account',
    home: 'model/lugsail/name-forms.ts',
    pattern: /\^(?:\(\?:)?\\d\{12\}\)?\??\$/,
  },
  {
    title: 'the name of an account',
    home: 'model/lugsail/name-forms.ts',
    pattern: /\[A-Za-z0-9\._ -\]\{0,62\}/,
  },
  {
    title: 'the name of a resource',
    home: 'model/lugsail/name-forms.ts',
    pattern: /\^\\w\[\\w-\](?:\*|\{0,253\})\\w\$/,
  },
  { title: 'the letters of base 32', home: 'base/base-32.ts', pattern: /XYZ234567/ },
  {
    title: 'an instant in whole seconds',
    home: 'base/iso-seconds.ts',
    pattern: /slice\(0, 19\)\}Z|toISOString\(\)\.replace\(\/.*'Z'\)/,
  },
  {
    title: 'the time of a signature',
    home: 'auth/amz-date.ts',
    pattern: /slice\(0, 19\)\.replaceAll\(\/\[-:\]|\bday\}T\$\{time\}Z/,
  },
  {
    title: 'the name of a log that was delivered',
    home: 'model/s3/access-log-name.ts',
    pattern: /\(\?:-\\d\\d\)\{5\}|replaceAll\(\/\[T:\]/,
  },
  {
    title: 'the id of a request',
    home: 'service/request-id.ts',
    pattern: /createRequestId = |requestId: random|randomText\(.*\.toUpperCase/,
  },
  { title: 'how a shell reads a word', home: 'base/shell-word.ts', pattern: /replaceAll\("'", (?!"''"\))/ },
  { title: 'the seconds of a time as 30d', home: 'base/time-span.ts', pattern: /h: 3_?600\b/ },
  { title: 'the data folder', home: 'base/data-folder.ts', pattern: /(?<!data; )['`]lugsail-data['`]/ },
  { title: 'the version of the program', home: 'base/version.ts', pattern: /LUGSAIL_VERSION/ },
  {
    title: 'the form of the id of a version',
    home: 'service/records/version-id-form.ts',
    pattern: /\bORDER_DIGITS = |\bORDERS_PER_MS = |\bRANDOM_BYTES = 8\b|version\w* ===? 'null'/i,
  },
  {
    title: 'the access keys of a bucket',
    home: 'service/records/credential.ts',
    pattern: /SLOTS?\w* = |slot: 0 \| 1|accessKeySlotKey\([^()]*, \d\)/,
  },
]

/** Code without comments: what is written for readers may repeat a number. */
const codeOf = (text: string): string =>
  text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|\s)\/\/.*$/gm, '$1')
    .replaceAll(/\bdoc: '.*$/gm, '')

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  // Help texts quote numbers; they are held against the API elsewhere.
  .filter((file) => !file.includes('/documentation/'))
  .map((file) => ({ file, lines: codeOf(readFileSync(join('src', file), 'utf8')).split('\n') }))

describe('each number and text of a rule stands in one file', () => {
  for (const { title, home, pattern } of CONSTANTS)
    it(`${title}: src/${home}`, () => {
      const homes = sources.filter(({ lines }) => lines.some((line) => pattern.test(line)))
      assert.deepEqual(
        homes.map(({ file }) => file),
        [home],
      )
    })

  it('times are found in each spelling', () => {
    const spellings = {
      'a day in milliseconds': [
        '86_400_000',
        '86400000',
        '24 * 3_600_000',
        '24 * 60 * 60_000',
        '24 * 60 * 60 * 1_000',
        '24 * 3600 * 1000',
        '24 * HOUR_MS',
        '60 * 60 * 24 * 1_000',
        '1_000 * 60 * 60 * 24',
        'const DAY_MS = 1',
      ],
      'an hour in milliseconds': [
        '3_600_000',
        '3600000',
        '60 * 60_000',
        '60 * 60 * 1_000',
        '60 * 60 * 1000',
        '1_000 * 60 * 60',
        '3_600 * 1_000',
        'const HOUR_MS = 1',
      ],
    }
    for (const [title, texts] of Object.entries(spellings)) {
      const pattern = CONSTANTS.find((constant) => constant.title === title)?.pattern
      assert.deepEqual(
        texts.filter((text) => pattern?.test(text) !== true),
        [],
        title,
      )
    }
  })

  it('the defaults of settings stand with the settings: none that the rules read may be left out', () => {
    const [, members = ''] =
      /interface ServiceSettings \{([^}]*)\}/.exec(readFileSync('src/service/context.ts', 'utf8')) ?? []
    assert.ok(members.includes('rolesPerAccountMax'))
    // No server has it set.
    assert.deepEqual(members.match(/\w+(?=\?:)/g), ['partSizeBytesMin'])
  })
})

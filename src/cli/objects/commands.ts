import { importCommand } from './import/command.ts'
import { flag } from './object-command.ts'
import type { ObjectCommand, ObjectOption } from './object-command.ts'

/** The commands that work on objects, by the word that is typed. */
export type ObjectCommandName = 'ls' | 'cp' | 'mv' | 'rm' | 'cat' | 'presign' | 'revoke' | 'import'

const RECURSIVE = (text: string): ObjectOption => flag('--recursive', 'recursive', text)
const JSON_OUTPUT = flag('--json', 'json', 'Prints one JSON document instead of lines.')
const QUIET = flag('--quiet', 'quiet', 'Prints nothing but errors.')
const DRY_RUN = flag('--dryrun', 'dryrun', 'Prints what would be done, and does nothing.')

const COPY_OPTIONS: readonly ObjectOption[] = [
  RECURSIVE('All files below a folder, or all objects below a prefix.'),
  {
    name: '--content-type',
    key: 'contentType',
    takes: 'one',
    placeholder: 'TYPE',
    text: 'The content type of what is uploaded. Without it, the end of the name tells.',
  },
  {
    name: '--expected-size',
    key: 'expectedSize',
    takes: 'one',
    placeholder: 'BYTES',
    isInteger: true,
    text: 'About how much comes from standard input; needed above 80 GB, so that it fits into 10,000 parts.',
  },
  flag('--no-progress', 'noProgress', 'Shows no progress, on a terminal either.'),
  QUIET,
  DRY_RUN,
  JSON_OUTPUT,
]

const COPY_PARAGRAPHS = [
  'At least one of the two is an object, s3://BUCKET/KEY; the other is another one, a file, or - for standard input or output. A key is taken as it is typed, without any encoding.',
  'Where the target is a folder that exists, or ends with a slash, the name of the source is added. With --recursive both are folders or prefixes.',
  'Large bodies travel in parts. A file appears under its name only when it is whole; until then it has another name beside it. Objects whose names would lead out of the target folder are refused.',
] as const

/** All commands that work on objects. */
export const objectCommands: Readonly<Record<ObjectCommandName, ObjectCommand>> = {
  ls: {
    words: ['[s3://][BUCKET[/PREFIX]]'],
    options: [
      RECURSIVE('All objects, without stopping at slashes.'),
      flag('--human-readable', 'humanReadable', 'Sizes as KiB, MiB, GiB.'),
      JSON_OUTPUT,
    ],
    summary: 'Lists buckets, or the objects of one',
    paragraphs: [
      'Without a bucket: all buckets. With one: what begins with the prefix, up to the next slash; what goes on behind that is shown once, as PRE. The key of a bucket shows that one alone; at Amazon it lists none.',
    ],
    examples: [
      ['ls', 'all buckets'],
      ['ls photos', 'what is at the top of a bucket'],
      ['ls photos/2030/ --recursive', 'every object below a prefix'],
    ],
  },
  cp: {
    words: ['SOURCE', 'TARGET'],
    options: COPY_OPTIONS,
    summary: 'Copies files and objects',
    paragraphs: COPY_PARAGRAPHS,
    examples: [
      ['cp photo.jpg s3://photos/', 'a file into a bucket'],
      ['cp s3://photos/photo.jpg .', 'an object into this folder'],
      ['cp s3://photos/a.jpg s3://backup/a.jpg', 'from bucket to bucket'],
      ['cp --recursive site s3://site/', 'a whole folder'],
      ['cp - s3://photos/dump.gz < dump.gz', 'from standard input'],
    ],
  },
  mv: {
    words: ['SOURCE', 'TARGET'],
    options: COPY_OPTIONS.filter(({ key }) => key !== 'expectedSize'),
    summary: 'Moves files and objects',
    paragraphs: ['Copies as cp does; each source is deleted once its copy is there.', ...COPY_PARAGRAPHS],
    examples: [
      ['mv s3://photos/a.jpg s3://photos/b.jpg', 'a new name'],
      ['mv --recursive logs s3://logs/', 'a folder into a bucket'],
    ],
  },
  rm: {
    words: ['s3://BUCKET/KEY'],
    options: [RECURSIVE('All objects below a prefix, or of the whole bucket.'), QUIET, DRY_RUN, JSON_OUTPUT],
    summary: 'Deletes objects',
    paragraphs: [
      'Does not ask. An object that is not there counts as deleted, as S3 has it. In a bucket that keeps versions, the version before stays.',
    ],
    examples: [
      ['rm s3://photos/a.jpg', 'one object'],
      ['rm --recursive s3://photos/2030', 'all below a prefix'],
    ],
  },
  cat: {
    words: ['[s3://]BUCKET/KEY'],
    options: [],
    summary: 'Writes an object to standard output',
    paragraphs: ['Writes the bytes of an object as they are.'],
    examples: [['cat photos/list.txt', 'show an object']],
  },
  presign: {
    words: ['[s3://]BUCKET/KEY'],
    options: [
      {
        name: '--expires-in',
        key: 'expiresIn',
        takes: 'one',
        placeholder: 'SECONDS',
        isInteger: true,
        text: 'How long the URL works: 1 to 604800, a week; 3600 when absent.',
      },
      JSON_OUTPUT,
    ],
    summary: 'Prints a URL that shows an object',
    paragraphs: [
      'Whoever has the URL can read the object until it expires, or until the key that it is signed with is deleted. Nothing is sent: that the object is there is not checked.',
    ],
    examples: [['presign photos/a.jpg --expires-in 600', 'ten minutes long']],
  },
  revoke: {
    words: ['NAME|ACCESS_KEY_ID'],
    options: [
      {
        name: '--report',
        key: 'report',
        takes: 'one',
        placeholder: 'FILE',
        text: 'Writes what the key did to a new file, or with - to standard output: who used it, and what access logs and an audit log tell.',
      },
      {
        name: '--since',
        key: 'since',
        takes: 'one',
        placeholder: 'TIME',
        text: 'Since when the report tells, as 30d or 2030-01-31. Everything that is known when absent.',
      },
      {
        name: '--audit-log',
        key: 'auditLog',
        takes: 'one',
        placeholder: 'FILE',
        text: "A server's audit log on this machine, with the files that were put aside beside it, for the report.",
      },
      JSON_OUTPUT,
    ],
    summary: 'Switches an access key off after a leak, and tells what it did',
    paragraphs: [
      'Makes an application key, or a key of a bucket, Inactive at once on every gateway, with what it was before its rotation. What it is uploading is not stored, its uploads in parts are ended, and temporary credentials that were had with it end. It takes the root key of the account. "lugsail key rotate" gives the key another secret then, "lugsail key on" lets it in again.',
      'The report is written as it is read, a line for each event, or with --json one document. Of access logs it has what was delivered to buckets of the region.',
    ],
    examples: [
      ['revoke reports', 'switch it off'],
      ['revoke reports --report reports.json --json --since 90d', 'and keep what it did'],
      ['revoke AKIAIOSFODNN7EXAMPLE --report -', 'a key of a bucket, told on the terminal'],
    ],
  },
  import: importCommand,
}

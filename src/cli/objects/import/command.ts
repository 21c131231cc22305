import { flag } from '../object-command.ts'
import type { ObjectCommand, ObjectOption } from '../object-command.ts'

const word = (name: string, key: string, placeholder: string, text: string): ObjectOption => ({
  name,
  key,
  takes: 'one',
  placeholder,
  text,
})

/** How `lugsail import` is typed, and what its help says. */
export const importCommand: ObjectCommand = {
  words: ['s3'],
  omits: ['--profile', '--endpoint-url', '--no-sign-request'],
  options: [
    word(
      '--from',
      'from',
      'URL',
      "The source: any S3 store. When absent, what the source's profile names as its endpoint.",
    ),
    word(
      '--profile',
      'fromProfile',
      'NAME',
      "The profile of the AWS config files with the source's credentials. When absent, LUGSAIL_FROM_ACCESS_KEY_ID and LUGSAIL_FROM_SECRET_ACCESS_KEY (and LUGSAIL_FROM_SESSION_TOKEN) have them.",
    ),
    word(
      '--from-region',
      'fromRegion',
      'NAME',
      "The source's region, over the one of its profile; else us-east-1.",
    ),
    flag('--from-anonymous', 'fromAnonymous', 'Asks the source without credentials.'),
    word(
      '--to',
      'endpointUrl',
      'URL',
      'The Lugsail server, where the environment or the profile does not say.',
    ),
    word(
      '--to-profile',
      'profile',
      'NAME',
      'The profile of the Lugsail server, over the one of the environment (AWS_PROFILE).',
    ),
    {
      name: '--bucket',
      key: 'buckets',
      takes: 'any',
      isGathered: true,
      placeholder: 'NAME[=NEW_NAME]',
      text: 'The buckets to import, and what they are to be called here; all that the source lists when absent.',
    },
    word('--prefix', 'prefix', 'TEXT', 'Objects alone whose keys begin with this.'),
    {
      name: '--versions',
      key: 'versions',
      takes: 'one',
      choices: ['all', 'current'],
      placeholder: 'all|current',
      text: 'Of buckets with versions: all of these with their delete markers, oldest first (the default), or what is current.',
    },
    flag(
      '--no-settings',
      'noSettings',
      'Leaves lifecycle, CORS, tags, policy and the other settings of buckets.',
    ),
    {
      name: '--concurrency',
      key: 'concurrency',
      takes: 'one',
      isInteger: true,
      placeholder: 'N',
      text: 'Bodies that travel at once, 1 to 256; 16 when absent.',
    },
    flag(
      '--follow',
      'follow',
      'Goes on pass after pass, each of which copies what is new or has changed, until Ctrl-C.',
    ),
    word(
      '--interval',
      'interval',
      'TIME',
      'How long --follow waits between passes, as 30s or 5m; 1m when absent.',
    ),
    flag('--delete', 'delete', 'Removes at the destination what the source has not, any more.'),
    flag(
      '--overwrite',
      'overwrite',
      'Puts objects of the source in the place of newer ones of the destination.',
    ),
    flag(
      '--accept-unverified',
      'acceptUnverified',
      'Takes objects as well whose ETag looks like an MD5 and is not that of their bytes.',
    ),
    {
      name: '--verify',
      key: 'verify',
      takes: 'optional',
      constant: 'listing',
      choices: ['listing', 'metadata', 'content'],
      placeholder: '[DEPTH]',
      text: 'Copies nothing and compares: listing, both listings (when no word follows); metadata, also what is said of each object; content, also each byte.',
    },
    word(
      '--keys',
      'keys',
      'FILE',
      'Access keys to import, with their secrets, from a JSON file, or with - from standard input; without --from and --profile, these alone.',
    ),
    flag('--no-progress', 'noProgress', 'Shows no progress.'),
    flag('--quiet', 'quiet', 'Prints nothing but errors.'),
    flag('--json', 'json', 'Prints one JSON document instead of lines.'),
  ],
  summary: 'Copies what is in another S3 store to this server',
  paragraphs: [
    'Buckets, and their objects with metadata, tags, checksums, locks and ETags, versions included; then the settings of the buckets. What is there already is found by comparing both listings, so that the same command goes on after an interruption, and copies what has changed since.',
    'Each object is verified on its way: what was read against the ETag or checksum that the source tells, what was stored against what was read. What cannot come along is told at the end. Version ids and dates are new ones.',
    'An object of the destination that is newer than the one of the source, and another one, is left alone and told.',
  ],
  examples: [
    ['import s3 --from URL --profile old', 'all buckets'],
    ['import s3 --profile old --bucket photos a=b', 'two, one with a new name'],
    ['import s3 --profile old --follow --delete', 'until the switch'],
    ['import s3 --profile old --verify content', 'compare every byte'],
    ['import s3 --keys keys.json', 'access keys'],
  ],
  exitStatus: [
    ['0', 'All came along; or, with --verify, both sides are the same.'],
    ['1', 'Something failed, or is different: what and why was told. Run it again.'],
    [
      '2',
      'All that can come along did, and the report says what cannot; or the command line could not be understood.',
    ],
    ['130', 'Ended by Ctrl-C within a pass. Run it again to go on.'],
  ],
}

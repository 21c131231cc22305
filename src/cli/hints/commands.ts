import { lightsailOperations } from '../../model/lightsail/index.ts'
import { lugsailOperations } from '../../model/lugsail/index.ts'
import { toKebabCase } from '../../model/operation.ts'
import { handWrittenCommands } from '../commands/index.ts'
import { SERVER_COMMANDS } from '../commands/server-commands.ts'
import { similarChoices } from '../grammar/invalid-choice.ts'

/** Verbs that others use, and Lightsail's. */
const VERBS: Readonly<Record<string, readonly string[]>> = {
  get: ['list', 'describe', 'show', 'ls', 'read', 'head'],
  create: ['make', 'add', 'new', 'mk', 'put'],
  delete: ['remove', 'rm', 'destroy', 'del', 'drop'],
  update: ['set', 'modify', 'edit', 'change', 'put'],
}
/** Words for what is done with objects and buckets by other programs. */
const WORDS: Readonly<Record<string, string>> = {
  mb: 'create-bucket makes a bucket',
  rb: 'delete-bucket deletes a bucket',
  s3: 'objects are for S3 clients: "lugsail use" makes a profile, then aws s3 ls s3://BUCKET --profile lugsail',
  s3api: 'objects are for S3 clients: "lugsail use" makes a profile, then aws s3api … --profile lugsail',
  configure: '"lugsail use" makes a profile for a server on this machine',
  start: '"lugsail serve" starts the server',
}

/** What may have been meant by a command that there is not; undefined when nothing comes near, or the message says so already. */
export function nearCommand(args: readonly string[]): string | undefined {
  const operations = Object.values({ ...lightsailOperations, ...lugsailOperations }).map(({ name }) =>
    toKebabCase(name),
  )
  const all = [...operations, ...Object.keys(handWrittenCommands), ...Object.keys(SERVER_COMMANDS)]
  const typed = args.find((word) => !word.startsWith('-') && word !== 'lightsail' && !all.includes(word))
  if (typed === undefined || similarChoices(typed, all).length > 0) return undefined
  const word = Object.hasOwn(WORDS, typed) ? WORDS[typed] : undefined
  if (word !== undefined) return word
  const [verb = '', ...nouns] = typed.toLowerCase().split(/[-_]/)
  const meant = Object.entries(VERBS)
    .filter(([, others]) => others.includes(verb))
    .flatMap(([known]) => {
      const rest = nouns.join('-')
      return [rest, `${rest}s`, `bucket-${rest}`, `access-${rest}`, `access-${rest}s`].map(
        (noun) => `${known}-${noun}`,
      )
    })
  const [found = meant.flatMap((name) => similarChoices(name, operations))[0]] = meant.filter((name) =>
    operations.includes(name),
  )
  return found === undefined ? undefined : `there is no ${typed}; did you mean ${found}?`
}

import { lightsailOperations } from '../../model/lightsail/index.ts'
import { lugsailOperations } from '../../model/lugsail/index.ts'
import { toKebabCase } from '../../model/operation.ts'
import { GLOBAL_OPTIONS } from '../grammar/global-options.ts'
import { similarChoices } from '../grammar/invalid-choice.ts'
import { operationArguments } from '../grammar/operation-options.ts'

/** Names of the options that may have been meant by those that the command does not know; undefined when none comes near. */
export function nearOptions(args: readonly string[]): string | undefined {
  const operation = Object.values({ ...lightsailOperations, ...lugsailOperations }).find(({ name }) =>
    args.includes(toKebabCase(name)),
  )
  if (operation === undefined) return undefined
  const known = [...GLOBAL_OPTIONS, ...operationArguments(operation, args)]
    .map(({ name }) => name)
    .filter((name) => name.startsWith('--'))
  const hints = args
    .filter((word) => word.startsWith('--') && word.length > 2)
    .map((word) => word.split('=', 1)[0] ?? word)
    .filter((word) => !known.some((name) => name.startsWith(word)))
    .flatMap((typed) => {
      const near = nearest(typed, known)
      return near === undefined ? [] : [`there is no option ${typed}; did you mean ${near}?`]
    })
  return hints.length === 0 ? undefined : [...new Set(hints)].join(' ')
}

/** Dashes, underscores and capitals are what is mistyped most: without them first. */
function nearest(typed: string, known: readonly string[]): string | undefined {
  const bare = (name: string): string => name.replace(/[-_]/g, '').toLowerCase()
  return known.find((name) => bare(name) === bare(typed)) ?? similarChoices(typed, known)[0]
}

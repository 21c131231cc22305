import { lightsailOperations } from '../../model/lightsail/index.ts'
import { lugsailOperations } from '../../model/lugsail/index.ts'
import { RegionName } from '../../model/lightsail/shapes/operation-record.ts'
import { toKebabCase } from '../../model/operation.ts'
import type { Shape } from '../../model/shape.ts'
import type { HandWrittenCommand } from '../commands/command.ts'
import { SERVER_COMMANDS } from '../commands/server-commands.ts'
import { GLOBAL_OPTIONS } from '../grammar/global-options.ts'
import {
  INPUT_JSON,
  MAX_ITEMS,
  memberOptions,
  SKELETON,
  STARTING_TOKEN,
  writeOptions,
} from '../grammar/operation-options.ts'

/** An option that can be completed, and what may follow it. */
export interface CompletedOption {
  readonly name: string
  /** The words that may follow; none where anything may. */
  readonly values: readonly string[]
}

/** A command that can be completed, and its options. */
interface CompletedCommand {
  readonly name: string
  readonly summary: string
  readonly options: readonly CompletedOption[]
}

/** The command of an operation. */
interface CompletedOperation extends CompletedCommand {
  /** Of Lightsail's API, so that it may stand behind the word `lightsail`, too. */
  readonly isLightsail: boolean
}

/** What a shell can complete, from the same descriptions that the commands are made from. */
export interface CompletionWords {
  /** Commands that take the global options and options of their own. */
  readonly operations: readonly CompletedOperation[]
  readonly otherCommands: readonly CompletedCommand[]
  readonly globalOptions: readonly CompletedOption[]
}

/**
 * All words that the shells complete, from the same descriptions as the commands themselves. `ownCommands`: those that follow from no
 * operation, by name.
 */
export function completionWords(ownCommands: Readonly<Record<string, HandWrittenCommand>>): CompletionWords {
  return {
    operations: Object.values({ ...lightsailOperations, ...lugsailOperations })
      .map((operation) => ({
        isLightsail: !('api' in operation),
        name: toKebabCase(operation.name),
        summary: (operation.doc ?? operation.name).split('.')[0] ?? '',
        options: [
          ...memberOptions(operation).map(({ name, member }) => ({ name, values: valuesOf(member.shape) })),
          ...('pagination' in operation ? [STARTING_TOKEN, MAX_ITEMS] : []).map(({ name }) => ({
            name,
            values: [],
          })),
          ...writeOptions(operation).map(({ name }) => ({ name, values: [] })),
          { name: INPUT_JSON.name, values: [] },
          { name: SKELETON.name, values: SKELETON.choices ?? [] },
        ],
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    otherCommands: [
      ...Object.entries(SERVER_COMMANDS),
      ...Object.entries(ownCommands).map(([name, { summary }]): [string, string] => [name, summary]),
      ['lightsail', 'The bucket commands, as the AWS CLI types them'] as const,
      ['help', 'Shows help'] as const,
    ].map(([name, summary]) => ({ name, summary, options: [] })),
    globalOptions: GLOBAL_OPTIONS.map(({ name, choices }) => ({
      name,
      values: name === '--region' ? (RegionName.values ?? []) : (choices ?? []),
    })),
  }
}

function valuesOf(shape: Shape): readonly string[] {
  if (shape.type === 'list') return valuesOf(shape.member)
  return shape.type === 'string' ? (shape.values ?? []) : []
}

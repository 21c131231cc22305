import { toKebabCase } from '../../model/operation.ts'
import type { Operation } from '../../model/operation.ts'
import type { Member } from '../../model/shape.ts'
import { WRITE_OPTIONS } from '../key-files/write-options.ts'
import type { Argument, ParsedArguments } from './argument.ts'

/** An option that carries a member of the operation's input. */
export interface MemberOption extends Argument {
  readonly memberName: string
  readonly member: Member
}

/** The option that gives all parameters as one JSON text. */
export const INPUT_JSON: Argument = { name: '--cli-input-json', key: 'cliInputJson', takes: 'one' }
/** The same as YAML, as AWS CLI version 2 has it. */
export const INPUT_YAML: Argument = {
  name: '--cli-input-yaml',
  key: 'cliInputYaml',
  takes: 'one',
  isWhole: true,
}
/** The option that prints a sample of input or output instead of calling. */
export const SKELETON: Argument = {
  name: '--generate-cli-skeleton',
  key: 'generateCliSkeleton',
  takes: 'optional',
  constant: 'input',
  choices: ['input', 'output'],
  alsoTakes: ['yaml-input', 'yaml-output'],
}
/** The option that says where a listing goes on. */
export const STARTING_TOKEN: Argument = { name: '--starting-token', key: 'startingToken', takes: 'one' }
/** The option that bounds how many items a listing gives. */
export const MAX_ITEMS: Argument = { name: '--max-items', key: 'maxItems', takes: 'one', isInteger: true }

/** The options that the members of an operation's input make: one each, two for a boolean (`--x` and `--no-x`). */
export function memberOptions({ input }: Operation): MemberOption[] {
  return Object.entries(input.members).flatMap(([memberName, member]): MemberOption[] => {
    const name = toKebabCase(memberName)
    const common = { key: memberName, memberName, member }
    if (member.shape.type === 'boolean')
      return [
        { ...common, name: `--${name}`, takes: 'flag', constant: true },
        { ...common, name: `--no-${name}`, takes: 'flag', constant: false },
      ]
    const takes = member.shape.type === 'list' ? 'any' : 'one'
    return [{ ...common, name: `--${name}`, takes, isRequired: member.isRequired }]
  })
}

/** Where a key is written that the operation shows this once, or that it is given; none for all others. */
export const writeOptions = ({ takenBackBy }: Operation): typeof WRITE_OPTIONS =>
  takenBackBy === undefined ? [] : WRITE_OPTIONS

/** Whether one of these is given. */
export const writesKey = (operation: Operation, { values }: ParsedArguments): boolean =>
  writeOptions(operation).some(({ key }) => values.has(key))

/** All options of an operation's command, and the word `help`. */
export function operationArguments(operation: Operation, args: readonly string[]): Argument[] {
  // Whether anything is required is decided by what is literally typed, as AWS CLI does it.
  const skeletonAt = args.indexOf(SKELETON.name)
  const sample = args[skeletonAt + 1]
  const isLifted =
    args.includes(INPUT_JSON.name) ||
    args.includes(INPUT_YAML.name) ||
    (skeletonAt >= 0 && sample !== 'output' && sample !== 'yaml-output')
  return [
    ...memberOptions(operation).map((option) => (isLifted ? { ...option, isRequired: false } : option)),
    ...(operation.pagination === undefined ? [] : [STARTING_TOKEN, MAX_ITEMS]),
    INPUT_JSON,
    INPUT_YAML,
    SKELETON,
    ...writeOptions(operation),
    { name: 'help', key: 'help', takes: 'optional' },
  ]
}

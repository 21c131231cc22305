import { CONDITION_KEYS } from '../../src/service/authorization/policy/condition-keys.ts'
import { ACTIONS_OF_KEY } from '../../src/service/authorization/policy/keys-of-actions.ts'
import { markdownTable } from './markdown-table.ts'

const HEAD = `## Condition keys

What a bucket policy's \`Condition\` may be about, in any case of letters; a policy with another key is refused. \`TAG\` stands for the key of a tag.
`

const OF_SOME = `### Keys of some actions

Requests for other actions never have them. A statement must have an action that its key belongs to; where it allows and its condition is a bare negation
(as \`StringNotEquals\`, without \`IfExists\` or a quantifier), which holds for what is not there, the key must belong to every one of its actions.
`

const OF_ALL = `### Keys beside every action
`

/** The condition keys of policies, and beside which actions they may stand: a section of \`docs/permissions.md\`. */
export function conditionKeysSection(keys = CONDITION_KEYS, actionsOfKey = ACTIONS_OF_KEY): string {
  const ofSome: string[][] = []
  const ofAll: string[][] = []
  for (const [name, { namesTag = false, needsSignature = false, isNever = false }] of [...keys].toSorted(
    ([left], [right]) => (left < right ? -1 : 1),
  )) {
    const written = `\`${name}${namesTag ? '/TAG' : ''}\``
    const actions = actionsOfKey.get(name)
    if (actions) ofSome.push([written, actions.map((action) => `\`${action}\``).join(', ')])
    else if (isNever) ofAll.push([written, 'no request to this server'])
    else ofAll.push([written, needsSignature ? 'signed requests' : ''])
  }
  return [
    HEAD,
    OF_SOME,
    markdownTable([['key', 'actions'], ...ofSome]),
    OF_ALL,
    markdownTable([['key', 'had only by'], ...ofAll]),
  ].join('\n')
}

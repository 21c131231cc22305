import { POLICY_BYTES_MAX } from '../../../model/s3/shapes/policy.ts'
import { repeatedMember } from '../../../base/repeated-member.ts'
import { DomainError } from '../../errors/domain-error.ts'
import { POLICY_ACTIONS } from '../../../model/s3/action.ts'
import { belongsToOneOf } from './keys-of-actions.ts'
import { parseConditions } from './parse-conditions.ts'
import { compilePatterns } from './pattern-set.ts'
import { Policy, type Choice, type Condition, type PrincipalPattern, type Statement } from './policy.ts'
import { coversBucket, reachesBucket } from './resource-reach.ts'
import { compileWildcard } from './wildcard.ts'

const STATEMENT_MEMBERS: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
])

/**
 * Reads a bucket policy, refusing with `MalformedPolicy` whatever is outside the subset that Lugsail enforces, so that no statement is
 * stored and then ignored. The subset: Version, Id, and statements of Sid, Effect, (Not)Principal (everyone, or accounts), (Not)Action,
 * (Not)Resource (this bucket and its objects, with wildcards) and the conditions of condition-operators.ts and condition-keys.ts.
 */
export function parsePolicy(text: string, bucketName: string): Policy {
  return parseDocumentOf(text, (item) => parseStatement(item, bucketName))
}

/**
 * As {@link parsePolicy}, of a policy that is put. It refuses besides what older releases took and may have stored: conditions that one of the statement's
 * actions never has.
 */
export function parseNewPolicy(text: string, bucketName: string): Policy {
  return parseDocumentOf(text, (item) => parseStatement(item, bucketName, checkConditionsApply))
}

/**
 * Reads the policy of an application key: as {@link parsePolicy}, without principals, since it is about the key alone, and about any buckets. Throws
 * `MalformedPolicy`.
 */
export function parseKeyPolicy(text: string): Policy {
  return parseDocumentOf(text, (item) => {
    if (isObject(item) && (item.Principal !== undefined || item.NotPrincipal !== undefined))
      throw malformed('The policy of a key has no Principal: it is about the key alone')
    return parseStatement(isObject(item) ? { ...item, Principal: '*' } : item, null)
  })
}

function parseDocumentOf(text: string, parseOne: (statement: unknown) => Statement): Policy {
  if (Buffer.byteLength(text) > POLICY_BYTES_MAX) {
    throw malformed(`Policy exceeds the maximum allowed document size of ${POLICY_BYTES_MAX} bytes`)
  }
  const document = parseDocument(text)
  for (const name of Object.keys(document)) {
    if (name !== 'Version' && name !== 'Id' && name !== 'Statement') throw malformed(`Unknown field ${name}`)
  }
  const { Version: version = '2008-10-17', Id: id, Statement: statement } = document
  if (version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed('The policy must contain a valid version string: 2012-10-17 or 2008-10-17')
  }
  if (id !== undefined && typeof id !== 'string') throw malformed('Id must be a string')
  const statements = Array.isArray(statement) ? (statement as unknown[]) : [statement]
  if (statement === undefined || statements.length === 0) throw malformed('Missing required field Statement')
  checkStatementIds(statements)
  return new Policy(statements.map(parseOne))
}

/** What a statement is called, it alone is called. */
function checkStatementIds(statements: readonly unknown[]): void {
  const ids = new Set<unknown>()
  for (const statement of statements) {
    const id = isObject(statement) ? statement.Sid : undefined
    if (id === undefined || id === '') continue
    if (ids.has(id)) throw malformed('Statement IDs (SID) in a single policy must be unique.')
    ids.add(id)
  }
}

const NOT_JSON = "Policies must be valid JSON and the first byte must be '{'"

function parseDocument(text: string): Record<string, unknown> {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed(NOT_JSON, error)
    throw error
  }
  if (!isObject(document)) throw malformed(NOT_JSON)
  const repeated = repeatedMember(text)
  if (repeated !== null) throw malformed(`Duplicate field ${repeated.slice(0, 100)}`)
  return document
}

/** `bucketName`: null where a statement may be about any bucket. */
function parseStatement(
  item: unknown,
  bucketName: string | null,
  check?: (actions: Patterns, conditions: readonly Condition[], effect: Statement['effect']) => void,
): Statement {
  if (!isObject(item)) throw malformed('Statement must be an object or a list of objects')
  for (const name of Object.keys(item)) {
    if (!STATEMENT_MEMBERS.has(name)) throw malformed(`Unknown field ${name} in a statement`)
  }
  const effect = item.Effect
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed('Effect must be Allow or Deny')
  if (item.Sid !== undefined && typeof item.Sid !== 'string') throw malformed('Sid must be a string')
  const actions = parseChoice(item, 'Action', parseAction)
  const resources = parseChoice(item, 'Resource', (value) => parseResource(value, bucketName))
  if (!actions.isNegated && !resources.isNegated) checkActionsApply(actions.patterns, resources.patterns)
  const conditions = parseConditions(item.Condition, malformed)
  check?.(actions, conditions, effect)
  return {
    effect,
    principal: parsePrincipal(item, effect),
    actions: choiceOf(actions),
    resources: { ...choiceOf(resources), reaches: reachOf(resources) },
    conditions,
  }
}

/** Patterns of `Action` or `Resource`, or (`isNegated`) of `NotAction` or `NotResource`. */
interface Patterns {
  readonly isNegated: boolean
  readonly patterns: readonly string[]
}

function choiceOf({ isNegated, patterns }: Patterns): Choice {
  const matches = compilePatterns(patterns)
  return { isChosen: isNegated ? (text, work) => !matches(text, work) : matches }
}

const reachOf =
  ({ isNegated, patterns }: Patterns) =>
  (bucketName: string): boolean =>
    isNegated
      ? !patterns.some((pattern) => coversBucket(pattern, bucketName))
      : patterns.some((pattern) => reachesBucket(pattern, bucketName))

/** Reads `name` or `Not<name>`, of which a statement has exactly one. */
function parseChoice(
  item: Record<string, unknown>,
  name: 'Action' | 'Resource',
  parseOne: (value: string) => string,
): Patterns {
  const plain = item[name]
  const negated = item[`Not${name}`]
  if ((plain === undefined) === (negated === undefined)) {
    throw malformed(`A statement has exactly one of ${name} and Not${name}`)
  }
  const patterns = textsOf(plain ?? negated, name).map(parseOne)
  return { isNegated: plain === undefined, patterns }
}

function parseAction(value: string): string {
  const pattern = value.toLowerCase()
  if (pattern === '*') return pattern
  const matches = compileWildcard(pattern)
  if (!POLICY_ACTIONS.some(({ name }) => matches(name.toLowerCase(), null))) {
    throw malformed(`Policy has invalid action: ${value}`)
  }
  return pattern
}

const RESOURCE_PREFIX = /^arn:aws[a-z-]*:s3:::/

function parseResource(value: string, bucketName: string | null): string {
  // As IAM's policies have it, which name no bucket either.
  if (value === '*' && bucketName === null) return value
  const prefix = RESOURCE_PREFIX.exec(value)?.[0]
  const path = prefix === undefined ? '' : value.slice(prefix.length)
  const [bucket = ''] = path.split('/', 1)
  // A pattern such as `bucket*` or `*` covers this bucket and its objects; it must at least match this bucket.
  const isFitting = bucketName === null ? bucket !== '' : compileWildcard(bucket)(bucketName, null)
  if (!isFitting) throw malformed(`Policy has invalid resource: ${value}`)
  if (path.includes('${')) throw malformed(`Policy variables are not supported: ${value}`)
  return path
}

/** An action that no resource of the statement can be meant for would never do anything. */
function checkActionsApply(actions: readonly string[], resources: readonly string[]): void {
  const namesObjects = resources.some((pattern) => pattern.includes('/') || pattern.includes('*'))
  const namesBucket = resources.some((pattern) => !pattern.includes('/'))
  for (const pattern of actions) {
    const matches = compileWildcard(pattern)
    const applies = POLICY_ACTIONS.some(
      ({ name, isOnObject }) =>
        matches(name.toLowerCase(), null) && (isOnObject ? namesObjects : namesBucket),
    )
    if (!applies) throw malformed(`Action does not apply to any resource(s) in statement: ${pattern}`)
  }
}

/**
 * A condition about what none of the actions ever has would not narrow the statement: it would hold for all requests or for none. In an Allow the same goes
 * for each action where the condition is a bare negation, which holds for what is not there: it would open the action whole. Of a pattern it is
 * enough that one of the actions that it stands for has the key; `NotAction` names none.
 */
function checkConditionsApply(
  { isNegated, patterns }: Patterns,
  conditions: readonly Condition[],
  effect: Statement['effect'],
): void {
  if (isNegated) return
  for (const { key, operator, quantifier, holdsWhenAbsent } of conditions) {
    const haveIt = patterns.filter((pattern) => {
      const matches = compileWildcard(pattern)
      return belongsToOneOf(key, (name) => matches(name, null))
    })
    const isBareNegation = operator.isNegation && quantifier === 'none' && !holdsWhenAbsent
    const needsAll = effect === 'Allow' && isBareNegation
    if (haveIt.length < (needsAll ? patterns.length : 1))
      throw malformed('Conditions do not apply to combination of actions and resources in statement')
  }
}

const PRINCIPAL_TYPES: ReadonlySet<string> = new Set(['AWS', 'CanonicalUser'])

function parsePrincipal(item: Record<string, unknown>, effect: 'Allow' | 'Deny'): PrincipalPattern {
  const { Principal: plain, NotPrincipal: negated } = item
  if ((plain === undefined) === (negated === undefined)) {
    throw malformed('A statement has exactly one of Principal and NotPrincipal')
  }
  if (negated !== undefined && effect === 'Allow') throw malformed('NotPrincipal is allowed with Deny only')
  const isNegated = plain === undefined
  const principal = plain ?? negated
  if (principal === '*') return { isNegated, isEveryone: true, names: new Set(), canonicalUserIds: new Set() }
  const types = isObject(principal) ? Object.keys(principal) : []
  const unknownType = types.find((type) => !PRINCIPAL_TYPES.has(type))
  if (!isObject(principal) || types.length === 0 || unknownType !== undefined) {
    throw malformed(
      `Invalid principal in policy: expected "*", {"AWS": …} or {"CanonicalUser": …}${unknownType === undefined ? '' : `; got ${JSON.stringify(unknownType)}`}`,
    )
  }
  const { AWS: accounts, CanonicalUser: canonicalUsers } = principal
  const names = accounts === undefined ? [] : textsOf(accounts, 'Principal')
  const canonicalUserIds = canonicalUsers === undefined ? [] : textsOf(canonicalUsers, 'Principal')
  return {
    isNegated,
    isEveryone: names.includes('*'),
    names: new Set(names.filter((name) => name !== '*').map(parseAccount)),
    canonicalUserIds: new Set(canonicalUserIds),
  }
}

const ACCOUNT = /^(?:arn:aws[a-z-]*:iam::)?(\w{1,64})(?::root)?$/

/** An account is named by its id or its root ARN; checkPolicy holds it against the accounts that there are. */
function parseAccount(name: string): string {
  const accountId = ACCOUNT.exec(name)?.[1]
  if (accountId === undefined || name.startsWith('arn:') !== name.endsWith(':root')) {
    throw malformed(`Invalid principal in policy: ${name}`)
  }
  return accountId
}

/** A string or a list of strings, at least one. */
function textsOf(value: unknown, where: string): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  const texts = list.filter((item) => typeof item === 'string')
  if (texts.length === 0 || texts.length < list.length) {
    throw malformed(`${where} must be a string or a list of strings`)
  }
  return texts
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The refusal of a policy. */
export function malformed(problem: string, cause?: unknown): DomainError {
  return new DomainError('MalformedPolicy', { problem }, cause === undefined ? {} : { cause })
}
